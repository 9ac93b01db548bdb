"""A process that dies at a given transaction: what it did before stays, nothing comes after."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store import Store, Transaction


class MortalStore(Store):
    """A store whose process is killed at its n-th writing transaction, before or after commit.

    From then on nothing that the process does reaches the database; its owner ends its tasks.
    """

    def __init__(self, url: str, at: int, *, after: bool) -> None:
        super().__init__(url)
        self.left = at
        self.after = after
        self.dead = asyncio.Event()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.left -= 1
        if self.left < 0 or (self.left == 0 and not self.after):
            await self._die()
        async with super().begin() as tx:
            yield tx
        if self.left == 0:
            await self._die()

    async def _die(self) -> None:
        self.dead.set()
        await asyncio.Event().wait()

    async def outlive(self, work: asyncio.Task[None]) -> bool:
        """Wait until the work is done (True) or the process dead, its task ended (False)."""
        dead = asyncio.create_task(self.dead.wait())
        await asyncio.wait({work, dead}, return_when=asyncio.FIRST_COMPLETED)
        dead.cancel()
        if not self.dead.is_set():
            await work
            return True
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        return False
