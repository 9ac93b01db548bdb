"""Several processes on one database, one of them frozen; and the gateway's echoes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import discord
import pytest

from bot.chat.transport import DiscordPort
from bot.delivery import Sender
from bot.delivery.port import Before, Made
from bot.model.outbox import OutboxState
from bot.sandbox import Fault, Sandbox
from tests.delivery.desk import Club, nothing

MESSAGES = "/channels/{channel_id}/messages"
TEXTS = ["one", "two", "three"]


class FreezingPort(DiscordPort):
    """Of a process that is frozen in the instant between its mark and its request."""

    def __init__(self, at: int) -> None:
        # So long that it does not end the request, as it would in a process that only stood still
        # while it waited.
        super().__init__(nothing, timeout=30.0)
        self.left = at
        self.frozen = asyncio.Event()
        self.thawed = asyncio.Event()

    def _freezing(self, before: Before) -> Before:
        async def mark() -> bool:
            mine = await before()
            self.left -= 1
            if mine and self.left == 0:
                self.frozen.set()
                await self.thawed.wait()
            return mine

        return mark

    async def post(
        self, channel_id: int, text: str, nonce: str, before: Before, *, digest: int | None = None
    ) -> Made:
        return await super().post(channel_id, text, nonce, self._freezing(before), digest=digest)

    async def forum_post(
        self,
        forum_id: int,
        title: str,
        text: str,
        tags: Sequence[str],
        before: Before,
        *,
        digest: int | None = None,
    ) -> Made:
        before = self._freezing(before)
        return await super().forum_post(forum_id, title, text, tags, before, digest=digest)


@pytest.fixture
async def other_client(sandbox: Sandbox, client: discord.Client) -> AsyncIterator[discord.Client]:
    """Another process's, with rate limits of its own."""
    async with discord.Client(intents=discord.Intents.default()) as made:
        await made.login(sandbox.token)
        yield made


async def test_a_living_process_is_left_alone(club: Club) -> None:
    """Its row is not touched before its lease is over."""
    club.sandbox.faults.add(Fault("POST", MESSAGES, skip=1, drop="after"))
    lane = await club.plan(TEXTS)
    await club.sender.drain()
    other = club.another()
    club.clock.advance(seconds=30)
    await other.drain()
    assert (await club.states(lane))[2:] == [
        OutboxState.SENDING,
        OutboxState.PENDING,
        OutboxState.PENDING,
    ]
    club.clock.advance(seconds=30)
    await other.drain()
    assert set(await club.states(lane)) == {OutboxState.SENT}
    assert club.threads() == [TEXTS]


async def test_two_processes_send_everything_once(club: Club) -> None:
    for _ in range(6):
        await club.plan(TEXTS)
    await asyncio.gather(*(club.another().drain() for _ in range(3)))
    await club.settle()
    assert club.threads() == [TEXTS] * 6
    assert len(club.posted("papers")) == 6


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "not answered"])
@pytest.mark.parametrize("forum", [False, True], ids=["text", "forum"])
@pytest.mark.parametrize("minutes", [2, 60])
async def test_frozen_between_mark_and_request(
    club: Club, other_client: discord.Client, forum: bool, minutes: int, answered: bool
) -> None:
    """The worst moment: let go after minutes, or after the nonce is forgotten."""
    lane = await club.plan(TEXTS, forum=forum)
    port = FreezingPort(at=1 if forum else 2)
    port.connect(other_client)
    frozen = Sender(club.store, port, club.clock, pace=club.pace)
    work = asyncio.create_task(frozen.drain())
    await port.frozen.wait()
    club.clock.advance(minutes=minutes)
    await club.settle()
    assert set(await club.states(lane)) == {OutboxState.SENT}
    club.clock.advance(minutes=minutes)
    if not answered:
        club.sandbox.faults.add(Fault("POST", "*", drop="after"))
    port.thawed.set()
    await work
    club.clock.advance(minutes=1)
    await frozen.drain()
    await port.requests.close()
    removed = [request for request in club.sandbox.requests if request.method == "DELETE"]
    assert len(removed) == (1 if forum or minutes == 60 else 0), "the double was made, and deleted"
    opening = ["the list\n\nof papers"] if forum else []
    place = "reading-room" if forum else "papers"
    assert club.threads(place) == [[*opening, *TEXTS]]


async def test_an_echo_settles_at_once(club: Club, client: discord.Client) -> None:
    """With the gateway up, a message whose request hangs is known to stand."""
    ready = asyncio.Event()
    echoes: list[str] = []

    @client.event
    async def on_ready() -> None:
        ready.set()

    @client.event
    async def on_message(message: discord.Message) -> None:
        if message.nonce and client.user and message.author.id == client.user.id:
            echoes.append(str(message.nonce))
            await club.sender.echo(str(message.nonce), message.id)

    gateway = asyncio.create_task(client.connect())
    await asyncio.wait_for(ready.wait(), 10)
    hanging = Fault("POST", MESSAGES, times=None, hang=True, after_effect=True)
    club.sandbox.faults.add(hanging)
    before = len(club.sandbox.requests)
    await club.plan(TEXTS)
    await club.sender.drain()
    assert club.threads() == [TEXTS]
    assert len(echoes) == 4
    asked = {request.method for request in list(club.sandbox.requests)[before:]}
    assert asked == {"POST"}, "nothing had to be looked for"
    await client.close()
    await gateway


async def test_a_thread_echo_settles_a_post_that_was_deleted(club: Club) -> None:
    club.sandbox.faults.add(Fault("POST", "/channels/{channel_id}/threads", drop="after"))
    await club.plan(TEXTS, forum=True)
    await club.sender.drain()
    forum = club.sandbox.channel("reading-room")
    (thread,) = forum.threads
    await club.sender.echo_thread(forum.id, thread.name, thread.id)
    club.sandbox.admin.delete_channel(thread.id)
    await club.settle(held=True)
    assert club.sandbox.channel("reading-room").threads == []
    assert [notice.reason for notice in club.notices] == ["delivery.thread_gone"]
