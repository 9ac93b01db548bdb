"""What holds the event loop: while it does, nobody is answered.

A task looks at the clock twenty times a second. When it comes late by a tenth of a second or more,
something has held the loop; a thread has looked meanwhile where that was. It is counted
(`papertakes_event_loop_held_total`, `…_held_seconds_total`) and logged with its place in the code.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Final

import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

log = structlog.get_logger()

LIMIT: Final = 0.1
"""Seconds."""
BEAT: Final = 0.05
"""Seconds between two looks."""
AGAIN: Final = 60.0
"""Seconds in which the same place is counted, but not logged again."""
_REMEMBERED: Final = 200
_DEEPEST: Final = 12
"""Calls that are logged, the innermost ones."""
_ROOT: Final = str(Path(__file__).parents[2])


class Watchdog(Collector):
    """`run` is for a supervised task."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self.held = 0
        """How often the loop was held for longer than the limit."""
        self.seconds = 0.0
        """For how long, in all."""
        self._due: float | None = None
        """When the task should be there; None while nobody waits for it."""
        self._stack: list[str] | None = None
        """Where the loop's thread was when the task was late."""
        self._logged: OrderedDict[str, float] = OrderedDict()

    async def run(self) -> None:
        """Watch until this is cancelled."""
        ended = threading.Event()
        looking = threading.Thread(
            target=self._look, args=(threading.get_ident(), ended), name="watchdog", daemon=True
        )
        looking.start()
        try:
            while True:
                await self._beat()
        finally:
            self._due = None
            ended.set()

    async def _beat(self) -> None:
        worked = time.thread_time()
        self._stack = None
        self._due = due = time.monotonic() + BEAT
        await asyncio.sleep(BEAT)
        late = time.monotonic() - due
        self._due = None
        if late > self.limit:
            self._tell(late, time.thread_time() - worked, self._stack or [])

    def _tell(self, late: float, worked: float, stack: list[str]) -> None:
        self.held += 1
        self.seconds += late
        place, now = stack[-1] if stack else "", time.monotonic()
        if now - self._logged.get(place, float("-inf")) < AGAIN:
            return
        self._logged[place] = now
        while len(self._logged) > _REMEMBERED:
            self._logged.popitem(last=False)
        # Little of it worked: a file or a lock was waited for, or the machine has other work.
        log.warning("loop.held", seconds=round(late, 3), worked=round(worked, 3), where=stack)

    def _look(self, thread: int, ended: threading.Event) -> None:
        while not ended.wait(self.limit / 4):
            due = self._due
            if due is None or self._stack is not None or time.monotonic() - due < self.limit / 2:
                continue
            frame = sys._current_frames().get(thread)
            if frame is not None and self._due == due:
                self._stack = _places(frame)

    def collect(self) -> Iterable[Metric]:
        """What Prometheus gets."""
        prefix = "papertakes_event_loop_held"
        yield CounterMetricFamily(prefix, "Holds for longer than 0.1 s", value=self.held)
        yield CounterMetricFamily(f"{prefix}_seconds", "For how long", value=self.seconds)


def _places(frame: FrameType) -> list[str]:
    """The calls that a frame is in, the outermost first; no values, and no lines of code."""
    calls = [
        (code.co_filename.removeprefix(f"{_ROOT}/"), line, code.co_name)
        for inner, line in traceback.walk_stack(frame)
        if (code := inner.f_code)
    ]
    shown = [f"{_shortened(name)}:{line} {function}" for name, line, function in calls[:_DEEPEST]]
    return shown[::-1]


def _shortened(name: str) -> str:
    return name.partition("site-packages/")[2] or name
