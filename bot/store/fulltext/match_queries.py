"""How phrases are asked of the two indexes: as FTS5's and as PostgreSQL's query.

The indexes hold words in their usual form, but names as they are. What they find is all that a
phrase can mean, and may be more: see `bot.text.find`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.store.fulltext.postings import (
    APART,
    BEGINNINGS,
    LONG,
    as_key,
    beginning,
    channel_word,
    within,
)
from bot.text.bigrams import LONGEST, Phrase
from bot.text.stems import kin, stem, told_by_case

KEYS: Final = ("keys",)
TITLE: Final = ("title",)
PEOPLE: Final = ("people",)
HEAD: Final = ("title", "people")
ANYWHERE: Final = ("title", "people", "body", "said")
"""The fields of a page that hold words."""


class Asked(NamedTuple):
    """A phrase that must stand in one of these fields of an index."""

    phrase: Phrase
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces that stand in a row in an index; with `prefix` the last is only a beginning."""

    pieces: tuple[str, ...]
    prefix: bool = False


def _usual(phrase: Phrase) -> Iterator[_Row]:
    """The rows of pieces by which a phrase is found among words in their usual form."""
    if not phrase.stems:
        return
    *words, last = phrase.stems
    yield _row(phrase.stems, prefix=phrase.prefix)
    if phrase.cased:  # the index may have its words as plurals or not
        yield _row([stem(one) for one in phrase.pieces], prefix=phrase.prefix)
        singular = [one[:-1] if told_by_case(one) else stem(one) for one in phrase.pieces]
        yield _row(singular, prefix=phrase.prefix)
    if phrase.prefix:
        for form in sorted(kin(last)):
            yield _row((*words, form))


def _rows(phrase: Phrase, fields: Sequence[str]) -> list[_Row]:
    """The rows by which a phrase is found in these fields."""
    rows: list[_Row] = []
    for one in (phrase, *phrase.others):
        if tuple(fields) != PEOPLE:
            rows += _usual(one)
        if "people" in fields:
            rows.append(_row(one.pieces, prefix=one.prefix))
    return list(dict.fromkeys(rows))


def _row(pieces: Sequence[str], *, prefix: bool = False) -> _Row:
    """A row as the index has it: the beginnings of overlong words."""
    return _Row(tuple(piece[:LONGEST] for piece in pieces), prefix)


# -- SQLite ----------------------------------------------------------------------------------------


def fts5_query(channel_id: int | None, asked: Sequence[Asked]) -> str:
    """All that is asked, of one channel or of all."""
    words = [] if channel_id is None else [f'place : "{channel_word(channel_id)}"']
    return " AND ".join([*words, *map(_in_fields, asked)])


def _in_fields(asked: Asked) -> str:
    rows = [
        f'"{" ".join(row.pieces)}"{" *" if row.prefix else ""}'
        for row in _rows(asked.phrase, asked.fields)
    ]
    return f"{{{' '.join(asked.fields)}}} : ({' OR '.join(rows)})"


# -- PostgreSQL ------------------------------------------------------------------------------------


def tsquery(table: str, channel_id: int | None, asked: Sequence[Asked]) -> str:
    """The same of this table."""
    words = [] if channel_id is None else [f"'in:{channel_word(channel_id)}'"]
    return " & ".join([*words, *(_any(_ts_rows(table, one)) for one in asked)])


def _ts_rows(table: str, asked: Asked) -> list[str]:
    rows = _rows(asked.phrase, asked.fields)
    if asked.fields == KEYS:
        return [f"'{as_key(row.pieces[0])}'{':*' if row.prefix else ''}" for row in rows]
    if table == "page_index" and set(asked.fields) <= set(APART):
        return [_within(field, row) for field in asked.fields for row in rows]
    return [_ts_row(row) for row in rows]


def _within(field: str, row: _Row) -> str:
    """The words anywhere in a field: a look at it tells whether they stand in a row."""
    *words, last = [f"'{within(field, piece)}'" for piece in row.pieces]
    return f"({' & '.join([*words, f'{last}:*' if row.prefix else last])})"


def is_short(phrase: Phrase) -> bool:
    """Whether a phrase ends in a beginning that has postings of its own."""
    return phrase.prefix and len(phrase.pieces[-1]) <= BEGINNINGS


def title_postings(phrases: Sequence[Phrase]) -> str:
    """What titles to look at: for a beginning those with a word whose first letters are the same,
    which have postings of their own."""
    asked: list[str] = []
    for phrase in phrases:
        whole = phrase.stems
        if phrase.prefix:
            starts = {form[:BEGINNINGS] for form in (whole[-1], *kin(whole[-1]))}
            asked.append(_any([f"'{beginning(start)}'" for start in sorted(starts)]))
            whole = whole[:-1]
        if whole:
            asked.append(_ts_row(_row(whole)))
    return " & ".join(asked)


def _any(asked: Sequence[str]) -> str:
    return asked[0] if len(asked) == 1 else f"({' | '.join(asked)})"


def _ts_row(row: _Row) -> str:
    """A row for PostgreSQL; of a text too long for places, its words anywhere."""
    *words, last = [f"'{piece}'" for piece in row.pieces]
    pieces = [*words, f"{last}:*" if row.prefix else last]
    if len(pieces) == 1:
        return pieces[0]  # for which no places are needed
    anywhere = " & ".join([f"'{LONG}'", *dict.fromkeys(pieces)])
    return f"({' <-> '.join(pieces)} | {anywhere})"
