"""Today's mailing, by its feed: asked for until it is there, taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.arxiv import ArxivRefused, ArxivUnavailable
from bot.arxiv.feed import LIMIT, Feed, merge
from bot.model import taxonomy
from bot.model.intake import Mailing, MailingState, Problem
from bot.model.mailing import (
    DAY,
    announced_at,
    eastern_date,
    expected,
    feed_opens,
    is_weekend,
)
from bot.model.subscription import Item, Watch, canonical, id_key
from bot.store import Store, Transaction
from bot.subscriptions.index import Roll
from bot.subscriptions.intake import Intake, prepare, take_in_all
from bot.subscriptions.sources import FeedSource, Sources

log = structlog.get_logger()

_FAILED = tuple(timedelta(minutes=m) for m in (2, 5, 10, 20, 30, 60))
_EMPTY = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 180))
_WRONG = tuple(timedelta(minutes=m) for m in (10, 20, 30, 60))
_PARTIAL = tuple(timedelta(minutes=m) for m in (30, 60, 120))
_WAITS: Mapping[Problem, tuple[timedelta, ...]] = {
    Problem.UNANSWERED: _FAILED,
    Problem.EMPTY: _EMPTY,
    Problem.WRONG_DATE: _WRONG,
    Problem.PARTIAL: _PARTIAL,
}
"""After each time in vain: how long until it is asked again."""


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What the feeds of several requests say together."""

    feeds: tuple[Feed, ...]
    problem: Problem | None
    misdated: frozenset[str] = frozenset()
    """Categories whose feed had another date."""


