"""Tables of papers in Markdown: a row a paper, with notes, tags, a day in columns of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.archive.parser.days import day_in
from bot.archive.parser.lexer import Unit
from bot.archive.parser.model import PaperReference
from bot.archive.parser.properties import (
    ARXIV,
    AUTHORS,
    DAYS,
    LABELS,
    PAGES,
    TAGS,
    TITLES,
    WRITERS,
    as_tag,
    people,
    plain_key,
    references_in,
    shown,
)
from bot.archive.parser.titles import read_titled

_RULE: Final = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_CELL: Final = re.compile(r"(?:\\.|`[^`]*`|\[\[[^\]]*\]\]|[^|\\])*")
_LABELLED: Final = re.compile(r"\[(?P<label>[^\[\]]+)\]\(")
_OF_PAPERS: Final = frozenset((*TITLES, "paper", "papers", "name", "논문", "论文", "論文"))
_OF_REFERENCES: Final = frozenset((*ARXIV, *PAGES))
_OF_NOTES: Final = frozenset(
    [
        "notes",
        "note",
        "comment",
        "comments",
        "summary",
        "takeaway",
        "takeaways",
        "thoughts",
        "review",
        "remarks",
        "remark",
        "tldr",
        "tl;dr",
        "take",
        "takes",
        "opinion",
        "description",
        "idea",
        "impression",
        "메모",
        "요약",
        "코멘트",
        "한줄평",
        "의견",
        "감상",
        "비고",
        "총평",
        "备注",
        "笔记",
        "总结",
        "メモ",
        "コメント",
    ]
) | {"key idea", "main idea", "my notes", "short summary", "one line summary", "한 줄 요약"}
_OF_WRITERS: Final = frozenset((*WRITERS, "who", "by", "member", "presenter", "발표자", "작성자"))


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: what it says of a paper, and where its notes stand in the file."""

    reference: PaperReference | None
    title: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    writer: str
    day: date | None
    notes: tuple[tuple[int, int], ...]


def tables_in(text: str, units: Sequence[Unit]) -> Iterator[tuple[int, TableRow]]:
    """The rows of all tables that have heads, each with its line."""
    at = 1
    while at < len(units):
        heads = _cells(text, units[at - 1])
        ruled = _RULE.fullmatch(units[at].text) is not None and "-" in units[at].text
        if not ruled or len(heads) < 2 or "|" not in units[at].text:
            at += 1
            continue
        keys = [plain_key(shown(text[start:end])) for start, end in heads]
        at += 1
        while at < len(units) and "|" in units[at].text:
            yield at, row_of(text, list(zip(keys, _cells(text, units[at]), strict=False)))
            at += 1


def _cells(text: str, unit: Unit) -> list[tuple[int, int]]:
    """Where the cells of a line begin and end, without the blanks around them."""
    line = text[unit.start : unit.end].rstrip()
    at = len(line) - len(line.lstrip())
    at += line[at : at + 1] == "|"
    cells: list[tuple[int, int]] = []
    while at < len(line):
        match = _CELL.match(line, at)
        end = match.end() if match else at
        inside = line[at:end]
        start = at + len(inside) - len(inside.lstrip())
        cells.append((unit.start + start, unit.start + max(start, at + len(inside.rstrip()))))
        at = end + 1
    return cells


def row_of(text: str, cells: Sequence[tuple[str, tuple[int, int]]]) -> TableRow:
    """What cells say, each with the key of its column and its place in the text."""
    values = [(key, text[start:end]) for key, (start, end) in cells]
    title, authors = _title(values)
    named = [value for key, value in values if key in AUTHORS]
    tags = [as_tag(one) for key, value in values if key in TAGS for one in re.split("[,;]", value)]
    writers = [shown(value) for key, value in values if key in _OF_WRITERS]
    notes = tuple(span for key, span in cells if key in _OF_NOTES and span[0] < span[1])
    return TableRow(
        _reference(values),
        title,
        people(named) if named else authors,
        tuple(dict.fromkeys(tag for tag in tags if tag)),
        writers[0] if len(writers) == 1 and "," not in writers[0] else "",
        next((day for key, value in values if key in DAYS and (day := day_in(value))), None),
        notes,
    )


def _reference(values: Sequence[tuple[str, str]]) -> PaperReference | None:
    """The paper of a row: in a column that is for it, else in any that has no notes."""
    bare = [one for key, value in values if key in ARXIV for one in references_in(value, bare=True)]
    columns = [_OF_PAPERS, _OF_REFERENCES, frozenset(key for key, _ in values) - _OF_NOTES]
    linked = [
        one
        for column in columns
        for key, value in values
        if key in column
        for one in references_in(value)
    ]
    return next(iter([*bare, *linked]), None)


def _title(values: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    for key, value in values:
        label = _LABELLED.search(value)
        of_paper = key in _OF_PAPERS
        generic = label is not None and plain_key(label["label"]) in LABELS
        if of_paper and not generic and (title := shown(value)) and "://" not in title:
            titled = read_titled(title)
            return (titled.title, titled.authors) if titled and titled.sure else (title, ())
        if of_paper and generic and (title := shown(_LABELLED.sub("](", value, count=1))):
            return title, ()
    for _, value in values:
        if (label := _LABELLED.search(value)) and plain_key(label["label"]) not in LABELS:
            return shown(label["label"]), ()
    return "", ()
