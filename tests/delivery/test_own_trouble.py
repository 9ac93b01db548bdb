"""What goes wrong on our side: the database refuses, the clock jumps, the program is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.model.outbox import OutboxKind, OutboxState
from bot.sandbox import Fault
from bot.store import Store, Transaction
from tests.clock import Clock
from tests.delivery.desk import TITLE, Club

MESSAGES = "/channels/{channel_id}/messages"
TEXTS = ["one", "two", "three"]


class FullStore(Store):
    """A store that refuses some of its transactions, as on a full disk."""

    def __init__(self, url: str, *refused: int) -> None:
        super().__init__(url)
        self.refused = set(refused)
        self.count = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        self.count += 1
        async with super().begin() as tx:
            yield tx
            if self.count in self.refused:
                raise OSError("no space left on device")


@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
async def test_a_refused_write_at_every_step(club: Club, database_url: str, forum: bool) -> None:
    place = "reading-room" if forum else "papers"
    for at in range(1, 7):
        await club.plan(["one"], forum=forum)
        store = FullStore(database_url, at, at + 1)
        club.sender = club.another(store=store)
        while await owed(club):
            await club.sender.drain()
            await asyncio.sleep(club.pace.trouble / 2)
            club.clock.advance(seconds=5)
        club.clock.advance(minutes=1)
        await club.settle()
        await store.close()
        threads = club.sandbox.channel(place).threads
        assert len(threads) == at
        opening = ["the list\n\nof papers"] if forum else []
        assert club.posted(threads[-1].id) == [*opening, "one"], f"refused at transaction {at}"
    if not forum:
        assert club.posted("papers") == [f"**{TITLE}**\nthe list"] * at


async def owed(club: Club) -> int:
    async with club.store.read() as tx:
        return await tx.outbox.open_rows()


async def test_the_clock_is_set_back(club: Club) -> None:
    """What was to wait for a moment of the wrong clock does not wait for it."""
    club.sandbox.faults.add(Fault("POST", MESSAGES, status=429, retry_after=3600))
    await club.plan(TEXTS)
    await club.sender.drain()
    club.clock.advance(days=-2)
    await club.sender.drain()
    assert club.threads() == [TEXTS]


@pytest.mark.parametrize("hours", [-30, -2, 2, 30])
async def test_the_clock_was_wrong_when_it_was_sent(club: Club, hours: int) -> None:
    """Ours, not Discord's: the message is found all the same, its nonce being forgotten."""
    club.sandbox.faults.add(Fault("POST", MESSAGES, drop="after"))
    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=1, drop="after"))
    await club.plan(TEXTS)
    wrong = with_its_own_clock(club, hours)
    for _ in range(8):
        await wrong.sender.drain()
        # Discord forgets nonces after five minutes.
        club.clock.advance(minutes=6)
        wrong.clock.advance(minutes=6)
    assert len(club.posted("papers")) == 1
    assert club.threads() == [TEXTS]


def with_its_own_clock(club: Club, hours: int) -> Club:
    """The same club with a clock of its own."""
    other = Club(club.sandbox, club.port, club.store, Clock(club.clock()), club.pace)
    other.clock.advance(hours=hours)
    return other


async def test_a_stop_lets_the_request_under_way_finish(club: Club) -> None:
    slow = Fault("POST", MESSAGES, skip=1, delay=0.3)
    club.sandbox.faults.add(slow)
    lane = await club.plan(TEXTS)
    running = asyncio.create_task(club.sender.run())
    while not slow.hits:
        await asyncio.sleep(0.01)
    await club.sender.stop()
    await running
    assert await club.states(lane) == [OutboxState.SENT] * 3 + [OutboxState.PENDING] * 2
    club.sender = club.another()
    await club.settle()
    assert club.threads() == [TEXTS]


async def test_a_running_sender_is_woken(club: Club) -> None:
    running = asyncio.create_task(club.sender.run())
    await asyncio.sleep(0)
    await club.plan(TEXTS)
    club.sender.wake()
    async with asyncio.timeout(10):
        while await owed(club):
            await asyncio.sleep(0.01)
    assert club.threads() == [TEXTS]
    await club.sender.drain()
    await club.sender.stop()
    await running


async def test_short_lanes_finish_before_a_long_one(club: Club) -> None:
    """Lanes take turns, also with room for one request at a time."""
    club.sender = club.another(pace=replace(club.pace, requests=1))
    await club.plan([f"long {number}" for number in range(40)])
    for number in range(5):
        await club.plan([f"short {number}"], channel="ml-papers")
    await club.sender.drain()
    (long,) = club.sandbox.channel("papers").threads
    middle = long.messages[15].id
    shorts = club.sandbox.channel("ml-papers").threads
    assert len(shorts) == 5
    assert all(thread.messages[-1].id < middle for thread in shorts)
    assert len(club.posted(long.id)) == 40


async def test_more_lanes_than_are_worked_on_at_once(club: Club) -> None:
    club.sender = club.another(pace=replace(club.pace, lanes=3))
    where = club.sandbox.channel("ml-papers").id
    for number in range(10):
        for _ in range(2):
            await club.put(f"lane {number}", OutboxKind.MESSAGE, f"{number}", target_id=where)
    await club.sender.drain()
    assert sorted(club.posted("ml-papers")) == sorted([f"{number}" for number in range(10)] * 2)
