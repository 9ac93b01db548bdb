"""What Discord makes impossible: lanes are held or ended, managers told once, the rest goes on."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import Unauthorised
from bot.model.digest import DigestState
from bot.model.outbox import OutboxKind, OutboxState
from bot.sandbox import Fault, Permission
from tests.delivery.desk import TITLE, Club

MESSAGES = "/channels/{channel_id}/messages"
THREAD = "/channels/{channel_id}/messages/{message_id}/threads"
UNAUTHORISED = {"message": "401: Unauthorized", "code": 0}
TEXTS = ["one", "two", "three"]


async def stopped_after(club: Club, count: int, *, forum: bool = False) -> str:
    """A digest of which so many messages are in its thread, and the next one must wait."""
    skip = count if forum else count + 1
    fault = Fault("POST", MESSAGES, skip=skip, status=429, retry_after=60)
    club.sandbox.faults.add(fault)
    lane = await club.plan(TEXTS, forum=forum)
    await club.sender.drain()
    club.clock.advance(minutes=2)
    return lane


def requests(club: Club) -> int:
    return len([request for request in club.sandbox.requests if request.method == "POST"])


async def test_permission_withdrawn_in_the_middle(club: Club) -> None:
    lane = await stopped_after(club, 1)
    sandbox = club.sandbox
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES_IN_THREADS)
    other = await club.plan(["elsewhere"], channel="ml-papers")
    await club.settle(held=True)
    assert await club.states(lane) == [OutboxState.SENT] * 3 + [
        OutboxState.FAILED,
        OutboxState.PENDING,
    ]
    assert set(await club.states(other)) == {OutboxState.SENT}
    (notice,) = club.notices
    assert notice.reason == "delivery.forbidden"
    assert notice.channel_id == sandbox.channel("papers").id
    assert notice.lane == lane

    # It is not asked for again and again: six more times in two days, and nobody is told again.
    before = requests(club)
    for _ in range(2 * 24 * 4):
        club.clock.advance(minutes=15)
        await club.sender.drain()
    assert 4 <= requests(club) - before <= 14
    assert len(club.notices) == 1

    sandbox.admin.clear_overwrites("papers")
    assert await club.sender.revive(sandbox.channel("papers").id) == 1
    await club.settle()
    assert club.threads() == [TEXTS]
    assert (await club.digest(lane)).state is DigestState.POSTED


async def test_permission_that_comes_back_is_found_by_time(club: Club) -> None:
    club.sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES)
    lane = await club.plan(TEXTS)
    await club.sender.drain()
    assert (await club.states(lane))[0] is OutboxState.FAILED
    club.sandbox.admin.clear_overwrites("papers")
    club.clock.advance(minutes=16)
    await club.sender.drain()
    assert club.threads() == [TEXTS]
    assert len(club.notices) == 1


async def test_revival_minds_a_storm_of_events(club: Club) -> None:
    club.sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES)
    await club.plan(TEXTS)
    await club.sender.drain()
    before = requests(club)
    for _ in range(100):
        await club.sender.revive(club.sandbox.channel("papers").id)
        await club.sender.drain()
    assert requests(club) == before


async def test_a_deleted_channel(club: Club) -> None:
    lane = await stopped_after(club, 1)
    club.sandbox.admin.delete_channel("papers")
    await club.settle(held=True)
    assert [notice.reason for notice in club.notices] == ["delivery.channel_gone"]
    assert (await club.states(lane))[3] is OutboxState.FAILED
    for _ in range(16 * 4):
        club.clock.advance(hours=6)
        await club.sender.drain()
    assert (await club.states(lane))[3:] == [OutboxState.CANCELLED] * 2
    assert len(club.notices) == 1


@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
async def test_a_deleted_thread_is_not_replaced(club: Club, forum: bool) -> None:
    lane = await stopped_after(club, 1, forum=forum)
    place = "reading-room" if forum else "papers"
    (thread,) = club.sandbox.channel(place).threads
    club.sandbox.admin.delete_channel(thread.id)
    await club.settle()
    assert club.sandbox.channel(place).threads == []
    assert [notice.reason for notice in club.notices] == ["delivery.thread_gone"]
    assert (await club.states(lane))[-2:] == [OutboxState.CANCELLED] * 2


async def test_a_starter_deleted_before_its_thread_was_made(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", THREAD, status=429, retry_after=60))
    lane = await club.plan(TEXTS)
    await club.sender.drain()
    (post,) = club.sandbox.channel("papers").messages
    club.sandbox.admin.delete_message(post)
    await club.settle()
    (thread,) = club.sandbox.channel("papers").threads
    assert thread.name == TITLE
    assert club.posted(thread.id) == TEXTS
    assert (await club.digest(lane)).thread_id == thread.id
    assert club.notices == []


@pytest.mark.parametrize("trouble", ["before", "after"])
async def test_a_thread_without_a_starter_is_made_once(club: Club, trouble: str) -> None:
    club.sandbox.faults.add(Fault("POST", THREAD, status=429, retry_after=60))
    await club.plan(TEXTS)
    await club.sender.drain()
    (post,) = club.sandbox.channel("papers").messages
    club.sandbox.admin.delete_message(post)
    club.sandbox.faults.add(Fault("POST", "/channels/{channel_id}/threads", drop=trouble))  # type: ignore[arg-type]
    await club.settle()
    assert club.threads() == [TEXTS]


async def test_a_starter_deleted_afterwards(club: Club) -> None:
    await stopped_after(club, 1)
    post = club.sandbox.channel("papers").messages[0]
    club.sandbox.admin.delete_message(post)
    await club.settle()
    assert club.threads() == [TEXTS]


async def test_a_member_was_quicker_to_make_the_thread(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", THREAD, status=429, retry_after=60))
    lane = await club.plan(TEXTS)
    await club.sender.drain()
    ada = club.sandbox.person("Ada")
    (post,) = club.sandbox.channel("papers").messages
    thread = await ada.open_thread("Nice", on=post)
    await club.settle()
    assert club.posted(thread.id) == TEXTS
    assert (await club.digest(lane)).thread_id == thread.id


async def test_an_archived_thread_is_reopened(club: Club) -> None:
    await stopped_after(club, 1)
    (thread,) = club.sandbox.channel("papers").threads
    club.sandbox.admin.archive(thread.id)
    await club.settle()
    assert club.threads() == [TEXTS]


async def test_a_locked_thread_holds_its_lane(club: Club) -> None:
    lane = await stopped_after(club, 1)
    (thread,) = club.sandbox.channel("papers").threads
    club.sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.MANAGE_THREADS)
    club.sandbox.admin.lock(thread.id)
    club.sandbox.admin.archive(thread.id)
    await club.settle(held=True)
    assert [notice.reason for notice in club.notices] == ["delivery.thread_locked"]
    club.sandbox.admin.lock(thread.id, False)
    club.clock.advance(minutes=1)
    await club.sender.revive(club.sandbox.channel("papers").id)
    await club.settle()
    assert club.threads() == [TEXTS]
    assert (await club.digest(lane)).state is DigestState.POSTED


async def test_a_row_that_discord_never_takes_holds_up_its_own_lane_only(club: Club) -> None:
    lane = await club.plan(["one", "x" * 2001, "three"])
    other = await club.plan(["fine"], channel="ml-papers")
    await club.settle(held=True)
    assert (await club.states(lane))[2:] == [
        OutboxState.SENT,
        OutboxState.FAILED,
        OutboxState.PENDING,
    ]
    assert [notice.reason for notice in club.notices] == ["delivery.refused"]
    assert set(await club.states(other)) == {OutboxState.SENT}


async def test_a_bad_token_stops_everything(club: Club) -> None:
    club.sandbox.faults.add(Fault("*", "*", times=None, status=401, body=UNAUTHORISED))
    lane = await club.plan(TEXTS)
    others = [await club.plan(TEXTS, channel="ml-papers") for _ in range(20)]
    with pytest.raises(Unauthorised):
        await club.sender.run()
    assert len(club.sandbox.requests) <= club.pace.requests + 2
    club.sandbox.faults.clear()
    club.clock.advance(minutes=1)
    club.sender = club.another()
    await club.settle()
    assert club.threads() == [TEXTS]
    assert {state for one in (lane, *others) for state in await club.states(one)} == {
        OutboxState.SENT
    }
    assert club.notices == []


@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
async def test_401_in_the_middle(club: Club, forum: bool) -> None:
    """Discord takes the token at the next login: all goes on, nothing is failed or told."""
    for skip in range(4):
        fault = Fault("POST", "*", skip=skip, status=401, body=UNAUTHORISED)
        club.sandbox.faults.add(fault)
        lane = await club.plan(TEXTS, forum=forum)
        await club.settle()
        assert fault.hits == 1
        opening = ["the list\n\nof papers"] if forum else []
        assert club.threads("reading-room" if forum else "papers")[-1] == [*opening, *TEXTS]
        assert set(await club.states(lane)) == {OutboxState.SENT}
    assert club.notices == []


async def test_a_login_that_cannot_be_asked_for_is_waited_out(club: Club) -> None:
    """After a 401 a proxy answers for the login: that says nothing of the token."""
    club.sandbox.faults.add(Fault("POST", "*", status=401, body=UNAUTHORISED))
    club.sandbox.faults.add(Fault("GET", "/users/@me", times=2, status=401, garbled="page"))
    club.sandbox.faults.add(Fault("GET", "/users/@me", times=1, garbled="object"))
    lane = await club.plan(TEXTS)
    running = asyncio.create_task(club.sender.run())
    async with asyncio.timeout(20):
        while set(await club.states(lane)) != {OutboxState.SENT}:
            await asyncio.sleep(0.02)
            club.clock.advance(seconds=1)
    await club.sender.stop()
    await running
    assert club.threads() == [TEXTS]


async def test_a_long_wait_frees_the_others(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", MESSAGES, status=429, retry_after=3600))
    first = await club.plan(["late"])
    second = await club.plan(["early"], channel="ml-papers")
    await club.sender.drain()
    states = [await club.states(lane) for lane in (first, second)]
    assert sorted(states[0] + states[1]) == [OutboxState.PENDING] * 3 + [OutboxState.SENT] * 3
    club.clock.advance(minutes=61)
    await club.sender.drain()
    assert club.threads("papers") + club.threads("ml-papers") == [["late"], ["early"]]


async def test_a_proxy_refuses(club: Club) -> None:
    """A 403 that is not Discord's own has no code: it is looked again soon, and nobody is told."""
    club.sandbox.faults.add(Fault("POST", MESSAGES, times=1, status=403))
    lane = await club.plan(TEXTS)
    await club.sender.drain()
    assert (await club.states(lane))[0] is OutboxState.SENDING
    club.clock.advance(seconds=2)
    await club.sender.drain()
    assert club.threads() == [TEXTS]
    assert club.notices == []


