"""Whole rows as plain mappings, for an archive that keeps everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.channel import Channel
from bot.store import index
from bot.store.insert import insert
from bot.store.papers import ARXIV_SCOPE
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
_SAME: dict[type[Base], tuple[str, ...]] = {
    DigestRow: ("channel_id", "period_start"),
    EntryRow: ("channel_id", "paper_id"),
    PaperRow: ("scope", "url"),
    DocumentRow: ("channel_id", "path"),
    TakeRow: ("entry_id", "member_id", "created_at", "text"),
}
"""By what a row is known to be there already."""
_TABLES: dict[str, type[Base]] = {
    "member": MemberRow,
    "paper": PaperRow,
    "digest": DigestRow,
    "entry": EntryRow,
    "take": TakeRow,
    "document": DocumentRow,
}
_INDEXED = {
    "entry": index.add_entries,
    "take": index.add_takes,
    "document": index.add_documents,
}


class Rows:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._found: set[tuple[str, int]] = set()

    async def digests(self, channel_id: int) -> list[Row]:
        return await self._all(
            DigestRow,
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id),
        )

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

    async def put(self, kind: str, channel: Channel, values: Row) -> tuple[int, bool]:
        """The number of a row, and whether this made it."""
        table = _TABLES[kind]
        columns = {column.key for column in table.__table__.columns} - {"id"}
        values = {column: value for column, value in values.items() if column in columns}
        if "channel_id" in columns:
            values["channel_id"] = channel.id
        same = _SAME.get(table, ())
        if kind == "member":
            values["scope"] = channel.scope
            known = values["discord_id"] is not None
            same = ("scope", "discord_id") if known else ("scope", "discord_id", "name")
        if kind == "paper":
            values["scope"] = ARXIV_SCOPE if values.get("arxiv_id") else channel.scope
            values["asked"] = 0
        conditions = [getattr(table, column) == values[column] for column in same]
        number = table.id  # type: ignore[attr-defined]
        for found in await self.session.scalars(select(number).where(*conditions).order_by(number)):
            # Two takes may be the same in all but their number: each is found once.
            if (kind, found) not in self._found or kind != "take":
                self._found.add((kind, found))
                return int(found), False
        made = insert(self.session, table).values(**values).returning(number)
        new = int((await self.session.execute(made)).scalar_one())
        self._found.add((kind, new))
        if kind in _INDEXED:
            await index.run(self.session, _INDEXED[kind], [new])
        return new, True

    async def _chosen(self, table: type[Base], numbers: Sequence[int]) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(numbers), 500):
            wanted = numbers[start : start + 500]
            statement = select(table).where(table.id.in_(wanted))  # type: ignore[attr-defined]
            by_number = {row["id"]: row for row in await self._all(table, statement)}
            rows += [by_number[number] for number in wanted]
        return rows

    async def _all(self, table: type[Base], statement: Select[Any]) -> list[Row]:
        left_out = _LEFT_OUT.get(table.__tablename__, set())
        columns = [column.key for column in table.__table__.columns if column.key not in left_out]
        found = (await self.session.scalars(statement)).all()
        rows = [{column: getattr(row, column) for column in columns} for row in found]
        self.session.expunge_all()
        return rows
