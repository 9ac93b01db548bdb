"""What a take leads to: other papers, notes of the archive, the earlier parts of a series."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.reference import ArxivReference, PageReference, parse_references
from bot.text.tags import TextLinkKind, links


class LeadKind(StrEnum):
    """How one thing is named by another."""

    URL = "url"
    """A paper's address, in the form in which the catalogue has it."""
    NOTE = "note"
    """`[[200129 Empirical Attention]]`: a note, or a paper, by its title's key."""
    SERIES = "series"
    """`robustness와 transferability 3.`: the key of what the parts of a series share."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One thing that a take leads to."""

    kind: LeadKind
    target: str


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """A part of a series: what the parts are called, as it is written here, and which one it is."""

    name: str
    number: int

    @property
    def key(self) -> str:
        """What the parts have in common, whatever the case and the blanks."""
        return note_key(self.name)


_SERIES: Final = re.compile(
    r"\s*(?P<name>[^\n.!?:#\[\]<>()]{2,80}?)[ \t]+"
    r"(?:(?P<marked>[\[(]?[1-9][0-9]?[ ]?/[ ]?[1-9][0-9]?[\])]?|\([1-9][0-9]?\)|#[1-9][0-9]?"
    r"|(?:part|pt\.|파트|제)[ ]?[1-9][0-9]?[부편장]?|[1-9][0-9]?[부편])"
    r"|(?P<number>[1-9][0-9]?))"
    r"(?=[.:)]?\s*(?:\n|\Z)|[.:)]\s)",
    re.IGNORECASE,
)
"""`robustness와 transferability 3.`, `… 연구 1/2`, `Scaling laws #2`, `Diffusion, part 2`."""
_NUMBERS: Final = re.compile(r"[0-9]+")
_MOST_PARTS: Final = 20
"""Parts that are counted, `1/2`; what has more is a date or a score."""
_DAY: Final = re.compile(r"\A\d{6}\s+")
_LONGEST: Final = 400
"""Characters of a note's name that are kept."""


def note_key(name: str) -> str:
    """What makes two ways of writing a note's name one, whatever the case and the blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())[:_LONGEST]


def undated(name: str) -> str:
    """A note's name without the `YYMMDD` before it."""
    return _DAY.sub("", name)


def part_of(text: str) -> SeriesPart | None:
    """The series that a take is a part of: a name at its very beginning, then which part it is.

    A bare number behind a name may be the name's own, as in *Qwen 3* or *Stable Diffusion 3*: it
    counts a part only where the name is words of a sentence, not all of them names.
    """
    match = _SERIES.match(text)
    if match is None:
        return None
    name = match["name"].rstrip(" ,-–—")
    if match["number"]:
        return SeriesPart(name, int(match["number"])) if _is_a_theme(name) else None
    number, *of = map(int, _NUMBERS.findall(match["marked"]))
    if of and not number <= of[0] <= _MOST_PARTS:
        return None
    return SeriesPart(name, number)


def _is_a_theme(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and any(word[0].isalpha() and not word[0].isupper() for word in words)


def leads(text: str) -> tuple[Lead, ...]:
    """What the text of a take leads to, each once, in order."""
    found: dict[Lead, None] = {}
    if part := part_of(text):
        found[Lead(LeadKind.SERIES, part.key)] = None
    if "://" not in text and "[[" not in text:
        return tuple(found)
    for link in links(text):
        if link.kind is TextLinkKind.WIKI:
            found[Lead(LeadKind.NOTE, note_key(link.target))] = None
            continue
        for reference in parse_references(link.target).references[:1]:
            if isinstance(reference, ArxivReference):
                found[Lead(LeadKind.URL, reference.id.url)] = None
            elif isinstance(reference, PageReference):
                found[Lead(LeadKind.URL, reference.url)] = None
    return tuple(found)
