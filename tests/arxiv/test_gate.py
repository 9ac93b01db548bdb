"""The gate: one request at a time, spaced, people first, nobody for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arxiv.backoff import Backoff
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable, GaveWay, Occupied
from bot.arxiv.gate import SHORT, Gate, Priority

from .fakeclock import FakeClock, settle

PERSON, POLLER = Priority.PERSON, Priority.POLLER


class Arxivish:
    """Stands for the network: notes when each request began and ended."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.began: list[tuple[str, float]] = []
        self.ended: list[tuple[str, float]] = []
        self.under_way = 0
        self.most = 0

    def request(
        self, name: str, seconds: float = 0.5, error: Exception | None = None
    ) -> Callable[[], Coroutine[Any, Any, str]]:
        async def run() -> str:
            self.began.append((name, self.clock.time()))
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            try:
                await self.clock.sleep(seconds)
                if error is not None:
                    raise error
                return name
            finally:
                self.under_way -= 1
                self.ended.append((name, self.clock.time()))

        return run

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.began]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def net(clock: FakeClock) -> Arxivish:
    return Arxivish(clock)


@pytest.fixture
async def gate(clock: FakeClock) -> AsyncIterator[Gate]:
    gate = Gate(3.0, clock=clock, chance=lambda: 0.5, patience=3, endurance=60)
    yield gate
    await gate.close()


def start(
    gate: Gate,
    request: Callable[[], Coroutine[Any, Any, str]],
    priority: Priority = PERSON,
    *,
    source: str = "a",
    timeout: float = 60,
    yielding: bool = False,
    attempts: int = 1,
    guild: int = 0,
) -> asyncio.Task[str]:
    return asyncio.create_task(
        gate.ask(
            request,
            source=source,
            priority=priority,
            timeout=timeout,
            yielding=yielding,
            attempts=attempts,
            guild=guild,
        )
    )


async def test_the_first_goes_at_once_and_the_next_after_the_interval(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    tasks = [start(gate, net.request(name)) for name in "abc"]
    await clock.advance(20)
    assert [await task for task in tasks] == ["a", "b", "c"]
    assert net.began == [("a", 0.0), ("b", 3.5), ("c", 7.0)]
    assert net.most == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 10),
            st.floats(0, 12),
            st.sampled_from([PERSON, POLLER]),
            st.booleans(),
            st.sampled_from(["", "", "fail", "cancel"]),
        ),
        max_size=12,
    )
)
def test_whatever_comes_and_goes_the_rule_is_kept(
    plan: list[tuple[float, float, Priority, bool, str]],
) -> None:
    """Never two at once, never less than the interval between two; everybody gets an answer."""

    async def play() -> None:
        clock = FakeClock()
        net = Arxivish(clock)
        gate = Gate(3.0, clock=clock, chance=lambda: 0.5, patience=3, endurance=9)
        tasks: list[asyncio.Task[str]] = []
        for wait, lasts, priority, yielding, fate in plan:
            error = ArxivUnavailable("x") if fate == "fail" else None
            request = net.request(f"{len(tasks)}", lasts, error)
            tasks.append(start(gate, request, priority, timeout=8, yielding=yielding))
            await clock.advance(wait)
            if fate == "cancel":
                tasks[-1].cancel()
        await clock.advance(2_000)
        assert all(task.done() for task in tasks)
        assert net.most <= 1
        for (_, ended), (_, began) in zip(net.ended, net.began[1:], strict=False):
            assert began - ended >= 3.0 - 1e-9
        results = await asyncio.gather(*tasks, return_exceptions=True)
        kinds = (str, ArxivUnavailable, GaveWay, asyncio.CancelledError)
        assert all(isinstance(result, kinds) for result in results)
        await gate.close()

    asyncio.run(play())


