"""Whoever is cancelled in a transaction leaves the database, and the log, in order."""

from __future__ import annotations

import asyncio
import logging

import pytest
from sqlalchemy import text

from bot.store import Store
from bot.store.unbroken import unbroken


async def test_cancelled_at_any_moment_again_and_again(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(*, write: bool) -> None:
        async with store.begin() if write else store.read() as tx:
            await tx.session.execute(text("SELECT 1"))

    async with store.read() as tx:  # the first connection is made
        await tx.session.execute(text("SELECT 0"))
    with caplog.at_level(logging.WARNING, logger="sqlalchemy"):
        for moment in range(10):
            task = asyncio.create_task(work(write=moment % 2 == 0))
            await asyncio.sleep(moment * 0.0003)
            for _ in range(5):
                task.cancel()
                await asyncio.sleep(0)
            await asyncio.gather(task, return_exceptions=True)
        async with store.begin() as tx:
            assert await tx.session.scalar(text("SELECT 3")) == 3
    assert not [record for record in caplog.records if record.name.startswith("sqlalchemy")]


async def test_what_is_under_way_ends_before_its_caller() -> None:
    ended = asyncio.Event()

    async def work() -> str:
        await asyncio.sleep(0.02)
        ended.set()
        return "done"

    assert await unbroken(work()) == "done"
    ended.clear()
    task = asyncio.create_task(unbroken(work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_its_error_is_its_callers() -> None:
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await unbroken(work())
