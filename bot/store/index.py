"""What is derived from takes, entries and papers, kept in the same transaction as they are.

The words of takes, of papers on lists, and of the titles that mailings brought; the tags and the
links of takes. Whoever changes a row calls `drop_…` before, while the old words can still be read,
and `add_…` after.

SQLite has three contentless FTS5 tables: to take something out they must be told the words that
went in. PostgreSQL has tables of `tsvector`s, made here as literals: its parser is not asked, and
so nothing but `bot.text.bigrams` decides what a word is. Each document holds its channel beside
its words, so that a search reads the postings of its own channel only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.connection import leads
from bot.store.insert import many
from bot.store.schema import AnnouncedRow, EntryRow, PaperRow, TakeLinkRow, TakeRow, TakeTagRow
from bot.text.bigrams import pieces
from bot.text.tags import tag_key, tags
from bot.text.tex import readable

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "entry_index": ("title", "people", "body"),
    "take_index": ("body",),
    "title_index": ("title",),
}
"""The indexes and their fields; the first two are of a channel each."""
WEIGHTS: Final = {"title": "A", "people": "B", "body": "C"}
"""PostgreSQL's labels of the fields."""
LONG: Final = "long:"
"""A lexeme that no word is: the document is too long for its words' places."""
PIECE_LIMIT: Final = 500
"""Characters of one word; PostgreSQL takes 2,046 bytes."""
TAG_LIMIT: Final = 100
"""Characters of a tag that is noted; what is longer is no tag that anybody looks for."""
_TARGET_BYTES: Final = 2_000
"""Of a link's target; a key of PostgreSQL holds 2,704."""
_PLACES: Final = 16_000
"""Words of a `tsvector` that have a place of their own; the last that can be is 16,383."""
_REPEATS: Final = 250
"""Places of one word in a `tsvector`; PostgreSQL drops what comes after the 255th."""
_BYTES: Final = 700_000
"""Of a `tsvector`, which holds a megabyte."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a row, by field."""

    id: int
    channel_id: int | None
    fields: Mapping[str, list[str]]


def channel_word(channel_id: int) -> str:
    """What stands for a channel among the words of a document, in a field of its own."""
    return f"c{channel_id}"


async def run(session: AsyncSession, work: Callable[..., None], ids: Sequence[int]) -> None:
    """Do one of the below within a transaction, after what it has written so far."""
    if ids:
        await session.flush()
        await session.run_sync(lambda sync: work(sync.connection(), ids))


# -- takes -----------------------------------------------------------------------------------------


def add_takes(connection: Connection, ids: Sequence[int]) -> None:
    """Index these takes and note their tags and links."""
    for rows in _rows(connection, _TAKES, TakeRow.id, ids):
        _put(connection, "take_index", [_take(row) for row in rows])
        found = [
            {"take_id": row.id, "tag": tag_key(name), "name": name}
            for row in rows
            if "#" in row.text
            for name in tags(row.text)
            if len(name) <= TAG_LIMIT
        ]
        if found:
            many(connection, insert(TakeTagRow), found)
        led = [
            {"take_id": row.id, "kind": lead.kind.value, "target": lead.target}
            for row in rows
            for lead in leads(row.text)
            if len(lead.target.encode()) <= _TARGET_BYTES
        ]
        if led:
            many(connection, insert(TakeLinkRow), led)


