"""OAI-PMH's lists: every day taken whole once it is over, and today's to complete the feed.

A list keeps its place in the database, page by page, over restarts and over giving way to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.arxiv import ArxivRefused, ArxivUnavailable, GaveWay
from bot.arxiv.harvest import BadToken, Page
from bot.model import taxonomy
from bot.model.intake import Harvest, MailingState
from bot.model.mailing import DAY, days, eastern_date, expected, feed_opens, last_complete
from bot.model.subscription import Item, Watch
from bot.store import Store, Transaction
from bot.subscriptions.intake import Batch, Intake, prepare, take_in
from bot.subscriptions.roll import Roll
from bot.subscriptions.sources import Sources

log = structlog.get_logger()

LONGEST = 7
"""Days in one list: one that has to be begun anew loses no more."""
SETS = 3
"""Lists of single categories, or archives, before one of everything is cheaper."""
GIVING_WAY = 100
"""Times in a row that a request is put back into the queue for people."""
TOKEN_TRIES = 3
"""Failures of a token after which its list is begun anew."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Lists that are of no use any more, watches counted on, lists to begin."""

    idle: list[int]
    moved: list[Watch]
    new: list[Harvest]

    @property
    def anything(self) -> bool:
        return bool(self.idle or self.moved or self.new)


