"""`papertakes run` with a clock of its own, telling each time that its event loop was held.

    BENCH_NOW=2026-01-14T02:00:00+00:00 python -m tests.bench.watched_bot

A line of JSON on standard output for each hold of over 20 ms: when it was seen (the clock that all
processes share), its seconds, the seconds in which this thread worked, and where.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from datetime import datetime, timedelta

from bot.app import App
from bot.config import load
from bot.logs import configure
from bot.ops.memory import freeze_loaded
from bot.ops.watchdog import Watchdog

LIMIT = 0.02
"""Seconds."""


class Telling(Watchdog):
    """Tells every hold, and not only the first one of a place."""

    def _tell(self, late: float, worked: float, stack: list[str]) -> None:
        told = {"at": time.monotonic(), "held": late, "worked": worked, "where": stack[-6:]}
        print(json.dumps(told), flush=True)


async def main() -> None:
    begun, start = time.monotonic(), datetime.fromisoformat(os.environ["BENCH_NOW"])
    settings = load(None, dict(os.environ))
    configure(settings.log, [])
    app = App(settings, lambda: start + timedelta(seconds=time.monotonic() - begun))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    watching = asyncio.create_task(Telling(LIMIT).run())
    try:
        await app.run(stop)
    finally:
        watching.cancel()


if __name__ == "__main__":
    freeze_loaded()
    asyncio.run(main())
