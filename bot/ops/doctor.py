"""`papertakes doctor`: is everything in place? One line a check, and what to do about a failure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from bot.arxiv import Arxiv
from bot.config import Discord, Settings
from bot.model.arxiv_id import ArxivId
from bot.store import BadDatabaseUrl, SchemaNewer, Store, current, upgrade

TIMEOUT = 15.0
"""Seconds for each answer."""
KNOWN_PAPER = ArxivId("2007.10909")

# Bits of Discord's documentation: Permissions; Application Flags.
PERMISSIONS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,
    "Read Message History": 1 << 16,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
ADMINISTRATOR = 1 << 3
MESSAGE_CONTENT = 1 << 18 | 1 << 19


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `advice` says what to do where it is not `well`."""

    check: str
    well: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{'ok  ' if self.well else 'FAIL'}  {self.check}: {self.found}"
        return f"{line}; {self.advice}" if self.advice else line


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """The findings, one after the other."""
    yield Finding("configuration", True, "read")
    yield await _database(settings)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    headers = {"Authorization": f"Bot {settings.discord.token.get_secret_value()}"}
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        for check in (_token, _intents, _permissions):
            yield await _asked(check, session, settings.discord)
    yield await _arxiv(settings)


async def _database(settings: Settings) -> Finding:
    try:
        store = Store(settings.database.resolved())
        try:
            await upgrade(store)
            have, _ = await current(store)
        finally:
            await store.close()
    except (SQLAlchemyError, OSError, BadDatabaseUrl, SchemaNewer) as error:
        found = str(error).splitlines()[0]
        return Finding("database", False, found, "see database.url: is it there and writable?")
    return Finding("database", True, f"at revision {have}")


Check = Callable[[aiohttp.ClientSession, Discord], Awaitable[Finding]]


async def _asked(check: Check, session: aiohttp.ClientSession, settings: Discord) -> Finding:
    name = check.__name__.removeprefix("_")
    try:
        return await check(session, settings)
    except aiohttp.ClientResponseError as error:
        advice = "reset the token in the Developer Portal" if error.status == 401 else "try again"
        return Finding(name, False, f"Discord answers {error.status}", advice)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        found = f"{settings.api_base} cannot be reached ({type(error).__name__})"
        return Finding(name, False, found, "check the network and discord.api_base")


async def _get(session: aiohttp.ClientSession, settings: Discord, path: str) -> Any:
    async with session.get(settings.api_base.rstrip("/") + path) as answer:
        answer.raise_for_status()
        return await answer.json()


async def _token(session: aiohttp.ClientSession, settings: Discord) -> Finding:
    if not settings.token.get_secret_value():
        return Finding("token", False, "missing", "set discord.token or DISCORD_TOKEN")
    user = await _get(session, settings, "/users/@me")
    return Finding("token", True, f"logged in as {user['username']}")


async def _intents(session: aiohttp.ClientSession, settings: Discord) -> Finding:
    if not settings.message_content:
        return Finding("intents", True, "no privileged intent is asked for")
    flags = (await _get(session, settings, "/applications/@me")).get("flags", 0)
    if flags & MESSAGE_CONTENT:
        return Finding("intents", True, "message content is switched on")
    advice = "switch it on in the Developer Portal, or set discord.message_content = false"
    return Finding("intents", False, "message content is switched off", advice)


async def _permissions(session: aiohttp.ClientSession, settings: Discord) -> Finding:
    lacking: list[str] = []
    guilds = await _get(session, settings, "/users/@me/guilds")
    for guild in guilds:
        granted = int(guild.get("permissions") or 0)
        missing = [name for name, bit in PERMISSIONS.items() if not granted & bit]
        if missing and not granted & ADMINISTRATOR:
            lacking.append(f"{guild['name']}: {', '.join(missing)}")
    if lacking:
        return Finding("permissions", False, " | ".join(lacking), "grant them to the bot's role")
    return Finding("permissions", True, f"all there in {len(guilds)} servers")


async def _arxiv(settings: Settings) -> Finding:
    arxiv = Arxiv(settings.arxiv)
    await arxiv.start()
    try:
        answer = await arxiv.lookup([KNOWN_PAPER], person=True, deadline=TIMEOUT)
    finally:
        await arxiv.close()
    if answer.found or answer.unknown:
        advice = "" if settings.arxiv.contact else "set arxiv.contact: arXiv asks for an address"
        return Finding("arXiv", True, "answers", advice)
    return Finding("arXiv", False, "does not answer", "papers will be completed when it does")
