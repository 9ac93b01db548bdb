"""What the rest of the program asks of arXiv: papers by id, papers by title."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import aiohttp

from bot.arxiv.errors import ArxivRefused, ArxivUnavailable
from bot.arxiv.feed import Feeds
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.harvest import OaiClient
from bot.arxiv.lookup import Lookup, PendingLookup
from bot.arxiv.oai import Oai
from bot.arxiv.query import QueryApi
from bot.arxiv.web import open_session, user_agent
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData

__all__ = ["Arxiv", "ArxivSettings", "Lookup"]


class ArxivSettings(Protocol):
    """Where arXiv is, who asks, and how often at most (seconds between two requests)."""

    @property
    def api_base(self) -> str: ...
    @property
    def feed_base(self) -> str: ...
    @property
    def oai_base(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def interval(self) -> float: ...


@dataclass(slots=True)
class _Open:
    """What exists between start and close."""

    session: aiohttp.ClientSession
    query: QueryApi
    oai: Oai
    feeds: Feeds
    harvest: OaiClient


class Arxiv:
    """arXiv behind its one gate: `await start()`, ask, `await close()`.

    Starting reaches for no network. `now` is the wall clock (aware). `relieved` is called when
    arXiv may be asked again by people who were told that it is occupied.
    """

    def __init__(
        self,
        settings: ArxivSettings,
        *,
        gate: Gate | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        relieved: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self.gate = gate or Gate(settings.interval, relieved=relieved)
        self._now = now
        self._opened: _Open | None = None

    async def start(self) -> None:
        """Makes what needs a running event loop."""
        agent = user_agent(_version(), self._settings.contact)
        session = open_session(agent)
        self._opened = _Open(
            session,
            QueryApi(self._settings.api_base, self.gate, agent=agent),
            Oai(self._settings.oai_base, self.gate, session),
            Feeds(self._settings.feed_base, self.gate, session),
            OaiClient(self._settings.oai_base, self.gate, session),
        )

    async def close(self) -> None:
        """Drops what waits (it raises ArxivUnavailable) and ends the connections."""
        await self.gate.close()
        if self._opened is not None:
            await self._opened.query.close()
            await self._opened.session.close()
            self._opened = None

    async def lookup(
        self, ids: Sequence[ArxivId], *, person: bool, deadline: float, guild: int = 0
    ) -> Lookup:
        """What arXiv says of these papers, within `deadline` seconds from now.

        It never raises because of arXiv: what is not answered in time, or at all, is
        `unanswered`, and worth asking again later. With `person` somebody waits for it and it
        goes before what polls; the servers (`guild`) of those who wait take turns.
        """
        search = PendingLookup(
            self._open.query, self._open.oai, self.gate, ids, person=person, guild=guild
        )
        try:
            async with asyncio.timeout(deadline):
                await search.run(deadline)
        except TimeoutError:
            pass
        return search.result(self._now())

    async def search_title(
        self,
        title: str,
        *,
        limit: int = 5,
        person: bool = True,
        deadline: float = 10.0,
        guild: int = 0,
    ) -> list[PaperData]:
        """Papers with such a title, exact ones first; empty if arXiv twice knows none.

        Raises ArxivUnavailable if it does not answer within `deadline` seconds.
        """
        priority = Priority.PERSON if person else Priority.POLLER
        query = self._open.query
        try:
            async with asyncio.timeout(deadline):
                for again in (False, True):
                    # An empty answer proves nothing: it is asked once more, by another URL.
                    found = await query.search_title(
                        title,
                        limit=limit + again,
                        priority=priority,
                        timeout=deadline,
                        guild=guild,
                    )
                    if found:
                        return found[:limit]
        except TimeoutError:
            raise ArxivUnavailable("timeout") from None
        except ArxivRefused:
            return []
        return []

    @property
    def feeds(self) -> Feeds:
        """The daily announcements."""
        return self._open.feeds

    @property
    def harvest(self) -> OaiClient:
        """What changed, by date."""
        return self._open.harvest

    @property
    def _open(self) -> _Open:
        if self._opened is None:
            raise ArxivUnavailable("not started")
        return self._opened


def _version() -> str:
    try:
        return version("papertakes")
    except PackageNotFoundError:
        return "0"
