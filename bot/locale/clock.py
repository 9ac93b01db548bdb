"""Hours, weekdays and intervals as people write them, in any language of the bot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import time
from functools import cache

from babel.dates import get_day_names

from bot.errors import BadInterval, BadTime, BadWeekday
from bot.locale.texts import languages
from bot.locale.words import meaning, meanings, squeezed
from bot.model.channel import LONGEST_INTERVAL, WEEKDAYS

_GROUPS = {"weekdays": WEEKDAYS[:5], "weekend": WEEKDAYS[5:], "daily": WEEKDAYS}
_BEGINNING = 3
"""Letters of a weekday's name that are enough."""


def parse_time(typed: str) -> time:
    """A time of day, in whole minutes: `18:00`, `1800`, `6pm`, `6:30 p.m.`, `noon`, `오후 6시 반`.

    Raises BadTime.
    """
    word = meaning("time", typed)
    if word is not None:
        return {"noon": time(12), "midnight": time(0)}[word]
    text = unicodedata.normalize("NFKC", typed)
    match = _time_pattern().fullmatch(squeezed(re.sub(r"(?<=[0-9])\s+(?=[0-9])", ":", text)))
    if match is None:
        raise BadTime(typed=typed[:60])
    minute = match["minute"] or match["joined"] or match["past"] or (match["half"] and "30")
    hour = _hour(match["hour"] or match["early"], match["before"] or match["after"] or "")
    try:
        return time(hour, int(minute or 0))
    except ValueError:
        raise BadTime(typed=typed[:60]) from None


def _hour(typed: str, half_day: str) -> int:
    """The hour of 24; one past the last for what cannot be."""
    hour = int(meaning("count", typed) or typed)
    part = meaning("half_day", half_day)
    if part is None:
        return hour
    if not 1 <= hour <= 12:
        return 24
    if part == "night":
        return (hour + 12) % 24 if hour >= 6 else hour
    return hour % 12 + (12 if part == "pm" else 0)


@cache
def _time_pattern() -> re.Pattern[str]:
    half_day, minute = _any_of(meanings("half_day")), _any_of(meanings("minute"))
    return re.compile(
        rf"{_any_of(meanings('at'))}?(?P<before>{half_day})?"
        rf"(?:(?P<early>[0-9]{{1,2}})(?P<joined>[0-9]{{2}})"
        rf"|(?P<hour>[0-9]{{1,2}}|{_any_of(meanings('count'))})"
        rf"(?:[:.](?P<minute>[0-9]{{2}})(?::00)?"
        rf"|{_any_of(meanings('hour'))}"
        rf"(?:(?P<half>{_any_of(meanings('half_hour'))})|(?P<past>[0-9]{{1,2}}){minute}?)?)?)"
        rf"(?P<after>{half_day})?"
    )


def parse_weekdays(typed: str) -> tuple[str, ...]:
    """One or several weekdays by their names in WEEKDAYS, in the week's order.

    `sunday`, `mon, thu`, `월목`, `mon-fri`, `평일`. Raises BadWeekday.
    """
    named: list[int] = []
    text, at, ranged = squeezed(typed), 0, False
    while at < len(text):
        match = _day_pattern().match(text, at)
        if match is None or (match["through"] and not named):
            raise BadWeekday(typed=typed[:60])
        if match["day"]:
            days = [WEEKDAYS.index(day) for day in _day_names()[match["day"]]]
            if ranged:
                first = named[-1]
                days = [(first + step) % 7 for step in range((days[0] - first) % 7 + 1)]
            named += days
        ranged = bool(match["through"])
        at = match.end()
    if not named or ranged:
        raise BadWeekday(typed=typed[:60])
    return tuple(name for at, name in enumerate(WEEKDAYS) if at in named)


@cache
def _day_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<day>{_any_of(_day_names())})|(?P<through>{_any_of(meanings('through'))})"
        rf"|{_any_of(meanings('join'))}|[,、·・/&+;|]"
    )


@cache
def _day_names() -> Mapping[str, tuple[str, ...]]:
    """Days by their names in all languages and the names' beginnings; groups of days by theirs."""
    found: dict[str, tuple[str, ...]] = {}
    for language in languages():
        for width in ("wide", "abbreviated"):
            for at, name in get_day_names(width, locale=language).items():
                word = squeezed(name)
                found[word] = (WEEKDAYS[at],)
                if word.isascii():
                    found[f"{word}s"] = (WEEKDAYS[at],)
                    for length in range(_BEGINNING, len(word)):
                        found[word[:length]] = (WEEKDAYS[at],)
    return found | {word: _GROUPS[group] for word, group in meanings("days").items()}


def parse_every(typed: str) -> int | None:
    """An interval in weeks, from 1 to LONGEST_INTERVAL; None: a month.

    `2`, `2 weeks`, `every other week`, `biweekly`, `격주`, `monthly`. Raises BadInterval.
    """
    word = meaning("every", typed)
    if word is not None:
        return {"week": 1, "two_weeks": 2, "month": None}[word]
    match = _interval_pattern().fullmatch(squeezed(typed))
    weeks = int(meaning("count", match["count"]) or match["count"]) if match else 0
    if not 1 <= weeks <= LONGEST_INTERVAL:
        raise BadInterval(typed=typed[:60], high=LONGEST_INTERVAL)
    return weeks


@cache
def _interval_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{_any_of(meanings('each'))}?(?P<count>[0-9]{{1,2}}|{_any_of(meanings('count'))})"
        rf"{_any_of(meanings('weeks'))}?"
    )


def _any_of(words: Iterable[str]) -> str:
    """A pattern for one of these words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
