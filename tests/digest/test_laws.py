"""Laws of periods: whatever is posted, skipped and set, and however the clock moves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.errors import DigestSkipped, EmptyDigest, NothingNew
from bot.model.people import Place
from bot.store import Store
from bot.store.schema import ChannelRow, DigestRow
from tests.clock import Clock
from tests.databases import Databases
from tests.digest.clubs import ADA, Club

PLACES = count(1_000)
TAKES = count(1)

WEEKDAYS = st.sampled_from(["sun", "mon, thu", "weekdays", "sat, sun"])
CHANGES = st.one_of(
    st.fixed_dictionaries({"every": st.sampled_from(["1", "2", "3", "month"])}),
    st.fixed_dictionaries({"time": st.sampled_from(["00:30", "02:30", "18:00", "23:59"])}),
    st.fixed_dictionaries({"weekday": WEEKDAYS, "every": st.sampled_from(["1", "2"])}),
    st.fixed_dictionaries(
        {"time_zone": st.sampled_from(["UTC", "New York", "Kiritimati", "Pago Pago", "Berlin"])}
    ),
    st.fixed_dictionaries({"untaken": st.sampled_from(["listed", "carried", "left_out"])}),
    st.fixed_dictionaries({"minimum_takes": st.sampled_from(["0", "2"])}),
)
STEP = st.one_of(
    st.tuples(st.just("take"), st.integers(1, 3)),
    st.tuples(st.just("post"), st.none()),
    st.tuples(st.just("skip"), st.none()),
    st.tuples(st.just("set"), CHANGES),
    st.tuples(st.just("wait"), st.sampled_from([0.01, 1, 23, 24, 25, 24 * 7, 24 * 7 * 5])),
    st.tuples(st.just("set back"), st.sampled_from([0.5, 3, 24 * 8])),
    st.tuples(st.just("plan"), st.none()),
)


class Life:
    """A channel that lives through some steps."""

    def __init__(self, store: Store, start: datetime) -> None:
        self.clock = Clock(start)
        self.latest = start
        self.club = Club(store, self.clock)
        self.place = Place(guild_id=10, channel_id=next(PLACES), name="papers", locale="en-US")
        self.takes: list[str] = []

    async def take(self, number: int) -> None:
        text = f"take {next(TAKES)} of {self.place.channel_id}."
        self.takes.append(text)
        await self.club.take(number, text, place=self.place)

    async def post(self, _: None) -> None:
        try:
            await self.club.services.digests.post(self.place, ADA)
        except (EmptyDigest, NothingNew):
            return

    async def skip(self, _: None) -> None:
        try:
            await self.club.services.digests.skip(self.place, ADA)
        except DigestSkipped:
            return

    async def change(self, typed: dict[str, str]) -> None:
        await self.club.services.settings.set(self.place, ADA, **typed)

    async def wait(self, hours: float) -> None:
        self.clock.advance(hours=hours)
        self.latest = max(self.latest, self.clock())

    async def set_back(self, hours: float) -> None:
        self.clock.advance(hours=-hours)

    async def plan(self, _: None) -> None:
        await self.club.services.planner.run_due()

    async def live(self, steps: Sequence[tuple[str, object]]) -> None:
        does: dict[str, Callable[..., Awaitable[None]]] = {
            "take": self.take, "post": self.post, "skip": self.skip, "set": self.change,
            "wait": self.wait, "set back": self.set_back, "plan": self.plan,
        }  # fmt: skip
        await self.take(1)
        for what, how in steps:
            await does[what](how)
            await self.periods_follow_one_another()
        # In the end everything is posted.
        self.clock.set(self.latest + timedelta(days=1))
        await self.plan(None)
        await self.post(None)
        await self.periods_follow_one_another()
        await self.every_take_is_in_one_digest()
        # The planner of the next life has nothing to do with this one.
        async with self.club.store.begin() as tx:
            await tx.session.execute(update(ChannelRow).values(discord_id=None))

    async def periods_follow_one_another(self) -> None:
        async with self.club.store.read() as tx:
            channel = await tx.session.scalar(
                select(ChannelRow).where(ChannelRow.discord_id == self.place.channel_id)
            )
            assert channel is not None
            rows = await tx.session.scalars(
                select(DigestRow)
                .where(DigestRow.channel_id == channel.id)
                .order_by(DigestRow.period_start)
            )
            spans = [(row.period_start, row.period_end) for row in rows]
        if spans and spans[-1][0] == channel.period_start:
            spans.pop()  # of the running one, which is skipped
        assert all(start < end for start, end in spans)
        starts = [start for start, _ in spans] + [channel.period_start]
        for (_, end), start in zip(spans, starts[1:], strict=True):
            assert end == start
        assert channel.period_start < channel.next_digest_at

    async def every_take_is_in_one_digest(self) -> None:
        digests = await self.club.services.digests.history(self.place, 100)
        posted = [digest for digest in digests if digest.has_text]
        numbers = [digest.number for digest in posted]
        assert numbers == list(range(len(posted), 0, -1))
        assert len({(digest.title, digest.day) for digest in posted}) == len(posted)
        texts = [
            (await self.club.services.digests.export(self.place, f"#{number}")).text
            for number in numbers
        ]
        for take in self.takes:
            assert sum(text.count(take) for text in texts) == 1, take


@pytest.fixture(scope="module")
def one_database(databases: Databases) -> str:
    """For all channels: each has its own."""
    return asyncio.run(databases.fresh())


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(STEP, max_size=14),
    st.datetimes(datetime(2026, 2, 20), datetime(2026, 11, 8)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
)
def test_no_take_is_in_two_digests_or_in_none(
    one_database: str, steps: list[tuple[str, object]], start: datetime
) -> None:
    async def live() -> None:
        store = Store(one_database)
        try:
            await Life(store, start).live(steps)
        finally:
            await store.close()

    asyncio.run(live())
