"""What people complain of elsewhere, and bad answers: each with what must come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.intake import MailingState, Problem
from bot.model.subscription import ArrivalKind, Delivery
from bot.sandbox.arxiv import Announcement, Author, Paper, Version
from bot.store import Store
from bot.subscriptions.poller import Poller
from tests.clock import Clock
from tests.subscriptions.arxiv_in_process import InProcess
from tests.subscriptions.simulation import FIRST, Wish, received_by, subscribe

TUESDAY = date(2026, 1, 6)
NIGHT = datetime(2026, 1, 6, 6, tzinfo=UTC)
"""One o'clock in the night of that Tuesday, US Eastern."""


def paper(number: int, *categories: str, month: str = "2601", submitted: int = 4) -> Paper:
    return Paper(
        id=f"{month}.{90_000 + number:05}",
        title=f"Made-up paper {number}",
        authors=(Author("Beispiel", "Anna"),),
        categories=categories or ("cs.LG",),
        abstract="It says nothing.",
        versions=(Version(datetime(2026, 1, submitted, 12, tzinfo=UTC)),),
    )


def again(one: Paper, submitted: datetime) -> Paper:
    return replace(one, versions=(*one.versions, Version(submitted)))


class World:
    """A poller with its arXiv, and one channel that wants cs.LG."""

    def __init__(self, store: Store, lines: list[Announcement]) -> None:
        self.store = store
        self.clock = Clock(datetime(2026, 1, 5, 12, tzinfo=UTC))
        self.arxiv = InProcess(lines, self.clock)
        self.poller = Poller(store, self.arxiv, self.clock)

    async def at(self, moment: datetime) -> None:
        self.clock.set(moment)
        await self.poller.poll_once()

    async def through(self, until: datetime, **step: float) -> None:
        while self.clock() < until:
            self.clock.now += timedelta(**step)
            await self.poller.poll_once()

    async def got(self) -> dict[str, int]:
        return {one: count for (_, one), count in (await received_by(self.store)).items()}

    def asked(self, what: str) -> list[datetime]:
        return [at for at, path in self.arxiv.asked if path.startswith(what)]


async def world(store: Store, lines: list[Announcement], *wishes: Wish) -> World:
    made = World(store, lines)
    await subscribe(store, made.clock(), wishes or (Wish(1, "cat:cs.LG"),))
    return made


def new(one: Paper, day: date = TUESDAY) -> Announcement:
    return Announcement(day, "new", one)


async def test_nobody_subscribed_nothing_is_asked(store: Store) -> None:
    made = World(store, [new(paper(1))])
    await made.at(NIGHT)
    assert made.arxiv.asked == []


async def test_the_feed_is_asked_once_and_no_more(store: Store) -> None:
    made = await world(store, [new(paper(1))])
    await made.at(datetime(2026, 1, 6, 4, 30, tzinfo=UTC))
    before = len(made.asked("/rss"))
    await made.at(NIGHT)
    await made.through(datetime(2026, 1, 7, 0, tzinfo=UTC), hours=1)
    assert await made.got() == {"2601.90001": 1}
    assert len(made.asked("/rss")) == before + 1


async def test_the_half_hour_after_the_announcement_is_left_alone(store: Store) -> None:
    made = await world(store, [new(paper(1))])
    await made.at(datetime(2026, 1, 6, 1, 10, tzinfo=UTC))
    assert made.arxiv.asked == []


async def test_a_failure_loses_no_run(store: Store) -> None:
    made = await world(store, [new(paper(1))])
    made.arxiv.next = ["503"] * 6
    await made.through(NIGHT + timedelta(hours=3), minutes=20)
    assert await made.got() == {"2601.90001": 1}


async def test_a_half_sent_feed_is_not_taken(store: Store) -> None:
    made = await world(store, [new(paper(n)) for n in range(1, 9)])
    made.clock.set(NIGHT - timedelta(hours=1))
    made.arxiv.next = ["cut"]
    await made.poller.today.run(NIGHT, await made.poller._watches(NIGHT))
    assert await made.got() == {}
    await made.through(NIGHT + timedelta(hours=2), minutes=20)
    assert len(await made.got()) == 8


async def test_an_empty_feed_on_a_working_day_proves_nothing(store: Store) -> None:
    made = await world(store, [new(paper(1))])
    made.arxiv.next = ["nothing"]
    await made.at(NIGHT)
    async with store.read() as tx:
        mailing = await tx.mailings.get(TUESDAY)
    assert (mailing.state, mailing.problem) == (MailingState.WAITING, Problem.EMPTY)
    await made.through(NIGHT + timedelta(hours=2), minutes=20)
    assert await made.got() == {"2601.90001": 1}


async def test_the_calendar_may_be_wrong_about_a_weekend(store: Store) -> None:
    saturday = date(2026, 1, 10)
    made = await world(store, [new(paper(1), saturday)])
    await made.at(datetime(2026, 1, 10, 15, tzinfo=UTC))
    assert await made.got() == {"2601.90001": 1}


async def test_on_a_weekend_one_empty_feed_is_enough(store: Store) -> None:
    made = await world(store, [new(paper(1), date(2026, 1, 12))])
    await made.at(datetime(2026, 1, 10, 6, tzinfo=UTC))
    before = len(made.asked("/rss"))
    await made.through(datetime(2026, 1, 11, 4, tzinfo=UTC), hours=1)
    assert (before, len(made.asked("/rss"))) == (1, 1)


