"""Files of reference managers: BibTeX, RIS, CSL JSON, tables in CSV.

Each is a text with records, one a paper; the notes in them are takes, and everything else stays as
it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.archive.parser.days import day_in
from bot.archive.parser.file_names import dated, note_name
from bot.archive.parser.model import (
    ArchivedEntry,
    ArchivedTake,
    Block,
    FileKind,
    PaperForm,
    PaperReference,
    ParsedFile,
    Role,
    Slice,
)
from bot.archive.parser.properties import arxiv_in, as_tag, references_in
from bot.model.reference import ArxivReference

SUFFIXES: Final = (".bib", ".ris", ".json", ".csv")

_NO_NOTE: Final = re.compile(
    r"(?:arxiv\s*:|comment:\s*(?:\d|accepted|published|to appear|in proceedings|\w+ pages|version)|"
    r"_eprint|issn|isbn|publisher|citation key|tex\.|version|accepted (?:at|to|by)|to appear|"
    r"pmid|pmcid|doi\s*:|page version id|num pages|number:|google-books|\d+ pages|original-date)",
    re.IGNORECASE,
)
"""What programs and publishers write into a note: nobody's words."""
_WRAPPED: Final = re.compile(r"\s*(?:<(?:div|p)\b[^>]*>\s*)*|(?:\s*</(?:div|p)>)*\s*\Z")


@dataclass(slots=True)
class LibraryRecord:
    """A paper of such a file, which stands at `start` to `end`; `notes` are places in it."""

    start: int
    end: int
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    references: list[str] = field(default_factory=list)
    """Addresses, DOIs and ids, the best first."""
    tags: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    writer: str = ""
    notes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def reference(self) -> PaperReference | None:
        found = [one for text in self.references for one in _references(text)]
        arxiv = (one for one in found if isinstance(one, ArxivReference))
        return next(arxiv, next(iter(found), None))

    @property
    def day(self) -> date | None:
        return next((day for text in self.days if (day := day_in(text))), None)


Reader = Callable[[str], Iterable[LibraryRecord]]


def read_library(path: str, text: str, records: Iterable[LibraryRecord], form: str) -> ParsedFile:
    """A file of records as one of papers; `form` is that of its escapes."""
    name = note_name(path)
    day, title = dated(name)
    blocks: list[Block] = []
    entries: list[ArchivedEntry] = []
    done = 0
    for record in records:
        place = len(entries)
        takes: list[ArchivedTake] = []
        _until(blocks, done, record.start, Role.PROSE)
        done = record.start
        for start, end in sorted(_trimmed(text, *span) for span in record.notes):
            if start >= end or start < done or _NO_NOTE.match(text, start):
                continue
            _until(blocks, done, start, Role.FRONT)
            blocks.append(Block(start, end, Role.TAKE, place))
            its = "cell" if form == "csv" and text[start - 1] != '"' else form
            takes.append(ArchivedTake((Slice(start, end),), None, record.writer, its))
            done = end
        _until(blocks, done, record.end, Role.FRONT)
        done = record.end
        entries.append(_entry(record, tuple(takes)))
    _until(blocks, done, len(text), Role.PROSE)
    kind = FileKind.NOTE if any(one.reference for one in entries) else FileKind.PAGE
    return ParsedFile(name, text, kind, day, title, tuple(blocks), tuple(entries))


def _entry(record: LibraryRecord, takes: tuple[ArchivedTake, ...]) -> ArchivedEntry:
    tags = (as_tag(one) for one in record.tags)
    return ArchivedEntry(
        PaperForm.RECORD,
        record.reference,
        " ".join(record.title.split()),
        record.authors,
        " ".join(record.abstract.split()),
        takes,
        tuple(dict.fromkeys(tag for tag in tags if tag)),
        record.day,
    )


def _until(blocks: list[Block], start: int, end: int, role: Role) -> None:
    if start < end:
        blocks.append(Block(start, end, role))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A note without the paragraph that it stands in, and without blanks around."""
    if opening := _WRAPPED.match(text, start, end):
        start = opening.end()
    closing = re.compile(r"(?:\s|</(?:div|p)>|\\n)*\Z").search(text, start, end)
    return start, closing.start() if closing else end


def _references(text: str) -> list[PaperReference]:
    return [*arxiv_in(text), *references_in(text, bare=True)]


def first(values: Mapping[str, str], *keys: str) -> str:
    """The first of these that there is."""
    return next((value for key in keys if (value := values.get(key, "").strip())), "")
