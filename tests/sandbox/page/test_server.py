"""The page's socket as its script uses it, without a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.sandbox import Sandbox, World
from bot.sandbox.page import mount
from tests.sandbox.page.clubbot import running

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2020, 7, 26, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    async def advance(self, step: timedelta) -> None:
        self.now += step

    async def upcoming(self) -> timedelta | None:
        return timedelta(days=3)


class Client:
    """One page, without its looks."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[Json] = []
        self.number = 0

    async def event(self, kind: str, fits: Callable[[Json], bool] = lambda data: True) -> Json:
        """The data of the first event of a kind, seen already or still to come."""
        while True:
            for event in self.events:
                if event["event"] == kind and fits(event["data"]):
                    data: Json = event["data"]
                    return data
            await self._receive()

    async def ask(self, op: str, **params: Any) -> Json:
        self.number += 1
        await self.socket.send_json({"id": self.number, "op": op, **params})
        while True:
            message = await self._receive()
            if message.get("answer") == self.number:
                return message

    async def _receive(self) -> Json:
        message: Json = await self.socket.receive_json(timeout=5)
        if "event" in message:
            self.events.append(message)
        return message


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    clock = Clock()
    sandbox = Sandbox(clock=clock, world=World.sample(), respond_within=0.5)
    mount(sandbox.app, sandbox, advance=clock.advance, upcoming=clock.upcoming)
    await sandbox.start()
    async with running(sandbox):
        yield sandbox
    await sandbox.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connect(sandbox: Sandbox, session: aiohttp.ClientSession) -> Any:
    async def connect(name: str, **headers: str) -> Client:
        member = sandbox.person(name).id
        url = f"{sandbox.url}/page/socket?member={member}"
        return Client(await session.ws_connect(url, headers=headers))

    return connect


@pytest.fixture
def papers(sandbox: Sandbox) -> str:
    return str(sandbox.channel("papers").id)


async def test_the_document_and_its_files(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{sandbox.url}/") as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
        assert "http:" not in text
        assert "https:" not in text
    async with session.get(f"{sandbox.url}/page/static/app.js") as answer:
        assert answer.content_type == "text/javascript"
    for path in ("none.js", "..%2Fserver.py", "%2e%2e%2fserver.py", "%2Fetc%2Fpasswd"):
        async with session.get(URL(f"{sandbox.url}/page/static/{path}", encoded=True)) as answer:
            assert answer.status == 404


async def test_hello_says_who_where_and_when(connect: Any) -> None:
    minji = await connect("Minji")
    hello = await minji.event("hello")
    assert (hello["me"]["name"], hello["me"]["locale"]) == ("민지", "ko")
    names = [place["name"] for place in hello["places"]]
    assert names == ["papers", "ml-papers", "reading-room", "Papertakes"]
    assert hello["time"].startswith("2020-07-26T09:00")
    assert hello["can_advance"]
    assert hello["can_skip"]


async def test_a_private_answer_reaches_only_its_reader(connect: Any, papers: str) -> None:
    ada, grace = await connect("Ada"), await connect("Grace")
    await ada.ask("slash", channel=papers, command="/paper list", options={})
    private = await ada.event("message")
    assert private["flags"] & 64
    await ada.ask("say", channel=papers, text="for everybody")
    await grace.event("message", lambda data: data["content"] == "for everybody")
    assert [e["data"]["content"] for e in grace.events if e["event"] == "message"] == [
        "for everybody"
    ]
    opened = await grace.ask("open", channel=papers)
    assert [m["content"] for m in opened["result"]["messages"]] == ["for everybody"]
    for op in ("dismiss", "delete", "press", "menu"):
        params = {"channel": papers, "message": private["id"], "custom_id": "x", "name": "x"}
        assert "cannot see" in (await grace.ask(op, **params))["refused"]


async def test_a_form_is_opened_and_sent(connect: Any, papers: str) -> None:
    ada = await connect("Ada")
    opened = await ada.ask(
        "slash", channel=papers, command="/note", options={"paper": "2007.10909"}
    )
    form = opened["result"]["form"]
    assert form["title"] == "Your take"
    field = form["components"][0]["component"]["custom_id"]
    too_long = await ada.ask("submit", channel=papers, form=form["key"], values={field: "x" * 4001})
    assert "refused" in too_long
    sent = await ada.ask("submit", channel=papers, form=form["key"], values={field: "slices"})
    assert sent["result"] == {"failed": None}
    await ada.event("message", lambda data: "slices" in data["content"])
    again = await ada.ask("submit", channel=papers, form=form["key"], values={field: "slices"})
    assert again["refused"] == "This form is no longer open."


async def test_completion_and_refusals(connect: Any, papers: str) -> None:
    ada = await connect("Ada")
    asked = {"channel": papers, "command": "/paper add", "option": "reference", "options": {}}
    choices = (await ada.ask("autocomplete", typed="boot", **asked))["result"]["choices"]
    assert [choice["value"] for choice in choices] == ["2006.07733"]
    unknown = await ada.ask("slash", channel=papers, command="/nonsense", options={})
    assert "no command" in unknown["refused"]
    assert "refused" in await ada.ask("open", channel="1")
    assert "refused" in await ada.ask("open")
    silent = await ada.ask("slash", channel=papers, command="/mute", options={})
    assert silent["result"]["failed"] == "The application did not respond"
    await ada.socket.send_str("no JSON")
    await ada.socket.send_json({"id": 99, "op": "unheard of"})
    assert "result" in await ada.ask("commands", channel=papers, kind=1)


async def test_the_clock_moves(connect: Any) -> None:
    ada = await connect("Ada")
    await ada.ask("advance", hours=24)
    await ada.event("time", lambda data: data["time"].startswith("2020-07-27T09:00"))
    await ada.ask("advance", next=True)
    await ada.event("time", lambda data: data["time"].startswith("2020-07-30T09:00"))
    assert "forward only" in (await ada.ask("advance", hours=-1))["refused"]


async def test_a_forum_post_and_its_list(connect: Any, sandbox: Sandbox) -> None:
    grace = await connect("Grace")
    forum = str(sandbox.channel("reading-room").id)
    made = await grace.ask("post", channel=forum, title="BYOL", text="What do you think?")
    thread = made["result"]["id"]
    await grace.event("place", lambda data: data["id"] == thread and data["message_count"] == 0)
    (post,) = (await grace.ask("open", channel=forum))["result"]["posts"]
    assert (post["id"], post["starter"]["content"]) == (thread, "What do you think?")


async def test_another_site_cannot_use_the_socket(connect: Any) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await connect("Ada", Origin="https://evil.example")
    assert error.value.status == 403


async def test_the_sandbox_stops_while_pages_are_open(connect: Any, sandbox: Sandbox) -> None:
    ada = await connect("Ada")
    await ada.event("hello")
    stopping = asyncio.create_task(sandbox.stop())
    async for _ in ada.socket:  # what was still under way
        pass
    await asyncio.wait_for(stopping, 5)
    assert ada.socket.close_code == aiohttp.WSCloseCode.GOING_AWAY