async def test_a_holiday_is_found_out_and_told_from_a_failure(store: Store) -> None:
    made = await world(store, [new(paper(1), date(2026, 1, 7))])
    await made.through(NIGHT + timedelta(hours=12), hours=1)
    async with store.read() as tx:
        mailing = await tx.mailings.get(TUESDAY)
    assert mailing.state is MailingState.NONE
    await made.through(NIGHT + timedelta(hours=26), hours=1)
    assert await made.got() == {"2601.90001": 1}


async def test_a_week_of_downtime_loses_nothing(store: Store) -> None:
    lines = [new(paper(n), TUESDAY + timedelta(days=n)) for n in range(3)]
    held = paper(7, month="2601", submitted=1)
    made = await world(store, [*lines, new(held, date(2026, 1, 13))])
    await made.at(datetime(2026, 1, 20, 3, tzinfo=UTC))
    await made.through(datetime(2026, 1, 20, 23, tzinfo=UTC), hours=1)
    assert len(await made.got()) == 4


async def test_a_paper_announced_and_replaced_while_nothing_ran_is_new(store: Store) -> None:
    one = paper(1)
    second = again(one, datetime(2026, 1, 7, 12, tzinfo=UTC))
    lines = [new(one), Announcement(date(2026, 1, 9), "replace", second)]
    made = await world(store, lines, Wish(1, "cat:cs.LG", (ArrivalKind.NEW,)))
    await made.through(datetime(2026, 1, 12, tzinfo=UTC), hours=30)
    assert await made.got() == {one.id: 1}


async def test_in_several_feeds_and_announced_anew_a_paper_comes_once(store: Store) -> None:
    one = paper(1, "cs.LG", "stat.ML")
    lines = [
        new(one),
        Announcement(date(2026, 1, 8), "new", one),
        Announcement(date(2026, 1, 9), "cross", replace(one, categories=(*one.categories, "cs.CV")),
                     "cs.CV"),
    ]  # fmt: skip
    wishes = (Wish(1, "cat:cs.LG"), Wish(1, "cat:stat.ML"), Wish(1, "cat:cs.CV"), Wish(2, "cs.CV"))
    made = await world(store, lines, *wishes, Wish(3, "cat:cs.CV"))
    await made.through(datetime(2026, 1, 11, tzinfo=UTC), hours=2)
    got = await received_by(store)
    assert got == {(1, one.id): 1, (2, one.id): 1, (3, one.id): 1}


async def test_a_record_only_touched_is_no_replacement(store: Store) -> None:
    one = paper(1)
    touched = replace(one, journal_ref="J. 1 (2026)")
    lines = [new(one), Announcement(date(2026, 1, 8), "touch", touched)]
    late = Wish(2, "cat:cs.LG", (ArrivalKind.REPLACE,))
    made = await world(store, lines, Wish(1, "cat:cs.LG"), late)
    await made.through(datetime(2026, 1, 10, tzinfo=UTC), hours=2)
    assert await received_by(store) == {(1, one.id): 1}
    async with store.read() as tx:
        (kept,) = (await tx.papers.by_arxiv_ids([one.id])).values()
    assert kept.data.journal_ref == "J. 1 (2026)"


async def test_the_sixth_version_which_no_feed_has(store: Store) -> None:
    one = paper(1)
    for day in range(5, 10):
        one = again(one, datetime(2026, 1, day, 12, tzinfo=UTC))
    sixth = again(one, datetime(2026, 1, 12, 12, tzinfo=UTC))
    lines = [
        Announcement(TUESDAY, "new", paper(1)),
        Announcement(date(2026, 1, 13), "replace", sixth),
    ]
    made = await world(store, lines, Wish(1, "cat:cs.LG", (ArrivalKind.REPLACE,)))
    await made.through(datetime(2026, 1, 15, tzinfo=UTC), hours=2)
    assert await made.got() == {one.id: 1}


async def test_a_token_keeps_over_a_restart_and_an_expired_one_begins_anew(store: Store) -> None:
    made = await world(store, [new(paper(n)) for n in range(1, 500)])
    made.clock.set(datetime(2026, 1, 8, 3, tzinfo=UTC))
    made.arxiv.next = ["", "", "503"]
    await made.poller.poll_once()
    async with store.read() as tx:
        tokens = [one.token for one in await tx.mailings.harvests() if one.token]
    assert tokens
    async with store.begin() as tx:
        for one in await tx.mailings.harvests():
            await tx.mailings.change_harvest(one.id, token="garbage")
    made.poller = Poller(store, made.arxiv, made.clock)
    await made.through(datetime(2026, 1, 8, 12, tzinfo=UTC), hours=1)
    assert len(await made.got()) == 499


async def test_more_than_a_feed_holds_is_split(store: Store) -> None:
    lines = [new(paper(n, ("cs.LG", "cs.CV")[n % 2])) for n in range(1, 2300)]
    made = await world(store, lines, Wish(1, "cat:cs.LG OR cat:cs.CV", delivery=Delivery.DAILY))
    await made.at(NIGHT)
    assert len(made.asked("/rss")) == 3
    async with store.read() as tx:
        assert (await tx.mailings.get(TUESDAY)).papers == 2299


@pytest.mark.parametrize("paused", [True, False])
async def test_a_paused_subscription_brings_nothing(store: Store, paused: bool) -> None:
    made = await world(store, [new(paper(1))])
    async with store.begin() as tx:
        (one,) = await tx.subscriptions.of_channel(1)
        await tx.subscriptions.change(one.id, paused=paused)
    await made.at(NIGHT)
    assert await made.got() == ({} if paused else {"2601.90001": 1})


def test_the_simulations_first_mailing_is_a_working_day() -> None:
    assert FIRST.weekday() == 0
