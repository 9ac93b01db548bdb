"""The full-text indexes themselves: documents of words, put in and taken out.

SQLite has FTS5 tables. Pages, which change often, are kept there with their words; of titles and
files the tables are contentless: to take something out they must be told the words that went in.
PostgreSQL has tables of `tsvector`s, made here as literals: its parser is not asked, and so nothing
but `bot.text.bigrams` decides what a word is. Each document holds its channel beside its words, so
that a search reads the postings of its own channel only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, ColumnClause, Connection, column, inspect, select, text
from sqlalchemy import table as sql_table

from bot.store.queries.in_list import among

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "page_index": ("keys", "title", "people", "body", "said"),
    "title_index": ("title",),
    "document_index": ("title", "body"),
}
"""The indexes and their fields; the title index is of all channels, the others of one each."""
FORMER: Final = ("entry_index", "take_index")
"""What older versions had in place of the index of pages."""
APART: Final = ("title", "people")
"""Fields of a page that are also looked at by themselves."""
_OF: Final = {
    "page_index": "entries",
    "title_index": "papers",
    "document_index": "documents",
}
"""The tables whose rows they index."""
_CONTENTLESS: Final = ("title_index", "document_index")
LONG: Final = "long:"
"""A lexeme that no word is: the document is too long for its words' places."""
BEGINNINGS: Final = 3
"""Letters of a word in a title up to which PostgreSQL has postings for those that begin so; FTS5
has its own, of more letters."""
_PLACES: Final = 16_000
"""Words of a `tsvector` that have a place of their own; the last that can be is 16,383."""
_REPEATS: Final = 250
"""Places of one word in a `tsvector`; PostgreSQL drops what comes after the 255th."""
_BYTES: Final = 700_000
"""Of a `tsvector`, which holds a megabyte."""
_MERGED: Final = 16
"""Pages of an FTS5 table that are merged at once: some milliseconds."""


class IndexDocument(NamedTuple):
    """The words of a row, field by field in the order of `TABLES`, as `bigrams.spaced` has them."""

    id: int
    channel_id: int | None
    fields: tuple[str, ...]


def channel_word(channel_id: int) -> str:
    """What stands for a channel among the words of a document, in a field of its own."""
    return f"c{channel_id}"


def beginning(letters: str) -> str:
    """A lexeme that no word is, for the titles with a word that begins so."""
    return f"^{letters}"


def as_key(key: str) -> str:
    """A lexeme that no word is, for a page's key."""
    return f"key:{key}"


def within(field: str, piece: str) -> str:
    """A lexeme that no word is, for a word in one field of a page: told without a look at
    places."""
    return f"{field}:{piece}"


def put(connection: Connection, table: str, documents: Sequence[IndexDocument]) -> None:
    """Put documents in; one that is there already stays as it is."""
    if not documents:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_POSTGRESQL_PUT[table], [_vector(table, one) for one in documents])
        return
    there = _there(connection, table, documents) if table in _CONTENTLESS else set()
    new = [_words(one) for one in documents if one.id not in there]
    if new:
        connection.exec_driver_sql(_SQLITE_PUT[table], new)


def take_out(connection: Connection, table: str, documents: Sequence[IndexDocument]) -> None:
    """Take documents out, told the words that they were put in with."""
    if not documents:
        return
    if connection.dialect.name == "postgresql":
        ids = [one.id for one in documents]
        connection.execute(text(f"DELETE FROM {table} WHERE id = ANY(:ids)"), {"ids": ids})
        return
    there = _there(connection, table, documents)
    old = [_words(one) for one in documents if one.id in there]
    if old:
        connection.exec_driver_sql(_SQLITE_TAKE_OUT[table], old)


def merge(connection: Connection, table: str, *, begin: bool) -> bool:
    """Write a part of an index anew, without what was taken out of it: FTS5 keeps that until it
    happens to merge it. Whether there is more to do. `begin`: with all of it. PostgreSQL's vacuum
    does so by itself."""
    if connection.dialect.name == "postgresql":
        return False
    # See https://sqlite.org/fts5.html#the_merge_command: less than two changes are none.
    changes = "SELECT total_changes()"
    before = connection.exec_driver_sql(changes).scalar_one()
    connection.exec_driver_sql(
        f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (-_MERGED if begin else _MERGED,)
    )
    return bool(connection.exec_driver_sql(changes).scalar_one() - before >= 2)


