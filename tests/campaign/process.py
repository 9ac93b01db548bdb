"""The bot in a process of its own, which the campaign kills, freezes and starts again."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import re
import resource
import signal
from collections import deque
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.sandbox import Sandbox
from tests.campaign import child

ROOT = Path(__file__).parents[2]
_NOWHERE = "http://127.0.0.1:9"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# What a start takes is mostly imports: they are made once, in the server that all are forked from.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.campaign.warm"])


class Process:
    """One `python -m bot run`, from its start to its end.

    `settling=False`: the same bot, but it never looks whether a message stands. `cold`: a new
    interpreter, instead of one that has its imports already. `ahead`: so many seconds does its
    host's clock go before the others'.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        database_url: str,
        *,
        settling: bool = True,
        cold: bool = False,
        ahead: float = 0.0,
    ) -> None:
        self.sandbox = sandbox
        self.database_url = database_url
        self.settling = settling
        self.cold = cold
        self.ahead = ahead
        self.lines: deque[str] = deque(maxlen=2000)
        self._said = asyncio.Condition()
        self._process: ForkServerProcess | None = None
        self._reading: asyncio.Task[None] | None = None

    def environment(self) -> dict[str, str]:
        """Settings by environment; no file is read, for there is none where it runs."""
        return {
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.sandbox.token,
            "PAPERTAKES_DISCORD__API_BASE": str(self.sandbox.api_base),
            "PAPERTAKES_DISCORD__GATEWAY": str(self.sandbox.gateway),
            "PAPERTAKES_DATABASE__URL": self.database_url,
            "PAPERTAKES_ARXIV__API_BASE": _NOWHERE,
            "PAPERTAKES_ARXIV__FEED_BASE": _NOWHERE,
            "PAPERTAKES_ARXIV__OAI_BASE": _NOWHERE,
        }

    async def start(self, folder: Path) -> None:
        """Start it in an empty folder."""
        output, written = _forks.Pipe(duplex=False)
        work = child.Work(
            folder,
            self.environment(),
            written,
            settling=self.settling,
            cold=self.cold,
            ahead=self.ahead,
        )
        self._process = _forks.Process(target=child.run, args=(work,), daemon=True)
        await asyncio.to_thread(self._process.start)
        written.close()
        self._reading = asyncio.create_task(self._read(output))

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    async def _read(self, output: Connection) -> None:
        reader = asyncio.StreamReader(limit=1 << 22)
        protocol = asyncio.StreamReaderProtocol(reader)
        loop = asyncio.get_running_loop()
        pipe = os.fdopen(os.dup(output.fileno()), "rb")
        output.close()
        transport, _ = await loop.connect_read_pipe(lambda: protocol, pipe)
        async for line in reader:
            async with self._said:
                self.lines.append(_COLOUR.sub("", line.decode(errors="replace").rstrip()))
                self._said.notify_all()
        transport.close()
        async with self._said:
            self._said.notify_all()

    async def says(self, words: str, timeout: float = 30.0) -> None:
        """Wait until it has logged these words. Raises TimeoutError, and ProcessLookupError when it
        has ended without."""
        async with asyncio.timeout(timeout), self._said:
            await self._said.wait_for(lambda: self.has_said(words) or not self.alive)
        if not self.has_said(words):
            raise ProcessLookupError(f"it has ended without {words!r}")

    def has_said(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def kill(self) -> None:
        """SIGKILL: not one more instruction."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def freeze(self) -> None:
        if self.alive:
            os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        if self.alive:
            os.kill(self.pid, signal.SIGCONT)

    def refuse_writes(self, refuse: bool) -> None:
        """No file can be written any more (EFBIG), as on a full disk; or again."""
        if self.alive:
            most = 0 if refuse else resource.RLIM_INFINITY
            hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (most, hard))

    async def end(self) -> None:
        """Kill it if it runs still, and wait until it is gone."""
        self.kill()
        if self._process is not None:
            await asyncio.to_thread(self._process.join)
        if self._reading is not None:
            await self._reading