async def test_edits_and_deletions(club: Club) -> None:
    lane = await club.plan(TEXTS)
    await club.settle()
    (thread,) = club.sandbox.channel("papers").threads
    one, two, three = (row.message_id for row in (await club.rows(lane))[2:])
    for trouble in ({"drop": "after"}, {"status": 502}):
        club.sandbox.faults.add(Fault("PATCH", "*", **trouble))
        club.sandbox.faults.add(Fault("DELETE", "*", **trouble))
    await club.put("later", OutboxKind.EDIT, "one!", target_id=thread.id, message_id=one)
    await club.put("later", OutboxKind.DELETE, target_id=thread.id, message_id=two)
    await club.put("later", OutboxKind.EDIT, "two!", target_id=thread.id, message_id=two)
    await club.put("later", OutboxKind.DELETE, target_id=thread.id, message_id=two)
    await club.put("later", OutboxKind.CARD, target_id=thread.id, message_id=three)
    club.sandbox.admin.archive(thread.id)
    await club.settle()
    assert club.posted(thread.id) == ["one!", "three"]
    assert await club.states("later") == [
        OutboxState.SENT,
        OutboxState.SENT,
        OutboxState.CANCELLED,
        OutboxState.SENT,
        OutboxState.CANCELLED,
    ]
    assert club.notices == []


async def test_too_many_edits_of_old_messages(club: Club) -> None:
    await club.put("later", OutboxKind.MESSAGE, "old", target_id=club.sandbox.channel("papers").id)
    await club.settle()
    (row,) = await club.rows("later")
    body = {"message": "Maximum number of edits to messages older than 1 hour", "code": 30046}
    club.sandbox.faults.add(Fault("PATCH", "*", status=400, body=body))
    where = {"target_id": row.draft.target_id, "message_id": row.message_id}
    await club.put("later", OutboxKind.EDIT, "new", **where)
    await club.sender.drain()
    assert club.posted("papers") == ["old"]
    club.clock.advance(minutes=6)
    await club.sender.drain()
    assert club.posted("papers") == ["new"]