def _there(connection: Connection, table: str, documents: Sequence[IndexDocument]) -> set[int]:
    """Which of them FTS5 has: one put in twice, or taken out twice, would spoil it."""
    newest = connection.exec_driver_sql(f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT 1")
    last = newest.scalar() or 0
    if not (known := [one.id for one in documents if one.id <= last]):
        return set()
    number: ColumnClause[int] = column("rowid", BigInteger)
    found = select(number).select_from(sql_table(table)).where(among(connection, number, known))
    return set(connection.scalars(found))


def _words(document: IndexDocument) -> tuple[Any, ...]:
    number, channel_id, fields = document
    return (number, *fields) if channel_id is None else (number, channel_word(channel_id), *fields)


def _vector(table: str, document: IndexDocument) -> dict[str, Any]:
    values: dict[str, Any] = {"id": document.id, "document": vector(table, document)}
    if document.channel_id is not None:
        values["channel_id"] = document.channel_id
    return values


def vector(table: str, document: IndexDocument) -> str:
    """A document as a literal of PostgreSQL's `tsvector`.

    One with more words, or more often the same word, than places can be told for says so by a
    lexeme of its own, and its words have no places: a search then has to look at the text.
    """
    places: dict[str, list[str]] = defaultdict(list)
    at = 0
    lexemes: list[str] = []
    for name, words in zip(TABLES[table], document.fields, strict=True):
        if name == "keys":
            lexemes += [f"'{as_key(one)}'" for one in words.split()]
            continue
        if table == "page_index" and name in APART:
            lexemes += [f"'{within(name, one)}'" for one in set(words.split())]
        for piece in words.split():
            at += 1
            places[piece].append(str(at))
        at += 1  # no phrase goes from one field into the next
    long = at > _PLACES or any(len(its) > _REPEATS for its in places.values())
    if document.channel_id is not None:
        lexemes.append(f"'in:{channel_word(document.channel_id)}'")
    if long:
        lexemes.append(f"'{LONG}'")
    if table == "title_index":
        starts = {piece[:size] for piece in places for size in range(1, BEGINNINGS + 1)}
        lexemes += [f"'{beginning(start)}'" for start in starts]
    size = 0
    for piece, its in places.items():
        size += len(piece.encode()) + 12
        if size > _BYTES:
            break
        lexemes.append(f"'{piece}'" if long else f"'{piece}':{','.join(its)}")
    return " ".join(lexemes)


def _columns(table: str) -> list[str]:
    return [*(["place"] if table != "title_index" else []), *TABLES[table]]


def _sqlite_put(table: str) -> str:
    names = _columns(table)
    values = ", ?" * len(names)
    return f"INSERT INTO {table}(rowid, {', '.join(names)}) VALUES (?{values})"


def _sqlite_take_out(table: str) -> str:
    names = _columns(table)
    values = ", ?" * len(names)
    return f"INSERT INTO {table}({table}, rowid, {', '.join(names)}) VALUES ('delete', ?{values})"


def _postgresql_put(table: str) -> Any:
    names = ["id", *(["channel_id"] if table != "title_index" else [])]
    values = ", ".join(f":{name}" for name in names)
    return text(
        f"INSERT INTO {table} ({', '.join(names)}, document)"
        f" VALUES ({values}, CAST(:document AS tsvector))"
        " ON CONFLICT (id) DO UPDATE SET document = excluded.document"
    )


_SQLITE_PUT = {table: _sqlite_put(table) for table in TABLES}
_SQLITE_TAKE_OUT = {table: _sqlite_take_out(table) for table in TABLES}
_POSTGRESQL_PUT = {table: _postgresql_put(table) for table in TABLES}


def is_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether something in the database is one of the models' tables: for Alembic."""
    return kind != "table" or name is None or not name.startswith((*TABLES, *FORMER))


def drop(connection: Connection, tables: Iterable[str]) -> None:
    """Throw indexes away."""
    for table in tables:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


def create(connection: Connection, tables: Iterable[str] = tuple(TABLES)) -> None:
    """Make indexes, empty; those that are there stay as they are.

    They are no part of the schema's history: what is in them can be made anew at any time.
    """
    there = set(inspect(connection).get_table_names())
    for table in tables:
        if table in there:
            continue
        if connection.dialect.name == "sqlite":
            prefix = "prefix='1 2 3 4 5 6 7 8'" if table == "title_index" else "prefix='2'"
            content = ["content=''"] if table in _CONTENTLESS else []
            tokens = "tokenize='unicode61 remove_diacritics 0'"
            parts = [*_columns(table), *content, prefix, tokens]
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(parts)})"
            )
            continue
        of = _OF[table]
        channel = "" if table == "title_index" else " channel_id bigint NOT NULL,"
        connection.exec_driver_sql(
            f"CREATE TABLE {table} (id bigint PRIMARY KEY REFERENCES {of} ON DELETE CASCADE,"
            f"{channel} document tsvector NOT NULL)"
        )
        connection.exec_driver_sql(
            f"CREATE INDEX ix_{table}_document ON {table} USING gin (document)"
        )