class Lists:
    """Takes in what OAI-PMH has."""

    def __init__(self, store: Store, sources: Sources, roll: Roll) -> None:
        self.store = store
        self.sources = sources
        self.roll = roll

    async def run(self, now: datetime, watches: Mapping[str, Watch]) -> Intake:
        """Take the lists that are owed as far as arXiv lets us now."""
        async with self.store.read() as tx:
            plan = await self._plan(tx, now, watches)
            under_way = await tx.mailings.harvests()
        if plan.anything:
            async with self.store.begin() as tx:
                await tx.mailings.end_harvests(plan.idle)
                await tx.mailings.watch(plan.moved)
                await tx.mailings.begin_harvests(plan.new)
                under_way = await tx.mailings.harvests()
        total = Intake()
        for harvest in under_way:
            if harvest.ask_after is not None and now < harvest.ask_after:
                continue
            done = await self._take(harvest, now)
            if done is None:
                break
            total = Intake(total.announced + done.announced, total.arrivals + done.arrivals)
        return total

    # -- what is owed ------------------------------------------------------------------------------

    async def _plan(self, tx: Transaction, now: datetime, watches: Mapping[str, Watch]) -> _Plan:
        if not watches:
            return _Plan([], [], [])
        over, today = last_complete(now), eastern_date(now)
        first = min(watch.complete for watch in watches.values()) + DAY
        taken = await tx.mailings.taken(first, max(over, today))
        under_way, idle = [], []
        for one in await tx.mailings.harvests():
            unwanted = not any(name in watches for name in one.categories)
            if unwanted or (not one.final and one.last <= over):
                idle.append(one.id)
            else:
                under_way.append(one)
        counted = [_moved(watch, taken, over) for watch in watches.values()]
        moved = [watch for watch in counted if watch != watches[watch.category]]
        busy = {
            (day, name, one.final)
            for one in under_way
            for day in days(one.first, one.last)
            for name in one.categories
        }
        owed: dict[tuple[date, date, bool], list[str]] = defaultdict(list)
        for name, watch in sorted(watches.items()):
            missing = [
                day
                for day in days(watch.complete + DAY, over)
                if (day, name, True) not in busy
                and not ((have := taken.get((day, name))) and have.done_at)
            ]
            for run in _runs(missing):
                owed[*run, True].append(name)
        for name in await self._early(tx, now, watches):
            if (today, name, False) not in busy:
                owed[today, today, False].append(name)
        new = [
            Harvest(0, oai_set, tuple(inside), start, end, final)
            for (start, end, final), names in sorted(owed.items())
            for oai_set, inside in sets(names)
        ]
        return _Plan(idle, moved, new)

    async def _early(
        self, tx: Transaction, now: datetime, watches: Mapping[str, Watch]
    ) -> Sequence[str]:
        """The categories whose list of today is owed already: when the feed is in, or useless."""
        today = eastern_date(now)
        if not expected(today) or now < feed_opens(today) or today <= last_complete(now):
            return []
        mailing = await tx.mailings.get(today)
        taken = await tx.mailings.taken(today, today)
        found = []
        for name, watch in sorted(watches.items()):
            have = taken.get((today, name))
            if watch.since > today or (have and (have.listed_at or have.done_at)):
                continue
            if (have and have.feed_at) or mailing.asked >= 2:
                found.append(name)
        return found

    # -- taking one list ---------------------------------------------------------------------------

    async def _take(self, harvest: Harvest, now: datetime) -> Intake | None:
        """Page after page to the end, or as far as it goes. None: arXiv is of no use now."""
        total = Intake()
        while True:
            try:
                page = await self._page(harvest)
            except BadToken:
                log.info("arxiv.token_refused", first=str(harvest.first), set=harvest.oai_set)
                harvest = await self._failed(harvest, now, anew=True)
                if harvest.failures >= TOKEN_TRIES:
                    return None
                continue
            except ArxivRefused as error:
                log.error("arxiv.list_refused", set=harvest.oai_set, reason=error.reason)
                await self._later(harvest, now + timedelta(hours=6))
                return total
            except GaveWay:
                # No failure: it goes on where it was at the next step.
                return None
            except ArxivUnavailable as error:
                log.info("arxiv.list_unanswered", first=str(harvest.first), reason=str(error))
                await self._failed(harvest, now)
                return None
            batch = await self._batch(page, now)
            async with self.store.begin() as tx:
                got = await self._keep(tx, harvest, page, batch, now)
                total = Intake(total.announced + got.announced, total.arrivals + got.arrivals)
                known = {one.id: one for one in await tx.mailings.harvests()}
            following = known.get(harvest.id)
            if following is None or following.token is None:
                return total
            harvest = following

    async def _page(self, harvest: Harvest) -> Page:
        source = self.sources.harvest
        for _ in range(GIVING_WAY):
            try:
                if harvest.token is not None:
                    page = await source.next_page(harvest.token)
                    if not page.records and not page.unread:
                        # A token is given only where there is more.
                        raise ArxivUnavailable("an empty page in the middle of a list")
                    return page
                return await source.first_page(
                    harvest.first,
                    harvest.last,
                    oai_set=harvest.oai_set or None,
                    again=(harvest.empty + harvest.failures) % 2 == 1,
                )
            except GaveWay:
                # Asked again at once it waits in the gate, where its turn is kept account of.
                continue
        raise GaveWay

    async def _batch(self, page: Page, now: datetime) -> Batch:
        async with self.store.read() as tx:
            watches = await tx.mailings.watches()
        items = [
            Item(one.paper, one.datestamp, created=(one.paper.updated or now).date())
            for one in page.records
        ]
        return await prepare(self.store, self.roll, watches, items)

    async def _keep(
        self, tx: Transaction, harvest: Harvest, page: Page, batch: Batch, now: datetime
    ) -> Intake:
        watches = await tx.mailings.watches()
        intake = await take_in(tx, self.roll, watches, batch, exact=True, now=now)
        unread = harvest.unread + page.unread
        if page.token is not None:
            await tx.mailings.change_harvest(
                harvest.id,
                token=page.token,
                pages=harvest.pages + 1,
                unread=unread,
                begun_at=harvest.begun_at or now,
                failures=0,
                empty=0,
            )
        elif unread:
            await self._not_whole(tx, harvest, now)
        elif not page.records and not await self._plausible(tx, harvest):
            wait = timedelta(minutes=20) * 2 ** min(harvest.empty, 4)
            await tx.mailings.change_harvest(
                harvest.id, empty=harvest.empty + 1, failures=0, ask_after=now + wait
            )
        else:
            await self._end(tx, harvest, now)
        return intake

    async def _plausible(self, tx: Transaction, harvest: Harvest) -> bool:
        """Whether "nothing" is believed: asked again and again, and no feed says otherwise."""
        working = [day for day in days(harvest.first, harvest.last) if expected(day)]
        if working and await tx.mailings.brought(working, harvest.categories):
            return False
        return harvest.empty + 1 >= (3 if working else 2)

    async def _end(self, tx: Transaction, harvest: Harvest, now: datetime) -> None:
        covered = list(days(harvest.first, harvest.last))
        what = "done_at" if harvest.final else "listed_at"
        await tx.mailings.mark(covered, harvest.categories, what, now)
        await tx.mailings.end_harvests([harvest.id])
        if not harvest.final:
            return
        for day in covered:
            mailing = await tx.mailings.get(day)
            if mailing.state is MailingState.WAITING and mailing.papers == 0:
                await tx.mailings.put(replace(mailing, state=MailingState.NONE))

    async def _not_whole(self, tx: Transaction, harvest: Harvest, now: datetime) -> None:
        """Some records could not be read: the days are asked for one by one, later."""
        wait = timedelta(hours=1) * 2 ** min(harvest.failures, 5)
        await tx.mailings.end_harvests([harvest.id])
        singles = [
            replace(harvest, first=day, last=day) for day in days(harvest.first, harvest.last)
        ]
        await tx.mailings.begin_harvests(singles)
        for one in await tx.mailings.harvests():
            if (
                one.begun_at is None
                and one.oai_set == harvest.oai_set
                and one.pages == 0
                and (harvest.first <= one.first <= harvest.last)
            ):
                await tx.mailings.change_harvest(
                    one.id, ask_after=now + wait, failures=harvest.failures + 1
                )

    async def _failed(self, harvest: Harvest, now: datetime, *, anew: bool = False) -> Harvest:
        failures = harvest.failures + 1
        anew = anew or (harvest.token is not None and failures % TOKEN_TRIES == 0)
        wait = min(timedelta(seconds=30) * 2 ** min(failures, 10), timedelta(minutes=30))
        changed = replace(harvest, failures=failures, ask_after=now + wait)
        if anew:
            changed = replace(changed, token=None, pages=0, unread=0, begun_at=None)
        async with self.store.begin() as tx:
            await tx.mailings.change_harvest(
                harvest.id,
                failures=failures,
                ask_after=changed.ask_after,
                token=changed.token,
                pages=changed.pages,
                unread=changed.unread,
                begun_at=changed.begun_at,
            )
        return changed

    async def _later(self, harvest: Harvest, moment: datetime) -> None:
        async with self.store.begin() as tx:
            await tx.mailings.change_harvest(harvest.id, ask_after=moment)


def _moved(watch: Watch, taken: Mapping[tuple[date, str], object], over: date) -> Watch:
    """The watch with its complete days counted on."""
    complete = watch.complete
    while complete < over:
        have = taken.get((complete + DAY, watch.category))
        if have is None or getattr(have, "done_at", None) is None:
            break
        complete += DAY
    return replace(watch, complete=complete)


def _runs(missing: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days in a row, as lists of at most LONGEST days."""
    start = before = None
    for day in missing:
        if start is None or before is None:
            start = day
        elif day != before + DAY or (day - start).days >= LONGEST:
            yield start, before
            start = day
        before = day
    if start is not None and before is not None:
        yield start, before


def sets(names: Collection[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The sets to ask for, each with the categories that it holds; "" is everything."""
    found = [one for name in sorted(names) if (one := taxonomy.category(name)) is not None]
    if len(found) <= SETS:
        return [(one.oai_set, (one.id,)) for one in found]
    by_archive: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_archive[one.archive].append(one.id)
    archives = {one.id: one for one in taxonomy.archives()}
    if len(by_archive) <= SETS and all(name in archives for name in by_archive):
        return [(archives[name].oai_set, tuple(own)) for name, own in by_archive.items()]
    return [("", tuple(one.id for one in found))]
