"""One step of polling: fetch from arXiv what is due now, store it, and pass it on.

A timer wakes it; all that it knows is in the database, so that it may be ended at any moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import structlog

from bot.model import taxonomy
from bot.model.mailing import DAY, EASTERN, busy, eastern_date, expected
from bot.model.subscription import Watch
from bot.papers.channels import Clock
from bot.store import Store
from bot.subscriptions.deliver import deliver
from bot.subscriptions.feeds import DailyFeeds
from bot.subscriptions.index import Filed, Roll
from bot.subscriptions.intake import Intake
from bot.subscriptions.oai_harvest import Lists
from bot.subscriptions.sources import Sources

log = structlog.get_logger()

DAILY_AT_THE_LATEST = time(8)
"""Eastern: lists of the day go out by then, complete or not."""


GRACE = 5.0
"""Seconds that a step gets to end when the program does."""


@dataclass(frozen=True, slots=True)
class Polled:
    """What a step did: papers announced, arrivals noted, papers handed to the outbox or a list."""

    announced: int = 0
    arrivals: int = 0
    delivered: int = 0


class Poller:
    """`handed_on` is called when the outbox has something new."""

    def __init__(
        self,
        store: Store,
        sources: Sources,
        clock: Clock,
        handed_on: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.handed_on = handed_on
        self.roll = Roll()
        self.today = DailyFeeds(store, sources, self.roll)
        self.lists = Lists(store, sources, self.roll)
        self._one_at_a_time = asyncio.Lock()
        self._steps: set[asyncio.Task[Polled]] = set()
        self._closing = False

    async def woken(self) -> None:
        """What a timer calls: a step that is not broken off when the timer is."""
        if self._closing:
            return
        step = asyncio.create_task(self.poll_once(), name="poll")
        self._steps.add(step)
        step.add_done_callback(self._steps.discard)
        await asyncio.shield(step)

    async def close(self) -> None:
        """Let the step that is under way end; after arXiv was closed that is soon."""
        self._closing = True
        if self._steps:
            _, left = await asyncio.wait(self._steps, timeout=GRACE)
            for step in left:
                step.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def poll_once(self, now: datetime | None = None) -> Polled:
        """Do what is due. Nothing is asked of arXiv where nobody has subscribed."""
        async with self._one_at_a_time:
            now = now or self.clock()
            watches = await self._watches(now)
            if not watches:
                return Polled(delivered=await self._deliver(now, watches))
            if busy(now):
                # The half hour after the announcement: waiting costs nobody anything.
                return Polled(delivered=await self._deliver(now, watches))
            feed, trouble = Intake(), None
            try:
                feed = await self.today.run(now, watches)
            except Exception as error:
                # What channels still wait for, and what the lists have, does not depend on it.
                trouble = error
            # Nobody waits for the slow lists to see what the feed has brought.
            delivered = await self._deliver(now, watches)
            lists = await self.lists.run(now, await self._watches(now))
            delivered += await self._deliver(now, watches)
            if trouble is not None:
                raise trouble
            return Polled(
                feed.announced + lists.announced, feed.arrivals + lists.arrivals, delivered
            )

    async def _watches(self, now: datetime) -> Mapping[str, Watch]:
        """The categories to take in: those that subscriptions reach into."""
        async with self.store.read() as tx:
            await self.roll.refresh(tx)
            have = dict(await tx.mailings.watches())
        wanted = await asyncio.to_thread(_wanted, self.roll.filed())
        new = [
            Watch(name, since, f"{since - DAY:%y%m}.", since - DAY)
            for name, since in wanted.items()
            if name not in have
        ]
        gone = have.keys() - wanted.keys()
        if new or gone:
            async with self.store.begin() as tx:
                await tx.mailings.unwatch(gone)
                await tx.mailings.watch(new)
        have |= {watch.category: watch for watch in new}
        return {name: watch for name, watch in have.items() if name in wanted}

    async def _deliver(self, now: datetime, watches: Mapping[str, Watch]) -> int:
        daily = await self._settled(now, watches)
        count = await deliver(self.store, now, daily=daily)
        # Cards may have changed too.
        self.handed_on()
        return count

    async def _settled(self, now: datetime, watches: Mapping[str, Watch]) -> bool:
        """Whether there is nothing to wait for before the lists of the day go out."""
        today = eastern_date(now)
        if now.astimezone(EASTERN).time() >= DAILY_AT_THE_LATEST or not expected(today):
            return True
        async with self.store.read() as tx:
            taken = await tx.mailings.taken(today, today)
            open_lists = await tx.mailings.harvests()
        return not open_lists and all(
            (have := taken.get((today, name))) is not None
            and have.feed_at is not None
            and have.listed_at is not None
            for name, watch in watches.items()
            if watch.since <= today
        )


def _wanted(subscriptions: Sequence[Filed]) -> dict[str, date]:
    """The categories that subscriptions reach into, each with the first day that one wants."""
    wanted: dict[str, date] = {}
    for filed in subscriptions:
        since = filed.subscription.since
        for name in filed.within if filed.within is not None else _everything():
            wanted[name] = min(since, wanted.get(name, since))
    return wanted


def _everything() -> list[str]:
    return [one.id for one in taxonomy.categories()]