async def test_people_go_first(gate: Gate, clock: FakeClock, net: Arxivish) -> None:
    tasks = [start(gate, net.request("first"), POLLER)]
    await clock.advance(0.1)
    tasks.append(start(gate, net.request("poller"), POLLER))
    await settle()
    tasks.append(start(gate, net.request("person"), PERSON))
    await clock.advance(20)
    await asyncio.gather(*tasks)
    assert net.order == ["first", "person", "poller"]


async def test_servers_take_turns(gate: Gate, clock: FakeClock, net: Arxivish) -> None:
    """A flood of one server holds up another's people for the request that runs, and no more."""
    for number in range(30):
        start(gate, net.request(f"flood{number}"), guild=1)
    await clock.advance(0)
    for number in range(3):
        start(gate, net.request(f"second{number}"), guild=2)
    start(gate, net.request("third"), guild=3)
    await clock.advance(120)
    assert net.order[:8] == [
        "flood0", "second0", "third", "flood1", "second1", "flood2", "second2", "flood3",
    ]  # fmt: skip
    assert net.order[8:] == [f"flood{number}" for number in range(4, 30)]


async def test_the_poller_is_not_starved(gate: Gate, clock: FakeClock, net: Arxivish) -> None:
    people = [start(gate, net.request(f"person{number}")) for number in range(10)]
    poller = start(gate, net.request("poller"), POLLER)
    await clock.advance(100)
    await asyncio.gather(poller, *people)
    assert net.order.index("poller") == 3


class Club:
    """Members who ask now and then, and one long request that is asked again whenever dropped."""

    def __init__(self, gate: Gate, clock: FakeClock, net: Arxivish) -> None:
        self.gate, self.clock, self.net = gate, clock, net
        self.gave_way = 0
        self.waits: list[float] = []
        self.told: list[float] = []
        """Those of `waits` that ended with Occupied."""
        self.members: list[asyncio.Task[None]] = []

    async def catch_up(self, name: str, seconds: float) -> str:
        while True:
            try:
                return await start(
                    self.gate, self.net.request(name, seconds), POLLER,
                    source="oai", timeout=120, yielding=True,
                )  # fmt: skip
            except GaveWay:
                self.gave_way += 1

    async def member(self) -> None:
        asked = self.clock.time()
        try:
            await start(self.gate, self.net.request("person"))
        except Occupied:
            self.told.append(self.clock.time() - asked)
        self.waits.append(self.clock.time() - asked)

    def ask(self) -> None:
        self.members.append(asyncio.create_task(self.member()))


async def test_a_long_request_gives_way_and_is_let_through_in_the_end(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    club = Club(gate, clock, net)
    long = asyncio.create_task(club.catch_up("long", 90))
    while not long.done():
        await clock.advance(10)
        club.ask()
    assert await long == "long"
    over = clock.time()
    await clock.advance(10)
    await asyncio.gather(*club.members)
    # Dropped until a minute was over; then it took its 90 s, and nobody waited for those.
    assert club.gave_way == 5
    assert over <= 60 + 90 + 10
    assert max(club.waits) == 3.5
    assert len(club.told) >= 8
    assert max(club.told) == 0


async def test_few_people_never_make_a_long_request_guarded(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    """Time alone does not do it: somebody who comes once an hour is not told to come back."""
    club = Club(gate, clock, net)
    long = asyncio.create_task(club.catch_up("long", 90))
    for seconds in (80, 50):
        await clock.advance(seconds)
        club.ask()
    await clock.advance(100)
    assert await long == "long"
    assert club.told == []
    assert club.waits == [3.5, 3.5]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.5, 40), min_size=5, max_size=60),
    st.lists(st.floats(5, 100), min_size=1, max_size=4),
)
def test_nobody_waits_for_more_than_a_short_request(
    pauses: list[float], pages: list[float]
) -> None:
    """However members come: the interval, a short request, and those of people before them."""

    async def play() -> None:
        clock = FakeClock()
        net = Arxivish(clock)
        gate = Gate(3.0, clock=clock, chance=lambda: 0.5, patience=3, endurance=60)
        club = Club(gate, clock, net)

        async def harvest() -> None:
            for number, seconds in enumerate(pages):
                await club.catch_up(f"page{number}", seconds)

        harvesting = asyncio.create_task(harvest())
        turn = 0
        while not harvesting.done():
            await clock.advance(pauses[turn % len(pauses)])
            turn += 1
            before = len([task for task in club.members if not task.done()])
            asked = len(club.waits)
            club.ask()
            await clock.advance((before + 1) * 3.5 + 1e-6)
            assert len(club.waits) - asked == before + 1
            assert turn < 2_000
        await clock.advance(30)
        await asyncio.gather(*club.members)
        assert net.most == 1
        await gate.close()

    asyncio.run(play())


