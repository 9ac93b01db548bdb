"""What a value in an archive may be. A check gives the value as it is kept, or raises Odd."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from bot.archive.parser.roundtrip import clean

Check: TypeAlias = Callable[[Any], Any]

FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Before it nothing of an archive happened. It is the day of what has no day of its own."""
LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""What is of a later day is a slip of the pen. Days to come are not: clocks differ, and so do the
archives that people try a bot with."""
_SNOWFLAKE: Final = 2**63 - 1
_NO_TEXT: Final = re.compile("[\ud800-\udfff\0]")


class Odd(ValueError):
    """A value that is not taken; the message goes on after the field's name."""


def optional(check: Check) -> Check:
    """The same, or null."""
    return lambda value: None if value is None else check(value)


def or_no(check: Check) -> Check:
    """The same, or null, which is no."""
    return lambda value: False if value is None else check(value)


def text(longest: int) -> Check:
    """Text of several lines, without control characters."""

    def check(value: Any) -> str:
        return clean(_text(value, longest)).text

    return check


def line(longest: int) -> Check:
    """Text of one line."""

    def check(value: Any) -> str:
        return clean(_text(value, longest)).text.replace("\n", " ")

    return check


def lines(most: int, longest: int) -> Check:
    """A list of texts of one line each."""
    of_one = line(longest)

    def check(value: Any) -> tuple[str, ...]:
        return tuple(of_one(one) for one in _list(value, most))

    return check


def whole(low: int, high: int) -> Check:
    """A whole number."""

    def check(value: Any) -> int:
        # Python takes true for 1.
        if not isinstance(value, int) or isinstance(value, bool):
            raise Odd("is no int")
        if not low <= value <= high:
            raise Odd(f"is not between {low:,} and {high:,}")
        return value

    return check


def yes_or_no(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Odd("is no bool")
    return value


def one_of(choices: Collection[str]) -> Check:
    """One of some words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Odd(f"is none of {', '.join(choices)}")
        return value

    return check


def moment(value: Any) -> datetime:
    """ISO 8601 with an offset."""
    written = _text(value, 40)
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Odd("is no moment") from None
    if found.tzinfo is None:
        raise Odd("has no time zone")
    if not FIRST <= found < LAST:
        raise Odd(f"is not between {FIRST.year} and {LAST.year}")
    return found


def day(value: Any) -> str:
    """A day, `2020-07-26`."""
    written = _text(value, 10)
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise Odd("is no day") from None
    if found.isoformat() != written:
        raise Odd("is no day")
    if not is_possible(found):
        raise Odd(f"is not between {FIRST.year} and {LAST.year}")
    return written


def is_possible(day: date) -> bool:
    """Whether something of an archive can be of a day."""
    return FIRST.date() <= day < LAST.date()


def matching(pattern: str, told: str) -> Check:
    """Text of one form, told as `told`."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any) -> str:
        written = _text(value, 1_000)
        if not compiled.fullmatch(written):
            raise Odd(f"is no {told}")
        return written

    return check


snowflake: Final = whole(1, _SNOWFLAKE)
"""An id of Discord's."""


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise Odd("is no str")
    if len(value) > longest:
        raise Odd(f"is longer than {longest:,} characters")
    if _NO_TEXT.search(value):
        raise Odd("has half a character or a NUL in it")
    return value


def _list(value: Any, most: int) -> Sequence[Any]:
    if not isinstance(value, list):
        raise Odd("is no list")
    if len(value) > most:
        raise Odd(f"has more than {most:,} of them")
    return value
