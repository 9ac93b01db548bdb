"""Where an import goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.archive.importing.channel import archive_channel
from bot.model.channel import Channel, ChannelSettings
from bot.model.people import Place
from bot.model.schedule import last_end, next_end
from bot.store import Transaction


class Destination(Protocol):
    """A channel that may still have to be made."""

    @property
    def name(self) -> str: ...

    async def find(self, tx: Transaction) -> Channel | None:
        """The channel, if there is one."""

    async def ensure(self, tx: Transaction, *, korean: bool = False) -> Channel:
        """The channel, made if there is none; `korean`: what comes in is."""


@dataclass(frozen=True, slots=True)
class NamedDestination:
    """A channel by its id or name, an archive if there is none: the host's, on the command line."""

    name: str
    now: datetime

    async def find(self, tx: Transaction) -> Channel | None:
        found = await tx.channels.named(self.name)
        return found[0] if len(found) == 1 else None

    async def ensure(self, tx: Transaction, *, korean: bool = False) -> Channel:
        """Raises NoChannel for a name that several have, and for a number that is no id."""
        return await archive_channel(tx, self.name, self.now, korean=korean)


@dataclass(frozen=True, slots=True)
class PlaceDestination:
    """The channel in which a member handed a file over; `settings` are for a new one."""

    place: Place
    settings: ChannelSettings
    now: datetime

    @property
    def name(self) -> str:
        return self.place.name

    async def find(self, tx: Transaction) -> Channel | None:
        return await tx.channels.find(self.place)

    async def ensure(self, tx: Transaction, *, korean: bool = False) -> Channel:
        found = await self.find(tx)
        return found or await tx.channels.add(
            self.place,
            self.settings,
            period_start=last_end(self.settings, self.now),
            next_digest_at=next_end(self.settings, self.now),
            now=self.now,
        )
