"""How phrases are asked of the two indexes: as FTS5's and as PostgreSQL's query.

The indexes hold words in their usual form, but names as they are. What they find is all that a
phrase can mean, and may be more: see `bot.text.find`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.store.fulltext.postings import BEGINNINGS, LONG, WEIGHTS, beginning, channel_word
from bot.text.bigrams import LONGEST, Phrase
from bot.text.stems import kin, stem, told_by_case

_PEOPLE: Final = "people"


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
        if tuple(fields) != (_PEOPLE,):
            rows += _usual(one)
        if _PEOPLE in fields:
            rows.append(_row(one.pieces, prefix=one.prefix))
    return list(dict.fromkeys(rows))


def _row(pieces: Sequence[str], *, prefix: bool = False) -> _Row:
    """A row as the index has it: the beginnings of overlong words."""
    return _Row(tuple(piece[:LONGEST] for piece in pieces), prefix)


# -- SQLite ----------------------------------------------------------------------------------------


def fts5_query(
    channel_id: int | None,
    phrases: Sequence[Phrase],
    fields: Sequence[str],
    people: Sequence[Phrase],
    titles: Sequence[Phrase] = (),
) -> str:
    """All of the phrases in these fields, all of `people` among the authors, and of `titles` in the
    title."""
    asked = [] if channel_id is None else [f'place : "{channel_word(channel_id)}"']
    asked += [_in_fields(fields, phrase) for phrase in phrases]
    asked += [_in_fields((_PEOPLE,), phrase) for phrase in people]
    asked += [_in_fields(("title",), phrase) for phrase in titles]
    return " AND ".join(asked)


def _in_fields(fields: Sequence[str], phrase: Phrase) -> str:
    rows = [
        f'"{" ".join(row.pieces)}"{" *" if row.prefix else ""}' for row in _rows(phrase, fields)
    ]
    return f"{{{' '.join(fields)}}} : ({' OR '.join(rows)})"


# -- PostgreSQL ------------------------------------------------------------------------------------


def tsquery(
    channel_id: int | None,
    phrases: Sequence[Phrase],
    fields: Sequence[str],
    people: Sequence[Phrase],
    titles: Sequence[Phrase] = (),
    *,
    apart: bool,
) -> str:
    """The same. `apart`: the index has other fields too."""
    asked = [] if channel_id is None else [f"'in:{channel_word(channel_id)}'"]
    weights = "".join(WEIGHTS[field] for field in fields) if apart else ""
    asked += [_any([_ts_row(row, weights) for row in _rows(one, fields)]) for one in phrases]
    for field, phrases_in in ((_PEOPLE, people), ("title", titles)):
        only = WEIGHTS[field]
        asked += [_any([_ts_row(row, only) for row in _rows(one, (field,))]) for one in phrases_in]
    return " & ".join(asked)


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
            asked.append(_ts_row(_row(whole), ""))
    return " & ".join(asked)


def _any(asked: Sequence[str]) -> str:
    return asked[0] if len(asked) == 1 else f"({' | '.join(asked)})"


def _ts_row(row: _Row, weights: str) -> str:
    """A row for PostgreSQL; of a text too long for places, its words anywhere."""
    pieces = [f"'{piece}'" for piece in row.pieces]
    begins = "*" if row.prefix else ""
    marks = [f"{piece}:{weights}" if weights else piece for piece in pieces]
    if begins or weights:
        marks[-1] = f"{pieces[-1]}:{begins}{weights}"
    if len(marks) == 1 and not weights:
        return marks[0]  # for which no places are needed
    last = f"{pieces[-1]}:*" if begins else pieces[-1]
    anywhere = " & ".join([f"'{LONG}'", *dict.fromkeys([*pieces[:-1], last])])
    return f"({' <-> '.join(marks)} | {anywhere})"
