"""Each server has its own queues: what one sends at once holds up nobody else.

A handful of interactions of one server are worked on at a time, and a handful answered. The rest of
its flood waits behind them and not in what all share (the database, the connections, the event
loop), where the next of another server would stand behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import TooMuchAtOnce

WORKED_ON = 6
"""Interactions of one server that are worked on at a time."""
ANSWERED = 3
"""Interactions of one server that are being answered at a time."""
WAITING = 200
"""Interactions of one server that wait to be worked on; more are refused at once."""


@dataclass(slots=True)
class _Queue:
    working: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKED_ON))
    answering: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ANSWERED))
    at_work: int = 0
    """Interactions that are worked on, or wait for that."""
    here: int = 0
    """All that hold this queue."""


class GuildTurns:
    """The queues of all servers."""

    def __init__(self) -> None:
        self._queues: dict[int, _Queue] = {}

    @asynccontextmanager
    async def work(self, guild_id: int) -> AsyncIterator[None]:
        """Wait until it is this server's turn, for as long as the work within takes.

        Raises TooMuchAtOnce where too many wait already.
        """
        async with self._queue(guild_id) as queue:
            if queue.at_work >= WORKED_ON + WAITING:
                raise TooMuchAtOnce
            queue.at_work += 1
            try:
                async with queue.working:
                    yield
            finally:
                queue.at_work -= 1

    @asynccontextmanager
    async def answer(self, guild_id: int) -> AsyncIterator[None]:
        """The same for telling Discord the first answer."""
        async with self._queue(guild_id) as queue, queue.answering:
            yield

    @asynccontextmanager
    async def _queue(self, guild_id: int) -> AsyncIterator[_Queue]:
        queue = self._queues.setdefault(guild_id, _Queue())
        queue.here += 1
        try:
            yield queue
        finally:
            queue.here -= 1
            if not queue.here:
                del self._queues[guild_id]
