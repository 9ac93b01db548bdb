"""OAI-PMH's lists: every day taken whole once it is over, and today's to complete the feed.

A list keeps its place in the database, page by page, over restarts and over giving way to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.arxiv import ArxivRefused, ArxivUnavailable, GaveWay
from bot.arxiv.harvest import BadToken, Page
from bot.model.intake import MailingState, OaiHarvest
from bot.model.mailing import days, expected
from bot.model.subscription import Item, Watch
from bot.store import Store, Transaction
from bot.subscriptions.harvest_plan import plan
from bot.subscriptions.index import Roll
from bot.subscriptions.intake import Intake, prepare, take_in_all
from bot.subscriptions.sources import Sources

log = structlog.get_logger()

GIVING_WAY = 100
"""Times in a row that a request is put back into the queue for people."""
TOKEN_TRIES = 3
"""Failures of a token after which its list is begun anew."""


class Lists:
    """Takes in what OAI-PMH has."""

    def __init__(self, store: Store, sources: Sources, roll: Roll) -> None:
        self.store = store
        self.sources = sources
        self.roll = roll

    async def run(self, now: datetime, watches: Mapping[str, Watch]) -> Intake:
        """Fetch the lists that are still missing, as far as arXiv lets us now."""
        async with self.store.read() as tx:
            owed = await plan(tx, now, watches)
            under_way = await tx.mailings.harvests()
        if owed.anything:
            async with self.store.begin() as tx:
                await tx.mailings.end_harvests(owed.idle)
                await tx.mailings.watch(owed.moved)
                await tx.mailings.begin_harvests(owed.new)
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

    # -- taking one list ---------------------------------------------------------------------------

    async def _take(self, harvest: OaiHarvest, now: datetime) -> Intake | None:
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
            got = await self._keep(harvest, page, now)
            total = Intake(total.announced + got.announced, total.arrivals + got.arrivals)
            async with self.store.read() as tx:
                known = {one.id: one for one in await tx.mailings.harvests()}
            following = known.get(harvest.id)
            if following is None or following.token is None:
                return total
            harvest = following

    async def _page(self, harvest: OaiHarvest) -> Page:
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

    async def _keep(self, harvest: OaiHarvest, page: Page, now: datetime) -> Intake:
        async with self.store.read() as tx:
            watches = await tx.mailings.watches()
        items = [
            Item(one.paper, one.datestamp, created=(one.paper.updated or now).date())
            for one in page.records
        ]
        batch = await prepare(self.store, self.roll, watches, items)

        async def finish(tx: Transaction, failed: int) -> None:
            await self._go_on(tx, harvest, page, harvest.unread + page.unread + failed, now)

        return await take_in_all(
            self.store, self.roll, watches, batch, exact=True, now=now, finish=finish
        )

    async def _go_on(
        self, tx: Transaction, harvest: OaiHarvest, page: Page, unread: int, now: datetime
    ) -> None:
        """Note how far the list was taken, and how many of its records could not be read."""
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

    async def _plausible(self, tx: Transaction, harvest: OaiHarvest) -> bool:
        """Whether "nothing" is believed: asked again and again, and no feed says otherwise."""
        working = [day for day in days(harvest.first, harvest.last) if expected(day)]
        if working and await tx.mailings.brought(working, harvest.categories):
            return False
        return harvest.empty + 1 >= (3 if working else 2)

    async def _end(self, tx: Transaction, harvest: OaiHarvest, now: datetime) -> None:
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

    async def _not_whole(self, tx: Transaction, harvest: OaiHarvest, now: datetime) -> None:
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

    async def _failed(
        self, harvest: OaiHarvest, now: datetime, *, anew: bool = False
    ) -> OaiHarvest:
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

    async def _later(self, harvest: OaiHarvest, moment: datetime) -> None:
        async with self.store.begin() as tx:
            await tx.mailings.change_harvest(harvest.id, ask_after=moment)
