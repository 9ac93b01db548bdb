"""The composition root: settings, store, arXiv, services, timers, Discord; stopped backwards."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from functools import partial

import structlog

from bot.arxiv import Arxiv
from bot.chat.connection import Connection, LoginRefused
from bot.cleaner import EVERY as CLEANED_EVERY
from bot.cleaner import Cleaner
from bot.config import Settings
from bot.derived import AWAITED, DERIVED, LATER
from bot.ops.health import NAME as HEALTH
from bot.ops.health import Health
from bot.ops.supervisor import Duty, Supervisor
from bot.ops.watchdog import Watchdog
from bot.papers.channels import Clock
from bot.services import Services, publisher, utc_now, wire
from bot.store import Leader, SessionLocks, Store, database_time, owner_of, set_by, upgrade
from bot.store.derived import begin, remake
from bot.store.session_locks import LOOK_EVERY
from bot.store.trouble import name_of_database, usable
from bot.subscriptions.poller import Poller
from bot.timers import Timers
from cogs import add_cogs

log = structlog.get_logger()

CHECK_SECONDS = 60.0
"""How often the database is asked in any case: a clock that jumped, a timer that was missed."""
LEAD_SECONDS = 15.0
"""How soon this process finds out that another one leads no more."""


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
            handed_over=self._handed_over,
            summary_wanted=self._summary_wanted,
        )
        self.supervisor = Supervisor()
        self.watchdog = Watchdog()
        self.connection = Connection(settings.discord, self.services, add_cogs, self.supervisor)
        self.poller = Poller(self.store, self.arxiv, clock, self.connection.wake)
        self.cleaner = Cleaner(self.store, clock)
        self.publisher = publisher(settings, self.store, clock)
        self.timers = Timers(self.store, settings.digest.channel(None), self._hour_come)
        self._duties: dict[str, Duty] = {}
        self._caught_up = asyncio.Event()
        """Set once what came due while nothing ran is planned."""

    async def tick(self) -> None:
        """Do all that is due now: for whoever moves the clock."""
        await self._plan()
        await self.services.planner.remind()
        await self.poller.poll_once()
        await self._take_in()
        if self.publisher is not None:
            await self.publisher.run_due()
        await self._write_summaries()

    async def settle(self) -> None:
        """Wait until the outbox holds nothing that could be done now."""
        await self._caught_up.wait()
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
            stopping = asyncio.create_task(self._stop_imports(stop))
            try:
                await self.connection.run(stop)
            finally:
                stopping.cancel()
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
            async with self.store.patient() as patient:
                await begin(patient, DERIVED)
                await remake(patient, AWAITED)
            stack.push_async_callback(self.services.summaries.close)
            await self.arxiv.start()
            stack.push_async_callback(self.arxiv.close)
            self.timers.start()
            stack.callback(self.timers.stop)
            health = Health(self.settings.http, self.services, self.supervisor, self.connection)
            health.registry.register(self.watchdog)
            health.registry.register(self.cleaner)
            await health.open()
            stack.push_async_callback(health.close)
            # Discord is connected to at once; what came due while nothing ran is planned beside.
            self._begin_duties(health)
            stack.push_async_callback(self.supervisor.close)
            yield

    def _begin_duties(self, health: Health) -> None:
        every = CHECK_SECONDS
        # A database that is away, or arXiv, is nobody's mistake.
        repeat = partial(self.supervisor.repeat, weather=(OSError,))
        if self.settings.http.port is not None:
            self.supervisor.keep(HEALTH, health.keep_open)
        self.supervisor.keep("watchdog", self.watchdog.run)
        self.supervisor.once("derived", self._remake_later, weather=(OSError,))
        if self.publisher is not None:
            self.supervisor.repeat(
                "publisher", self._publish, every=every, at_once=False, weather=(OSError,)
            )
        self._duties = {
            duty.name: duty
            for duty in (
                repeat("timers", self.timers.reload, every=None),
                repeat("owner", self.owner.renew, every=LOOK_EVERY, at_once=False),
                repeat("leader", self.leader.leads, every=LEAD_SECONDS),
                repeat("planner", self._plan, every=every),
                repeat("reminders", self._remind, every=every),
                # At start the latest announcement that is not taken in yet is fetched at once.
                repeat("poller", self._poll, every=every),
                repeat("completer", self._complete, every=every, at_once=False),
                repeat("summaries", self._write_summaries, every=every),
                repeat("imports", self._take_in, every=every),
                repeat("cleaner", self._clean, every=CLEANED_EVERY.total_seconds()),
            )
        }

    async def _remake_later(self) -> None:
        async with self.store.patient() as patient:
            await remake(patient, LATER)

    async def _plan(self) -> None:
        await self.services.planner.run_due()
        self._caught_up.set()
        self.connection.wake()

    async def _remind(self) -> None:
        await self.services.planner.remind()
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

    async def _write_summaries(self) -> None:
        writer = self.services.writer
        if not await self.leader.leads():
            return
        await writer.look_ahead()
        while await writer.run_once():
            self.connection.wake()

    async def _take_in(self) -> None:
        # One import at a time, whatever number of processes shares the database.
        if await self.leader.leads():
            await self.services.imports.queue.work()
            self.connection.wake()

    async def _clean(self) -> None:
        await self._caught_up.wait()
        if await self.leader.leads():
            await self.cleaner.clean()

    async def _publish(self) -> None:
        assert self.publisher is not None
        if await self.leader.leads():
            await self.publisher.run_due()

    async def _stop_imports(self, stop: asyncio.Event) -> None:
        """Those who wait for an import are answered before the connection is closed."""
        await stop.wait()
        await self.services.imports.queue.stop()

    def _relieved(self) -> None:
        """Papers may be owed their metadata, and arXiv may be asked: what was kept a moment ago is
        in the database then."""
        self._wake("completer", in_seconds=1.0)

    def _subscribed(self) -> None:
        self._wake("poller")

    def _handed_over(self) -> None:
        self._wake("imports")

    def _summary_wanted(self) -> None:
        self._wake("summaries")

    def _schedule_changed(self) -> None:
        self._wake("timers")

    def _hour_come(self) -> None:
        self._wake("planner")
        self._wake("reminders")

    def _wake(self, name: str, *, in_seconds: float = 0.0) -> None:
        if duty := self._duties.get(name):
            duty.wake_in(in_seconds)


async def run_bot(settings: Settings) -> None:
    """`papertakes run`: until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = App(settings)
    await app.run(stop)


__all__ = ["App", "LoginRefused", "run_bot"]
