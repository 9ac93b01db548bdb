"""Paper channels: made by the first paper, then set as the club likes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.config import DigestConfig as NewChannel
from bot.errors import NoChannel, NoPapersHere
from bot.model.channel import Channel, ChannelSettings
from bot.model.people import Place
from bot.model.schedule import last_end, next_end
from bot.store import Store, Transaction

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""


class PaperChannels:
    """Which places hold a list."""

    def __init__(self, defaults: NewChannel, clock: Clock) -> None:
        self.defaults = defaults
        self.clock = clock
        self._with_guild: set[int] = set()
        """Discord's ids of channels whose guild is known: they stay there."""

    async def adopt_imported(self, store: Store, place: Place) -> None:
        """Take a channel that the host imported into by its id alone into its guild."""
        if place.channel_id is None or place.channel_id in self._with_guild:
            return
        async with store.read() as tx:
            channel = await tx.channels.find(place)
        if channel is None:
            return
        if channel.guild_unknown:
            async with store.begin() as tx:
                await self.ensure(tx, place)
        self._with_guild.add(place.channel_id)

    async def ensure(self, tx: Transaction, place: Place) -> Channel:
        """The channel of a place, made with working defaults where there is none yet."""
        channel = await tx.channels.find(place)
        if channel is not None:
            if channel.guild_unknown and place.guild_id is not None:
                return await self._adopted(tx, channel, place)
            if channel.name != place.name:
                await tx.channels.rename(channel.id, place.name)
            return channel
        now = self.clock()
        settings = self.defaults.channel(place.locale)
        return await tx.channels.add(
            place,
            settings,
            period_start=last_end(settings, now),
            next_digest_at=next_end(settings, now),
            now=now,
        )

    async def _adopted(self, tx: Transaction, channel: Channel, place: Place) -> Channel:
        """It begins as a new channel does; settings that came with its archive stay."""
        await tx.channels.adopt(channel, place)
        settings, now = channel.settings, self.clock()
        if settings == ChannelSettings(language=settings.language):
            settings = self.defaults.channel(place.locale)
        await tx.channels.set_settings(channel.id, settings, next_digest_at=next_end(settings, now))
        await tx.channels.begin_period(
            channel.id, start=last_end(settings, now), next_digest_at=next_end(settings, now)
        )
        adopted = await tx.channels.get(channel.id)
        assert adopted is not None
        return adopted


async def channel_of(tx: Transaction, place: Place, *, hold: bool = False) -> Channel:
    """The channel of a place; with `hold` locked. Raises NoPapersHere."""
    found = await tx.channels.find(place)
    if found is not None and hold:
        found = await tx.channels.lock(found.id)
    if found is None:
        raise NoPapersHere
    return found


async def channel_named(tx: Transaction, name: str) -> Channel:
    """A channel by Discord's id, or an archive or channel by its name. Raises NoChannel."""
    found = await tx.channels.named(name)
    if len(found) != 1:
        raise NoChannel(name=name, count=len(found))
    return found[0]
