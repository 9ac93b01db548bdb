"""What is derived from takes, entries, papers and files, kept in the same transaction as they are.

The words of takes, of papers on lists, of the titles that mailings brought, and of the prose of
files; the tags and the links of takes. Whoever changes a row calls `drop_…` before, while the old
words can still be read, and `add_…` after.

What the words are kept in is `bot.store.fulltext.postings`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.isolation import RecordKind, each
from bot.model.connection import leads
from bot.model.paper import PaperData
from bot.model.search import SEARCHED
from bot.store.fulltext.postings import IndexDocument, create, drop, put, take_out
from bot.store.queries.in_list import among
from bot.store.queries.own_words import as_shown
from bot.store.schema import (
    AnnouncedRow,
    DocumentRow,
    EntryRow,
    PaperRow,
    TakeLinkRow,
    TakeRow,
    TakeTagRow,
)
from bot.text.bigrams import spaced, stemmed
from bot.text.tags import tag_key, tags
from bot.text.tex import readable

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

R = TypeVar("R")

TAG_LIMIT: Final = 100
"""Characters of a tag that is noted; what is longer is no tag that anybody looks for."""
INDEXED: Final = SEARCHED
"""Characters of a text that are indexed. The transaction that has to index more keeps everybody
else waiting."""
_NOTED: Final = 500
"""Tags and links of a take that are noted."""
_TARGET_BYTES: Final = 2_000
"""Of a link's target; a key of PostgreSQL holds 2,704."""
_AT_ONCE: Final = 500
_IN_TURN: Final = 50


async def run(session: AsyncSession, work: Callable[..., None], ids: Sequence[Any]) -> None:
    """Do one of the below within a transaction, after what it has written so far.

    To cut an abstract into its words takes a millisecond: some at a time, so that others are
    answered in between.
    """
    if ids:
        await session.flush()
    for at in range(0, len(ids), _IN_TURN):
        await session.run_sync(_done, work, ids[at : at + _IN_TURN])
        await asyncio.sleep(0)


def _done(session: Session, work: Callable[..., None], ids: Sequence[Any]) -> None:
    work(session.connection(), ids)


# -- takes -----------------------------------------------------------------------------------------


def add_takes(connection: Connection, ids: Sequence[int]) -> None:
    """Index these takes and note their tags and links."""
    rows = _rows(connection, _TAKES, TakeRow.id, ids)
    put(connection, "take_index", _made(rows, _take))
    for table, noted in ((TakeTagRow, _made(rows, _tags)), (TakeLinkRow, _made(rows, _leads))):
        if lines := list(chain.from_iterable(noted)):
            connection.execute(insert(table), lines)


