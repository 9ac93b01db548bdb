"""`papertakes doctor`, against the sandbox's Discord and the loopback arXiv."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import ArxivConfig, DatabaseConfig, DiscordConfig, HttpConfig, Settings
from bot.isolation import RecordKind, failures, isolated
from bot.ops import doctor_health
from bot.ops.doctor import examine
from bot.ops.finding import Finding
from bot.sandbox import GARBLED, Fault, Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from bot.sandbox.garbled import Garbled
from bot.sandbox.permissions import Permission
from bot.sandbox.person import Person
from tests.bot import Bot
from tests.clock import Clock


async def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.check: finding async for finding in examine(settings)}


async def test_all_is_well_and_the_invite_link_is_told(bot: Bot, ada: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    found = await findings(bot.settings)
    assert [one for one in found.values() if not one.well] == []
    assert list(found) == [
        "configuration", "database", "token", "intents", "permissions", "channels", "invite",
        "arXiv",
    ]  # fmt: skip
    assert "1 channels" in found["channels"].found
    assert "oauth2/authorize?client_id=" in found["invite"].found
    wanted = int(found["invite"].found.rpartition("=")[2])
    assert Permission(wanted) & Permission.PIN_MESSAGES


async def test_what_a_channel_lacks_is_named_pinning_where_it_is_wanted(
    bot: Bot, sandbox: Sandbox, ada: Person
) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES_IN_THREADS)
    found = await findings(bot.settings)
    assert not found["channels"].well
    assert found["channels"].found == "#papers: Send Messages in Threads"
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.VIEW_CHANNEL)
    found = await findings(bot.settings)
    assert "#papers: " in found["channels"].found
    assert not found["channels"].well
    sandbox.admin.clear_overwrites("papers")
    await ada.slash("/settings set", pin=True)
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.PIN_MESSAGES)
    found = await findings(bot.settings)
    assert found["channels"].found == "#papers: Pin Messages"


async def test_a_refused_token_is_told_once(bot: Bot) -> None:
    wrong = bot.settings.discord.model_copy(update={"token": SecretStr("wrong")})
    found = await findings(bot.settings.model_copy(update={"discord": wrong}))
    assert not found["token"].well
    assert "reset the token" in found["token"].advice
    assert "intents" not in found


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("CREATE TABLE orders (id INTEGER)", "another program's tables (orders)"),
        (
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version"
            " VALUES ('9999')",
            "used by a newer Papertakes",
        ),
    ],
)
async def test_a_database_that_run_will_refuse_is_not_called_well(
    tmp_path: Path, written: str, told: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        database.executescript(written)
    settings = Settings(
        discord=DiscordConfig(token=SecretStr("x"), api_base="http://127.0.0.1:1/api/v10"),
        arxiv=ArxivConfig(api_base="http://127.0.0.1:1/api"),
        database=DatabaseConfig(url=f"sqlite:///{tmp_path / 'x.db'}"),
    )
    found = (await findings(settings))["database"]
    assert not found.well
    assert told in found.found


async def test_without_a_network_and_a_database_it_answers_soon(tmp_path: Path) -> None:
    settings = Settings(
        discord=DiscordConfig(token=SecretStr("x"), api_base="http://127.0.0.1:1/api/v10"),
        # An address of documentation, where nothing ever answers (RFC 5737).
        arxiv=ArxivConfig(api_base="http://192.0.2.1/api"),
        database=DatabaseConfig(url=f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}"),
    )
    begun = time.monotonic()
    found = await findings(settings)
    assert time.monotonic() - begun < 10  # no timing of speed: of not waiting for an answer
    assert {name: one.well for name, one in found.items()} == {
        "configuration": True, "database": False, "token": False, "arXiv": False,
    }  # fmt: skip
    assert "nowhere" in found["database"].found
    assert not (tmp_path / "nowhere").exists()


async def test_the_running_bot_tells_what_it_could_not_read(
    sandbox: Sandbox, arxiv: LoopbackArxiv, database_url: str, clock: Clock
) -> None:
    bot = Bot(sandbox, arxiv, database_url, clock)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        http = HttpConfig(port=probe.getsockname()[1])
    bot.settings = bot.settings.model_copy(update={"http": http})
    silent = (await findings(bot.settings))["running bot"]
    assert (silent.well, silent.found) == (True, f"none answers on http.port {http.port}")
    await bot.start()
    await bot.settle()
    with isolated(RecordKind.OAI_RECORD, "2607.00001", "<record/>") as attempt:
        raise ValueError("odd")
    found = (await findings(bot.settings))["running bot"]
    assert found.well
    assert found.found.startswith("digests go out; could not be read or drawn since its start: ")
    count = failures.counts[RecordKind.OAI_RECORD]
    assert f"oai_record ({count}, last {attempt.failed} at 20" in found.found
    await bot.stop()


async def test_another_program_on_the_port_is_told() -> None:
    async def other(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        writer.close()

    async with await asyncio.start_server(other, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await doctor_health.examine(HttpConfig(port=port), port, 2.0, 5.0)
    assert not found.well
    assert f"http.port {port}" in found.found


@pytest.mark.parametrize("how", GARBLED)
@pytest.mark.parametrize("route", ["/users/@me", "/users/@me/guilds", "/applications/@me"])
async def test_an_answer_that_is_none_of_discord_s_is_a_finding(
    bot: Bot, sandbox: Sandbox, route: str, how: Garbled
) -> None:
    sandbox.faults.add(Fault("GET", route, times=None, garbled=how))
    found = await findings(bot.settings)
    assert found["arXiv"].well
    assert all(one.advice for one in found.values() if not one.well)
