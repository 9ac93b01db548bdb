"""The composition root: settings, store, arXiv, services, timers, Discord; stopped backwards."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator

import structlog

from bot.arxiv import Arxiv
from bot.config import Settings
from bot.connection import Connection, LoginRefused
from bot.derived import AWAITED, DERIVED, LATER
from bot.ops.health import Health
from bot.papers.channels import Clock
from bot.services import Services, utc_now, wire
from bot.store import Leader, SessionLocks, Store, database_time, owner_of, set_by, upgrade
from bot.store.derived import begin, remake
from bot.store.trouble import name_of_database, usable
from bot.subscriptions.poller import Poller
from bot.timers import Timers

log = structlog.get_logger()


class App:
    """One running bot."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        """`clock`: the time, where somebody sets it; left out, it is the real one, and the
        database's own for what several processes share."""
        now = database_time if clock is None else set_by(clock)
        clock = clock or utc_now
        self.settings = settings
        self.store = Store(settings.database.resolved())
        self.locks = None if self.store.sqlite else SessionLocks(self.store)
        self.leader = Leader(self.locks)
        self.owner = owner_of(self.store, self.locks)
        self.arxiv = Arxiv(settings.arxiv, relieved=self._relieved)
        self.services: Services = wire(
            settings,
            self.store,
            self.arxiv,
            clock,
            now=now,
            owner=self.owner,
            schedule_changed=self._schedule_changed,
            subscribed=self._subscribed,
        )
        self.connection = Connection(settings.discord, self.services)
        self.poller = Poller(self.store, self.arxiv, clock, self.connection.wake)
        self.timers = Timers(
            self.store,
            settings.digest.channel(None),
            digests_due=self._plan,
            complete=self._complete,
            poll=self._poll,
        )

    async def tick(self) -> None:
        """Do all that is due now: for whoever moves the clock."""
        await self._plan()
        await self.poller.poll_once()

    async def settle(self) -> None:
        """Wait until the outbox holds nothing that could be done now."""
        await self.connection.settle()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set, then end cleanly: what is in flight is finished or safe.

        Raises DatabaseInUse, SchemaNewer, and LoginRefused when Discord does not take the token.
        """
        async with self._started():
            log.info(
                "app.started",
                configuration=self.settings.source,
                database=name_of_database(self.store),
            )
            await self.connection.run(stop)
        log.info("app.stopped")

    @contextlib.asynccontextmanager
    async def _started(self) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(self.store.close)
            if self.locks is not None:
                stack.push_async_callback(self.locks.close)
            with usable(self.store):
                await self.owner.start()
            stack.push_async_callback(self.owner.close)
            stack.push_async_callback(self.poller.close)
            await upgrade(self.store)
            await begin(self.store, DERIVED)
            await remake(self.store, AWAITED)
            await stack.enter_async_context(self._remaking())
            await self.arxiv.start()
            stack.push_async_callback(self.arxiv.close)
            await self.timers.start()
            stack.callback(self.timers.stop)
            health = Health(self.settings.http, self.store, self.connection.is_ready)
            await stack.enter_async_context(health.served())
            # What came due while nothing ran is planned before anything else is done.
            await self.services.planner.run_due()
            yield

    @contextlib.asynccontextmanager
    async def _remaking(self) -> AsyncIterator[None]:
        """Make the rest of what is derived while the bot is up already."""
        work = asyncio.create_task(remake(self.store, LATER))
        work.add_done_callback(_tell_failure)
        try:
            yield
        finally:
            work.cancel()
            await asyncio.wait({work})

    async def _plan(self) -> None:
        await self.services.planner.run_due()
        self.connection.wake()

    async def _poll(self) -> None:
        if await self.leader.leads():
            await self.poller.woken()

    async def _complete(self) -> None:
        if not await self.leader.leads():
            return
        # What was added while a batch was on its way is not left for a minute.
        while await self.services.completer.run_once():
            self.connection.wake()

    def _relieved(self) -> None:
        self.timers.complete_soon()

    def _subscribed(self) -> None:
        self.timers.poll_soon()

    def _schedule_changed(self) -> None:
        self.timers.changed()


def _tell_failure(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        # The next start goes on with it.
        log.error("derived.failed", exc_info=error)


async def run_bot(settings: Settings) -> None:
    """`papertakes run`: until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = App(settings)
    await app.run(stop)


__all__ = ["App", "LoginRefused", "run_bot"]
