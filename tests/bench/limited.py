"""Discord's limits on a clock, and a port that keeps to them as discord.py and Discord do."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.delivery.port import Before, Lost, Made, RateLimited, SeenMessage, Thread

EVERYTHING = 50
"""Requests a second in all."""
CHANNEL = (5, 5.0)
"""Messages in so many seconds, a channel or thread."""
THREADS = (50, 300.0)
"""Threads made in so many seconds, a channel."""
LATENCY = 0.12
"""Seconds from a request to its answer."""


@dataclass(slots=True)
class _Window:
    used: int = 0
    ends: float = 0.0
    full: bool = False


@dataclass(slots=True)
class Limits:
    """What Discord counts; `refused` are its 429s."""

    requests: int = 0
    refused: int = 0
    _recent: deque[float] = field(default_factory=deque)
    _windows: dict[tuple[str, int], _Window] = field(default_factory=lambda: defaultdict(_Window))

    async def free(self, kind: str, channel: int) -> None:
        """Wait as discord.py does for a bucket of which it knows that it is exhausted."""
        window = self._windows[kind, channel]
        while window.full and (left := window.ends - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left + 0.001)

    def take(self, kind: str, channel: int, rate: tuple[int, float]) -> float:
        """Count a request; returns the seconds until its bucket is free. Raises RateLimited."""
        now = asyncio.get_running_loop().time()
        self.requests += 1
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        if len(self._recent) >= EVERYTHING:
            self.refused += 1
            raise RateLimited(1 - (now - self._recent[0]), everywhere=True)
        self._recent.append(now)
        window = self._windows[kind, channel]
        if now >= window.ends:
            window.used, window.ends, window.full = 0, now + rate[1], False
        if window.used >= rate[0]:
            self.refused += 1
            raise RateLimited(window.ends - now)
        window.used += 1
        window.full = window.used == rate[0]
        return window.ends - now if window.full else 0.0


class LimitedPort:
    """A Discord in memory, as far as digests need it: it makes what is asked for and forgets it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._ids = itertools.count(10**15)

    def connected(self) -> bool:
        return True

    async def _make(self, kind: str, channel: int, rate: tuple[int, float], before: Before) -> Made:
        await self.limits.free(kind, channel)
        if not await before():
            raise Lost
        pause = self.limits.take(kind, channel, rate)
        await asyncio.sleep(LATENCY)
        return Made(next(self._ids), max(pause - LATENCY, 0.0))

    async def post(
        self, channel_id: int, text: str, nonce: str, before: Before, *, digest: int | None = None
    ) -> Made:
        return await self._make("message", channel_id, CHANNEL, before)

    async def open_thread(
        self, channel_id: int, message_id: int | None, name: str, before: Before
    ) -> Made:
        return await self._make("thread", channel_id, THREADS, before)

    async def forum_post(
        self,
        forum_id: int,
        title: str,
        text: str,
        tags: Sequence[str],
        before: Before,
        *,
        digest: int | None = None,
    ) -> Made:
        return await self._make("thread", forum_id, THREADS, before)

    async def edit(self, channel_id: int, message_id: int, text: str, before: Before) -> Made:
        return await self._make("edit", channel_id, CHANNEL, before)

    async def exists(self, channel_id: int) -> bool:
        return True

    async def mine(self, channel_id: int, after: int, until: int | None) -> Sequence[SeenMessage]:
        return []

    async def my_threads(self, parent_id: int, after: int) -> Sequence[Thread]:
        return []
