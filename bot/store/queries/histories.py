"""Channels' pasts: what was read of them, and which of their messages were taken in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.history import FoundMessage, found_message
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import EntryRow, HistoryMessageRow, HistoryRow, PaperRow


@dataclass(frozen=True, slots=True)
class StoredHistory:
    """What was read of a channel so far."""

    read_to: int
    messages: int
    vouched: bool
    found: tuple[FoundMessage, ...]


class HistoryRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, discord_id: int) -> StoredHistory | None:
        row = await self.session.get(HistoryRow, discord_id, populate_existing=True)
        if row is None:
            return None
        found = tuple(found_message(one) for one in row.found)
        return StoredHistory(row.read_to, row.messages, row.vouched, found)

    async def keep(self, discord_id: int, history: StoredHistory, now: datetime) -> None:
        """So much is read by now."""
        values = {
            "read_to": history.read_to,
            "messages": history.messages,
            "vouched": history.vouched,
            "found": [dict(one.as_data()) for one in history.found],
            "touched_at": now,
        }
        made = insert(self.session, HistoryRow).values(discord_id=discord_id, **values)
        await self.session.execute(
            made.on_conflict_do_update(index_elements=["discord_id"], set_=values)
        )

    async def drop(self, discord_id: int) -> None:
        await self.session.execute(delete(HistoryRow).where(HistoryRow.discord_id == discord_id))

    async def forget(self, before: datetime) -> None:
        """Drop those that nobody has taken in since."""
        await self.session.execute(delete(HistoryRow).where(HistoryRow.touched_at < before))

    async def listed_urls(self, channel_id: int, urls: Collection[str]) -> set[str]:
        """Those of these addresses whose papers are on a channel's list."""
        rows = await self.session.scalars(
            select(PaperRow.url)
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                among(self.session, PaperRow.url, urls),
            )
        )
        return set(rows)

    async def taken(self, channel_id: int, *, reply: bool) -> set[int]:
        """The messages of a channel that brought papers, or takes, already."""
        rows = await self.session.scalars(
            select(HistoryMessageRow.message_id).where(
                HistoryMessageRow.channel_id == channel_id, HistoryMessageRow.reply.is_(reply)
            )
        )
        return set(rows)

    async def taken_among(
        self, channel_id: int, messages: Collection[int], *, reply: bool
    ) -> set[int]:
        """Those of these messages."""
        rows = await self.session.scalars(
            select(HistoryMessageRow.message_id).where(
                HistoryMessageRow.channel_id == channel_id,
                HistoryMessageRow.reply.is_(reply),
                among(self.session, HistoryMessageRow.message_id, messages),
            )
        )
        return set(rows)

    async def note(self, channel_id: int, messages: Sequence[int], *, reply: bool) -> None:
        """These are taken in."""
        if not messages:
            return
        rows = [{"channel_id": channel_id, "message_id": one, "reply": reply} for one in messages]
        await self.session.execute(
            insert(self.session, HistoryMessageRow).on_conflict_do_nothing(), rows
        )
