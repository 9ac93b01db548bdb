"""Whole rows as plain mappings, for an archive that keeps everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.among import among
from bot.store.schema import (
    Base,
    DigestRow,
    DocumentRow,
    EntryRow,
    MemberRow,
    PaperRow,
    TakeRow,
)

Row: TypeAlias = dict[str, Any]

_LEFT_OUT = {
    "entries": {"card_channel_id", "card_message_id"},
    "papers": {"asked", "asked_at", "scope"},
    "members": {"scope"},
    "digests": {"arranged"},
    "takes": {"shown_as", "shown_channel_id", "shown_message_id"},
    "documents": {"prose"},
}
"""Columns that mean nothing elsewhere: Discord's messages, guilds, how often arXiv was asked; and
what is made anew from the rest."""
TABLES: Mapping[str, type[Base]] = {
    "member": MemberRow,
    "paper": PaperRow,
    "digest": DigestRow,
    "entry": EntryRow,
    "take": TakeRow,
    "document": DocumentRow,
}


class Rows:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def digests(self, channel_id: int) -> list[Row]:
        return await self._all(
            DigestRow,
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id),
        )

    async def arranged(self, channel_id: int) -> Mapping[int, Sequence[int]]:
        """The order that a manager gave the entries of a digest, of those that have one."""
        rows = await self.session.execute(
            select(DigestRow.id, DigestRow.arranged)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id)
        )
        return {number: entries for number, entries in rows if entries}

    async def entries(self, channel_id: int) -> list[Row]:
        return await self._all(
            EntryRow,
            select(EntryRow).where(EntryRow.channel_id == channel_id).order_by(EntryRow.id),
        )

    async def takes(self, channel_id: int) -> list[Row]:
        return await self._all(
            TakeRow,
            select(TakeRow)
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(TakeRow.id),
        )

    async def documents(self, channel_id: int) -> list[Row]:
        return await self._all(
            DocumentRow,
            select(DocumentRow)
            .where(DocumentRow.channel_id == channel_id)
            .order_by(DocumentRow.id),
        )

    async def members(self, numbers: Sequence[int]) -> list[Row]:
        """These members, in the order asked for."""
        return await self._chosen(MemberRow, numbers)

    async def papers(self, numbers: Sequence[int]) -> list[Row]:
        """These papers, in the order asked for."""
        return await self._chosen(PaperRow, numbers)

    async def _chosen(self, table: type[Base], numbers: Sequence[int]) -> list[Row]:
        key = table.id  # type: ignore[attr-defined]
        statement = select(table).where(among(self.session, key, numbers))
        by_number = {row["id"]: row for row in await self._all(table, statement)}
        return [by_number[number] for number in numbers]

    async def _all(self, table: type[Base], statement: Select[Any]) -> list[Row]:
        left_out = _LEFT_OUT.get(table.__tablename__, set())
        columns = [column.key for column in table.__table__.columns if column.key not in left_out]
        found = (await self.session.scalars(statement)).all()
        rows = [{column: getattr(row, column) for column in columns} for row in found]
        self.session.expunge_all()
        return rows
