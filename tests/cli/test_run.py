"""`papertakes run` as its host sees it: started, without a network, stopped."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import sys
import time
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.sandbox import RateLimits, Sandbox, World
from bot.sandbox.arxiv import LoopbackArxiv, load_papers
from bot.sandbox.sample import SAMPLE_PAPERS
from bot.store import Store
from bot.store.schema import Base, DocumentRow, EntryRow, TakeRow

ROOT = Path(__file__).parents[2]


def now() -> datetime:
    return datetime.now(UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(
    folder: Path, port: int, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot as a process that looks for Discord on a loopback port."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": "sandbox-token",
        "PAPERTAKES_DISCORD__API_BASE": f"http://127.0.0.1:{port}/api/v10",
        "PAPERTAKES_DISCORD__GATEWAY": f"ws://127.0.0.1:{port}/gateway",
        "PAPERTAKES_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def discord_on(port: int) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(
        clock=now, world=World.sample(), token="sandbox-token", limits=RateLimits.off()
    )
    await sandbox.start(host="127.0.0.1", port=port)
    try:
        yield sandbox
    finally:
        await sandbox.stop()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Its status and what it wrote, once it ends by itself."""
    _, errors = await asyncio.wait_for(process.communicate(), timeout=30)
    return process.returncode, errors.decode()


async def test_no_network_at_boot_is_waited_out_and_sigterm_ends_it(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, port) as process:
        # The database is there when it has started; Discord is not.
        while not (tmp_path / "bot.db").exists():
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        assert process.returncode is None
        async with discord_on(port) as sandbox:
            await sandbox.ready(timeout=40)
            assert "/paper" in " ".join(
                f"/{command['name']}" for command in sandbox.person("Ada").commands("papers")
            )
            process.send_signal(signal.SIGTERM)
            status, log = await ended(process)
    assert status == 0
    assert "sandbox-token" not in log
    assert "Traceback" not in log


async def test_the_gateway_may_go_away_and_come_back(tmp_path: Path) -> None:
    port = free_port()
    papers = load_papers(SAMPLE_PAPERS)
    async with LoopbackArxiv(papers, clock=now) as arxiv:
        more = {
            "PAPERTAKES_ARXIV__API_BASE": arxiv.api_base,
            "PAPERTAKES_ARXIV__FEED_BASE": arxiv.feed_base,
            "PAPERTAKES_ARXIV__OAI_BASE": arxiv.oai_base,
            "PAPERTAKES_ARXIV__INTERVAL": "0",
        }
        async with discord_on(port) as sandbox, running(tmp_path, port, **more) as process:
            await sandbox.ready(timeout=40)
            sandbox.faults.gateway.drop()
            await asyncio.sleep(0.5)
            await sandbox.ready(timeout=40)
            reply = await sandbox.person("Ada").slash("/paper add", reference="2007.10909")
            assert "SliceOut" in reply.text
            process.send_signal(signal.SIGTERM)
            assert (await ended(process))[0] == 0


