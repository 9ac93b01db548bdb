"""One request to Discord, made once, through discord.py's client.

discord.py (2.7.1, `HTTPClient.request`) asks again by itself after 500, 502, 504, 524 and some
resets, and it sleeps out the rest of a rate limit before it hands over an answer. For a request
that makes something that will not do: a forum post would be made twice, and a message be on show
while its row still says otherwise. So a client middleware of aiohttp's sits where each single
request goes through: it asks the caller's `before` when the request is about to leave, sees every
answer first, and ends the library's loop by raising what is in `port`.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.delivery.port import (
    Before,
    Lost,
    RateLimited,
    Refused,
    Unauthorised,
    Unknown,
    Unreachable,
)

# Longer than this between the mark and the request, and the mark is made anew: this process stood
# still in between.
STALE = 5.0
# A 429 that names no time.
UNNAMED_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What Discord answered: JSON (None where it answers none), and when the bucket is free."""

    data: Any
    pause: float


class _Once:
    """The middleware of one request."""

    def __init__(self, before: Before) -> None:
        self.before = before
        self.entered = False
        self.sent = False
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        self.entered = True
        loop = asyncio.get_running_loop()
        fresh = False
        while not fresh:
            asked = loop.time()
            if not await self.before():
                raise Lost
            fresh = loop.time() - asked < STALE
        self.sent = True
        try:
            response = await handler(request)
            body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(str(error)) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unknown(f"{type(error).__name__}: {error}") from error
        if response.status == 429:
            raise _limited(response, body)
        if response.status >= 500:
            raise Unknown(f"status {response.status}")
        if response.status < 300:
            try:
                data = json.loads(body) if body else None
            except ValueError as error:
                raise Unknown("an answer that is no JSON") from error
            self.answer.set_result(Answer(data, _pause(response)))
        return response


def _limited(response: aiohttp.ClientResponse, body: bytes) -> RateLimited:
    """How long a 429 wants us to wait: the body says it, or a proxy's header."""
    try:
        said = json.loads(body)
        seconds = float(said["retry_after"])
        return RateLimited(seconds, everywhere=bool(said.get("global")))
    except (ValueError, KeyError, TypeError):
        # Without Discord's JSON it is the proxy before it that bars the address.
        try:
            seconds = float(response.headers.get("Retry-After", UNNAMED_WAIT))
        except ValueError:
            seconds = UNNAMED_WAIT
        return RateLimited(seconds, everywhere=True)


def _pause(response: aiohttp.ClientResponse) -> float:
    headers = response.headers
    try:
        if int(headers.get("X-RateLimit-Remaining", 1)) > 0:
            return 0.0
        return float(headers.get("X-RateLimit-Reset-After", 0))
    except ValueError:
        return 0.0


class Requests:
    """Requests through the client that is logged in, once there is one."""

    def __init__(self, *, timeout: float, queue: float = 20.0) -> None:
        """`timeout` and `queue` in seconds: for the request, for the wait before it."""
        self.client: discord.Client | None = None
        self.timeout = aiohttp.ClientTimeout(total=timeout)
        self.queue = queue
        self._naps: set[asyncio.Task[Any]] = set()

    async def once(self, route: Route, before: Before, **kwargs: Any) -> Answer:
        """Make a request that changes something, a single time. Raises what `port` has."""
        once = _Once(before)
        task = asyncio.ensure_future(
            self._http().request(route, middlewares=(once,), timeout=self.timeout, **kwargs)
        )
        try:
            waited = {task, once.answer}
            await asyncio.wait(waited, timeout=self.queue, return_when=asyncio.FIRST_COMPLETED)
            if not once.entered and not task.done():
                # The library's queue is long: leave the row to a later turn.
                raise RateLimited(1.0)
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if once.answer.done():
                # The task goes on sleeping until the bucket is free, for whoever comes next.
                self._naps.add(task)
                task.add_done_callback(self._slept)
                return once.answer.result()
            task.result()
        except (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError) as error:
            raise _translated(error, sent=once.sent) from error
        finally:
            if task not in self._naps and not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        raise Unknown("the library took an answer that this program did not")

    async def read(self, route: Route, **kwargs: Any) -> Any:
        """Ask what may be asked twice, as the library likes. Raises NotDone, Unauthorised."""
        try:
            async with asyncio.timeout(3 * self.queue):
                return await self._http().request(route, **kwargs)
        except (
            discord.HTTPException,
            discord.RateLimited,
            aiohttp.ClientError,
            OSError,
            RuntimeError,
        ) as error:
            raise _translated(error, sent=False) from error

    def _http(self) -> HTTPClient:
        if self.client is None:
            raise Unreachable("not connected")
        return self.client.http

    def _slept(self, task: asyncio.Task[Any]) -> None:
        self._naps.discard(task)
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        """End the naps."""
        naps = list(self._naps)
        for task in naps:
            task.cancel()
        await asyncio.gather(*naps, return_exceptions=True)


def _translated(error: Exception, *, sent: bool) -> Exception:
    if isinstance(error, discord.RateLimited):
        return RateLimited(error.retry_after)
    if isinstance(error, discord.HTTPException):
        if error.status == 401:
            return Unauthorised(str(error))
        if error.status == 429:
            return RateLimited(UNNAMED_WAIT, everywhere=True)
        if error.status < 500:
            return Refused(error.status, error.code, error.text)
    described = f"{type(error).__name__}: {error}"
    return Unknown(described) if sent else Unreachable(described)
