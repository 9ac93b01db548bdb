"""Reading tables in CSV, such as Notion puts beside the pages of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.archive.parser.library import LibraryRecord
from bot.archive.parser.properties import plain_key
from bot.archive.parser.tables import row_of

_QUOTED: Final = re.compile(r'[ ]*"((?:[^"]|"")*)"[ ]*')
_LINE_END: Final = re.compile(r"\r?\n|\r|[^\r\n]+(?:\r?\n|\r|\Z)")

Cell = tuple[int, int]


def csv_records(text: str) -> Iterator[LibraryRecord]:
    """The rows that name a paper, below the row of heads."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    head = text[start:].split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = _rows(text, start, separator)
    heads = next(rows, None)
    if heads is None or len(heads) < 2:
        return
    keys = [plain_key(text[low:high]) for low, high in heads]
    for cells in rows:
        row = row_of(text, list(zip(keys, cells, strict=False)))
        if row.reference is None:
            continue
        yield LibraryRecord(
            cells[0][0],
            cells[-1][1],
            title=row.title,
            authors=row.authors,
            references=[row.reference.url],
            tags=list(row.tags),
            days=[row.day.isoformat()] if row.day else [],
            writer=row.writer,
            notes=list(row.notes),
        )


def _rows(text: str, at: int, separator: str) -> Iterator[list[Cell]]:
    """The cells of each row, without their quotes."""
    plain = re.compile(rf"[^\r\n{re.escape(separator)}]*")
    row: list[Cell] = []
    while at < len(text):
        match = _QUOTED.match(text, at)
        if match is None:
            match = plain.match(text, at)
            assert match is not None
            row.append(match.span())
        else:
            row.append(match.span(1))
        at = match.end()
        if text[at : at + 1] == separator:
            at += 1
            continue
        yield row
        row = []
        end = _LINE_END.match(text, at)
        at = max(at + 1, end.end()) if end else at + 1