def drop_takes(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these takes, which still stand in their table."""
    for rows in _rows(connection, _TAKES, TakeRow.id, ids):
        _take_out(connection, "take_index", [_take(row) for row in rows])
        here = [row.id for row in rows]
        connection.execute(delete(TakeTagRow).where(TakeTagRow.take_id.in_(here)))
        connection.execute(delete(TakeLinkRow).where(TakeLinkRow.take_id.in_(here)))


_TAKES: Final = select(TakeRow.id, EntryRow.channel_id, TakeRow.text).join(
    EntryRow, EntryRow.id == TakeRow.entry_id
)


def _take(row: Any) -> Document:
    return Document(row.id, row.channel_id, {"body": pieces(row.text)})


# -- entries and titles ----------------------------------------------------------------------------


def add_entries(connection: Connection, ids: Sequence[int]) -> None:
    """Index the papers of these entries, those that are on their list."""
    for rows in _rows(connection, _ENTRIES, EntryRow.id, ids):
        listed = [row for row in rows if row.removed_at is None]
        _put(connection, "entry_index", [_entry(row) for row in listed])


def drop_entries(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these entries; their papers are still as they were when they were indexed."""
    for rows in _rows(connection, _ENTRIES, EntryRow.id, ids):
        _take_out(connection, "entry_index", [_entry(row) for row in rows])


def add_papers(connection: Connection, ids: Sequence[int]) -> None:
    """Index the entries of these papers, on whatever lists."""
    add_entries(connection, _entries_of(connection, ids))


def drop_papers(connection: Connection, ids: Sequence[int]) -> None:
    """Forget the entries of these papers, before what is known of the papers changes."""
    drop_entries(connection, _entries_of(connection, ids))


def add_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Index the titles of papers that were announced to all the world."""
    for rows in _rows(connection, _PAPERS, PaperRow.id, ids):
        _put(connection, "title_index", [_title(row) for row in rows if row.title])


def drop_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these titles, before they change."""
    for rows in _rows(connection, _PAPERS, PaperRow.id, ids):
        _take_out(connection, "title_index", [_title(row) for row in rows])


_ENTRIES: Final = select(
    EntryRow.id, EntryRow.channel_id, EntryRow.removed_at, PaperRow.title, PaperRow.authors,
    PaperRow.abstract, PaperRow.arxiv_id, PaperRow.url,
).join(PaperRow, PaperRow.id == EntryRow.paper_id)  # fmt: skip
_PAPERS: Final = select(PaperRow.id, PaperRow.title, PaperRow.arxiv_id, PaperRow.url)


def _entry(row: Any) -> Document:
    fields = {
        "title": pieces(title_text(row.title, row.arxiv_id, row.url)),
        "people": pieces(people_text(row.authors)),
        "body": pieces(row.abstract),
    }
    return Document(row.id, row.channel_id, fields)


def _title(row: Any) -> Document:
    return Document(row.id, None, {"title": pieces(title_text(row.title, row.arxiv_id, row.url))})


def title_text(title: str, arxiv_id: str | None, url: str) -> str:
    """What of a paper is found as its title: the title, and the id or address."""
    name = arxiv_id or url.partition("://")[2] or url
    return f"{readable(title) if arxiv_id else title}\n{name}"


def people_text(authors: Sequence[str]) -> str:
    """The authors, one a line."""
    return "\n".join(authors)


def _entries_of(connection: Connection, papers: Sequence[int]) -> list[int]:
    found: list[int] = []
    for at in range(0, len(papers), _AT_ONCE):
        wanted = papers[at : at + _AT_ONCE]
        found += connection.scalars(select(EntryRow.id).where(EntryRow.paper_id.in_(wanted)))
    return found


def _rows(connection: Connection, statement: Any, key: Any, ids: Sequence[int]) -> Iterator[Any]:
    for at in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(statement.where(key.in_(ids[at : at + _AT_ONCE]))).all()
        if rows:
            yield rows


# -- the indexes themselves ------------------------------------------------------------------------


def _put(connection: Connection, table: str, documents: Sequence[Document]) -> None:
    if connection.dialect.name == "postgresql":
        if documents:
            connection.execute(_POSTGRESQL_PUT[table], [_vector(table, one) for one in documents])
        return
    there = _there(connection, table, documents)
    new = [_words(table, one) for one in documents if one.id not in there]
    if new:
        connection.exec_driver_sql(_SQLITE_PUT[table], new)


def _take_out(connection: Connection, table: str, documents: Sequence[Document]) -> None:
    if connection.dialect.name == "postgresql":
        ids = [one.id for one in documents]
        connection.execute(text(f"DELETE FROM {table} WHERE id = ANY(:ids)"), {"ids": ids})
        return
    there = _there(connection, table, documents)
    old = [_words(table, one) for one in documents if one.id in there]
    if old:
        connection.exec_driver_sql(_SQLITE_TAKE_OUT[table], old)


def _there(connection: Connection, table: str, documents: Sequence[Document]) -> set[int]:
    """Which of them FTS5 has: one put in twice, or taken out twice, would spoil it."""
    if not documents:
        return set()
    wanted = ", ".join(str(one.id) for one in documents)
    found = connection.exec_driver_sql(f"SELECT rowid FROM {table} WHERE rowid IN ({wanted})")
    return set(found.scalars())


def _words(table: str, document: Document) -> tuple[Any, ...]:
    place = () if document.channel_id is None else (channel_word(document.channel_id),)
    return (document.id, *place, *(_joined(document.fields[name]) for name in TABLES[table]))


def _joined(found: Sequence[str]) -> str:
    if max(map(len, found), default=0) > PIECE_LIMIT:
        found = [piece[:PIECE_LIMIT] for piece in found]
    return " ".join(found)


def _vector(table: str, document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {"id": document.id, "document": vector(table, document)}
    if document.channel_id is not None:
        values["channel_id"] = document.channel_id
    return values


def vector(table: str, document: Document) -> str:
    """A document as a literal of PostgreSQL's `tsvector`.

    One with more words, or more often the same word, than places can be told for says so by a
    lexeme of its own, and its words have no places: a search then has to look at the text.
    """
    places: dict[str, list[str]] = defaultdict(list)
    at = 0
    for name in TABLES[table]:
        weight = WEIGHTS[name]
        for piece in document.fields[name]:
            at += 1
            places[piece[:PIECE_LIMIT]].append(f"{at}{weight}")
        at += 1  # no phrase goes from one field into the next
    long = at > _PLACES or any(len(its) > _REPEATS for its in places.values())
    lexemes: list[str] = []
    if document.channel_id is not None:
        lexemes.append(f"'in:{channel_word(document.channel_id)}'")
    if long:
        lexemes.append(f"'{LONG}'")
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


# -- making and filling them -----------------------------------------------------------------------


def is_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether something in the database is one of the models' tables: for Alembic."""
    return kind != "table" or name is None or not name.startswith(tuple(TABLES))


def create(connection: Connection) -> None:
    """Make the indexes, empty."""
    for table in TABLES:
        if connection.dialect.name == "sqlite":
            prefix = "prefix='1 2 3 4 5 6 7 8', " if table == "title_index" else "prefix='2', "
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(_columns(table))},"
                f" content='', {prefix}tokenize='unicode61 remove_diacritics 0')"
            )
            continue
        of = {"entry_index": "entries", "take_index": "takes", "title_index": "papers"}[table]
        channel = "" if table == "title_index" else " channel_id bigint NOT NULL,"
        connection.exec_driver_sql(
            f"CREATE TABLE {table} (id bigint PRIMARY KEY REFERENCES {of} ON DELETE CASCADE,"
            f"{channel} document tsvector NOT NULL)"
        )
        connection.exec_driver_sql(
            f"CREATE INDEX ix_{table}_document ON {table} USING gin (document)"
        )


def fill(connection: Connection) -> None:
    """Index all that there is."""
    for key, add in ((TakeRow.id, add_takes), (EntryRow.id, add_entries)):
        _all(connection, select(key).order_by(key), key, add)
    announced = select(AnnouncedRow.paper_id).distinct().order_by(AnnouncedRow.paper_id)
    _all(connection, announced, AnnouncedRow.paper_id, add_titles)


def _all(
    connection: Connection,
    statement: Any,
    key: Any,
    add: Callable[[Connection, Sequence[int]], None],
) -> None:
    after = 0
    while ids := connection.scalars(statement.where(key > after).limit(_AT_ONCE)).all():
        add(connection, ids)
        after = ids[-1]


def rebuild(connection: Connection) -> None:
    """Throw the indexes away and make them anew: after a change of what a word is."""
    for table in TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    connection.execute(delete(TakeTagRow))
    connection.execute(delete(TakeLinkRow))
    create(connection)
    fill(connection)


def purge_takes(connection: Connection) -> None:
    """Leave nothing of takes that were deleted: FTS5 drops old words only when it merges.

    The whole index of takes is written anew: for what a member wants forgotten, not for each take.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO take_index(take_index) VALUES ('optimize')")