class DailyFeeds:
    """Takes in the feed of the day."""

    def __init__(self, store: Store, sources: Sources, roll: Roll) -> None:
        self.store = store
        self.sources = sources
        self.roll = roll
        self._etags: dict[tuple[str, ...], Feed] = {}
        """The feeds that were of no use so far: asked for again, they may be unchanged."""
        self._refused: set[str] = set()
        """Names that arXiv answered with 400: not asked for again."""

    async def run(self, now: datetime, watches: Mapping[str, Watch]) -> Intake:
        """Fetch the day's feed if it is not read yet, and store what it says."""
        today = eastern_date(now)
        if now < feed_opens(today) or now >= announced_at(today + DAY):
            # In the evening the feed may have the next mailing's papers already: by then the day
            # is OAI-PMH's.
            return Intake()
        async with self.store.read() as tx:
            mailing = await tx.mailings.get(today)
            taken = await tx.mailings.taken(today, today)
        wanted = [
            name
            for name, watch in sorted(watches.items())
            if watch.since <= today and name not in self._refused
            and not ((have := taken.get((today, name))) and (
                have.feed_at or have.done_at
                or (have.listed_at and mailing.problem is Problem.PARTIAL)
            ))
        ]  # fmt: skip
        if is_weekend(today) and mailing.problem not in {None, Problem.UNANSWERED}:
            # One answer is enough where the calendar has no mailing.
            return Intake()
        if not wanted or (mailing.ask_after is not None and now < mailing.ask_after):
            return Intake()
        answer = await self._ask(wanted, today, again=mailing.asked % 2 == 1)
        listed = all(
            (have := taken.get((today, name))) is not None and have.listed_at is not None
            for name in wanted
        )
        return await self._keep(mailing, answer, wanted, watches, now, listed=listed)

    async def _ask(self, names: Sequence[str], today: date, *, again: bool) -> FeedAnswer:
        try:
            fetched = await self._fetch(self.sources.feeds, shortened(names), again)
        except ArxivUnavailable as error:
            log.warning("arxiv.feed_unanswered", reason=error.reason)
            return FeedAnswer((), Problem.UNANSWERED)
        feeds = [feed for _, feed in fetched if feed.date == today]
        misdated = frozenset(
            one.id
            for asked, feed in fetched
            if feed.date != today
            for name in asked
            for one in taxonomy.expand(name)
        )
        if misdated and not feeds:
            return FeedAnswer((), Problem.WRONG_DATE)
        if not any(feed.items for feed in feeds):
            unread = any(feed.unread for feed in feeds)
            return FeedAnswer((), Problem.PARTIAL if unread else Problem.EMPTY)
        whole = all(feed.whole for feed in feeds)
        return FeedAnswer(tuple(feeds), None if whole else Problem.PARTIAL, misdated)

    async def _fetch(
        self, source: FeedSource, names: Sequence[str], again: bool
    ) -> list[tuple[Sequence[str], Feed]]:
        """One request for all names, or as many as the limit of items makes necessary."""
        key = tuple(names)
        known = self._etags.get(key)
        try:
            feed = await source.fetch(
                names, etag=known.etag if known else None, again=again, attempts=2
            )
        except ArxivRefused as error:
            if len(names) > 1:
                return await self._halves(source, names, again)
            log.error("arxiv.feed_refused", category=names[0], reason=error.reason)
            self._refused.add(names[0])
            return []
        if feed is None:
            assert known is not None
            return [(names, known)]
        self._etags = {key: feed} if len(self._etags) > 50 else {**self._etags, key: feed}
        if len(feed.items) < LIMIT:
            return [(names, feed)]
        if len(names) == 1:
            names = [one.id for one in taxonomy.expand(names[0])]
        return await self._halves(source, names, again) if len(names) > 1 else [(names, feed)]

    async def _halves(
        self, source: FeedSource, names: Sequence[str], again: bool
    ) -> list[tuple[Sequence[str], Feed]]:
        middle = len(names) // 2
        return [
            *await self._fetch(source, names[:middle], again),
            *await self._fetch(source, names[middle:], again),
        ]

    async def _keep(
        self,
        mailing: Mailing,
        answer: FeedAnswer,
        wanted: Sequence[str],
        watches: Mapping[str, Watch],
        now: datetime,
        *,
        listed: bool,
    ) -> Intake:
        today = mailing.date
        items = [Item(one.paper, today, one.kind) for one in merge(answer.feeds)]
        stale = await self._stale(items, today) | answer.misdated
        if stale:
            items = [item for item in items if _primary(item) not in stale]
            log.warning("arxiv.feed_stale", day=str(today), categories=sorted(stale))
        fresh = [name for name in wanted if name not in stale]
        batch = await prepare(self.store, self.roll, watches, items)
        raised = [] if answer.problem else list(_raised(items, fresh, watches, today))

        async def finish(tx: Transaction, failed: int) -> None:
            problem = answer.problem or (Problem.PARTIAL if failed else None)
            kept = await tx.mailings.get(today)
            if problem is not None:
                await tx.mailings.put(_in_vain(kept, problem, now, listed=listed))
                return
            await tx.mailings.watch(raised)
            await tx.mailings.mark([today], fresh, "feed_at", now)
            if not stale.isdisjoint(wanted):
                late = _in_vain(kept, Problem.WRONG_DATE, now, listed=listed)
                await tx.mailings.put(late)
                return
            done = replace(kept, state=MailingState.TAKEN, problem=None, ask_after=None)
            await tx.mailings.put(replace(done, taken_at=done.taken_at or now, asked=0))
            self._etags.clear()

        intake = await take_in_all(
            self.store,
            self.roll,
            {**watches, **{one.category: one for one in raised}},
            batch,
            exact=False,
            now=now,
            finish=finish,
        )
        log.info("arxiv.feed", day=str(today), items=len(items), problem=answer.problem)
        return intake

    async def _stale(self, items: Sequence[Item], today: date) -> frozenset[str]:
        """Primary categories whose new papers are those of an earlier mailing.

        Ids are given in order at the announcement, so a paper that is new today has a higher one
        than all that were new before.
        """
        async with self.store.read() as tx:
            highest = id_key(await tx.mailings.highest_new(before=today) or "")
        new: dict[str, list[bool]] = {}
        for item in items:
            if item.feed_kind == "new":
                old = len(key := id_key(item.paper.arxiv_id or "")) > 0 and key <= highest
                new.setdefault(_primary(item), []).append(old)
        return frozenset(name for name, old in new.items() if sum(old) * 2 > len(old))


def _primary(item: Item) -> str:
    return next(iter(canonical(item.paper.categories)), "")


def _in_vain(mailing: Mailing, problem: Problem, now: datetime, *, listed: bool) -> Mailing:
    waits = _WAITS[problem]
    wait = waits[min(mailing.asked, len(waits) - 1)]
    state = mailing.state
    sure = not expected(mailing.date) or (mailing.asked >= 1 and listed)
    if problem is Problem.EMPTY and state is MailingState.WAITING and sure:
        # Twice nothing, by two addresses, and OAI-PMH has nothing new either: there was none.
        state = MailingState.NONE
    return replace(
        mailing, state=state, problem=problem, asked=mailing.asked + 1, ask_after=now + wait
    )


def _raised(
    items: Sequence[Item], wanted: Iterable[str], watches: Mapping[str, Watch], today: date
) -> Iterable[Watch]:
    """The first mailing of a watch tells below which id everything was announced before."""
    new = [id_key(item.paper.arxiv_id or "") for item in items if item.feed_kind == "new"]
    if new:
        for name in wanted:
            if watches[name].since == today:
                yield replace(watches[name], floor=min(new))


def shortened(names: Iterable[str]) -> list[str]:
    """The same categories in fewer names: an archive for all of its own."""
    left = set(names)
    found: list[str] = []
    for archive in taxonomy.archives():
        own = {one.id for one in archive.categories if one.archive == archive.id}
        if len(own) > 1 and own <= left:
            found.append(archive.id)
            left -= own
    return [*found, *sorted(left)]
