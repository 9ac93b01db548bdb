"""What a take leads to: other papers, notes of the archive, the earlier parts of a series."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.reference import ArxivReference, PageReference, parse_references
from bot.text.tags import LinkKind, links


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


_SERIES: Final = re.compile(
    r"\s*(?P<name>[^\n.!?:#\[\]<>]{3,80}?)[ \t]+#?[1-9][0-9]?(?=[.:)]?\s*(?:\n|\Z)|[.:)]\s)"
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


def leads(text: str) -> tuple[Lead, ...]:
    """What the text of a take leads to, each once, in order.

    A series is named at the very beginning: a name on one line, then a number.
    """
    found: dict[Lead, None] = {}
    if match := _SERIES.match(text):
        found[Lead(LeadKind.SERIES, note_key(match["name"]))] = None
    if "://" not in text and "[[" not in text:
        return tuple(found)
    for link in links(text):
        if link.kind is LinkKind.WIKI:
            found[Lead(LeadKind.NOTE, note_key(link.target))] = None
            continue
        for reference in parse_references(link.target).references[:1]:
            if isinstance(reference, ArxivReference):
                found[Lead(LeadKind.URL, reference.id.url)] = None
            elif isinstance(reference, PageReference):
                found[Lead(LeadKind.URL, reference.url)] = None
    return tuple(found)