async def test_a_second_bot_on_the_same_file_is_refused_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "link.db").symlink_to(tmp_path / "bot.db")
    more = {"PAPERTAKES_DATABASE__URL": f"sqlite:///{tmp_path / 'link.db'}"}
    async with discord_on(port) as sandbox, running(tmp_path, port) as first:
        await sandbox.ready(timeout=40)
        async with running(tmp_path, port, **more) as second:
            status, log = await ended(second)
        assert status == 1
        assert log == (
            f"papertakes: {tmp_path / 'bot.db'}: another Papertakes (process {first.pid}) is "
            "running on this database; stop that one first\n"
        )
        # Every other verb may be used meanwhile.
        reply = await sandbox.person("Ada").slash(
            "/paper add", reference="https://example.org/a", title="A page"
        )
        assert reply.text
        backup = [sys.executable, "-m", "bot", "backup", "copy.zip"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
        other = await asyncio.create_subprocess_exec(*backup, cwd=tmp_path, env=environment)
        assert await asyncio.wait_for(other.wait(), timeout=30) == 0
        first.kill()
        await first.wait()
        async with running(tmp_path, port) as third:
            await sandbox.ready(timeout=40)
            assert third.returncode is None


async def test_sigterm_ends_an_import_that_goes_on_after_the_next_start(tmp_path: Path) -> None:
    """Within five seconds, whatever it is at; no file is taken in twice, none is lost."""
    count, port = 600, free_port()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(count):
            text = (
                f"https://arxiv.org/abs/2007.{10_000 + number}\n\nPaper {number} (A B)\n\nWords\n"
            )
            archive.writestr(f"notes/200701 Note {number}.md", text)
    store = Store(f"sqlite:///{tmp_path / 'bot.db'}")

    async def counted(row: type[Base] = DocumentRow) -> int:
        async with store.read() as tx:
            return await tx.session.scalar(select(func.count()).select_from(row)) or 0

    async with discord_on(port) as sandbox:
        ada = sandbox.person("Ada")
        async with running(tmp_path, port) as process:
            await sandbox.ready(timeout=40)
            asked = asyncio.create_task(
                ada.slash("/settings import", file=("notes.zip", packed.getvalue()))
            )
            while not await counted():
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            status, log = await ended(process)
            assert time.monotonic() - begun < 5
        assert (status, "Traceback" in log) == (0, False)
        assert "goes on by itself" in (await asked).text
        before = await counted()
        assert 0 < before < count
        async with running(tmp_path, port) as process:
            await sandbox.ready(timeout=40)
            while await counted() < count:
                await asyncio.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert (await ended(process))[0] == 0
        assert [await counted(row) for row in (DocumentRow, EntryRow, TakeRow)] == [count] * 3
    await store.close()


async def test_a_token_that_discord_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    async with discord_on(port), running(tmp_path, port, DISCORD_TOKEN="wrong") as process:
        status, log = await ended(process)
    assert status == 1
    lines = [line for line in log.splitlines() if line.startswith("papertakes: ")]
    assert len(lines) == 1
    assert "discord.token" in lines[0]
    assert "wrong" not in log


async def test_health_and_metrics_are_served_where_asked_for(tmp_path: Path) -> None:
    port, http = free_port(), free_port()
    more = {"PAPERTAKES_HTTP__PORT": str(http)}
    async with discord_on(port) as sandbox, running(tmp_path, port, **more):
        await sandbox.ready(timeout=40)
        async with aiohttp.ClientSession() as session:
            for _ in range(200):
                async with session.get(f"http://127.0.0.1:{http}/health") as answer:
                    state = await answer.json()
                    if answer.status == 200:
                        break
                await asyncio.sleep(0.05)
            assert (state["status"], state["problems"]) == ("ok", [])
            assert (state["database"], state["discord"], state["outbox"]) == (True, True, 0)
            assert state["oldest_due_seconds"] == 0
            assert {"sender", "planner", "poller", "completer", "health"} <= state["tasks"].keys()
            assert all(task["alive"] or task["done"] for task in state["tasks"].values())
            async with session.get(f"http://127.0.0.1:{http}/metrics") as answer:
                assert "papertakes_discord_connected 1.0" in await answer.text()


async def test_a_database_of_a_newer_version_is_told_in_one_line(tmp_path: Path) -> None:
    from sqlalchemy import text

    from bot.store import Store, upgrade

    store = Store(f"sqlite:///{tmp_path / 'bot.db'}")
    await upgrade(store)
    async with store.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    async with running(tmp_path, free_port()) as process:
        status, log = await ended(process)
    assert status == 1
    assert [line for line in log.splitlines() if "9999" in line and "papertakes: " in line]


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("demo", "--help")])
async def test_every_verb_has_help(words: tuple[str, ...], tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=tmp_path, stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), timeout=60)
    assert process.returncode == 0
    assert "Usage" in out.decode()