async def test_what_was_waited_in_vain_counts_over_short_requests_between(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    """A feed, or papers being completed, that get through are not the long one's turn."""
    club = Club(gate, clock, net)
    long = asyncio.create_task(club.catch_up("long", 90))
    for _ in range(12):
        await clock.advance(5)
        club.ask()
        await clock.advance(5)
        feed = start(gate, net.request("feed"), POLLER, source="feed")
    await clock.advance(120)
    assert await long == "long"
    assert await feed == "feed"
    assert [at for name, at in net.began if name == "long"][-1] <= 80


async def test_who_comes_while_a_short_request_hangs_is_told(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    relieved: list[float] = []
    gate.relieved = lambda: relieved.append(clock.time())
    feed = start(gate, net.request("feed", 60), POLLER, source="feed", timeout=99)
    club = Club(gate, clock, net)
    await clock.advance(1)
    club.ask()
    await clock.advance(9)
    club.ask()
    await clock.advance(60)
    assert await feed == "feed"
    assert club.told == [SHORT - 1, 0]
    assert relieved == [60.0]


async def test_a_guarded_request_tells_when_it_has_ended(clock: FakeClock, net: Arxivish) -> None:
    relieved: list[float] = []
    gate = Gate(
        3.0, clock=clock, patience=0, endurance=0, relieved=lambda: relieved.append(clock.time())
    )
    club = Club(gate, clock, net)
    for _ in range(2):
        long = asyncio.create_task(club.catch_up("long", 30))
        await clock.advance(10)
        if not relieved:
            club.ask()
        await clock.advance(30)
        assert await long == "long"
    assert club.told == [0]
    assert relieved == [30.0]
    await gate.close()


async def test_who_asks_of_a_held_source_makes_nobody_give_way_yet(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    gate.hold("query", 30)
    long = start(gate, net.request("long", 90), POLLER, source="oai", timeout=99, yielding=True)
    await clock.advance(1)
    person = start(gate, net.request("person"), source="query")
    await clock.advance(20)
    assert not long.done()
    await clock.advance(20)
    with pytest.raises(GaveWay):
        await long
    assert await person == "person"
    assert net.began[-1] == ("person", 30.0)


async def test_a_short_request_of_the_poller_is_not_dropped(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    poller = start(gate, net.request("poller", 2), POLLER)
    await clock.advance(1)
    person = start(gate, net.request("person"))
    await clock.advance(10)
    assert [await poller, await person] == ["poller", "person"]
    assert net.began == [("poller", 0.0), ("person", 5.0)]


async def test_who_is_cancelled_while_waiting_frees_the_place(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    first, second, third = (start(gate, net.request(name)) for name in "abc")
    await clock.advance(1)
    second.cancel()
    await clock.advance(10)
    assert [await first, await third] == ["a", "c"]
    assert net.began == [("a", 0.0), ("c", 3.5)]
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_who_is_cancelled_just_as_the_turn_comes_frees_the_place(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    """At every number of steps of the loop between asking and beginning."""
    for steps in range(8):
        task = start(gate, net.request("cancelled"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await clock.advance(10)
        after = start(gate, net.request("after"))
        await clock.advance(10)
        assert await after == "after"


async def test_a_cancelled_request_counts(gate: Gate, clock: FakeClock, net: Arxivish) -> None:
    running = start(gate, net.request("running", 50))
    await clock.advance(10)
    running.cancel()
    after = start(gate, net.request("after"))
    await clock.advance(10)
    assert await after == "after"
    assert net.began == [("running", 0.0), ("after", 13.0)]


async def test_a_request_that_cannot_be_stopped_keeps_its_place_until_it_ends(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    """As a thread does: its caller goes, its connection stays in use."""

    async def stubborn() -> str:
        task = asyncio.ensure_future(net.request("stubborn", 20)())
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                continue
        raise asyncio.CancelledError

    running = start(gate, stubborn)
    await clock.advance(5)
    running.cancel()
    after = start(gate, net.request("after"))
    await clock.advance(1)
    assert running.cancelled()
    await clock.advance(30)
    assert await after == "after"
    assert net.began == [("stubborn", 0.0), ("after", 23.0)]


async def test_a_request_has_its_time(gate: Gate, clock: FakeClock, net: Arxivish) -> None:
    slow = start(gate, net.request("slow", 50), timeout=8)
    await clock.advance(9)
    with pytest.raises(ArxivUnavailable, match="timeout"):
        await slow
    assert net.ended == [("slow", 8.0)]


async def test_retry_after_is_kept_for_its_source_only(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    busy = start(gate, net.request("busy", 1, ArxivUnavailable("status 503", 30.0)), source="q")
    await clock.advance(2)
    with pytest.raises(ArxivUnavailable):
        await busy
    assert gate.held("q") == 29.0
    same = start(gate, net.request("same"), source="q")
    other = start(gate, net.request("other"), source="oai")
    await clock.advance(60)
    assert [await same, await other] == ["same", "other"]
    assert net.began == [("busy", 0.0), ("other", 4.0), ("same", 31.0)]


async def test_backoff_doubles_with_full_jitter_and_ends(clock: FakeClock, net: Arxivish) -> None:
    backoff = Backoff(first=10, longest=35)
    gate = Gate(3.0, clock=clock, chance=lambda: 0.5, backoff=backoff)
    failing = net.request("x", 0, ArxivUnavailable("status 500"))
    task = start(gate, failing, attempts=5)
    await clock.advance(200)
    with pytest.raises(ArxivUnavailable):
        await task
    # Half of 10, 20, 35, 35.
    assert [at for _, at in net.began] == [0.0, 5.0, 15.0, 32.5, 50.0]
    good = start(gate, net.request("good"))
    await clock.advance(200)
    assert await good == "good"
    start(gate, failing)
    await clock.advance(5)
    assert gate.held("x") == 0
    assert gate.held("a") <= 5
    await gate.close()


async def test_an_absurd_retry_after_is_bounded(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    task = start(gate, net.request("x", 0, ArxivUnavailable("status 429", 1e9)))
    await clock.advance(1)
    assert gate.held("a") <= 3600
    with pytest.raises(ArxivUnavailable):
        await task


async def test_what_is_refused_is_not_asked_again(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    task = start(gate, net.request("x", 0, ArxivRefused("incorrect id format")), attempts=5)
    await clock.advance(100)
    with pytest.raises(ArxivRefused):
        await task
    assert net.order == ["x"]
    assert gate.held("a") == 0


async def test_closing_ends_what_runs_and_what_waits(
    gate: Gate, clock: FakeClock, net: Arxivish
) -> None:
    running, waiting = start(gate, net.request("a", 50)), start(gate, net.request("b"))
    await clock.advance(1)
    await gate.close()
    for task in (running, waiting):
        with pytest.raises(ArxivUnavailable, match="closed"):
            await task
    with pytest.raises(ArxivUnavailable, match="closed"):
        await start(gate, net.request("c"))
    assert net.ended == [("a", 1.0)]
