"""An import's transactions: each short, with room for everybody else's between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.store import Store, Transaction

GOAL: Final = 0.2
"""Seconds that a piece takes, about."""
LONGEST: Final = 0.5
"""Seconds of pieces after which there is a pause: a member who writes waits so long, about."""
PAUSE: Final = 0.12
"""Seconds in which others may write. SQLite's waiting writers look every tenth of a second
(sqliteDefaultBusyCallback in its main.c), also those of another process."""
_FIRST: Final = 100_000
_SMALLEST: Final = 20_000
_BIGGEST: Final = 2_000_000
ROW: Final = 1_000
"""What a row weighs beside the bytes of its text."""


class ImportTransactions:
    """`size` is what the next piece may weigh, in bytes: it follows the time that pieces take, on
    a slow disk as on a quick one."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.store = store
        self.size = _FIRST
        self._clock = clock
        self._sleep = sleep
        self._held = 0.0
        """Seconds of pieces since the last pause."""

    @asynccontextmanager
    async def piece(self) -> AsyncIterator[Transaction]:
        """One transaction, on disk when the block ends."""
        if self._held >= LONGEST:
            await self._sleep(PAUSE if self.store.sqlite else 0)
            self._held = 0.0
        async with self.store.begin() as tx:
            begun = self._clock()
            yield tx
        took = self._clock() - begun
        self._held += took
        wanted = self.size * GOAL / max(took, GOAL / 4)
        self.size = round(min(max(wanted, self.size / 4, _SMALLEST), self.size * 2, _BIGGEST))
