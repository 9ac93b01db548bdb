"""All that a channel holds, for an export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.model.digest import Digest
from bot.model.take import Entry, Take
from bot.store.queries import digests, entries, takes
from bot.store.queries.decoded import decoded
from bot.store.queries.documents import StoredDocument
from bot.store.queries.documents import plain as plain_document
from bot.store.schema import DigestRow, DocumentRow, EntryRow, TakeRow

_PAGE = 500


class ChannelExport:
    """Reads what a channel holds, page by page, as plain data."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def digests(self, channel_id: int) -> Sequence[Digest]:
        """All of them, of whatever state, the oldest first."""
        rows = await self.session.scalars(
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id)
        )
        return decoded(rows, digests.plain)

    async def entries(self, channel_id: int) -> AsyncIterator[tuple[Entry, int | None]]:
        """The channel's list in the order of their numbers, each with its digest's."""
        after = 0
        while True:
            rows = (
                await self.session.scalars(
                    select(EntryRow)
                    .options(joinedload(EntryRow.paper), joinedload(EntryRow.member))
                    .where(
                        EntryRow.channel_id == channel_id,
                        EntryRow.removed_at.is_(None),
                        EntryRow.id > after,
                    )
                    .order_by(EntryRow.id)
                    .limit(_PAGE)
                )
            ).all()
            for entry in decoded(rows, lambda row: (entries.plain(row, 0), row.digest_id)):
                yield entry
            if len(rows) < _PAGE:
                return
            after = rows[-1].id
            self.session.expunge_all()

    async def takes(self, channel_id: int) -> AsyncIterator[Take]:
        """The channel's takes in the order of their numbers, also of papers taken off the list."""
        after = 0
        while True:
            rows = (
                await self.session.scalars(
                    select(TakeRow)
                    .options(joinedload(TakeRow.member))
                    .join(EntryRow, TakeRow.entry_id == EntryRow.id)
                    .where(
                        EntryRow.channel_id == channel_id,
                        TakeRow.id > after,
                    )
                    .order_by(TakeRow.id)
                    .limit(_PAGE)
                )
            ).all()
            for take in decoded(rows, takes.plain):
                yield take
            if len(rows) < _PAGE:
                return
            after = rows[-1].id
            self.session.expunge_all()

    async def documents(self, channel_id: int) -> AsyncIterator[StoredDocument]:
        """The channel's files in the order of their numbers."""
        after = 0
        while True:
            rows = (
                await self.session.scalars(
                    select(DocumentRow)
                    .where(DocumentRow.channel_id == channel_id, DocumentRow.id > after)
                    .order_by(DocumentRow.id)
                    .limit(_PAGE)
                )
            ).all()
            for document in decoded(rows, plain_document):
                yield document
            if len(rows) < _PAGE:
                return
            after = rows[-1].id
            self.session.expunge_all()
