"""What cannot be made into a request: it alone is given up or held, told, and the rest goes on."""

from __future__ import annotations

import pytest

from bot.delivery import Reason
from bot.delivery.sender import Sender
from bot.isolation import RecordKind, failures
from bot.model.outbox import Draft, OutboxKind, OutboxState
from bot.sandbox import Fault
from tests.delivery.desk import Club
from tests.delivery.test_announcements import draw, owe, shown
from tests.poison import MARK, Poison, poisoned

MESSAGES = "/channels/{channel_id}/messages"


async def owe_text(club: Club, lane: str, text: str) -> None:
    async with club.store.begin() as tx:
        seq = await tx.outbox.next_seq(lane)
        where = club.sandbox.channel("papers").id
        draft = Draft(lane, seq, f"{lane}:bad", OutboxKind.ANNOUNCEMENT, text, target_id=where)
        await tx.outbox.put([draft])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"papers":[]}'])
async def test_an_announcement_that_says_nothing(club: Club, text: str) -> None:
    club.port.draw = draw
    lane = await owe(club, (1,))
    await owe_text(club, lane, text)
    await owe(club, (2,))
    before = failures.counts[RecordKind.DELIVERY]
    await club.settle()
    assert shown(club) == [["arxiv:1:list"], ["arxiv:2:list"]]
    assert await club.states(lane) == [OutboxState.SENT, OutboxState.CANCELLED, OutboxState.SENT]
    (notice,) = club.notices
    assert (notice.lane, notice.reason) == (lane, Reason.NOT_DRAWN)
    kept = (await club.rows(lane))[1]
    assert kept.draft.text == text
    assert "not drawn" in str(kept.error)
    assert failures.counts[RecordKind.DELIVERY] == before + 1


async def test_an_announcement_that_discord_does_not_take(club: Club) -> None:
    """The next ones do not wait for it."""
    club.port.draw = draw
    body = {"code": 50035, "message": "Invalid Form Body"}
    club.sandbox.faults.add(Fault("POST", MESSAGES, status=400, body=body))
    lane = await owe(club, (1,), (2,))
    await club.settle()
    assert shown(club) == [["arxiv:2:list"]]
    assert [notice.reason for notice in club.notices] == [Reason.NOT_DRAWN]
    assert await club.states(lane) == [OutboxState.CANCELLED, OutboxState.SENT]


async def test_a_take_that_cannot_be_drawn_is_left_as_it_is(club: Club) -> None:
    async def failing(_take_id: int) -> None:
        raise Poison(MARK)

    club.port.render_take = failing
    where = club.sandbox.channel("papers").id
    async with club.store.begin() as tx:
        await tx.outbox.append("take:1", OutboxKind.TAKE, "7", target_id=where, message_id=5)
    await club.settle()
    assert await club.states("take:1") == [OutboxState.CANCELLED]
    assert club.notices == []


async def test_a_digest_waits_for_its_message(club: Club) -> None:
    """Nothing of it is left out: it is tried again, and its managers know."""
    with poisoned("bot.delivery.requests.place_of"):
        lane = await club.plan(["one", MARK, "three"])
        other = await club.plan(["elsewhere"], channel="ml-papers")
        await club.settle(held=True)
    assert await club.states(lane) == [OutboxState.SENT] * 3 + [
        OutboxState.FAILED,
        OutboxState.PENDING,
    ]
    assert set(await club.states(other)) == {OutboxState.SENT}
    assert [notice.reason for notice in club.notices] == [Reason.NOT_DRAWN]
    club.clock.advance(hours=2)
    await club.settle()
    assert club.threads() == [["one", MARK, "three"]]


async def test_managers_that_cannot_be_told_hold_nothing_up(club: Club) -> None:
    async def failing(*_given: object) -> None:
        raise Poison(MARK)

    club.sender = Sender(club.store, club.port, club.clock, notify=failing, pace=club.pace)
    body = {"code": 50001, "message": "Missing Access"}
    club.sandbox.faults.add(Fault("POST", MESSAGES, status=403, body=body))
    lane = await club.plan(["one"])
    await club.settle(held=True)
    club.clock.advance(hours=2)
    await club.settle()
    assert set(await club.states(lane)) == {OutboxState.SENT}


async def test_one_suspect_of_several(club: Club) -> None:
    """Looking for the double of one row fails: those of others are looked for all the same."""
    lane, bad = await club.plan(["one"]), await club.plan([MARK], channel="ml-papers")
    await club.settle()
    for suspected in (bad, lane):
        row = (await club.rows(suspected))[-1]
        club.sender.desk.suspect(row)
    club.clock.advance(minutes=5)
    with poisoned("bot.delivery.sender.double"):
        await club.sender.drain()
    assert club.sender.desk.suspects == {}
    await club.plan(["three"])
    await club.settle()
    assert club.threads()[-1] == ["three"]
