"""Making the indexes anew, a batch at a time: see `bot.store.derived`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from bot.store.fulltext import index, pages
from bot.store.fulltext.postings import FORMER, create, drop
from bot.store.schema import AnnouncedRow, DocumentRow, EntryRow, TakeLinkRow, TakeRow, TakeTagRow
from bot.store.transaction import Transaction

_AT_ONCE: Final = 500


async def begin_documents(tx: Transaction) -> None:
    """Empty the index of files."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "document_index"))


async def begin_takes(tx: Transaction) -> None:
    """Forget the tags and links of takes."""
    for noted in (TakeTagRow, TakeLinkRow):
        await tx.session.execute(delete(noted))


async def begin_titles(tx: Transaction) -> None:
    """Empty the index of announced titles."""
    await tx.session.run_sync(lambda sync: _empty(sync.connection(), "title_index"))


async def remake_documents(tx: Transaction, after: int) -> int | None:
    """Index the next files after this number; the last one's number, None if there are none."""
    return await _next(tx, DocumentRow.id, index.add_documents, after)


async def remake_takes(tx: Transaction, after: int) -> int | None:
    """The same of the tags and links of takes."""

    def anew(connection: Connection, ids: Sequence[int]) -> None:
        # Those that were written since it was begun are there already.
        index.drop_takes(connection, ids)
        index.add_takes(connection, ids)

    return await _next(tx, TakeRow.id, anew, after)


async def remake_titles(tx: Transaction, after: int) -> int | None:
    """The same of the titles of announced papers."""
    return await _next(tx, AnnouncedRow.paper_id, index.add_titles, after)


async def _next(
    tx: Transaction, key: Any, add: Callable[[Connection, Sequence[int]], None], after: int
) -> int | None:
    wanted = select(key).distinct().order_by(key).where(key > after).limit(_AT_ONCE)
    ids = (await tx.session.scalars(wanted)).all()
    await index.run(tx.session, add, ids)
    return ids[-1] if ids else None


def _empty(connection: Connection, table: str) -> None:
    drop(connection, [table])
    create(connection, [table])


async def begin_pages(tx: Transaction) -> None:
    """Empty the index of papers on lists."""

    def empty(session: Session) -> None:
        drop(session.connection(), [*FORMER, pages.TABLE])
        create(session.connection(), [pages.TABLE])

    await tx.session.run_sync(empty)


async def remake_pages(tx: Transaction, after: int) -> int | None:
    """Make the next entries' pages after this number; the last one's, None if there are none."""
    wanted = select(EntryRow.id).order_by(EntryRow.id).where(EntryRow.id > after).limit(_AT_ONCE)
    entries = (await tx.session.scalars(wanted)).all()
    pages.touch(tx.session, entries)
    await pages.remake(tx.session)
    return entries[-1] if entries else None
