"""Time as this room knows it: a parameter, so that tests need not wait."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol


class Clock(Protocol):
    """Time in seconds from any start."""

    def time(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class LoopClock:
    """The event loop's own time."""

    def time(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def ended_within(task: asyncio.Task[Any], seconds: float, clock: Clock) -> bool:
    """Waits for a task so long; whether it has ended. It is not cancelled."""
    alarm = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        alarm.cancel()
    return task.done()
