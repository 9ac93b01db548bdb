"""Reading one Markdown file of an archive: losslessly, and as far as it can be understood.

The law: `render(parse(path, data)) == data` for any bytes. The text is cut into blocks that cover
all of it; which block is a reference, a title or a take is told by the `note_parser`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.archive.parser.about import completed, paper_of
from bot.archive.parser.bibtex_file import bibtex_records
from bot.archive.parser.csl_file import csl_records
from bot.archive.parser.csv_file import csv_records
from bot.archive.parser.days import day_of_folders, only_day
from bot.archive.parser.encodings import IMAGE, decoded, encoded, in_base64
from bot.archive.parser.file_names import dated, file_stem, note_name
from bot.archive.parser.front_matter import read_front_matter
from bot.archive.parser.images import is_image, read_image
from bot.archive.parser.lexer import Look, cut
from bot.archive.parser.library import Reader, read_library
from bot.archive.parser.linked_lines import linked
from bot.archive.parser.model import (
    ArchivedEntry,
    Block,
    FileKind,
    PaperForm,
    ParsedFile,
    Role,
)
from bot.archive.parser.note_parser import Reading, read_lines
from bot.archive.parser.paper_lists import papers_listed
from bot.archive.parser.properties import read_properties, told
from bot.archive.parser.ris_file import ris_records
from bot.archive.parser.titles import is_no_title

_PAGES = re.compile(r"(?:readme|licen[cs]e|copying|contributing|changelog|index|notice)", re.I)
_POST = re.compile(r"thoughts on recent papers|논문들에 대한 생각", re.IGNORECASE)
_LIBRARIES: Final[Mapping[str, tuple[Reader, str]]] = {
    ".bib": (bibtex_records, "bibtex"),
    ".ris": (ris_records, "ris"),
    ".json": (csl_records, "json"),
    ".csv": (csv_records, "csv"),
}
LINE_LIMIT = 200_000
"""Lines of a file in which papers are looked for: a shelf of books has no more."""
_STRONG = 3
"""Papers that make a file without a dated heading a weekly post."""


def render(document: ParsedFile) -> bytes:
    """The file that a document was parsed from."""
    text = "".join(document.source(block) for block in document.blocks)
    return encoded(text, document.encoding)


def parse(path: str, data: bytes) -> ParsedFile:
    """What is understood of a file, by its path in the archive and its content."""
    if is_image(path):
        return replace(read_image(path, in_base64(data)), encoding=IMAGE)
    text, encoding = decoded(data)
    return replace(parse_text(path, text), encoding=encoding)


def parse_text(path: str, text: str) -> ParsedFile:
    """The same of a file that is decoded."""
    if is_image(path):
        return read_image(path, text)
    suffix = path[path.rfind(".") :].lower()
    if suffix in _LIBRARIES and not path.endswith("/"):
        records, form = _LIBRARIES[suffix]
        return read_library(path, text, records(text), form)
    stem = note_name(path)
    day, name = dated(stem)
    if text.count("\n") + text.count("\r") > LINE_LIMIT:
        return ParsedFile(stem, text, FileKind.PAGE, day, name, _plain(text))
    front, body = read_front_matter(text)
    units = cut(text, body)
    properties = read_properties(front, units)
    if all(units[at].look is Look.REFERENCE for at in properties.lines):
        properties = read_properties(front, ())  # Links alone are the head of a paper.
    heading = next((unit for unit in units if unit.look is not Look.BLANK), None)
    title, heading_day = name, None
    if heading is not None and heading.look is Look.HEADING:
        title = _heading_title(heading.title) or name
        heading_day = dated(heading.title)[0] or only_day(heading.title)
    if properties.title and heading_day is None:
        title = properties.title
    day = day or heading_day or properties.day or day_of_folders(path)
    kind = _kind(stem, heading_day, day, title)
    if kind is FileKind.PAGE:
        plain = _plain(text)
        return ParsedFile(stem, text, kind, day, title, plain, front=told(properties.values))
    if kind is FileKind.DIGEST:
        properties = read_properties(front, ())
    lines = properties.lines
    reading = read_lines(text, units, name=name, digest=kind is FileKind.DIGEST, properties=lines)
    listed = papers_listed(text, units, headings_alone=not _may_be_list(reading))
    about = paper_of(properties, units, reading) if kind is FileKind.NOTE else None
    if about is not None:
        reading = read_lines(text, units, name=name, digest=False, about=about, properties=lines)
    elif listed is not None:
        reading = read_lines(
            text,
            listed.units,
            name=name,
            digest=kind is FileKind.DIGEST,
            properties=lines if len(listed.units) == len(units) else (),
            listed=listed.sections,
        )
    elif kind is FileKind.NOTE and sum(map(_is_strong, reading.entries)) >= _STRONG:
        kind = FileKind.DIGEST
        reading = read_lines(text, units, name=name, digest=True, properties=lines)
    blocks = [Block(0, body, Role.FRONT)] if body else []
    return ParsedFile(
        name=stem,
        text=text,
        kind=kind,
        day=day,
        title=title,
        blocks=(*blocks, *reading.blocks),
        entries=tuple(completed(reading.entries, properties)),
        intro=reading.intro,
        tags=tuple(dict.fromkeys((*reading.tags, *(f"#{tag}" for tag in properties.tags)))),
        front=told(properties.values),
    )


def as_it_came(path: str, data: bytes) -> ParsedFile:
    """A file of which nothing is understood; its text is kept and found."""
    stem = file_stem(path)
    if is_image(path):
        return replace(read_image(path, in_base64(data)), encoding=IMAGE)
    text, encoding = decoded(data)
    plain = _plain(text)
    return ParsedFile(stem, text, FileKind.PAGE, None, stem, plain, encoding=encoding)


def _heading_title(heading: str) -> str:
    """The title that a heading gives its file, nothing where it names a part of it."""
    if (link := linked(heading)) is not None and link.title:
        return link.title
    return "" if is_no_title(heading) else heading


def _kind(stem: str, heading_day: date | None, day: date | None, title: str) -> FileKind:
    if heading_day is not None or _POST.search(stem) or _POST.search(title):
        return FileKind.DIGEST
    return FileKind.PAGE if day is None and _PAGES.fullmatch(stem) else FileKind.NOTE


def _is_strong(entry: ArchivedEntry) -> bool:
    """Whether this is a paper that was written about, not one of a list of links."""
    return entry.title != "" and bool(entry.authors or entry.takes)


def _may_be_list(reading: Reading) -> bool:
    """Whether no paper begins in a way that says that all below it is of it."""
    first = next((one for one in reading.entries if one.form is not PaperForm.RUNNING), None)
    lists = (PaperForm.LINK, PaperForm.LINK_TEXT, PaperForm.TITLE_URL, PaperForm.URL)
    return first is None or (first.form in lists and not first.authors)


def _plain(text: str) -> tuple[Block, ...]:
    return (Block(0, len(text), Role.PROSE),) if text else ()


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part of a file that was kept as plain text; `line` counts from 1."""

    line: int
    text: str


def kept_as_text(document: ParsedFile, most: int = sys.maxsize) -> Sequence[KeptPart]:
    """The prose of a document that belongs to no paper, for the import's report."""
    prose, blank = Role.PROSE, Role.BLANK
    kept: list[KeptPart] = []
    start: int | None = None
    line, counted = 1, 0
    for block in (*document.blocks, Block(len(document.text), len(document.text), Role.RULE)):
        role = block.role
        if role is prose:
            start = block.start if start is None else start
        elif start is not None and role is not blank:
            line += document.text.count("\n", counted, start)
            counted = start
            # A byte order mark is a sign of the file, not of its text.
            text = document.text[start : block.start].removeprefix("\ufeff").strip()
            if text:
                kept.append(KeptPart(line, text))
            start = None
            if len(kept) >= most:
                break
    return kept


__all__ = [
    "KeptPart",
    "as_it_came",
    "kept_as_text",
    "parse",
    "parse_text",
    "render",
]
