"""Where in a request the campaign can strike: between the bot's socket and the sandbox's rules."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler

MAKING = re.compile(r"/api/v10/channels/\d+/(messages|threads|messages/\d+/threads)")
"""Requests that make a message or a thread (POST)."""
EDITING = re.compile(r"/api/v10/channels/\d+/messages/\d+")
"""Requests that change a message (PATCH)."""
EDIT = 0
"""The number of all requests that change a message."""


class Phase(StrEnum):
    """A moment in the life of a request that makes something."""

    LOST = "lost"
    """It was sent, but never reaches Discord."""
    ARRIVED = "arrived"
    """Discord has it, and will do it in any case."""
    MADE = "made"
    """Discord has done it, and has not answered."""
    ANSWERED = "answered"
    """The answer is under way."""


@dataclass(slots=True)
class Strike:
    """`act`, once, at a phase of the making request number `at` (from 1; or EDIT), or `late`
    seconds after it."""

    at: int
    phase: Phase
    act: Callable[[], Awaitable[None] | None]
    late: float = 0.0
    done: bool = False

    async def now(self) -> None:
        self.done = True
        if self.late:
            await asyncio.sleep(self.late)
        waited = self.act()
        if waited is not None:
            await waited


class Moments:
    """Counts the requests that make something, and strikes."""

    def __init__(self) -> None:
        self.count = 0
        self.under_way = 0
        self.strikes: list[Strike] = []
        self._later: set[asyncio.Task[None]] = set()

    def strike(self, strike: Strike) -> None:
        self.strikes.append(strike)

    def install(self, app: web.Application) -> None:
        @web.middleware
        async def passing(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.method == "PATCH" and EDITING.fullmatch(request.path):
                return await self._pass(EDIT, request, handler)
            if request.method != "POST" or not MAKING.fullmatch(request.path):
                return await handler(request)
            self.count += 1
            self.under_way += 1
            try:
                return await self._pass(self.count, request, handler)
            finally:
                self.under_way -= 1

        app.middlewares.append(passing)

    async def _pass(
        self, number: int, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        mine = {
            strike.phase: strike
            for strike in self.strikes
            if strike.at == number and not strike.done
        }
        if lost := mine.get(Phase.LOST):
            await lost.now()
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if arrived := mine.get(Phase.ARRIVED):
            # All of it is there: from here on it makes no difference who goes away.
            await request.read()
            await arrived.now()
        response = await handler(request)
        if made := mine.get(Phase.MADE):
            await made.now()
        if answered := mine.get(Phase.ANSWERED):
            task = asyncio.ensure_future(answered.now())
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        return response
