"""A feed that lies, as arXiv's did in August 2026: each paper arrives once, on its right day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.model.people import Place
from bot.sandbox.arxiv import Announcement
from bot.sandbox.arxiv.feeds import Lie
from bot.store import Store
from bot.store.schema import ArrivalRow, PaperRow
from bot.subscriptions.status import TodayStatus, listing
from tests.subscriptions.simulation import Wish, subscribe
from tests.subscriptions.test_poller import World, paper

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
LINES = [
    *(Announcement(MONDAY, "new", paper(number, "cs.LG")) for number in (1, 3, 5)),
    *(Announcement(MONDAY, "new", paper(number, "cs.CV")) for number in (2, 4)),
    *(Announcement(TUESDAY, "new", paper(number, "cs.LG", submitted=5)) for number in (11, 13, 15)),
    *(Announcement(TUESDAY, "new", paper(number, "cs.CV", submitted=5)) for number in (12, 14)),
    *(Announcement(WEDNESDAY, "new", paper(number, "cs.LG", submitted=6)) for number in (21, 23)),
    *(Announcement(WEDNESDAY, "new", paper(number, "cs.CV", submitted=6)) for number in (22, 24)),
]
RIGHT = {line.paper.id: line.mailing for line in LINES}


async def arrived(store: Store) -> dict[str, list[date]]:
    """The mailings under which each paper came to a channel."""
    found: dict[str, list[date]] = {}
    async with store.read() as tx:
        rows = await tx.session.execute(
            select(PaperRow.arxiv_id, ArrivalRow.mailing).join(
                PaperRow, PaperRow.id == ArrivalRow.paper_id
            )
        )
        for arxiv_id, mailing in rows:
            found.setdefault(arxiv_id or "", []).append(mailing)
    return found


async def world(store: Store) -> World:
    made = World(store, LINES)
    await subscribe(store, made.clock(), [Wish(1, "cat:cs.LG"), Wish(2, "cat:cs.CV")])
    return made


@pytest.mark.parametrize(
    "lie",
    [
        Lie("previous mailing", "cs.LG"),
        Lie("previous mailing"),
        Lie("yesterday's date"),
        Lie("next mailing", "cs.LG"),
        Lie("next mailing"),
    ],
    ids=str,
)
async def test_each_paper_arrives_once_on_its_right_day(store: Store, lie: Lie) -> None:
    arxiv = await world(store)
    await arxiv.through(datetime(2026, 1, 6, 4, tzinfo=UTC), hours=1)
    arxiv.arxiv.answers.lies.append(lie)
    if lie.kind == "next mailing":
        # The bot was off all day, and asks in the evening, when the next mailing is out.
        arxiv.clock.set(datetime(2026, 1, 7, 1, 40, tzinfo=UTC))
    await arxiv.through(datetime(2026, 1, 7, 4, tzinfo=UTC), hours=1)
    arxiv.arxiv.answers.lies.clear()
    await arxiv.through(datetime(2026, 1, 9, 12, tzinfo=UTC), hours=1)
    assert await arrived(store) == {one: [day] for one, day in RIGHT.items()}


async def test_only_the_category_that_lies_waits(store: Store) -> None:
    arxiv = await world(store)
    await arxiv.through(datetime(2026, 1, 6, 4, tzinfo=UTC), hours=1)
    arxiv.arxiv.answers.lies.append(Lie("previous mailing", "cs.LG"))
    await arxiv.at(datetime(2026, 1, 6, 6, tzinfo=UTC))
    today = {one for one, days in (await arrived(store)).items() if days == [TUESDAY]}
    assert {"2601.90012", "2601.90014"} <= today
    assert await said(store, 1) is TodayStatus.LATE
    assert await said(store, 2) is TodayStatus.TAKEN
    arxiv.arxiv.answers.lies.clear()
    await arxiv.through(datetime(2026, 1, 6, 8, tzinfo=UTC), minutes=10)
    assert await arrived(store) == {one: [day] for one, day in RIGHT.items() if day < WEDNESDAY}


async def test_nothing_today_is_said_once_the_full_list_agrees(store: Store) -> None:
    arxiv = World(store, [line for line in LINES if line.paper.categories[0] == "cs.CV"])
    await subscribe(store, arxiv.clock(), [Wish(1, "cat:cs.CV AND ti:nowhere")])
    arxiv.clock.set(datetime(2026, 1, 6, 5, 10, tzinfo=UTC))
    await arxiv.poller.today.run(arxiv.clock(), await arxiv.poller._watches(arxiv.clock()))
    assert await said(store, 1, arxiv.clock()) is TodayStatus.SO_FAR
    await arxiv.through(datetime(2026, 1, 6, 12, tzinfo=UTC), hours=1)
    assert await said(store, 1, arxiv.clock()) is TodayStatus.NOTHING_MATCHED


async def said(
    store: Store, channel: int, now: datetime = datetime(2026, 1, 6, 6, tzinfo=UTC)
) -> TodayStatus:
    async with store.read() as tx:
        found = await tx.channels.get(channel)
        assert found is not None
        place = Place(found.guild_id, found.discord_id, found.name)
        return (await listing(tx, place, now)).today
