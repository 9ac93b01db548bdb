"""Nothing goes wrong: every message once, in order, and the digest knows where it stands."""

from __future__ import annotations

from bot.model.digest import DigestState
from bot.model.outbox import OutboxState
from tests.delivery.desk import TITLE, Club


async def test_a_digest_becomes_a_starter_and_a_thread(club: Club) -> None:
    lane = await club.plan(["one", "two", "three"])
    await club.sender.drain()
    assert club.posted("papers") == [f"**{TITLE}**\nthe list"]
    (thread,) = club.sandbox.channel("papers").threads
    assert thread.name == TITLE
    assert club.posted(thread.id) == ["one", "two", "three"]
    digest = await club.digest(lane)
    assert digest.state is DigestState.POSTED
    assert digest.posted_at == club.clock()
    assert digest.thread_id == thread.id == digest.message_id
    assert set(await club.states(lane)) == {OutboxState.SENT}


async def test_a_digest_in_a_forum_is_one_post(club: Club) -> None:
    lane = await club.plan(["one", "two"], forum=True)
    await club.sender.drain()
    (thread,) = club.sandbox.channel("reading-room").threads
    assert thread.name == TITLE
    assert club.posted(thread.id) == ["the list\n\nof papers", "one", "two"]
    digest = await club.digest(lane)
    assert digest.state is DigestState.POSTED
    assert digest.thread_id == thread.id


async def test_nobody_is_pinged_and_no_link_unfolds(club: Club) -> None:
    await club.plan(["@everyone <@1> https://arxiv.org/abs/2007.10909"])
    await club.sender.drain()
    (thread,) = club.sandbox.channel("papers").threads
    post = thread.messages[-1]
    assert not post.pings.everyone
    assert not post.pings.users
    assert post.flags & 4
    assert post.nonce
