"""What a host's log says of expected trouble: a readable line each, and never a traceback."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.sandbox import Fault, Sandbox
from bot.sandbox.permissions import Permission
from tests.cli.test_run import discord_on, ended, free_port, running

MESSAGES = "/channels/{channel_id}/messages"
NOBODY = "http://127.0.0.1:1"


async def post(sandbox: Sandbox) -> None:
    """Have a digest made in #papers; whether it can be sent is another matter."""
    ada = sandbox.person("Ada")
    await ada.slash("/take", paper="2007.10909", text="channel slicing")
    await ada.slash("/digest post")


@pytest.mark.parametrize("shards", ["1", "2"])
async def test_expected_trouble_is_a_line_each(tmp_path: Path, shards: str) -> None:
    port = free_port()
    more = {
        "PAPERTAKES_ARXIV__API_BASE": NOBODY,
        "PAPERTAKES_ARXIV__FEED_BASE": NOBODY,
        "PAPERTAKES_ARXIV__OAI_BASE": f"{NOBODY}/oai",
        "PAPERTAKES_DISCORD__SHARDS": shards,
    }
    async with running(tmp_path, port, **more) as process:
        while not (tmp_path / "bot.db").exists():
            await asyncio.sleep(0.05)
        async with discord_on(port) as sandbox:
            sandbox.faults.add(Fault("GET", "/users/@me", status=503))
            sandbox.faults.add(Fault("GET", "/users/@me", garbled="page"))
            sandbox.faults.gateway.refused = sandbox.faults.gateway.pages = 1
            await sandbox.ready(timeout=60)
            await trouble(sandbox, tmp_path / "bot.db")
        await asyncio.sleep(2)
        process.send_signal(signal.SIGTERM)
        status, log = await ended(process)
    assert status == 0, log
    assert "Traceback" not in log
    lines = log.splitlines()
    assert all(line.startswith("20") for line in lines), log


async def trouble(sandbox: Sandbox, database: Path) -> None:
    sandbox.faults.add(Fault("POST", MESSAGES, status=500))
    sandbox.faults.add(Fault("POST", MESSAGES, status=403, garbled="page"))
    sandbox.faults.add(Fault("POST", MESSAGES, garbled="page"))
    sandbox.faults.add(Fault("POST", MESSAGES, drop="before"))
    await post(sandbox)
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES)
    await asyncio.sleep(2)
    other = sqlite3.connect(database)
    other.execute("BEGIN EXCLUSIVE")
    sandbox.faults.gateway.drop()
    await asyncio.sleep(3)
    other.rollback()
    other.close()
    sandbox.faults.gateway.refuse(2)
    sandbox.faults.gateway.lose_sessions()
    await asyncio.sleep(3)
