"""Paper channels: made by the first paper, then set as the club likes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.config import Digest as NewChannel
from bot.errors import NoChannel
from bot.model.channel import Channel
from bot.model.people import Place
from bot.model.schedule import last_end, next_end
from bot.store import Transaction

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""


class PaperChannels:
    """Which places hold a list."""

    def __init__(self, defaults: NewChannel, clock: Clock) -> None:
        self.defaults = defaults
        self.clock = clock

    async def ensure(self, tx: Transaction, place: Place) -> Channel:
        """The channel of a place, made with working defaults where there is none yet."""
        channel = await tx.channels.find(place)
        if channel is not None:
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


async def channel_named(tx: Transaction, name: str) -> Channel:
    """A channel by Discord's id, or an archive or channel by its name. Raises NoChannel."""
    found = await tx.channels.named(name)
    if len(found) != 1:
        raise NoChannel(name=name, count=len(found))
    return found[0]
