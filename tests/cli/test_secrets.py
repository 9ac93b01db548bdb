"""A whole run at `debug`, with failures: no secret and no member's words in its log."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox import Fault, Sandbox
from tests.cli.test_run import discord_on, ended, free_port, running

PAGE = "https://example.org/a"
WORDS = ["Words for the card", "words for the form", "words that were refused", "words for later"]
CALLBACK = "/interactions/*/callback"


def reveal_tokens(sandbox: Sandbox) -> set[str]:
    """The tokens of all interactions that there have been, and the bot's own."""
    return {sandbox.token, *sandbox.core.interactions._by_token}


@asynccontextmanager
async def refusing(database: Path) -> AsyncIterator[None]:
    """No take can be kept, and the error's text has all of it, as PostgreSQL's DETAIL does."""
    with sqlite3.connect(database) as other:
        other.execute(
            "CREATE TRIGGER no_takes BEFORE INSERT ON takes BEGIN"
            " SELECT RAISE(ABORT, 'NOT NULL constraint failed'); END"
        )
    yield
    with sqlite3.connect(database) as other:
        other.execute("DROP TRIGGER no_takes")


@pytest.mark.parametrize("format", ["console", "json"])
async def test_no_secret_in_the_log(tmp_path: Path, format: str) -> None:
    port = free_port()
    more = {"PAPERTAKES_LOG__LEVEL": "debug", "PAPERTAKES_LOG__FORMAT": format}
    async with discord_on(port) as sandbox, running(tmp_path, port, **more) as process:
        reading = asyncio.create_task(ended(process))
        await sandbox.ready(timeout=40)
        ada = sandbox.person("Ada")
        await ada.slash("/paper add", reference=PAGE, title="A page")
        await ada.slash("/take", paper=PAGE, text=WORDS[0])
        form = await ada.slash("/take", paper=PAGE)
        await ada.submit(form.modal, {0: WORDS[1]})
        # What the library logs when it is refused, told to wait, cut off or not understood.
        for fault in (
            Fault("POST", CALLBACK, status=429),
            Fault("POST", CALLBACK, status=500),
            Fault("*", "/webhooks/*", status=429),
            Fault("*", "/webhooks/*", status=502),
            Fault("*", "/webhooks/*", drop="after"),
        ):
            sandbox.faults.add(fault)
            await ada.slash("/take", paper=PAGE, text=WORDS[3])
        async with refusing(tmp_path / "bot.db"):
            refused = await ada.slash("/take", paper=PAGE, text=WORDS[2])
            assert WORDS[2] in refused.text
        sandbox.faults.gateway.drop()
        await asyncio.sleep(0.5)
        await sandbox.ready(timeout=40)
        process.send_signal(signal.SIGTERM)
        status, log = await reading
        tokens = reveal_tokens(sandbox)
    assert status == 0
    assert len(tokens) > 8
    assert "command.failed" in log
    assert "Traceback" in log
    for secret in [*tokens, *WORDS, "sandbox-token"]:
        assert secret not in log
    if format == "json":
        for line in log.splitlines():
            json.loads(line)
