"""One request to Discord, made once, through discord.py's client.

discord.py (2.7.1, `HTTPClient.request`) asks again by itself after 500, 502, 504, 524 and some
resets, and it sleeps out the rest of a rate limit before it hands over an answer. For a request
that makes something that will not do: a forum post would be made twice, and a message be on show
while its row still says otherwise. It also takes any text for an answer. So a client middleware of
aiohttp's sits where each single request goes through: it asks the caller's `before` when the
request is about to leave, sees every answer first, takes only the one that says that this request
was done (`answers`), and ends the library's loop by raising what is in `port`.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.delivery.answers import UNAUTHORISED, Right, parsed, refusal
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
# A 429 that names no time, or none that can be meant.
UNNAMED_WAIT = 60.0
LONGEST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What Discord answered: JSON (None for 204), and the seconds until the bucket is free."""

    data: Any
    pause: float


class _Once:
    """The middleware of one request that changes something."""

    def __init__(self, before: Before, right: Right) -> None:
        self.before = before
        self.right = right
        self.entered = False
        self.sent = False
        self.answer: asyncio.Future[HttpAnswer] = asyncio.get_running_loop().create_future()

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
        status = response.status
        if status == 429:
            raise rate_limited(body, response.headers)
        if status >= 500:
            raise Unknown(f"status {status}")
        if 200 <= status < 300:
            self.answer.set_result(self._understood(response, body))
            return response
        if (refused := _refused(response, body)) is not None:
            raise refused
        raise Unknown(f"status {status} that is not Discord's", everywhere=True)

    def _understood(self, response: aiohttp.ClientResponse, body: bytes) -> HttpAnswer:
        try:
            data = parsed(response.status, response.content_type, body)
        except ValueError as error:
            raise Unknown(f"not understood: {error}", everywhere=True) from None
        if not self.right(data):
            raise Unknown("an answer that does not say that it was done")
        return HttpAnswer(data, _pause(response))


class _Reading:
    """The middleware of a request that may be made twice: only Discord's own answers pass."""

    data: Any = None
    """The JSON that was answered; None for 204."""

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        response = await handler(request)
        status, body = response.status, await response.read()
        if status == 429 or status >= 500:
            # The library waits, and asks again.
            return response
        if 200 <= status < 300:
            try:
                self.data = parsed(status, response.content_type, body)
            except ValueError as error:
                raise Unreachable(f"not understood: {error}", everywhere=True) from None
            return response
        if (refused := _refused(response, body)) is not None:
            raise refused
        raise Unreachable(f"status {status} that is not Discord's", everywhere=True)


def _refused(response: aiohttp.ClientResponse, body: bytes) -> Refused | Unauthorised | None:
    """Discord's refusal, None if the answer is not Discord's."""
    found = refusal(response.status, response.content_type, body)
    if found is None:
        return None
    if response.status == UNAUTHORISED:
        return Unauthorised(found.text)
    return Refused(response.status, found.code, found.text)


def rate_limited(body: bytes, headers: Mapping[str, str]) -> RateLimited:
    """How long a 429 wants us to wait: the body says it, or a proxy's header."""
    try:
        said = json.loads(body)
        return RateLimited(_wait(said["retry_after"]), everywhere=bool(said.get("global")))
    except (ValueError, KeyError, TypeError, RecursionError):
        # Without Discord's JSON it is the proxy before it that bars the address.
        return RateLimited(_wait(headers.get("Retry-After")), everywhere=True)


def _wait(said: Any) -> float:
    """Seconds as an answer gives them."""
    try:
        seconds = float(said)
    except (ValueError, TypeError):
        return UNNAMED_WAIT
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else UNNAMED_WAIT


def _pause(response: aiohttp.ClientResponse) -> float:
    headers = response.headers
    try:
        if int(headers.get("X-RateLimit-Remaining", 1)) > 0:
            return 0.0
        seconds = float(headers.get("X-RateLimit-Reset-After", 0))
    except ValueError:
        return 0.0
    return min(seconds, LONGEST_WAIT) if math.isfinite(seconds) else 0.0


class Requests:
    """Requests through the client that is logged in, once there is one."""

    def __init__(self, *, timeout: float, queue: float = 20.0) -> None:
        """`timeout` and `queue` in seconds: for the request, for the wait before it."""
        self.client: discord.Client | None = None
        self.timeout = aiohttp.ClientTimeout(total=timeout)
        self.queue = queue
        self._naps: set[asyncio.Task[Any]] = set()

    async def once(self, route: Route, before: Before, right: Right, **kwargs: Any) -> HttpAnswer:
        """Make a request that changes something, a single time. Raises what `port` has.

        Only an answer that is `right` says that it was done.
        """
        once = _Once(before, right)
        kwargs |= {"middlewares": (once,), "timeout": self.timeout, "allow_redirects": False}
        task = asyncio.ensure_future(self._http().request(route, **kwargs))
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
        """Ask what may be asked twice, as the library likes; JSON. Raises NotDone."""
        reading = _Reading()
        kwargs |= {"middlewares": (reading,), "allow_redirects": False}
        try:
            async with asyncio.timeout(3 * self.queue):
                await self._http().request(route, **kwargs)
        except (
            discord.HTTPException,
            discord.RateLimited,
            aiohttp.ClientError,
            OSError,
            RuntimeError,
            # What the library makes of an answer 429 or 5xx that is no JSON.
            ValueError,
            LookupError,
            TypeError,
        ) as error:
            raise _translated(error, sent=False) from error
        return reading.data

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
    if isinstance(error, discord.HTTPException) and error.status == 429:
        return RateLimited(UNNAMED_WAIT, everywhere=True)
    described = f"{type(error).__name__}: {error}"
    return Unknown(described) if sent else Unreachable(described)


@contextmanager
def understanding() -> Iterator[None]:
    """What does not have the shape of the answer asked for is not understood."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable(f"not understood: {error!r}") from error
