"""HTTP as all three services are asked: who asks, what an answer's status means."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from bot.arxiv.errors import ArxivRefused, ArxivUnavailable

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that is read; 2,000 records are some 5 MB."""


def user_agent(version: str, contact: str) -> str:
    """What arXiv is told of who asks: the program, and somebody to write to."""
    plain = "".join(char for char in contact if " " <= char <= "~")
    return f"papertakes/{version} ({plain or 'bot of a paper-reading club'})"


def open_session(agent: str) -> aiohttp.ClientSession:
    """A session for `get`: named, over one connection, without retries or limits of its own."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1),
        headers={"User-Agent": agent},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_once,),
        trust_env=True,
    )


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """aiohttp repeats a GET at once when the connection breaks; the gate would not know of it."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ArxivUnavailable(f"{type(error).__name__}: {error}") from None


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """A whole answer with status 200, or 304 with an empty body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def get(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> WebAnswer:
    """Fetches `url`, whole. Raises ArxivUnavailable and ArxivRefused.

    It sets no time limit: the gate does.
    """
    try:
        async with session.get(URL(url, encoded=True), headers=headers) as response:
            if response.status not in (200, 304):
                text = (await response.content.read(4096)).decode("utf-8", "replace")
                raise failure(response.status, response.headers, text)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > LARGEST:
                    raise ArxivUnavailable("answer too large")
            return WebAnswer(response.status, response.headers, bytes(body))
    except (aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError) as error:
        raise ArxivUnavailable(f"{type(error).__name__}: {error}") from None
    except TimeoutError:
        raise ArxivUnavailable("timeout") from None


def failure(status: int, headers: Mapping[str, str], text: str) -> ArxivUnavailable | ArxivRefused:
    """The error that a status stands for.

    Only 400 says that the question is wrong; all others can be a passing trouble of the server,
    of its cache, or of arXiv's defence against too many requests (403 and 406 have been seen).
    """
    if status == 400:
        return ArxivRefused(" ".join(re.sub("<[^<>]*>", " ", text).split())[:300])
    return ArxivUnavailable(f"status {status}", retry_after(headers.get("Retry-After")))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The header's seconds, or those until its date (RFC 9110, 10.2.3); None if it says none."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
