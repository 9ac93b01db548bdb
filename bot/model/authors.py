"""Authors: people, teams, and what stands in a list of authors beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.text import tex

ET_AL: Final = "et al."
"""Stands last where a list says that there are more, and not who."""

_SUFFIX: Final = re.compile(r"jr\.?|sr\.?|i{2,3}|iv|2nd|3rd|4th", re.IGNORECASE)
_NO_NAME: Final = re.compile(r"[\W_]*")
_TEAM: Final = re.compile(
    r"\b(?:collaborations?|team|groups?|consortium|project|labs?|laborator(?:y|ies)|community|alliance"
    r"|initiative|committee|foundation|institute|university|network|task force|cent(?:er|re)|inc"
    r"|ltd|llc|gmbh|research|association|society|department|authors|contributors|members|company"
    r"|corporation|survey|mission|observatory|partnership|coalition|council|panel)\b|\b(?-i:AI)\b|\d",
    re.IGNORECASE,
)
_MORE: Final = re.compile(
    r"[(\[*]*(?:and )?(?:et\.? ?al\.?|(?:and )?(?:many |several )?others"
    r"|(?:(?P<count>[\d,]+) )?(?:additional|more|other) authors(?: not shown)?)[)\]*]*",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(r"(?:,|\s)+et\.?\s+al\.?$", re.IGNORECASE)
# What only a list with something to tidy has; most have none of it.
_ODD: Final = re.compile(
    r"""[\\{}$&<~`"´¨ˇ˘˝:()\[*\u0300-\u036f]|--|''|\bet\.? ?al\b|\bothers\b|\bauthors\b"""
    r"|^(?:[JjSs]r\.?|I{2,3}|IV)$|^[\W_]*$|  |^ | $",
    re.MULTILINE,
)

_PARTICLES: Final = frozenset(
    {
        *("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le"),
        *("ten", "ter", "zu", "zur", "af", "av", "bin", "ibn", "al", "el", "tot", "op", "auf"),
        *("das", "do", "dal", "dalla", "des", "lo", "los", "las", "vom", "zum", "ben", "t'", "'t"),
    }
)
_JOINING: Final = frozenset({"y", "e", "i", "und", "et"})
"""Between two family names: Ramón y Cajal."""
_CAPITAL: Final = frozenset(
    {"Van", "Von", "De", "Del", "Della", "Di", "Da", "Dos", "Du", "La", "Le", "El", "Ter", "Ten"}
)
_VIETNAMESE: Final = frozenset(
    {"nguyen", "tran", "le", "pham", "hoang", "huynh", "vu", "vo", "dang", "bui", "do", "ngo"}
)
"""Whose middle name may be Van."""


@dataclass(frozen=True, slots=True)
class AuthorName:
    """`given` and `suffix` may be empty; a team or a name of one word is `family` alone."""

    family: str
    given: str = ""
    suffix: str = ""
    team: bool = False


@dataclass(frozen=True, slots=True)
class ShownAuthors:
    """The names that are shown of a list, how many more it has, and whether it has others yet."""

    names: tuple[str, ...]
    left_out: int = 0
    and_others: bool = False


def tidy(written: Iterable[str]) -> tuple[str, ...]:
    """A list of authors as it is kept: names as people read them, each for itself.

    A colon after a team, which arXiv counts as an author, goes; `Jr.` belongs to the name before;
    a list that says that it is not whole ends in ET_AL, or in how many are missing.
    """
    names = tuple(written)
    if not _ODD.search("\n".join(names)):
        return names
    made: list[str] = []
    for one in names:
        for name in _parts(tex.name(one)):
            if _SUFFIX.fullmatch(name) and made:
                made[-1] += f" {name}"
            else:
                made.append(name)
    people = [name for name in made if not _MORE.fullmatch(name)]
    more = [name for name in made if _MORE.fullmatch(name)]
    return (*people, _more(more[-1])) if more else tuple(people)


def shown(names: Sequence[str], limit: int | None, *, all_up_to: int = 0) -> ShownAuthors:
    """The first `limit` names, all where there are at most `all_up_to`; None is no limit."""
    people = [name for name in names if not is_more(name)]
    counted = sum(_count(name) for name in names)
    others = any(is_more(name) and not _count(name) for name in names)
    if limit is None or len(people) <= max(limit, all_up_to):
        return ShownAuthors(tuple(people), counted, others)
    return ShownAuthors(tuple(people[:limit]), len(people) - limit + counted, others)


def is_more(name: str) -> bool:
    """Whether it is no name but says that there are more."""
    return _MORE.fullmatch(name) is not None


def is_team(name: str) -> bool:
    """Whether it is a team's name rather than a person's."""
    return _TEAM.search(name) is not None


def author_name(written: str) -> AuthorName:
    """The parts of a name written "Forenames Keyname Suffix"."""
    words = written.replace(",", " ").split()
    if is_team(written) or ":" in written:
        return AuthorName(" ".join(written.split()), team=True)
    suffix = words.pop() if len(words) > 1 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return AuthorName(" ".join(words), suffix=suffix)
    first = _family(words)
    return AuthorName(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _family(words: Sequence[str]) -> int:
    """Where the family name begins: at its first particle, else at the last word."""
    last = len(words) - 1
    for at in range(1, last):
        word = words[at]
        if word.casefold() in _JOINING and word.islower():
            return max(at - 1, 1)
        if word.casefold() in _PARTICLES and (word.islower() or word.startswith("'")):
            return at
        if word in _CAPITAL and words[0].casefold() not in _VIETNAMESE:
            return at
    return last


def _parts(name: str) -> Iterator[str]:
    """The names in one that arXiv took for one: `X Collaboration: A. B`, `A. B et al.`"""
    head, colon, rest = name.partition(":")
    while colon and (is_team(head) or not rest.strip() or not head.strip()):
        yield from _name_and_more(head)
        name = rest
        head, colon, rest = name.partition(":")
    yield from _name_and_more(name)


def _name_and_more(name: str) -> Iterator[str]:
    name = name.strip(" ,;")
    if trailing := _TRAILING.search(name):
        yield name[: trailing.start()].strip(" ,;")
        yield ET_AL
    elif _MORE.fullmatch(name) or not _NO_NAME.fullmatch(name):
        yield name


def _more(said: str) -> str:
    count = _count(said)
    return f"{count} additional authors not shown" if count else ET_AL


def _count(name: str) -> int:
    match = _MORE.fullmatch(name)
    return int(match["count"].replace(",", "") or 0) if match and match["count"] else 0
