"""The watchdog sees what holds the event loop, and where that is."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs

from bot.ops.watchdog import Watchdog

LIMIT = 0.2


@asynccontextmanager
async def watching(watchdog: Watchdog) -> AsyncIterator[None]:
    task = asyncio.create_task(watchdog.run())
    await asyncio.sleep(0.1)
    yield
    await asyncio.sleep(0.1)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def compute_for_long() -> None:
    end = time.monotonic() + 3 * LIMIT
    while time.monotonic() < end:
        sum(range(1000))


def wait_for_long() -> None:
    time.sleep(3 * LIMIT)


async def test_what_holds_the_loop_is_logged_and_counted() -> None:
    watchdog = Watchdog(LIMIT)
    with capture_logs() as logs:
        async with watching(watchdog):
            for hold in (compute_for_long, wait_for_long, wait_for_long):
                hold()
                await asyncio.sleep(0.1)
    told = [line for line in logs if line["event"] == "loop.held"]
    # The same place is told once a minute.
    assert [line["where"][-1].partition(" ")[2] for line in told] == [
        "compute_for_long",
        "wait_for_long",
    ]
    assert told[0]["where"][-1].startswith("tests/ops/test_watchdog.py:")
    assert told[0]["seconds"] > 2 * LIMIT
    assert told[1]["worked"] < LIMIT
    assert watchdog.held == 3
    registry = CollectorRegistry()
    registry.register(watchdog)
    assert b"papertakes_event_loop_held_total 3.0" in generate_latest(registry)


async def test_a_loop_that_only_waits_is_not_held() -> None:
    watchdog = Watchdog(2.0)
    async with watching(watchdog):
        await asyncio.to_thread(time.sleep, 0.3)
    assert (watchdog.held, watchdog.seconds) == (0, 0.0)
