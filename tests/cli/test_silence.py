"""`papertakes run` while PostgreSQL is silent: members are told, and SIGTERM ends it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_run import discord_on, free_port, running
from tests.databases import Databases
from tests.silence import Way

pytestmark = pytest.mark.postgresql


@pytest.fixture
def servers(tmp_path: Path, postgresql: str) -> Iterator[Databases]:
    made = Databases(tmp_path, postgresql)
    made.prepare()
    yield made
    made.drop()


async def test_a_silent_database_holds_up_nobody(servers: Databases, tmp_path: Path) -> None:
    port = free_port()
    async with (
        Way(await servers.fresh()) as way,
        discord_on(port) as sandbox,
        running(tmp_path, port, PAPERTAKES_DATABASE__URL=way.url) as process,
    ):
        await sandbox.ready(timeout=40)
        ada, page = sandbox.person("Ada"), "https://example.org/a"
        assert "A page" in (await ada.slash("/paper add", reference=page, title="A page")).text
        way.fall_silent()
        for _ in range(2):
            began = time.monotonic()
            reply = await ada.slash("/take", paper=page, text="words that took a while")
            assert time.monotonic() - began < 8
            assert "database isn't answering" in reply.text
            assert "words that took a while" in reply.text
        way.silent = False
        async with asyncio.timeout(10):
            while "A page" not in (await ada.slash("/paper list")).text:
                await asyncio.sleep(0.2)
        way.fall_silent()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), timeout=15) == 0
        assert time.monotonic() - began < 10
