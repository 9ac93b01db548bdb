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
    r"\s*(?P<name>[^\n.!?:#\[\]<>]{3,80}?)[ \t]+#?(?P<number>[1-9][0-9]?)"
    r"(?=[.:)]?\s*(?:\n|\Z)|[.:)]\s)"
)
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
    """The series that a take is a part of: a name at its very beginning, then a number."""
    match = _SERIES.match(text)
    return SeriesPart(match["name"], int(match["number"])) if match else None


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
