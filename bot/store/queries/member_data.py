"""What is kept of one member of a guild."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.fulltext import index
from bot.store.queries.own_words import shown_title
from bot.store.schema import (
    ChannelRow,
    DigestRow,
    EntryRow,
    MemberRow,
    PaperRow,
    SubscriptionRow,
    TakeRow,
)

_KEPT_BY_OTHERS = (EntryRow, SubscriptionRow, TakeRow)
"""Tables whose rows name a member."""


class MemberDataRepository:
    """A member's own data."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def purge(self) -> None:
        """Leave no trace in the search indexes of what was deleted."""
        await self.session.run_sync(lambda sync: index.purge(sync.connection()))

    async def of_member(self, scope: int, discord_id: int) -> Mapping[str, Sequence[Any]]:
        """Their takes, the papers that they added and their subscriptions, as plain mappings."""
        who = _is(scope, discord_id)
        takes = (
            select(
                ChannelRow.name.label("channel"),
                shown_title().label("paper"),
                PaperRow.url,
                TakeRow.text,
                TakeRow.created_at,
                TakeRow.edited_at,
                DigestRow.title.label("digest"),
            )
            .join(MemberRow, TakeRow.member_id == MemberRow.id)
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .join(PaperRow, EntryRow.paper_id == PaperRow.id)
            .join(ChannelRow, EntryRow.channel_id == ChannelRow.id)
            .outerjoin(DigestRow, TakeRow.digest_id == DigestRow.id)
            .where(who)
            .order_by(TakeRow.created_at, TakeRow.id)
        )
        papers = (
            select(
                ChannelRow.name.label("channel"),
                shown_title().label("paper"),
                PaperRow.url,
                EntryRow.how,
                EntryRow.added_at,
                EntryRow.removed_at,
            )
            .join(MemberRow, EntryRow.member_id == MemberRow.id)
            .join(PaperRow, EntryRow.paper_id == PaperRow.id)
            .join(ChannelRow, EntryRow.channel_id == ChannelRow.id)
            .where(who)
            .order_by(EntryRow.added_at, EntryRow.id)
        )
        subscriptions = (
            select(
                ChannelRow.name.label("channel"),
                SubscriptionRow.query,
                SubscriptionRow.delivery,
                SubscriptionRow.created_at,
                SubscriptionRow.removed_at,
            )
            .join(MemberRow, SubscriptionRow.member_id == MemberRow.id)
            .join(ChannelRow, SubscriptionRow.channel_id == ChannelRow.id)
            .where(who)
            .order_by(SubscriptionRow.id)
        )
        found: dict[str, Sequence[Any]] = {}
        for name, statement in (
            ("takes", takes),
            ("papers_added", papers),
            ("subscriptions", subscriptions),
        ):
            rows = (await self.session.execute(statement)).mappings()
            found[name] = [{key: _said(value) for key, value in row.items()} for row in rows]
        return found

    async def cards(self, scope: int, discord_id: int) -> Sequence[tuple[int, int, int]]:
        """The cards that name them: (entry, Discord channel, message), one of each message."""
        rows = await self.session.execute(
            select(EntryRow.id, EntryRow.card_channel_id, EntryRow.card_message_id)
            .join(MemberRow, EntryRow.member_id == MemberRow.id)
            .where(
                _is(scope, discord_id),
                EntryRow.removed_at.is_(None),
                EntryRow.card_message_id.is_not(None),
            )
            .order_by(EntryRow.id)
        )
        found: dict[int, tuple[int, int, int]] = {}
        for entry, channel, message in rows:
            if channel is not None and message is not None:
                found.setdefault(message, (entry, channel, message))
        return list(found.values())

    async def forget(self, scope: int, discord_id: int, name: str) -> None:
        """Delete the member, or keep them as nobody under this name where rows still need one."""
        member_id = await self.session.scalar(select(MemberRow.id).where(_is(scope, discord_id)))
        if member_id is None:
            return
        for table in _KEPT_BY_OTHERS:
            needs = select(table.id).where(table.member_id == member_id).limit(1)
            if await self.session.scalar(needs) is not None:
                await self.session.execute(
                    update(MemberRow)
                    .where(MemberRow.id == member_id)
                    .values(discord_id=None, name=name)
                )
                return
        await self.session.execute(delete(MemberRow).where(MemberRow.id == member_id))


def _is(scope: int, discord_id: int) -> ColumnElement[bool]:
    return and_(MemberRow.scope == scope, MemberRow.discord_id == discord_id)


def _said(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
