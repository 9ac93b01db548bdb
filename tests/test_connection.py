"""The connection: what is weather at login, what is refused, and what goes on without a gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from typing import Any

import pytest
from discord.http import Route
from structlog.testing import capture_logs

import bot.chat.client
import bot.chat.connection
from bot.app import App, LoginRefused
from bot.delivery import Sender
from bot.demo import loopback_settings
from bot.digest.plan import Planner
from bot.isolation import RecordKind, failures
from bot.model.outbox import OutboxKind
from bot.ops.supervisor import Pauses
from bot.sandbox import GARBLED, Fault, Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from bot.sandbox.garbled import Garbled
from cogs import add_cogs
from tests.clock import Clock

Logs = list[MutableMapping[str, Any]]
ME = "/users/@me"
COMMANDS = "/applications/{application_id}/commands"
UNAUTHORISED = {"message": "401: Unauthorized", "code": 0}


class Running:
    """A bot that is started before Discord is in order."""

    def __init__(self, app: App, sandbox: Sandbox, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.sandbox = sandbox
        self.stop = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.task = asyncio.create_task(self.app.run(self.stop))

    async def ready(self) -> None:
        await self.until(lambda: self.sandbox.sessions.connected)
        await self.sandbox.ready(timeout=20)

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not done():
                assert self.task is not None
                if self.task.done():
                    self.task.result()
                    raise AssertionError("it has ended")
                await asyncio.sleep(0.005)

    async def says(self, text: str) -> None:
        """Have something posted, and wait until it stands."""
        target = self.sandbox.channel("papers")
        async with self.app.store.begin() as tx:
            await tx.outbox.append(text, OutboxKind.MESSAGE, text, target_id=target.id)
        self.app.connection.wake()

        def stands() -> bool:
            # What waits for a moment does not wait for a clock that stands still.
            self.clock.advance(seconds=1)
            return [post.content for post in target.messages].count(text) == 1

        await self.until(stands)


@pytest.fixture
def logs() -> Any:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
async def running(
    sandbox: Sandbox,
    arxiv: LoopbackArxiv,
    database_url: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    monkeypatch.setattr(bot.chat.connection, "PAUSES", Pauses(first=0.01, most=0.02))
    monkeypatch.setattr(bot.chat.client, "APART", 0.0)
    made = Running(App(loopback_settings(sandbox, arxiv, database_url), clock), sandbox, clock)
    made.app.supervisor.pauses = Pauses(first=0.01, most=0.02)
    yield made
    made.stop.set()
    if made.task is not None:
        await asyncio.gather(made.task, return_exceptions=True)


def lines(logs: Logs, event: str) -> Logs:
    return [entry for entry in logs if entry["event"] == event]


async def test_anything_but_an_answer_at_login_is_weather(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    answers: list[dict[str, Any]] = [{"garbled": how} for how in GARBLED if how != "another"]
    answers += [
        {"status": 401, "garbled": "page"},
        {"status": 403, "garbled": "page"},
        {"status": 503},
        {"drop": "before"},
    ]
    faults = [sandbox.faults.add(Fault("GET", ME, **answer)) for answer in answers]
    faults.append(sandbox.faults.add(Fault("GET", "/oauth2/applications/@me", garbled="page")))
    running.start()
    await running.ready()
    assert all(fault.hits == 1 for fault in faults)
    told = lines(logs, "discord.unreachable")
    # 503 is asked again by the library itself.
    assert len(told) >= len(faults) - 1
    assert not any("exc_info" in entry for entry in told)
    await running.says("all is well")


async def test_an_address_that_cannot_be_reached_is_told_in_words(
    running: Running, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:1/api/v10")
    running.start()
    await running.until(lambda: bool(lines(logs, "discord.unreachable")))
    told = lines(logs, "discord.unreachable")[0]["error"]
    assert told.startswith("Cannot connect to host 127.0.0.1:1 ")
    assert len(told) < 120


@pytest.mark.parametrize("when", ["at first", "later"])
async def test_only_a_login_that_discord_refuses_ends_it(
    running: Running, sandbox: Sandbox, when: str
) -> None:
    refused = Fault("*", "*", times=None, status=401, body=UNAUTHORISED)
    if when == "later":
        running.start()
        await running.ready()
        await running.says("all is well")
    sandbox.faults.add(refused)
    if when == "at first":
        running.start()
    else:
        target = sandbox.channel("papers").id
        async with running.app.store.begin() as tx:
            await tx.outbox.append("lane", OutboxKind.MESSAGE, "never", target_id=target)
        running.app.connection.wake()
    assert running.task is not None
    with pytest.raises(LoginRefused, match=r"discord\.token"):
        await asyncio.wait_for(running.task, 20)
    running.task = None


async def test_one_401_costs_nothing(running: Running, sandbox: Sandbox, logs: Logs) -> None:
    running.start()
    await running.ready()
    sandbox.faults.add(Fault("POST", "*", status=401, body=UNAUTHORISED))
    await running.says("said in spite of it")
    assert lines(logs, "delivery.login_good")
    assert sandbox.sessions.identified == 1, "members would have been without the bot"


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_registering_commands_is_tried_again_beside(
    running: Running, sandbox: Sandbox, logs: Logs, method: str
) -> None:
    # No commands at all is an answer, if Discord is asked for them.
    hows: list[Garbled] = [how for how in GARBLED if method == "PUT" or how != "list"]
    faults = [sandbox.faults.add(Fault(method, COMMANDS, garbled=how)) for how in hows]
    faults.append(sandbox.faults.add(Fault(method, COMMANDS, status=403)))
    running.start()
    await running.until(lambda: sandbox.sessions.connected)
    await running.says("said though no command is registered")
    await running.until(lambda: running.app.supervisor.records["commands"].done)
    await running.ready()
    assert all(fault.hits == 1 for fault in faults)
    again = [entry for entry in lines(logs, "task.again") if entry["task"] == "commands"]
    assert len(again) == len(faults)
    assert sandbox.sessions.identified == 1


async def test_a_page_where_the_gateway_should_be(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    sandbox.faults.gateway.pages = 3
    sandbox.faults.gateway.babble = 2
    sandbox.faults.add(Fault("GET", "/gateway/bot", times=2, garbled="page"))
    running.start()
    await running.ready()
    assert len(lines(logs, "discord.unreachable")) == 5
    assert len(lines(logs, "discord.session_starts_unknown")) == 2
    await running.says("all is well")


async def test_a_session_that_is_lost_is_begun_anew(running: Running, sandbox: Sandbox) -> None:
    running.start()
    await running.ready()
    sandbox.faults.gateway.lose_sessions()
    await running.until(lambda: sandbox.sessions.identified == 2 and sandbox.sessions.connected)
    sandbox.faults.gateway.drop(4000)
    await running.until(lambda: sandbox.sessions.resumed == 1)
    await running.until(lambda: running.app.connection.disconnected == 0)
    await running.says("all is well")


_DEEP = "[" * 10_000 + "]" * 10_000


@pytest.mark.parametrize(
    "text",
    [
        _DEEP,
        f'{{"op": 0, "t": "INTERACTION_CREATE", "s": 5, "d": {{"data": {{"options": {_DEEP}}}}}}}',
        f'{{"op": 0, "t": "MESSAGE_CREATE", "s": 5, "d": {{"embeds": {_DEEP}}}}}',
        '{"op": 0, "t": "INTERACTION_CREATE", "s": 5, "d": {}}',
        '{"op": 0, "t": "INTERACTION_CREATE", "s": 5, "d": {"id": "x", "type": 2}}',
        '{"op": 0, "t": "MESSAGE_CREATE", "s": 5, "d": []}',
        '{"op": 0, "t": "GUILD_CREATE", "s": 5, "d": null}',
        "[]",
        "1",
    ],
    ids=lambda text: text[:60],
)
async def test_an_event_that_cannot_be_read_costs_only_itself(
    running: Running, sandbox: Sandbox, logs: Logs, text: str
) -> None:
    running.start()
    await running.ready()
    ada = sandbox.person("Ada")
    before = failures.counts[RecordKind.EVENT]
    sandbox.faults.gateway.say(text)
    await running.until(lambda: failures.counts[RecordKind.EVENT] == before + 1)
    assert "papers" in (await ada.slash("/help")).text
    assert (sandbox.sessions.identifies, sandbox.sessions.resumptions) == (1, 0)
    assert lines(logs, "discord.unreachable") == []


async def test_shards_divide_the_servers_and_each_comes_back_by_itself(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    ada = sandbox.person("Ada")
    connection = running.app.connection
    connection.__init__(  # type: ignore[misc]
        running.app.settings.discord.model_copy(update={"shards": 3}),
        running.app.services,
        add_cogs,
        running.app.supervisor,
    )
    running.start()
    await running.ready()
    sessions = sandbox.sessions
    await running.until(lambda: sessions.identified == 3)
    assert {one.shard for one in sessions.sessions.values()} == {(0, 3), (1, 3), (2, 3)}
    assert "papers" in (await ada.slash("/help")).text
    await running.says("all is well")
    sandbox.faults.gateway.drop(4000)
    await running.until(lambda: sessions.resumed == 3 and connection.disconnected == 0)
    assert "papers" in (await ada.slash("/help")).text
    sandbox.faults.gateway.lose_sessions()
    await running.until(lambda: sessions.identified == 6 and connection.disconnected == 0)
    assert lines(logs, "discord.unreachable") == []
    sandbox.faults.gateway.closing = [4011]
    sandbox.faults.gateway.lose_sessions()
    await running.until(lambda: bool(lines(logs, "discord.session_waits")))
    assert "discord.shards" in lines(logs, "discord.unreachable")[0]["error"]
    await running.says("a digest, say")


async def test_shards_wait_until_there_is_a_session_for_each(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    running.app.connection.__init__(  # type: ignore[misc]
        running.app.settings.discord.model_copy(update={"shards": 3}),
        running.app.services,
        add_cogs,
        running.app.supervisor,
    )
    sandbox.sessions.starts_left, sandbox.sessions.starts_reset_ms = 2, 600_000
    running.start()
    await running.until(lambda: bool(lines(logs, "discord.session_waits")))
    await running.says("a digest, say")
    assert sandbox.sessions.identifies == 0


@pytest.mark.parametrize("code", [4010, 4011, 4012, 4013])
async def test_closed_as_it_is_the_bot_waits_and_posts_meanwhile(
    running: Running, sandbox: Sandbox, logs: Logs, code: int
) -> None:
    sandbox.faults.gateway.closing = [code]
    running.start()
    await running.until(lambda: bool(lines(logs, "discord.session_waits")))
    [told] = lines(logs, "discord.unreachable")
    assert str(code) in told["error"]
    assert lines(logs, "discord.session_waits")[0]["again_in"] == 300
    await running.says("a digest, say")
    assert sandbox.sessions.identifies == 1
    assert running.app.connection.disconnected is None


async def test_no_session_is_begun_when_the_day_has_none_left(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    sandbox.sessions.starts_left, sandbox.sessions.starts_reset_ms = 0, 1500
    running.start()
    await running.until(lambda: bool(lines(logs, "discord.session_waits")))
    await running.says("a digest, say")
    assert sandbox.sessions.identifies == 0
    assert running.app.connection.session_starts_left == 0
    await running.ready()
    assert sandbox.sessions.identifies == 1


async def test_a_gateway_that_closes_each_session_is_not_stormed(
    running: Running, sandbox: Sandbox, logs: Logs
) -> None:
    sandbox.faults.gateway.closing = [4000] * 50
    running.start()
    await running.until(lambda: sandbox.sessions.identifies == 3)
    await asyncio.sleep(0.5)
    assert sandbox.sessions.identifies == 3
    await running.says("a digest, say")


async def test_a_session_that_is_closed_whenever_it_is_resumed_is_not_stormed(
    running: Running, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.chat.client, "HASTE", Pauses(first=60.0))
    running.start()
    await running.ready()
    sandbox.faults.gateway.closing_resumed = [4000] * 1000
    sandbox.faults.gateway.drop()
    await running.until(lambda: sandbox.sessions.resumptions == 2)
    await running.says("a digest, say")
    await asyncio.sleep(0.3)
    assert sandbox.sessions.resumptions == 2


async def test_a_sender_that_dies_is_started_anew(
    running: Running, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.start()
    await running.ready()
    record = running.app.supervisor.records["sender"]

    async def die(_self: Sender, *_given: object, **_named: object) -> None:
        raise RuntimeError("no way")

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "_rest", die)
        running.app.connection.wake()
        await running.until(lambda: record.deaths > 2)
    await running.says("said after all")
    assert record.alive
    assert {entry["task"] for entry in lines(logs, "task.died")} == {"sender"}


async def test_what_comes_in_after_the_end_has_no_listener(
    running: Running, sandbox: Sandbox
) -> None:
    """The library tells of its being ready seconds after the gateway was there."""
    running.start()
    await running.ready()
    client = running.app.connection._client
    assert client is not None
    running.stop.set()
    assert running.task is not None
    await running.task
    before = asyncio.all_tasks()
    client.dispatch("ready")
    assert asyncio.all_tasks() == before


async def test_every_background_task_is_known_to_health(running: Running) -> None:
    running.start()
    await running.ready()
    expected = {
        "sender",
        "planner",
        "reminders",
        "poller",
        "completer",
        "timers",
        "leader",
        "owner",
        "watchdog",
        "imports",
        "cleaner",
        "summaries",
    }
    records = running.app.supervisor.records
    assert expected | {"derived", "commands"} == records.keys()
    await running.until(
        lambda: all(
            records[name].succeeded_at for name in expected - {"completer", "watchdog", "imports"}
        )
    )
    assert all(records[name].alive for name in expected)


async def test_a_thousand_overdue_digests_do_not_keep_the_bot_away(
    running: Running, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever planning takes: members have the bot, and what is planned is posted beside."""
    planning = asyncio.Event()

    async def take_long(_self: Planner) -> int:
        planning.set()
        await asyncio.Event().wait()
        return 0

    monkeypatch.setattr(Planner, "run_due", take_long)
    running.start()
    await running.ready()
    assert planning.is_set()
    reply = await sandbox.person("Ada").slash("/help")
    assert reply.text
    await running.says("posted beside it")
