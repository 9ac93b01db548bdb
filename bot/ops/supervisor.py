"""Background tasks: whichever dies is started anew, after a pause that grows, and is seen.

What works without end (the outbox's sender) is kept; what does a step now and then (the planner)
repeats. Both are known by a name, under which `ops.health` shows them and their deaths are counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

log = structlog.get_logger()

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds from a death to the next start: doubled at each one that follows."""

    first: float = 1.0
    most: float = 60.0
    steady: float = 60.0
    """What has worked for so long begins with the first pause again."""

    def after(self, deaths: int) -> float:
        doubled: int = 1 << min(max(deaths - 1, 0), 16)
        return min(self.first * doubled, self.most)


@dataclass(slots=True)
class TaskRecord:
    """What is known of a task, over all its starts."""

    alive: bool = False
    """Whether it works now; not while it waits to be started anew."""
    done: bool = False
    """Whether it has come to its end, and nothing is left of it to be done."""
    deaths: int = 0
    in_a_row: int = 0
    error: str | None = None
    """What it died of last."""
    succeeded_at: datetime | None = None
    """When something of its work was done last, by the wall clock."""
    _succeeded: float | None = None
    _started: float = 0.0

    def started(self) -> None:
        self.alive, self.done, self._started = True, False, time.monotonic()

    def succeeded(self) -> None:
        """Something of its work is done."""
        self.in_a_row = 0
        self.succeeded_at, self._succeeded = datetime.now(UTC), time.monotonic()

    def died(self, error: str, steady: float) -> None:
        if time.monotonic() - self._started > steady:
            self.in_a_row = 0
        self.alive, self.error = False, error[:200]
        self.deaths += 1
        self.in_a_row += 1

    @property
    def idle(self) -> float | None:
        """Seconds since its last success."""
        return None if self._succeeded is None else time.monotonic() - self._succeeded


class Duty:
    """A task that is under way; `stop` ends it for good."""

    def __init__(self, name: str, record: TaskRecord, every: float | None) -> None:
        self.name = name
        self.record = record
        self.every = every
        self._wake = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Do the next step at once."""
        self._wake.set()

    def wake_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._wake.set)

    async def rest(self) -> None:
        """Wait until the next step is due, or somebody wakes it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.every):
                await self._wake.wait()
        self._wake.clear()

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


class Supervisor:
    """Starts tasks, and keeps them going until it is closed."""

    def __init__(self, pauses: Pauses | None = None) -> None:
        self.pauses = pauses or Pauses()
        self.records: dict[str, TaskRecord] = {}
        self._duties: set[Duty] = set()

    def keep(self, name: str, work: Work) -> Duty:
        """Work that goes on until it is told to end; whoever does it calls `record.succeeded`."""
        return self._begin(Duty(name, self.record(name), None), work, ())

    def once(self, name: str, work: Work, *, weather: tuple[type[Exception], ...] = ()) -> Duty:
        """Work that comes to an end, and is begun anew until it does without an error.

        `weather`: errors that are nobody's mistake, and are logged in a line.
        """
        duty = Duty(name, self.record(name), None)

        async def whole() -> None:
            await work()
            duty.record.succeeded()
            duty.record.done = True

        return self._begin(duty, whole, weather)

    def repeat(
        self,
        name: str,
        step: Work,
        *,
        every: float | None,
        at_once: bool = True,
        weather: tuple[type[Exception], ...] = (),
    ) -> Duty:
        """A step that is done at once (or not), then `every` so many seconds (None: never by
        itself), and whenever it is woken. `weather` as for `once`."""
        duty = Duty(name, self.record(name), every)

        async def steps() -> None:
            if not at_once and not duty.record.deaths:
                await duty.rest()
            while True:
                await step()
                duty.record.succeeded()
                await duty.rest()

        return self._begin(duty, steps, weather)

    async def close(self) -> None:
        """End all tasks."""
        await asyncio.gather(*(duty.stop() for duty in tuple(self._duties)))

    def record(self, name: str) -> TaskRecord:
        """What is known of the task of that name."""
        return self.records.setdefault(name, TaskRecord())

    def _begin(self, duty: Duty, work: Work, weather: tuple[type[Exception], ...]) -> Duty:
        duty.task = asyncio.create_task(self._go_on(duty, work, weather), name=f"duty {duty.name}")
        self._duties.add(duty)
        duty.task.add_done_callback(lambda _: self._duties.discard(duty))
        return duty

    async def _go_on(self, duty: Duty, work: Work, weather: tuple[type[Exception], ...]) -> None:
        record = duty.record
        while True:
            record.started()
            # In a task of its own: what it is cancelled by from within is a death like others.
            task = asyncio.ensure_future(work())
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                record.alive = False
                raise
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if error is None:
                record.alive = False
                return
            record.died(repr(error), self.pauses.steady)
            pause = self.pauses.after(record.in_a_row)
            if isinstance(error, weather):
                log.warning("task.again", task=duty.name, error=repr(error), again_in=pause)
            else:
                log.error("task.died", task=duty.name, again_in=pause, exc_info=error)
            await asyncio.sleep(pause)
