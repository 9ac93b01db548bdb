"""The gateway at the level of its frames."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Permission, Person, Sandbox
from bot.sandbox.view import Intent

DEFAULT = Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES


class Line:
    """A gateway connection read frame by frame."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session
        self.open: list[aiohttp.ClientWebSocketResponse] = []

    async def connect(self, payload: dict[str, Any]) -> aiohttp.ClientWebSocketResponse:
        socket = await self.session.ws_connect(self.sandbox.gateway)
        self.open.append(socket)
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json(payload)
        return socket

    async def identify(
        self, intents: int = DEFAULT, **more: Any
    ) -> tuple[aiohttp.ClientWebSocketResponse, dict[str, Any]]:
        data = {"token": self.sandbox.token, "intents": int(intents), "properties": {}, **more}
        socket = await self.connect({"op": 2, "d": data})
        ready = await socket.receive_json()
        assert ready["t"] == "READY"
        return socket, ready["d"]


@pytest.fixture
async def line(sandbox: Sandbox) -> AsyncIterator[Line]:
    async with aiohttp.ClientSession() as session:
        made = Line(sandbox, session)
        yield made
        for socket in made.open:
            await socket.close()


async def test_ready_then_the_guild(line: Line, sandbox: Sandbox) -> None:
    socket, ready = await line.identify()
    guild = (await socket.receive_json())["d"]
    assert ready["guilds"] == [{"id": guild["id"], "unavailable": True}]
    assert [c["name"] for c in guild["channels"]] == ["papers", "ml-papers", "reading-room"]
    assert [m["user"]["username"] for m in guild["members"]] == ["papertakes"]
    assert guild["member_count"] == 4
    await socket.send_json({"op": 1, "d": None})
    assert (await socket.receive_json())["op"] == 11


async def test_events_are_for_those_who_asked(line: Line, sandbox: Sandbox, ada: Person) -> None:
    quiet, _ = await line.identify(0)
    loud, _ = await line.identify()
    await loud.receive_json()
    await ada.say("hidden")
    await ada.say("@Papertakes shown")
    first, second = await loud.receive_json(), await loud.receive_json()
    assert (first["t"], first["d"]["content"]) == ("MESSAGE_CREATE", "")
    assert second["d"]["content"].endswith("shown")
    assert second["d"]["member"]["roles"]
    await quiet.send_json({"op": 1, "d": None})
    assert (await quiet.receive_json())["op"] == 11


async def test_a_channel_out_of_sight_is_silent(line: Line, sandbox: Sandbox, ada: Person) -> None:
    socket, _ = await line.identify()
    await socket.receive_json()
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.VIEW_CHANNEL)
    assert (await socket.receive_json())["t"] == "CHANNEL_UPDATE"
    await ada.say("unseen", channel="papers")
    await ada.say("@Papertakes seen", channel="ml-papers")
    assert (await socket.receive_json())["d"]["content"].endswith("seen")


async def test_resuming_replays_what_was_missed(line: Line, sandbox: Sandbox, ada: Person) -> None:
    socket, ready = await line.identify()
    await socket.receive_json()
    await socket.close()
    await ada.say("@Papertakes one")
    await ada.say("@Papertakes two")
    resume = {"token": sandbox.token, "session_id": ready["session_id"], "seq": 3}
    again = await line.connect({"op": 6, "d": resume})
    missed = await again.receive_json()
    assert (missed["s"], missed["d"]["content"][-3:]) == (4, "two")
    assert (await again.receive_json())["t"] == "RESUMED"


async def test_an_unknown_session_is_invalid(line: Line, sandbox: Sandbox) -> None:
    resume = {"token": sandbox.token, "session_id": "nonsense", "seq": 1}
    socket = await line.connect({"op": 6, "d": resume})
    assert await socket.receive_json() == {"op": 9, "d": False}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 0}}, 4004),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 1 << 40}}, 4013),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 1 << 15}}, 4014),
        ({"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 8, "d": {}}, 4003),
    ],
)
async def test_close_codes(line: Line, sandbox: Sandbox, payload: Any, code: int) -> None:
    if payload["d"].get("token") == "TOKEN":
        payload = {**payload, "d": {**payload["d"], "token": sandbox.token}}
    socket = await line.connect(payload)
    await socket.receive()
    assert socket.close_code == code


async def test_shards_share_the_guilds(line: Line, sandbox: Sandbox, ada: Person) -> None:
    guild = next(iter(sandbox.world.guilds))
    mine = (guild >> 22) % 2
    _, with_guild = await line.identify(shard=[mine, 2])
    _, without = await line.identify(shard=[1 - mine, 2])
    assert len(with_guild["guilds"]) == 1
    assert without["guilds"] == []


async def test_members_are_sent_on_request(line: Line, sandbox: Sandbox) -> None:
    socket, _ = await line.identify()
    guild = (await socket.receive_json())["d"]["id"]
    await socket.send_json({"op": 8, "d": {"guild_id": guild, "query": "gr", "limit": 5}})
    chunk = await socket.receive_json()
    assert [m["user"]["username"] for m in chunk["d"]["members"]] == ["grace"]


async def test_a_compressed_stream(line: Line, sandbox: Sandbox) -> None:
    url = sandbox.gateway.with_query(compress="zlib-stream")
    socket = await line.session.ws_connect(url)
    line.open.append(socket)
    inflate = zlib.decompressobj()
    frame = await socket.receive_bytes()
    assert frame.endswith(b"\x00\x00\xff\xff")
    assert json.loads(inflate.decompress(frame))["op"] == 10
