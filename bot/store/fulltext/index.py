"""What is derived from takes, papers and files, kept in the same transaction as they are.

The words of the titles that mailings brought, and of the prose of files; the tags and the links of
takes. Whoever changes a row calls `drop_…` before, while the old words can still be read, and
`add_…` after. The pages of papers on lists are in `bot.store.fulltext.pages`.

What the words are kept in is `bot.store.fulltext.postings`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.isolation import RecordKind, each
from bot.model.connection import leads
from bot.model.paper import PaperData
from bot.model.search import SEARCHED
from bot.store.fulltext.pages import title_text
from bot.store.fulltext.postings import IndexDocument, put, take_out
from bot.store.queries.in_list import among
from bot.store.schema import (
    DocumentRow,
    PaperRow,
    TakeLinkRow,
    TakeRow,
    TakeTagRow,
)
from bot.text.bigrams import stemmed
from bot.text.tags import tag_key, tags

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
    """Note the tags and links of these takes."""
    rows = _rows(connection, _TAKES, TakeRow.id, ids)
    for table, noted in ((TakeTagRow, _made(rows, _tags)), (TakeLinkRow, _made(rows, _leads))):
        if lines := list(chain.from_iterable(noted)):
            connection.execute(insert(table), lines)


def drop_takes(connection: Connection, ids: Sequence[int]) -> None:
    """Forget the tags and links of these takes."""
    for noted in (TakeTagRow, TakeLinkRow):
        connection.execute(delete(noted).where(among(connection, noted.take_id, ids)))


_TAKES: Final = select(TakeRow.id, TakeRow.text)


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


# -- titles ----------------------------------------------------------------------------------------


def add_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Index the titles of papers that were announced to all the world."""
    rows = _rows(connection, _PAPERS, PaperRow.id, ids)
    put(connection, "title_index", _made([row for row in rows if row.title], _title))


def drop_titles(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these titles, before they change."""
    rows = _rows(connection, _PAPERS, PaperRow.id, ids)
    take_out(connection, "title_index", _made(rows, _title))


_PAPERS: Final = select(PaperRow.id, PaperRow.title, PaperRow.arxiv_id, PaperRow.url)


def _title(row: Any) -> IndexDocument:
    data = PaperData(row.arxiv_id, row.title)
    return IndexDocument(row.id, None, (stemmed(title_text(data, row.url)),))


# -- files of an archive ---------------------------------------------------------------------------


def add_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Index these files, those with words that no page has."""
    rows = _rows(connection, _DOCUMENTS, DocumentRow.id, ids)
    own = [row for row in rows if row.prose and row.about is None]
    put(connection, "document_index", _made(own, _document))


def drop_documents(connection: Connection, ids: Sequence[int]) -> None:
    """Forget these files, before they change."""
    rows = _rows(connection, _DOCUMENTS, DocumentRow.id, ids)
    take_out(connection, "document_index", _made(rows, _document))


_DOCUMENTS: Final = select(
    DocumentRow.id, DocumentRow.channel_id, DocumentRow.title, DocumentRow.prose, DocumentRow.about
)


def _document(row: Any) -> IndexDocument:
    fields = (stemmed(row.title), stemmed(row.prose[:INDEXED]))
    return IndexDocument(row.id, row.channel_id, fields)


def _made(rows: Iterable[Any], make: Callable[[Any], R]) -> list[R]:
    """What is indexed of each row. One of which that cannot be made stays out of the index, or in
    it as it was: an index that is told other words than it has would be spoilt."""
    return each(RecordKind.INDEXED, rows, make, name=lambda row: f"{make.__name__} {row.id}")


# -- finding rows ----------------------------------------------------------------------------------


def _rows(connection: Connection, statement: Any, key: Any, ids: Sequence[int]) -> Sequence[Any]:
    if not ids:
        return []
    rows: Sequence[Any] = connection.execute(statement.where(among(connection, key, ids))).all()
    return rows


def purge(connection: Connection) -> None:
    """Leave nothing of takes that were deleted, nor of files that were changed: FTS5 drops old
    words only when it merges.

    The whole indexes are written anew: for what a member wants forgotten, not for each take.
    """
    if connection.dialect.name != "sqlite":
        return
    for table in ("page_index", "document_index"):
        connection.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES ('optimize')")
