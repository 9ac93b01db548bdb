"""Killed before and after each transaction, and started again: nothing lost, double or astray."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import reconcile
from bot.delivery.context import Desk
from bot.model.digest import DigestState
from bot.model.outbox import Home, OutboxState, Row
from bot.sandbox import Fault
from tests.delivery.desk import TITLE, Club
from tests.delivery.mortal import MortalStore

TEXTS = ["one", "two", "two", "three"]


async def die_and_go_on(club: Club, database_url: str, at: int, *, after: bool) -> bool:
    """A process that dies at its transaction `at`, then another. True if the first one lived."""
    store = MortalStore(database_url, at, after=after)
    sender = club.another(store=store)
    lived = await store.outlive(asyncio.create_task(sender.drain()))
    await store.close()
    club.sender = club.another()
    await club.settle()
    return lived


@pytest.mark.parametrize("after", [False, True], ids=["before commit", "after commit"])
@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
async def test_at_every_transaction(
    club: Club, database_url: str, after: bool, forum: bool
) -> None:
    channel = "reading-room" if forum else "papers"
    at, lived = 0, False
    while not lived:
        at += 1
        lane = await club.plan(TEXTS, forum=forum)
        lived = await die_and_go_on(club, database_url, at, after=after)
        threads = club.sandbox.channel(channel).threads
        assert len(threads) == at, f"after dying at transaction {at}"
        opening = ["the list\n\nof papers"] if forum else []
        assert club.posted(threads[-1].id) == [*opening, *TEXTS], f"transaction {at}"
        assert set(await club.states(lane)) == {OutboxState.SENT}
        digest = await club.digest(lane)
        assert digest.state is DigestState.POSTED
        assert digest.thread_id == threads[-1].id
    if not forum:
        assert club.posted("papers") == [f"**{TITLE}**\nthe list"] * at
    # Two transactions a row: claimed, sent.
    assert at > 2 * len(TEXTS)


async def test_killed_while_nonces_are_forgotten(club: Club, database_url: str) -> None:
    """Days later, only what stands at Discord can tell."""
    for at in range(1, 12):
        await club.plan(TEXTS)
        store = MortalStore(database_url, at, after=False)
        await store.outlive(asyncio.create_task(club.another(store=store).drain()))
        await store.close()
        club.clock.advance(days=2)
        await club.settle()
    assert club.threads() == [TEXTS] * 11


async def test_killed_twice(club: Club, database_url: str) -> None:
    count = 0
    for first in range(1, 12, 3):
        for second in range(1, 6):
            await club.plan(TEXTS)
            store = MortalStore(database_url, first, after=False)
            await store.outlive(asyncio.create_task(club.another(store=store).drain()))
            await store.close()
            club.clock.advance(minutes=1)
            await die_and_go_on(club, database_url, second, after=False)
            count += 1
    assert club.threads() == [TEXTS] * count


async def nothing_found(_desk: Desk, _row: Row, _home: Home) -> int | None:
    return None


@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
async def test_these_tests_can_fail(
    club: Club, monkeypatch: pytest.MonkeyPatch, forum: bool
) -> None:
    """With settling switched off, and the nonce forgotten, a message or a post is made twice."""
    monkeypatch.setattr(reconcile, "look", nothing_found)
    route = "/channels/{channel_id}/threads" if forum else "/channels/{channel_id}/messages"
    club.sandbox.faults.add(Fault("POST", route, drop="after"))
    await club.plan(["one"], forum=forum)
    await club.sender.drain()
    club.clock.advance(hours=1)
    club.sender.desk.suspects.clear()
    await club.settle()
    if forum:
        assert len(club.sandbox.channel("reading-room").threads) == 2
    else:
        assert len(club.posted("papers")) == 2
