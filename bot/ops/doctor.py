"""`papertakes doctor`: is everything in place? One line a check, and what to do about a failure."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.arxiv import Arxiv
from bot.config import Settings
from bot.errors import HostError
from bot.model.arxiv_id import ArxivId
from bot.model.channel import Channel
from bot.model.publication import Publication
from bot.ops import doctor_discord, doctor_health, doctor_model, doctor_publish
from bot.ops.finding import Finding
from bot.store import Store, current
from bot.store.trouble import name_of_database

CONNECT = 2.0
"""Seconds in which a server must take a connection, so that all is told soon without a network."""
ANSWER = 15.0
"""Seconds in which a server that took it must answer."""
_KNOWN_PAPER = ArxivId("2007.10909")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the database was found to be, and the channels in it."""

    finding: Finding
    channels: Sequence[Channel] = ()
    publication: Publication | None = None


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """The findings in one order, though all is asked at once."""
    yield Finding("configuration", True, settings.source)
    arxiv = asyncio.create_task(_arxiv(settings))
    try:
        kept = await _database(settings)
        yield kept.finding
        timeouts = doctor_discord.Timeouts(connect=CONNECT, answer=ANSWER)
        for finding in await doctor_discord.examine(settings.discord, kept.channels, timeouts):
            yield finding
        yield await arxiv
        if settings.summaries.on:
            yield await doctor_model.examine(settings.summaries)
        if settings.archive.publish:
            yield await doctor_publish.examine(settings.archive, kept.publication, ANSWER)
        if settings.http.port:
            yield await doctor_health.examine(settings.http, settings.http.port, CONNECT, ANSWER)
    finally:
        arxiv.cancel()


async def _database(settings: Settings) -> _Kept:
    """Looks only: what is missing is made by `run`."""
    try:
        store = Store(settings.database.resolved())
    except HostError as error:
        return _Kept(Finding("database", False, str(error)))
    name = name_of_database(store)
    try:
        if store.file is not None and not store.file.exists():
            return _Kept(_absent(store, name))
        async with asyncio.timeout(ANSWER):
            have, head = await current(store)
            channels: Sequence[Channel] = ()
            publication: Publication | None = None
            if have == head:
                async with store.read() as tx:
                    channels = await tx.channels.every()
                    publication = await tx.publications.of(settings.archive.publish)
    except HostError as error:
        return _Kept(Finding("database", False, str(error)))
    except TimeoutError:
        advice = "is database.url right, and the server well?"
        return _Kept(Finding("database", False, f"{name} does not answer", advice))
    finally:
        await store.close()
    if have == head:
        return _Kept(
            Finding("database", True, f"{name}, at revision {have}"), channels, publication
        )
    found = f"{name}, at revision {have or 'none'}; `papertakes run` brings it to {head}"
    return _Kept(Finding("database", True, found))


def _absent(store: Store, name: str) -> Finding:
    assert store.file is not None
    folder = store.file.resolve().parent
    if not folder.is_dir():
        return Finding("database", False, f"{name}: there is no folder {folder}", "make it")
    if not os.access(folder, os.W_OK):
        advice = "give this user the right to do so"
        return Finding("database", False, f"{name}: {folder} cannot be written to", advice)
    return Finding("database", True, f"{name}, not there yet; `papertakes run` makes it")


async def _arxiv(settings: Settings) -> Finding:
    base = urlsplit(settings.arxiv.api_base)
    where = base.hostname or settings.arxiv.api_base
    port = base.port or (80 if base.scheme == "http" else 443)
    advice = "check the network and arxiv.api_base; papers are completed once it answers"
    try:
        async with asyncio.timeout(CONNECT):
            _, writer = await asyncio.open_connection(where, port)
        writer.close()
    except (OSError, TimeoutError, ValueError):
        return Finding("arXiv", False, f"{where} cannot be reached", advice)
    arxiv = Arxiv(settings.arxiv)
    await arxiv.start()
    try:
        answer = await arxiv.lookup([_KNOWN_PAPER], person=True, deadline=ANSWER)
    finally:
        await arxiv.close()
    if answer.found or answer.unknown:
        hint = "" if settings.arxiv.contact else "set arxiv.contact: arXiv asks for an address"
        return Finding("arXiv", True, "answers", hint)
    return Finding("arXiv", False, f"{where} does not answer", advice)
