"""Nonces: what settles whether a message was posted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox import RateLimits, Sandbox
from tests.sandbox.api import Api
from tests.sandbox.club import Club

ENFORCED = {"nonce": "key-1", "enforce_nonce": True}


@pytest.fixture
def moment() -> list[datetime]:
    return [datetime(2020, 7, 26, tzinfo=UTC)]


@pytest.fixture
async def clocked(moment: list[datetime]) -> AsyncIterator[Api]:
    server = Sandbox(clock=lambda: moment[0], limits=RateLimits.off())
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Api(server, session)
    await server.stop()


async def test_an_enforced_nonce_gives_the_first_message(clocked: Api) -> None:
    first = await clocked.post("one", **ENFORCED)
    assert await clocked.post("two", **ENFORCED) == first
    assert await clocked.post("three", nonce="key-1") != first
    assert len(clocked.sandbox.channel("papers").messages) == 2


async def test_it_is_forgotten_after_some_minutes(clocked: Api, moment: list[datetime]) -> None:
    first = await clocked.post("one", **ENFORCED)
    moment[0] += timedelta(minutes=4)
    assert await clocked.post("one", **ENFORCED) == first
    moment[0] += timedelta(minutes=2)
    assert await clocked.post("one", **ENFORCED) != first


async def test_a_nonce_whose_message_was_deleted_is_an_error(clocked: Api) -> None:
    first = await clocked.post("one", **ENFORCED)
    path = f"/channels/{clocked.papers}/messages"
    await clocked("DELETE", f"{path}/{first}")
    answer = await clocked("POST", path, {"content": "one", **ENFORCED})
    assert (answer.status, answer.code) == (404, 10008)
    assert clocked.sandbox.channel("papers").messages == []


async def test_the_gateway_echoes_it_and_history_does_not(club: Club, sandbox: Sandbox) -> None:
    channel = club.get_channel(sandbox.channel("papers").id)
    sent = await channel.send("x", nonce="mine")
    again = await channel.send("y", nonce="mine")
    assert again.id == sent.id
    heard = await until_heard(club)
    assert heard.nonce == "mine"
    assert [m.nonce async for m in channel.history()] == [None]


async def until_heard(club: Club) -> object:
    import asyncio

    for _ in range(200):
        if club.seen:
            return club.seen[0]
        await asyncio.sleep(0.01)
    raise AssertionError("nothing came over the gateway")
