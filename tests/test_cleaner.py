"""Old rows go, and nobody can tell afterwards, but from the size of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

import bot.cleaner
from bot.cleaner import Cleaner, KeepTimes, RemovedKind
from bot.model.outbox import Draft, OutboxKind, OutboxState
from bot.model.paper import PaperData
from bot.model.subscription import Announced, ArrivalKind
from bot.sandbox.arxiv import Announcement, simulate
from bot.store import Store
from bot.store.schema import (
    AnnouncedRow,
    ArrivalRow,
    Base,
    OutboxRow,
    PaperRow,
    PastPaperRow,
)
from bot.subscriptions.poller import Poller
from bot.text.bigrams import query as phrases_of
from tests.clock import Clock
from tests.databases import Databases
from tests.digest.clubs import GRACE, PLACE, Club
from tests.subscriptions.arxiv_in_process import InProcess
from tests.subscriptions.simulation import FIRST, WISHES, subscribe

SOON = KeepTimes(
    edits=timedelta(days=2),
    notices=timedelta(days=2),
    announced=timedelta(days=2),
    arrived=timedelta(days=4),
    taken=timedelta(days=4),
)
START = datetime(2026, 1, 4, 12, tzinfo=UTC)


async def all_sent(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == OutboxState.PENDING.value)
            .values(
                state=OutboxState.SENT.value, sending_since=now, message_id=OutboxRow.id + 10**6
            )
        )


async def count(store: Store, table: type[Base]) -> int:
    async with store.read() as tx:
        return await tx.session.scalar(select(func.count()).select_from(table)) or 0


async def history(store: Store) -> tuple[set[Any], Counter[Any]]:
    """What every mailing said of every paper, and all that channels had, kept or put away."""
    async with store.read() as tx:
        said = {
            (arxiv_id, str(mailing), kind, *categories, "+", *added, str(version))
            for arxiv_id, mailing, kind, categories, added, version in await tx.session.execute(
                select(
                    PaperRow.arxiv_id,
                    AnnouncedRow.mailing,
                    AnnouncedRow.kind,
                    AnnouncedRow.categories,
                    AnnouncedRow.added,
                    AnnouncedRow.version_date,
                ).join(PaperRow, PaperRow.id == AnnouncedRow.paper_id)
            )
        }
        had = Counter(
            (arxiv_id, channel, str(mailing), *reasons)
            for arxiv_id, channel, mailing, reasons in await tx.session.execute(
                select(
                    PaperRow.arxiv_id,
                    ArrivalRow.channel_id,
                    ArrivalRow.mailing,
                    ArrivalRow.reasons,
                ).join(PaperRow, PaperRow.id == ArrivalRow.paper_id)
            )
        )
        lines = await tx.session.execute(
            select(PastPaperRow.arxiv_id, PastPaperRow.announced, PastPaperRow.arrivals)
        )
        for arxiv_id, announced, arrivals in lines:
            for mailing, kind, categories, added, version in announced:
                said.add((arxiv_id, mailing, kind, *categories, "+", *added, version))
            for channel, mailing, reasons, *_ in arrivals:
                had[arxiv_id, channel, mailing, *reasons] += 1
    return said, had


async def weeks(
    store: Store, lines: Sequence[Announcement], days: int, kept: KeepTimes | None
) -> int:
    """Let a made-up arXiv go by, cleaned each day or never; how many papers were put away."""
    clock = Clock(START)
    arxiv = InProcess(lines, clock)
    await subscribe(store, clock(), WISHES[:5])
    poller = Poller(store, arxiv, clock)
    cleaner = Cleaner(store, clock, kept, pause=0.0)
    while clock() < START + timedelta(days=days):
        for _ in range(2):
            await poller.poll_once()
            await all_sent(store, clock())
            clock.advance(hours=12)
        if kept is not None:
            await cleaner.clean()
    return cleaner.counts[RemovedKind.PAPER]


async def put(
    store: Store, *drafts: Draft, at: datetime, state: OutboxState = OutboxState.SENT
) -> None:
    async with store.begin() as tx:
        await tx.outbox.put(drafts)
        await tx.session.execute(
            update(OutboxRow)
            .where(OutboxRow.key.in_([one.key for one in drafts]))
            .values(state=state.value, sending_since=at)
        )


async def keys(store: Store) -> list[str]:
    async with store.read() as tx:
        return list(await tx.session.scalars(select(OutboxRow.key).order_by(OutboxRow.id)))


def row(lane: str, seq: int = 0, kind: OutboxKind = OutboxKind.MESSAGE, **more: Any) -> Draft:
    return Draft(lane, seq, f"{lane}:{seq}", kind, "…", **{"target_id": 5, **more})


class Killed(BaseException):
    """The process ended at this moment."""


class Counting(Cleaner):
    """Notes the rows of each transaction; killed after so many of them."""

    def __init__(
        self, store: Store, clock: Clock, kept: KeepTimes, killed_after: int = 10**6
    ) -> None:
        super().__init__(store, clock, kept, pause=0.0)
        self.batches: list[int] = []
        self.killed_after = killed_after

    async def _batch(self, kind: Any, drop: Any) -> int:
        removed = await super()._batch(kind, drop)
        self.batches.append(removed)
        if len(self.batches) >= self.killed_after:
            raise Killed
        return removed


async def test_what_comes_later_is_understood_as_if_nothing_had_gone(databases: Databases) -> None:
    lines = simulate(3, 22, 20.0, first=FIRST)
    stores = [Store(await databases.fresh()) for _ in range(2)]
    try:
        assert await weeks(stores[0], lines, 24, None) == 0
        put_away = await weeks(stores[1], lines, 24, SOON)
        assert await history(stores[0]) == await history(stores[1])
        assert await count(stores[1], PaperRow) < await count(stores[0], PaperRow) / 2
        # Some came back, and went again.
        assert put_away > await count(stores[1], PastPaperRow) > 50
    finally:
        for store in stores:
            await store.close()


async def test_killed_between_any_two_batches_nothing_is_lost(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.cleaner, "BATCH", 7)
    monkeypatch.setattr(bot.cleaner, "FOUND", 20)
    store = Store(await databases.fresh())
    try:
        await weeks(store, simulate(4, 4, 30.0, first=FIRST), 6, None)
        before, papers = await history(store), await count(store, PaperRow)
        clock = Clock(START + timedelta(days=30))
        rounds: list[int] = []
        while True:
            cleaner = Counting(store, clock, SOON, killed_after=3)
            try:
                await cleaner.clean()
            except Killed:
                rounds += cleaner.batches
                assert await history(store) == before
                continue
            break
        assert max(rounds) == 7
        assert len(rounds) > 5
        assert await count(store, PaperRow) < papers
        assert await Cleaner(store, clock, SOON).clean() == Counter()
    finally:
        await store.close()


async def test_only_what_was_settled_long_ago_and_changes_no_more(store: Store) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    old, lately = now - timedelta(days=401), now - timedelta(days=89)
    said_once = [row("told:1:channel_gone"), row("pin:7"), row("unplanned:1:20260101")]
    digest = [
        row("digest:9"),
        row("digest:9", 1, OutboxKind.THREAD),
        row("digest:9", 2, OutboxKind.EDIT, edits="digest:9:0"),
    ]
    await put(store, *said_once, *digest, row("arxiv:1"), at=old)
    notices = [row("reminder:1:20260101"), row("late:1:2026-01-01"), row("import:3")]
    edits = [
        row("card:77", 0, OutboxKind.CARD, message_id=77),
        row("take:8", 0, OutboxKind.TAKE, message_id=78),
        row("take:8", 1, OutboxKind.DELETE, message_id=78),
    ]
    await put(store, *notices, *edits, at=old)
    await put(store, row("card:78", 0, OutboxKind.CARD), at=old, state=OutboxState.CANCELLED)
    # One is being made, one was made lately, one is owed behind, one was lately made behind.
    others = [row("card:79", 0, OutboxKind.CARD), row("take:9", 0, OutboxKind.TAKE)]
    await put(store, others[0], at=old, state=OutboxState.SENDING)
    await put(store, others[1], at=lately)
    owed = [row("card:80", seq, OutboxKind.CARD) for seq in range(2)]
    await put(store, owed[0], at=old)
    await put(store, owed[1], at=old, state=OutboxState.FAILED)
    amended = [row("late:1:2026-02-01"), row("late:1:2026-02-01", 1, OutboxKind.EDIT)]
    await put(store, amended[0], at=old)
    await put(store, amended[1], at=lately)
    newest = row("reminder:2:20260101")
    await put(store, newest, at=old)
    removed = await Cleaner(store, Clock(now)).clean()
    assert removed == {RemovedKind.EDIT: 4, RemovedKind.NOTICE: 3}
    left = [*said_once, *digest, row("arxiv:1"), *others, *owed, *amended, newest]
    assert await keys(store) == [one.key for one in left]


async def test_a_notice_is_kept_as_long_as_it_may_be_edited(store: Store) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    await put(store, row("late:1:2025-07-01"), at=now - timedelta(days=365))
    await put(store, row("told:1"), at=now)
    assert await Cleaner(store, Clock(now)).clean() == Counter()


async def test_announcements_go_after_a_year_and_their_lane_goes_on(store: Store) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    old = now - timedelta(days=366)
    lane = [row("arxiv:1", seq, OutboxKind.ANNOUNCEMENT) for seq in range(3)]
    forum = [
        row("arxiv:2:5", 0, OutboxKind.FORUM_POST),
        row("arxiv:2:5", 1, OutboxKind.ANNOUNCEMENT, target_id=None),
    ]
    await put(store, *lane, *forum, at=old)
    await put(store, row("told:1"), at=old)
    cleaner = Cleaner(store, Clock(now - timedelta(days=2)))
    assert await cleaner.clean() == Counter()
    cleaner = Cleaner(store, Clock(now))
    assert (await cleaner.clean())[RemovedKind.ANNOUNCEMENT] == 3
    # The post is where the messages in it stand: it goes after the last of them.
    assert (await cleaner.clean())[RemovedKind.ANNOUNCEMENT] == 1
    assert await keys(store) == ["arxiv:1:2", "told:1:0"]
    async with store.read() as tx:
        assert await tx.outbox.next_seq("arxiv:1") == 3


async def test_a_paper_that_somebody_was_about_to_list_comes_back(
    store: Store, clock: Clock
) -> None:
    club = Club(store, clock)
    await club.add(1)
    async with store.begin() as tx:
        numbers = await tx.papers.keep_many(
            [PaperData(f"2007.0000{n}", f"Paper {n}", categories=("cs.CV",)) for n in (2, 3)],
            exact=True,
        )
        day = date(2020, 1, 6)
        await tx.mailings.announce(
            [Announced(day, n, ArrivalKind.NEW, ("cs.CV",), (), day) for n in numbers.values()]
        )
        papers = await tx.papers.by_ids([numbers["2007.00002"]])
    assert (await Cleaner(store, clock).clean())[RemovedKind.PAPER] == 1
    async with store.read() as tx:
        assert await tx.papers.by_arxiv_ids(["2007.00002"]) == {}
        assert await tx.titles.catalogue_titles(phrases_of("Paper 2"), 5) == []
    async with store.begin() as tx:
        channel = await tx.channels.find(PLACE)
        assert channel is not None
        made = await club.services.papers.put(tx, channel, list(papers.values()), GRACE)
        [(entry, new)] = made.entries
        [event] = await tx.mailings.announced_of(entry.paper.id)
    assert new
    assert event.kind is ArrivalKind.NEW
    async with store.read() as tx:
        [found] = await tx.titles.catalogue_titles(phrases_of("Paper 2"), 5)
    assert found.id == entry.paper.id
    assert await count(store, PastPaperRow) == 0
    # It is on a list now, and stays; the other one was spared for having the highest number.
    assert (await Cleaner(store, clock).clean())[RemovedKind.PAPER] == 1
    async with store.read() as tx:
        assert set(await tx.papers.ids_of(["2007.00002", "2007.00003"])) == {"2007.00002"}


async def test_a_paper_that_a_take_leads_to_stays(store: Store, clock: Clock) -> None:
    club = Club(store, clock)
    await club.take(1, "As in https://arxiv.org/abs/2007.00002v2, but slower.")
    async with store.begin() as tx:
        numbers = await tx.papers.keep_many(
            [PaperData(f"2007.0000{n}", f"Paper {n}") for n in (2, 3, 4)], exact=True
        )
        day = date(2020, 1, 6)
        await tx.mailings.announce(
            [Announced(day, n, ArrivalKind.NEW, (), (), day) for n in numbers.values()]
        )
    assert (await Cleaner(store, clock).clean())[RemovedKind.PAPER] == 1
    async with store.read() as tx:
        left = await tx.papers.ids_of(["2007.00002", "2007.00003", "2007.00004"])
    assert set(left) == {"2007.00002", "2007.00004"}


async def test_the_index_of_titles_does_not_keep_what_went(store: Store) -> None:
    if not store.sqlite:
        return  # PostgreSQL does so by itself.

    async def size() -> int:
        async with store.read() as tx:
            data = text("SELECT sum(length(block)) FROM title_index_data")
            return await tx.session.scalar(data) or 0

    empty = await size()
    day = date(2026, 1, 5)
    for batch in range(6):
        papers = [
            PaperData(f"2601.{batch}{n:04}", f"Word{batch}x{n} of many", categories=("cs.CV",))
            for n in range(200)
        ]
        async with store.begin() as tx:
            numbers = await tx.papers.keep_many(papers, exact=True)
            await tx.mailings.announce(
                [Announced(day, n, ArrivalKind.NEW, ("cs.CV",), (), day) for n in numbers.values()]
            )
    full = await size()
    cleaner = Cleaner(store, Clock(datetime(2027, 1, 1, tzinfo=UTC)), pause=0.0)
    assert (await cleaner.clean())[RemovedKind.PAPER] == 1199
    assert await size() < empty + (full - empty) / 20
    async with store.read() as tx:
        [left] = await tx.titles.catalogue_titles(phrases_of("many"), 5)
    assert left.title == "Word5x199 of many"
