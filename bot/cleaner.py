"""What is not kept for ever, and for how long it is: the one place where that is said.

Once a day the leader goes through it. A batch is a transaction of its own of some milliseconds, so
that nobody who writes waits for more; killed between two batches, the next day's round goes on.
Whatever a digest, a take or a list has to do with stays.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final, Protocol

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.model.mailing import eastern_date
from bot.papers.channels import Clock
from bot.store import Store, Transaction
from bot.store.queries.acts import KEPT as ACTS

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KeepTimes:
    """For how long."""

    acts: timedelta = ACTS
    """What members did: an action that is delivered once more is not done again."""
    edits: timedelta = timedelta(days=90)
    """Edits of cards, announcements and shown takes, after the last one of a message. None is
    looked at again; this long for whoever wants to know what the bot has done lately."""
    notices: timedelta = timedelta(days=400)
    """Reminders, and words about a late digest or an import. They are edited when the digest is
    posted after all, which looks back for so long, see `bot.digest.amend`."""
    announced: timedelta = timedelta(days=90)
    """What arXiv says of a paper that was for no channel, after the last mailing that named it.
    Titles are completed from it and found in it without asking arXiv; `/subscribe test` looks at
    five mailings, and feeds are judged by the last fortnight. Most cross-lists and new versions
    come within it; later ones are told by the paper's line in `past_papers`, which stays."""
    arrived: timedelta = timedelta(days=365)
    """The same, and its announcement in the channel, where it was for one but nobody listed it. For
    so long it is drawn anew with each version, its buttons work, and `/paper search` finds it."""
    taken: timedelta = timedelta(days=365)
    """Which categories of a mailing were taken in. Subscriptions begin with today's mailing: only
    where arXiv has not answered for longer is an older one owed, and then nothing is forgotten."""


EVERY: Final = timedelta(days=1)
BATCH: Final = 50
"""Rows of one transaction: some 10 ms on SQLite."""
FOUND: Final = 20 * BATCH
"""Rows that are looked for at once, beside whoever writes."""
PAUSE: Final = 0.05
"""Seconds between two batches, for others."""


class RemovedKind(StrEnum):
    """What is removed."""

    ACT = "act"
    EDIT = "edit"
    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    PAPER = "paper"
    MAILING = "mailing"


Find = Callable[[Transaction, int], Awaitable[Sequence[int]]]
"""The next rows after a number."""


class Drop(Protocol):
    """Removes these rows, those that are needed by now left out; how many it were."""

    def __call__(self, tx: Transaction, ids: Sequence[int]) -> Awaitable[int]: ...


class Cleaner(Collector):
    """Removes what has had its time."""

    def __init__(
        self, store: Store, clock: Clock, kept: KeepTimes | None = None, *, pause: float = PAUSE
    ) -> None:
        self.store = store
        self.clock = clock
        self.kept = kept or KeepTimes()
        self.pause = pause
        self.counts: Counter[RemovedKind] = Counter()
        """Rows that were removed since the start."""

    async def clean(self) -> Counter[RemovedKind]:
        """One round; how many rows of each kind."""
        before, now = self.counts.copy(), self.clock()
        await self._clean(now)
        removed = self.counts - before
        if removed[RemovedKind.PAPER]:
            await self._merge()
        if removed:
            log.info("store.cleaned", **{kind.value: removed[kind] for kind in RemovedKind})
        return removed

    async def _clean(self, now: datetime) -> None:
        kept = self.kept
        acts, edits, notices = now - kept.acts, now - kept.edits, now - kept.notices
        arrived = now - kept.arrived
        taken = eastern_date(now - kept.taken)
        mailings = eastern_date(now - kept.announced), eastern_date(arrived)
        await self._until_none(RemovedKind.ACT, lambda tx: tx.cleaning.acts(acts, BATCH))
        await self._until_none(RemovedKind.MAILING, lambda tx: tx.cleaning.taken(taken, BATCH))
        await self._found(
            RemovedKind.EDIT,
            lambda tx, after: tx.cleaning.find_edits(edits, FOUND, after=after),
            lambda tx, ids: tx.cleaning.drop_edits(ids, edits),
        )
        await self._found(
            RemovedKind.NOTICE,
            lambda tx, after: tx.cleaning.find_notices(notices, FOUND, after=after),
            lambda tx, ids: tx.cleaning.drop_notices(ids, notices),
        )
        await self._found(
            RemovedKind.ANNOUNCEMENT,
            lambda tx, after: tx.cleaning.find_announcements(arrived, FOUND, after=after),
            lambda tx, ids: tx.cleaning.drop_announcements(ids, arrived),
        )
        # After the messages that show them.
        await self._found(
            RemovedKind.PAPER,
            lambda tx, after: tx.cleaning.papers.find(*mailings, FOUND, after=after),
            lambda tx, ids: tx.cleaning.papers.put_away(ids, *mailings),
        )

    async def _merge(self) -> None:
        begin = more = True
        while more:
            async with self.store.begin() as tx:
                more = await tx.cleaning.merge_titles(begin=begin)
            begin = False
            await asyncio.sleep(self.pause)

    async def _until_none(
        self, kind: RemovedKind, drop: Callable[[Transaction], Awaitable[int]]
    ) -> None:
        while await self._batch(kind, drop):
            pass

    async def _found(self, kind: RemovedKind, find: Find, drop: Drop) -> None:
        last = 0
        while True:
            async with self.store.read() as tx:
                ids = await find(tx, last)
            if not ids:
                return
            for at in range(0, len(ids), BATCH):
                await self._batch(kind, partial(drop, ids=ids[at : at + BATCH]))
            last = ids[-1]

    async def _batch(self, kind: RemovedKind, drop: Callable[[Transaction], Awaitable[int]]) -> int:
        async with self.store.begin() as tx:
            count = await drop(tx)
        self.counts[kind] += count
        if count:
            await asyncio.sleep(self.pause)
        return count

    def collect(self) -> Iterable[Metric]:
        """`papertakes_cleaned_rows_total{kind="…"}`."""
        family = CounterMetricFamily(
            "papertakes_cleaned_rows", "Old rows that were removed", labels=["kind"]
        )
        for kind in RemovedKind:
            family.add_metric([kind.value], self.counts[kind])
        yield family
