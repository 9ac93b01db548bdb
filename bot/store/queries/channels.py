"""Channels and their settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.channel import Channel, ChannelSettings, read_settings, write_settings
from bot.model.numbers import parse_id
from bot.model.people import Place
from bot.store.queries.adoption import adopt
from bot.store.queries.decoded import decoded
from bot.store.queries.insert import insert
from bot.store.schema import ChannelRow


def plain(row: ChannelRow) -> Channel:
    """A row as plain data."""
    return Channel(
        id=row.id,
        scope=row.scope,
        discord_id=row.discord_id,
        guild_id=row.guild_id,
        name=row.name,
        forum=row.forum,
        settings=read_settings(row.settings),
        period_start=row.period_start,
        next_digest_at=row.next_digest_at,
        intro=row.intro,
        arranged=tuple(row.arranged or ()),
        left_out=tuple(row.left_out or ()),
    )


class ChannelRepository:
    """Channels, their settings and periods."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, place: Place) -> Channel | None:
        """The channel of a place, if a list is kept there."""
        return await self.of_discord(place.channel_id) if place.channel_id else None

    async def of_discord(self, discord_id: int) -> Channel | None:
        """The channel with this id in Discord."""
        return await self._one(ChannelRow.discord_id == discord_id)

    async def get(self, channel_id: int) -> Channel | None:
        """A channel by its id in the database."""
        return await self._one(ChannelRow.id == channel_id)

    async def lock(self, channel_id: int) -> Channel | None:
        """The channel, held until the transaction ends (SQLite has one writer anyway)."""
        row = await self.session.scalar(
            select(ChannelRow)
            .where(ChannelRow.id == channel_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return plain(row) if row else None

    async def named(self, name: str) -> Sequence[Channel]:
        """Channels by Discord's id, or archives (and, failing those, channels) by name."""
        wanted = name.strip().lstrip("#")
        rows = (
            await self.session.scalars(
                select(ChannelRow)
                .where(or_(ChannelRow.name == wanted, ChannelRow.discord_id == _number(wanted)))
                .order_by(ChannelRow.id)
            )
        ).all()
        for group in (
            [row for row in rows if row.discord_id == _number(wanted)],
            [row for row in rows if row.discord_id is None],
        ):
            if group:
                return decoded(group, plain)
        return decoded(rows, plain)

    async def every(self) -> Sequence[Channel]:
        """All channels."""
        rows = await self.session.scalars(select(ChannelRow).order_by(ChannelRow.id))
        return decoded(rows, plain)

    async def due(self, now: datetime) -> Sequence[int]:
        """Numbers of Discord channels whose running period has ended, the longest overdue first."""
        rows = await self.session.scalars(
            select(ChannelRow.id)
            .where(ChannelRow.next_digest_at <= now, ChannelRow.guild_id.is_not(None))
            .order_by(ChannelRow.next_digest_at, ChannelRow.id)
        )
        return rows.all()

    async def to_remind(self, now: datetime, until: datetime) -> Sequence[Channel]:
        """Discord channels that want reminders and whose running period ends by `until`."""
        rows = await self.session.scalars(
            select(ChannelRow)
            .where(
                ChannelRow.next_digest_at > now,
                ChannelRow.next_digest_at <= until,
                ChannelRow.guild_id.is_not(None),
                ChannelRow.settings["reminder"].as_boolean(),
            )
            .order_by(ChannelRow.next_digest_at, ChannelRow.id)
        )
        return decoded(rows, plain)

    async def add(
        self,
        place: Place,
        settings: ChannelSettings,
        *,
        period_start: datetime,
        next_digest_at: datetime,
        now: datetime,
    ) -> Channel:
        """Make a place a paper channel, unless another process has just done so."""
        made = insert(self.session, ChannelRow).values(
            scope=place.scope,
            discord_id=place.channel_id,
            guild_id=place.guild_id,
            name=place.name,
            forum=place.forum,
            settings=write_settings(settings),
            period_start=period_start,
            next_digest_at=next_digest_at,
            created_at=now,
        )
        channel_id = (
            await self.session.execute(
                made.on_conflict_do_update(
                    index_elements=["discord_id"], set_={"name": place.name}
                ).returning(ChannelRow.id)
            )
        ).scalar_one()
        channel = await self.get(channel_id)
        assert channel is not None
        return channel

    async def adopt(self, channel: Channel, place: Place) -> None:
        """The guild of a channel that was known by its id alone is known now."""
        assert channel.discord_id is not None
        assert place.guild_id is not None
        await adopt(self.session, channel.discord_id, place.guild_id)
        await self._change(channel.id, name=place.name, forum=place.forum)

    async def set_settings(
        self, channel_id: int, settings: ChannelSettings, *, next_digest_at: datetime
    ) -> None:
        """Replace a channel's settings."""
        await self._change(
            channel_id, settings=write_settings(settings), next_digest_at=next_digest_at
        )

    async def set_intro(self, channel_id: int, intro: str | None) -> None:
        """Set the opening words of a channel's next digest."""
        await self._change(channel_id, intro=intro)

    async def arrange(
        self, channel_id: int, *, arranged: Sequence[int], left_out: Sequence[int]
    ) -> None:
        """How the next digest's entries are arranged, and which are left out of it."""
        await self._change(
            channel_id, arranged=list(arranged) or None, left_out=list(left_out) or None
        )

    async def rename(self, channel_id: int, name: str) -> None:
        """Note what the channel is called now."""
        await self._change(channel_id, name=name)

    async def begin_period(
        self,
        channel_id: int,
        *,
        start: datetime,
        next_digest_at: datetime,
        settings: ChannelSettings | None = None,
    ) -> None:
        """A new period runs. `settings`: with the day from which the weeks are counted now."""
        values: dict[str, object] = {}
        if settings is not None:
            values["settings"] = write_settings(settings)
        await self._change(channel_id, period_start=start, next_digest_at=next_digest_at, **values)

    async def _one(self, condition: object) -> Channel | None:
        row = await self.session.scalar(select(ChannelRow).where(condition))  # type: ignore[arg-type]
        return plain(row) if row else None

    async def _change(self, channel_id: int, **values: object) -> None:
        await self.session.execute(
            update(ChannelRow).where(ChannelRow.id == channel_id).values(**values)
        )


def _number(text: str) -> int:
    """Discord's id if the text is one; -1, which no channel has, otherwise."""
    return parse_id(text) or -1
