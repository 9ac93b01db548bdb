"""Where at Discord entries can be read: the addresses of their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.digest import message_url
from bot.store.queries.in_list import among
from bot.store.schema import ChannelRow, EntryRow


class MessageLinks:
    """Addresses of messages in Discord."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_cards(self, entries: Sequence[int]) -> Mapping[int, str]:
        """By entry, the card that was posted for it; those without one are missing."""
        rows = await self.session.execute(
            select(
                EntryRow.id,
                ChannelRow.guild_id,
                EntryRow.card_channel_id,
                EntryRow.card_message_id,
            )
            .join(ChannelRow, EntryRow.channel_id == ChannelRow.id)
            .where(among(self.session, EntryRow.id, entries), EntryRow.card_message_id.is_not(None))
        )
        return {
            entry: message_url(guild, channel, message)
            for entry, guild, channel, message in rows
            if channel is not None
        }
