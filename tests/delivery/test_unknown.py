"""Requests whose outcome is not known: each message stands once, in order, with no gateway up."""

from __future__ import annotations

import pytest

from bot.model.digest import DigestState
from bot.model.outbox import OutboxState
from bot.sandbox import Fault
from tests.delivery.desk import TITLE, Club

MESSAGES = "/channels/{channel_id}/messages"
THREAD = "/channels/{channel_id}/messages/{message_id}/threads"
FORUM = "/channels/{channel_id}/threads"

TROUBLE = {
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "504": {"status": 504},
    "500 after": {"status": 500, "after_effect": True},
    "502 after": {"status": 502, "after_effect": True},
    "503 after": {"status": 503, "after_effect": True},
    "504 after": {"status": 504, "after_effect": True},
    "429": {"status": 429, "retry_after": 0.2},
    "429 long": {"status": 429, "retry_after": 90.0},
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
    "no answer": {"hang": True},
    "no answer after": {"hang": True, "after_effect": True},
}


async def complete(club: Club, lane: str, texts: list[str], *, forum: bool) -> None:
    (thread,) = club.sandbox.channel("reading-room" if forum else "papers").threads
    assert thread.name == TITLE
    if forum:
        assert club.posted(thread.id) == ["the list\n\nof papers", *texts]
    else:
        assert club.posted("papers") == [f"**{TITLE}**\nthe list"]
        assert club.posted(thread.id) == texts
    assert set(await club.states(lane)) == {OutboxState.SENT}
    digest = await club.digest(lane)
    assert digest.state is DigestState.POSTED
    assert digest.thread_id == thread.id


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize(
    ("route", "skip"), [(MESSAGES, 0), (MESSAGES, 1), (MESSAGES, 3), (THREAD, 0)]
)
async def test_in_a_text_channel(club: Club, trouble: str, route: str, skip: int) -> None:
    texts = ["one", "two", "three"]
    fault = Fault("POST", route, skip=skip, **TROUBLE[trouble])  # type: ignore[arg-type]
    club.sandbox.faults.add(fault)
    lane = await club.plan(texts)
    await club.settle()
    assert fault.hits == 1
    await complete(club, lane, texts, forum=False)


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize(("route", "skip"), [(FORUM, 0), (MESSAGES, 0), (MESSAGES, 1)])
async def test_in_a_forum(club: Club, trouble: str, route: str, skip: int) -> None:
    texts = ["one", "two"]
    fault = Fault("POST", route, skip=skip, **TROUBLE[trouble])  # type: ignore[arg-type]
    club.sandbox.faults.add(fault)
    lane = await club.plan(texts, forum=True)
    await club.settle()
    assert fault.hits == 1
    await complete(club, lane, texts, forum=True)


@pytest.mark.parametrize("trouble", ["502 after", "dropped after", "dropped before"])
async def test_again_and_again(club: Club, trouble: str) -> None:
    """Every request for a message fails four times in a row, and history is away for a while."""
    texts = ["one", "two"]
    club.sandbox.faults.add(Fault("POST", "*", times=4, **TROUBLE[trouble]))  # type: ignore[arg-type]
    club.sandbox.faults.add(Fault("GET", MESSAGES, times=3, drop="before"))
    lane = await club.plan(texts)
    await club.settle()
    await complete(club, lane, texts, forum=False)


async def test_same_texts_in_one_lane_are_told_apart(club: Club) -> None:
    texts = ["same", "same", "other", "same"]
    for skip in (2, 1, 1):
        fault = Fault("POST", MESSAGES, skip=skip, drop="after")
        club.sandbox.faults.add(fault)
    lane = await club.plan(texts)
    await club.settle()
    await complete(club, lane, texts, forum=False)
    ids = [row.message_id for row in await club.rows(lane)]
    assert len(set(ids)) == len(ids) - 1  # the thread has its starter's id


async def test_discord_tidies_up_spaces(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=1, drop="after"))
    await club.plan(["  one \n", "two"])
    await club.settle()
    (thread,) = club.threads()
    assert [text.strip() for text in thread] == ["one", "two"]


async def test_a_forgotten_nonce_does_not_matter(club: Club) -> None:
    """History settles it also when Discord has forgotten the nonce for long."""
    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=2, drop="after"))
    club.sandbox.faults.add(Fault("GET", MESSAGES, times=1, status=502))
    lane = await club.plan(["one", "two", "three"])
    await club.sender.drain()
    club.clock.advance(hours=20)
    await club.settle()
    await complete(club, lane, ["one", "two", "three"], forum=False)


async def test_deleted_before_it_was_settled_counts_as_posted(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=2, drop="after"))
    lane = await club.plan(["one", "two", "three"])
    await club.sender.drain()
    (thread,) = club.sandbox.channel("papers").threads
    assert club.posted(thread.id) == ["one", "two"]
    club.sandbox.admin.delete_message(thread.messages[-1])
    await club.settle()
    assert club.posted(thread.id) == ["one", "three"]
    assert set(await club.states(lane)) == {OutboxState.SENT}


async def test_without_the_right_to_read_history_nothing_is_sent_twice(club: Club) -> None:
    from bot.sandbox import Permission

    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=2, drop="after"))
    lane = await club.plan(["one", "two", "three"])
    await club.sender.drain()
    club.sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.READ_MESSAGE_HISTORY)
    club.clock.advance(minutes=10)
    await club.sender.drain()
    assert (await club.states(lane))[3:] == [OutboxState.FAILED, OutboxState.PENDING]
    assert [notice.reason for notice in club.notices] == ["delivery.forbidden"]
    club.sandbox.admin.clear_overwrites("papers")
    await club.sender.revive(club.sandbox.channel("papers").id)
    await club.settle()
    await complete(club, lane, ["one", "two", "three"], forum=False)


async def test_connection_refused_is_tried_again_blindly(club: Club) -> None:
    """What failed before it was sent needs no look."""
    await club.sandbox.stop()
    lane = await club.plan(["one"])
    await club.sender.drain()
    assert (await club.states(lane))[0] is OutboxState.PENDING
    assert all(row.tried_at is None for row in await club.rows(lane))
