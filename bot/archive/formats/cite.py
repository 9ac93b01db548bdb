"""Papers as one person takes them from a chat: a text to copy, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.archive.formats import bibliography
from bot.archive.paths import safe_name
from bot.model.take import Entry


class CiteFormat(StrEnum):
    """What reference managers read; each named as its makers name it."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"

    @property
    def shown(self) -> str:
        return {"bibtex": "BibTeX", "ris": "RIS", "csl": "CSL JSON"}[self]


_SUFFIXES = {CiteFormat.BIBTEX: "bib", CiteFormat.RIS: "ris", CiteFormat.CSL: "json"}


@dataclass(frozen=True, slots=True)
class Citation:
    """Papers in a format, and what a file of them is called."""

    text: str
    file_name: str


def cite(entries: Sequence[Entry], format: CiteFormat) -> Citation:
    """The papers of these entries; a page was seen on the day on which it was put on the list."""
    papers = [entry.paper for entry in entries]
    seen = {entry.paper.id: entry.added_at.date() for entry in entries}
    if format is CiteFormat.BIBTEX:
        text = bibliography.bibtex(papers, seen, alone=True)
    elif format is CiteFormat.RIS:
        text = bibliography.ris(papers, seen)
    else:
        text = bibliography.csl(papers, seen)
    name = papers[0].data.arxiv_id or papers[0].title if len(papers) == 1 else "papers"
    return Citation(text, f"{safe_name(name)}.{_SUFFIXES[format]}")
