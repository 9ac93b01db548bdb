"""The whole bot as `papertakes run` composes it, with its ends on loopback."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime

from bot.app import App
from bot.demo import loopback_settings
from bot.sandbox import Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from tests.clock import Clock


class Bot:
    """A running bot that a test can stop, kill and start again."""

    def __init__(
        self, sandbox: Sandbox, arxiv: LoopbackArxiv, database_url: str, clock: Clock
    ) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.settings = loopback_settings(sandbox, arxiv, database_url)

    async def start(self) -> None:
        """Start it and wait until the sandbox offers its commands."""
        self.app = App(self.settings, self.clock)
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self.app.run(self._stop))
        ready = asyncio.create_task(self.sandbox.ready(timeout=20))
        await asyncio.wait({ready, self._running}, return_when=asyncio.FIRST_COMPLETED)
        if self._running.done():
            ready.cancel()
            self._running.result()
        await ready

    async def stop(self) -> None:
        """Stop it as SIGTERM does."""
        self._stop.set()
        await self._running

    async def kill(self) -> None:
        """Break off whatever it does; what a killed process leaves is tested in delivery."""
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running

    async def at(self, moment: datetime) -> None:
        """Let it become that time, and do what is due then."""
        self.clock.set(moment)
        await self.app.tick()
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything that is owed has been posted."""
        await self.app.settle()
