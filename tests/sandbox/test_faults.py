"""Misbehaviour on demand."""

import asyncio

import aiohttp
import discord
import pytest

from bot.sandbox import Fault, Sandbox
from tests.sandbox.api import Api
from tests.sandbox.bots import pointed_at, running
from tests.sandbox.club import Club

POST = "/channels/{channel_id}/messages"


async def test_a_status_without_effect(api: Api, sandbox: Sandbox) -> None:
    rule = sandbox.faults.add(Fault("POST", POST, status=503, times=2, skip=1))
    path = f"/channels/{api.papers}/messages"
    statuses = [(await api("POST", path, {"content": str(n)})).status for n in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert [p.text for p in sandbox.channel("papers").messages] == ["0", "3"]
    assert rule.hits == 2


async def test_a_status_after_the_effect(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("POST", POST, status=500, after_effect=True))
    path = f"/channels/{api.papers}/messages"
    assert (await api("POST", path, {"content": "x"})).status == 500
    assert len(sandbox.channel("papers").messages) == 1


@pytest.mark.parametrize(("drop", "posted"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection(club: Club, sandbox: Sandbox, drop: str, posted: int) -> None:
    sandbox.faults.add(Fault("POST", POST, drop=drop))  # type: ignore[arg-type]
    channel = club.get_channel(sandbox.channel("papers").id)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("x")
    assert len(sandbox.channel("papers").messages) == posted


async def test_the_client_library_retries_a_502_with_its_nonce(
    club: Club, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("POST", POST, status=502, after_effect=True))
    channel = club.get_channel(sandbox.channel("papers").id)
    sent = await channel.send("x")
    assert [p.id for p in sandbox.channel("papers").messages] == [sent.id]


async def test_a_hang_and_a_delay(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("POST", POST, hang=True, after_effect=True))
    sandbox.faults.add(Fault("GET", "/users/*", delay=0.05))
    path = f"/channels/{api.papers}/messages"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("POST", path, {"content": "x"}), 0.1)
    assert len(sandbox.channel("papers").messages) == 1
    assert (await api("GET", "/users/@me")).status == 200


async def test_something_happens_in_the_middle(api: Api, sandbox: Sandbox) -> None:
    post = await sandbox.person("Ada").say("x")
    sandbox.faults.add(Fault("POST", POST, act=lambda: sandbox.admin.delete_message(post)))
    path = f"/channels/{api.papers}/messages"
    reply = {"content": "re", "message_reference": {"message_id": str(post.id)}}
    assert (await api("POST", path, reply)).code == 50035
    sandbox.faults.add(
        Fault("POST", POST, act=lambda: sandbox.admin.delete_channel("papers"), after_effect=True)
    )
    assert (await api("POST", path, {"content": "last"})).status == 200
    assert (await api("POST", path, {"content": "x"})).code == 10003


async def test_an_answer_that_comes_too_late(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("POST", POST, delay=0.2, after_effect=True))
    path = f"/channels/{api.papers}/messages"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("POST", path, {"content": "x"}), 0.05)
    assert len(sandbox.channel("papers").messages) == 1


async def test_a_made_up_429(club: Club, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("POST", POST, status=429, retry_after=0.05))
    channel = club.get_channel(sandbox.channel("papers").id)
    assert (await channel.send("x")).content == "x"


async def test_a_muted_gateway_loses_echoes(club: Club, sandbox: Sandbox) -> None:
    sandbox.faults.gateway.mute("MESSAGE_CREATE")
    channel = club.get_channel(sandbox.channel("papers").id)
    await channel.send("lost")
    sandbox.faults.gateway.unmute()
    await channel.send("heard")
    await until(lambda: len(club.seen) > 0)
    assert [m.content for m in club.seen] == ["heard"]


async def test_a_dropped_session_is_resumed_with_what_was_missed(
    club: Club, sandbox: Sandbox
) -> None:
    before = sandbox.sessions.identified
    sandbox.faults.gateway.reconnect()
    await sandbox.person("Ada").say("@Papertakes while away")
    await until(lambda: len(club.seen) == 1)
    assert "while away" in club.seen[0].content
    assert (sandbox.sessions.identified, sandbox.sessions.resumed) == (before, 1)


async def test_an_invalid_session_identifies_again(club: Club, sandbox: Sandbox) -> None:
    before = sandbox.sessions.identified
    sandbox.faults.gateway.invalidate()
    await until(lambda: sandbox.sessions.identified > before, 10)
    await until(lambda: sandbox.sessions.connected)


async def test_a_cut_line_comes_back(club: Club, sandbox: Sandbox) -> None:
    sandbox.faults.gateway.drop()
    await until(lambda: sandbox.sessions.resumed == 1, 10)


async def test_a_wrong_token_is_refused_at_both_doors(sandbox: Sandbox) -> None:
    async with pointed_at(sandbox), Club() as club:
        with pytest.raises(discord.LoginFailure):
            await club.start("wrong")
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
        await socket.receive()
        assert socket.close_code == 4004


async def test_privileged_intents_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(sandbox, Club(intents=discord.Intents.all())):
            pass


async def until(condition: object, seconds: float = 5) -> None:
    for _ in range(int(seconds * 100)):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")
