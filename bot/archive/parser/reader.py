"""Reading one Markdown file of an archive: losslessly, and as far as it can be understood.

The law: `render(parse(path, data)) == data` for any bytes. The text is cut into blocks that cover
all of it; which block is a reference, a title or a take is told by the `note_parser`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.archive.parser.file_names import dated, file_stem
from bot.archive.parser.lexer import Look, cut, resolve
from bot.archive.parser.model import (
    ArchivedEntry,
    Block,
    FileKind,
    PaperForm,
    ParsedFile,
    Role,
)
from bot.archive.parser.note_parser import read_lines
from bot.archive.parser.paper_heads import Section

_PAGES = re.compile(r"(?:readme|licen[cs]e|copying|contributing|changelog|index|notice)", re.I)
_POST = re.compile(r"thoughts on recent papers|논문들에 대한 생각", re.IGNORECASE)
_END = r"(?:\r\n|\n|\r)"
_FRONT = re.compile(
    rf"\ufeff?---[ \t]*{_END}((?:[^\r\n]*{_END})*?)(?:---|\.\.\.)[ \t]*(?:{_END}|\Z)"
)
_FRONT_LINE = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*")
_FRONT_ITEM = re.compile(r"[ \t]*-[ \t]+(.*?)[ \t]*")
_FRONT_LIMIT = 20_000
_FRONT_REFERENCES = ("url", "link", "source", "arxiv", "doi")
"""Properties that name a note's paper, as clippers and reference managers write them."""
LINE_LIMIT = 200_000
"""Lines of a file in which papers are looked for: a shelf of books has no more."""
_STRONG = 3
"""Papers that make a file without a dated heading a weekly post."""


def decode(data: bytes) -> str:
    """The text of a file; bytes that are not UTF-8 become lone surrogates (PEP 383)."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a decoded file, each as it was."""
    return text.encode("utf-8", "surrogateescape")


def render(document: ParsedFile) -> bytes:
    """The file that a document was parsed from."""
    return encode("".join(document.source(block) for block in document.blocks))


def parse(path: str, data: bytes) -> ParsedFile:
    """What is understood of a file, by its path in the archive and its content."""
    return parse_text(path, decode(data))


def parse_text(path: str, text: str) -> ParsedFile:
    """The same of a file that is decoded."""
    stem = file_stem(path)
    day, name = dated(stem)
    if text.count("\n") + text.count("\r") > LINE_LIMIT:
        return ParsedFile(stem, text, FileKind.PAGE, day, name, _plain(text))
    front, body = _front_matter(text)
    units = cut(text, body)
    heading = next((unit for unit in units if unit.look is not Look.BLANK), None)
    title, heading_day = name, None
    if heading is not None and heading.look is Look.HEADING:
        title = heading.title
        heading_day = dated(heading.title)[0]
    elif "title" in front:
        title = front["title"]
    day = day or heading_day or _front_day(front)
    kind = _kind(stem, heading_day, day, title)
    if kind is FileKind.PAGE:
        return ParsedFile(stem, text, kind, day, title, _plain(text), front=front)
    reading = read_lines(text, units, name=name, digest=kind is FileKind.DIGEST)
    if kind is FileKind.NOTE and sum(map(_is_strong, reading.entries)) >= _STRONG:
        kind = FileKind.DIGEST
        reading = read_lines(text, units, name=name, digest=True)
    if front and kind is FileKind.NOTE and not any(map(_is_told, reading.entries)):
        about = _front_paper(front)
        if about is not None:
            reading = read_lines(text, units, name=name, digest=False, about=about)
    blocks = [Block(0, body, Role.FRONT)] if body else []
    return ParsedFile(
        name=stem,
        text=text,
        kind=kind,
        day=day,
        title=title,
        blocks=(*blocks, *reading.blocks),
        entries=reading.entries,
        intro=reading.intro,
        tags=reading.tags,
        front=front,
    )


def as_it_came(path: str, text: str) -> ParsedFile:
    """A file of which nothing is understood; its text is kept and found."""
    stem = file_stem(path)
    return ParsedFile(stem, text, FileKind.PAGE, None, stem, _plain(text))


def _kind(stem: str, heading_day: date | None, day: date | None, title: str) -> FileKind:
    if heading_day is not None or _POST.search(stem) or _POST.search(title):
        return FileKind.DIGEST
    return FileKind.PAGE if day is None and _PAGES.fullmatch(stem) else FileKind.NOTE


def _is_strong(entry: ArchivedEntry) -> bool:
    """Whether this is a paper that was written about, not one of a list of links."""
    return entry.title != "" and bool(entry.authors or entry.takes)


def _is_told(entry: ArchivedEntry) -> bool:
    """Whether the text itself says what it is about."""
    return entry.reference is not None and entry.form is not PaperForm.RUNNING


def _front_paper(front: Mapping[str, str]) -> Section | None:
    """The paper that properties name."""
    for key in _FRONT_REFERENCES:
        reference = resolve(front[key].strip("<>")) if front.get(key) else None
        if reference is not None:
            names = front.get("authors", front.get("author", ""))
            authors = [name.strip().strip("\"'") for name in names.strip("[]").split(",")]
            return Section(
                PaperForm.FRONT,
                reference,
                front.get("title", ""),
                tuple(name for name in authors if name),
            )
    return None


def _plain(text: str) -> tuple[Block, ...]:
    return (Block(0, len(text), Role.PROSE),) if text else ()


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """YAML front matter (simple lines of it) and where the body begins."""
    if not text.startswith(("---", "\ufeff---")):
        return {}, 0
    match = _FRONT.match(text, 0, _FRONT_LIMIT)
    if match is None:
        return {}, 0
    pairs: dict[str, str] = {}
    key = ""
    for line in match[1].splitlines():
        if pair := _FRONT_LINE.fullmatch(line):
            key = pair[1].lower()
            pairs[key] = pair[2].strip("\"'")
        elif key and (item := _FRONT_ITEM.fullmatch(line)):
            # A list in lines is as one in brackets.
            value = item[1].strip("\"'")
            pairs[key] = f"{pairs[key]}, {value}" if pairs[key] else value
    return pairs, match.end()


def _front_day(front: dict[str, str]) -> date | None:
    for key in ("date", "created"):
        if key in front:
            return dated(front[key])[0]
    return None


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
            kept.append(KeptPart(line, document.text[start : block.start].strip()))
            start = None
            if len(kept) >= most:
                break
    return kept


__all__ = [
    "KeptPart",
    "as_it_came",
    "decode",
    "encode",
    "kept_as_text",
    "parse",
    "parse_text",
    "render",
]