def drop_takes(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these takes, which still stand in their table."""
    rows = _rows(connection, _TAKES, TakeRow.id, ids)
    take_out(connection, "take_index", _made(rows, _take))
    for noted in (TakeTagRow, TakeLinkRow):
        connection.execute(delete(noted).where(among(connection, noted.take_id, ids)))


_TAKES: Final = select(TakeRow.id, EntryRow.channel_id, TakeRow.text).join(
    EntryRow, EntryRow.id == TakeRow.entry_id
)


def _tags(row: Any) -> list[dict[str, Any]]:
    return [
        {"take_id": row.id, "tag": tag_key(name), "name": name}
        for name in (tags(row.text[:INDEXED])[:_NOTED] if "#" in row.text else ())
        if len(name) <= TAG_LIMIT
    ]


def _leads(row: Any) -> list[dict[str, Any]]:
    return [
        {"take_id": row.id, "kind": lead.kind.value, "target": lead.target}
        for lead in leads(row.text[:INDEXED])[:_NOTED]
        if len(lead.target.encode()) <= _TARGET_BYTES
    ]


def _take(row: Any) -> IndexDocument:
    return IndexDocument(row.id, row.channel_id, (stemmed(row.text[:INDEXED]),))


# -- entries and titles ----------------------------------------------------------------------------


def add_entries(connection: Connection, ids: Sequence[int]) -> None:
    """Index the papers of these entries, those that are on their list."""
    rows = _rows(connection, _ENTRIES, EntryRow.id, ids)
    put(connection, "entry_index", _made([row for row in rows if row.removed_at is None], _entry))


def drop_entries(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these entries; their papers are still as they were when they were indexed."""
    rows = _rows(connection, _ENTRIES, EntryRow.id, ids)
    take_out(connection, "entry_index", _made(rows, _entry))


def add_papers(connection: Connection, ids: Sequence[int]) -> None:
    """Index the entries of these papers, on whatever lists."""
    add_entries(connection, _entries_of(connection, ids))


def drop_papers(connection: Connection, ids: Sequence[int]) -> None:
    """Forget the entries of these papers, before what is known of the papers changes."""
    drop_entries(connection, _entries_of(connection, ids))


def add_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Index the titles of papers that were announced to all the world."""
    rows = _rows(connection, _PAPERS, PaperRow.id, ids)
    put(connection, "title_index", _made([row for row in rows if row.title], _title))


def drop_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these titles, before they change."""
    rows = _rows(connection, _PAPERS, PaperRow.id, ids)
    take_out(connection, "title_index", _made(rows, _title))


_ENTRIES: Final = select(
    EntryRow.id, EntryRow.channel_id, EntryRow.removed_at, EntryRow.own_words, PaperRow.title,
    PaperRow.authors, PaperRow.abstract, PaperRow.arxiv_id, PaperRow.url,
).join(PaperRow, PaperRow.id == EntryRow.paper_id)  # fmt: skip
_PAPERS: Final = select(PaperRow.id, PaperRow.title, PaperRow.arxiv_id, PaperRow.url)


def _entry(row: Any) -> IndexDocument:
    data = shown(row)
    fields = (
        stemmed(title_text(data.title, data.arxiv_id, row.url)),
        spaced(people_text(data.authors)),
        stemmed(abstract_text(data.abstract, data.arxiv_id)),
    )
    return IndexDocument(row.id, row.channel_id, fields)


def shown(row: Any) -> PaperData:
    """A paper as a channel sees it, as far as it is searched, of a row that has its columns and the
    entry's `own_words`."""
    known = PaperData(row.arxiv_id, row.title, row.authors, row.abstract)
    return as_shown(known, row.own_words)


def _title(row: Any) -> IndexDocument:
    return IndexDocument(row.id, None, (stemmed(title_text(row.title, row.arxiv_id, row.url)),))


def title_text(title: str, arxiv_id: str | None, url: str) -> str:
    """What of a paper is found as its title: the title, and the id or address."""
    name = arxiv_id or url.partition("://")[2] or url
    return f"{readable(title) if arxiv_id else title}\n{name}"


def paper_text(url: str, data: PaperData) -> str:
    """All that is searched of a paper."""
    title = title_text(data.title, data.arxiv_id, url)
    abstract = abstract_text(data.abstract, data.arxiv_id)
    return "\n".join((title, people_text(data.authors), abstract))


def abstract_text(abstract: str, arxiv_id: str | None) -> str:
    """What of a paper is found as its abstract."""
    return readable(abstract) if arxiv_id else abstract


def people_text(authors: Sequence[str]) -> str:
    """The authors, one a line."""
    return "\n".join(authors)


# -- files of an archive ---------------------------------------------------------------------------


def add_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Index these files, those with words that no take and no paper has."""
    rows = _rows(connection, _DOCUMENTS, DocumentRow.id, ids)
    put(connection, "document_index", _made([row for row in rows if row.prose], _document))


def drop_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these files, before they change."""
    rows = _rows(connection, _DOCUMENTS, DocumentRow.id, ids)
    take_out(connection, "document_index", _made(rows, _document))


_DOCUMENTS: Final = select(
    DocumentRow.id, DocumentRow.channel_id, DocumentRow.title, DocumentRow.prose
)


def _document(row: Any) -> IndexDocument:
    fields = (stemmed(row.title), stemmed(row.prose[:INDEXED]))
    return IndexDocument(row.id, row.channel_id, fields)


def _made(rows: Iterable[Any], make: Callable[[Any], R]) -> list[R]:
    """What is indexed of each row. One of which that cannot be made stays out of the index, or in
    it as it was: an index that is told other words than it has would be spoilt."""
    return each(RecordKind.INDEXED, rows, make, name=lambda row: f"{make.__name__} {row.id}")


# -- finding rows ----------------------------------------------------------------------------------


def _entries_of(connection: Connection, papers: Sequence[int]) -> Sequence[int]:
    return connection.scalars(
        select(EntryRow.id).where(among(connection, EntryRow.paper_id, papers))
    ).all()


def _rows(connection: Connection, statement: Any, key: Any, ids: Sequence[int]) -> Sequence[Any]:
    if not ids:
        return []
    rows: Sequence[Any] = connection.execute(statement.where(among(connection, key, ids))).all()
    return rows


# -- making them anew ------------------------------------------------------------------------------


async def begin_documents(tx: Transaction) -> None:
    """Empty the index of files."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "document_index"))


async def begin_entries(tx: Transaction) -> None:
    """Empty the index of papers on lists."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "entry_index"))


async def begin_takes(tx: Transaction) -> None:
    """Empty the index of takes, and forget their tags and links."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "take_index"))
    for noted in (TakeTagRow, TakeLinkRow):
        await tx.session.execute(delete(noted))


async def begin_titles(tx: Transaction) -> None:
    """Empty the index of announced titles."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "title_index"))


async def remake_documents(tx: Transaction, after: int) -> int | None:
    """Index the next files after this number; the last one's number, None if there are none."""
    return await _next(tx, DocumentRow.id, add_documents, after)


async def remake_entries(tx: Transaction, after: int) -> int | None:
    """The same of papers on lists."""
    return await _next(tx, EntryRow.id, add_entries, after)


async def remake_takes(tx: Transaction, after: int) -> int | None:
    """The same of takes, with their tags and links."""

    def anew(connection: Connection, ids: Sequence[int]) -> None:
        # Those that were written since it was begun are there already.
        drop_takes(connection, ids)
        add_takes(connection, ids)

    return await _next(tx, TakeRow.id, anew, after)


async def remake_titles(tx: Transaction, after: int) -> int | None:
    """The same of the titles of announced papers."""
    return await _next(tx, AnnouncedRow.paper_id, add_titles, after)


async def _next(
    tx: Transaction, key: Any, add: Callable[[Connection, Sequence[int]], None], after: int
) -> int | None:
    wanted = select(key).distinct().order_by(key).where(key > after).limit(_AT_ONCE)
    ids = (await tx.session.scalars(wanted)).all()
    await run(tx.session, add, ids)
    return ids[-1] if ids else None


def _empty(connection: Connection, table: str) -> None:
    drop(connection, [table])
    create(connection, [table])


def purge(connection: Connection) -> None:
    """Leave nothing of takes that were deleted, nor of files that were changed: FTS5 drops old
    words only when it merges.

    The whole indexes are written anew: for what a member wants forgotten, not for each take.
    """
    if connection.dialect.name != "sqlite":
        return
    for table in ("take_index", "document_index"):
        connection.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES ('optimize')")
