"""The one gate through which every request to arXiv goes.

arXiv asks for "no more than one request every three seconds" and "a single connection at a time"
(https://info.arxiv.org/help/api/tou.html), over its query API, feeds and OAI-PMH together. The
interval is counted from the end of one request to the start of the next, as arXiv's own examples
do: counted between starts, requests could arrive closer than sent, and arXiv answers 429 to some
programs that keep to the letter.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from bot.arxiv.backoff import Backoff, ServiceState
from bot.arxiv.clock import Clock, LoopClock, ended_within
from bot.arxiv.errors import ArxivUnavailable, GaveWay, Occupied
from bot.arxiv.queue import Priority, RequestTurns, Ticket, people

__all__ = ["Gate", "Priority"]

log = logging.getLogger(__name__)

T = TypeVar("T")

SHORT = 5.0
"""Seconds for which a person waits for a poller's request to end; usual is half a second."""


class Gate:
    """Lets one request at a time through, each `interval` seconds after the one before.

    Made once for the program. People go first, and a `yielding` request is dropped for them. After
    `patience` people a short request of the poller goes first all the same; a yielding one when
    it has given way for `endurance` seconds too, and then it is guarded: it is not dropped, and
    people are told at once that arXiv is Occupied. `relieved` is called when that is over.
    `chance` gives numbers from 0 up to 1 for the jitter.
    """

    def __init__(
        self,
        interval: float = 3.0,
        *,
        patience: int = 6,
        endurance: float = 600.0,
        backoff: Backoff | None = None,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        relieved: Callable[[], None] = lambda: None,
    ) -> None:
        self.interval = interval
        self.turns = RequestTurns(patience, endurance)
        self.backoff = backoff or Backoff()
        self.clock = clock or LoopClock()
        self.relieved = relieved
        self._chance = chance
        self._waiting: list[Ticket] = []
        self._running: Ticket | None = None
        self._free_at = float("-inf")
        self._sources: dict[str, ServiceState] = {}
        self._turned_away = False
        self._wake = asyncio.Event()
        self._dispatcher: asyncio.Task[None] | None = None
        self._closed = False

    # -- what callers use --------------------------------------------------------------------

    async def run(
        self,
        request: Callable[[], Coroutine[Any, Any, T]],
        *,
        source: str,
        priority: Priority,
        timeout: float,
        yielding: bool = False,
        guild: int = 0,
    ) -> T:
        """One request, when its turn has come; `timeout` seconds count from its start.

        `guild` is the server of the person who asks: servers take turns.
        `request` is called once and must use one connection, closed or idle when it ends. Raises
        what it raises, ArxivUnavailable at the timeout, GaveWay if it was `yielding` and a
        person came, and to a person Occupied. A caller may be cancelled at any moment: while it
        waits its place is freed, afterwards the request is cancelled too, and counts.
        """
        if self._closed:
            raise ArxivUnavailable("closed")
        turn = asyncio.get_running_loop().create_future()
        ticket = Ticket(source, priority, yielding, turn, self.clock.time(), guild)
        self._waiting.append(ticket)
        self.turns.came(ticket)
        self._make_way()
        self._dispatch_soon()
        try:
            await ticket.turn
        except asyncio.CancelledError:
            self._leave(ticket)
            raise
        return await self._run(ticket, request, timeout)

    async def ask(
        self,
        request: Callable[[], Coroutine[Any, Any, T]],
        *,
        source: str,
        priority: Priority,
        timeout: float,
        attempts: int = 3,
        yielding: bool = False,
        guild: int = 0,
    ) -> T:
        """As `run`, asking up to `attempts` times, as long as the source is unavailable.

        Between two times the source is left alone as its answer or the backoff says. GaveWay and
        Occupied are passed on: the caller knows whether the question is still worth asking.
        """
        for left in range(attempts - 1, -1, -1):
            try:
                return await self.run(
                    request,
                    source=source,
                    priority=priority,
                    timeout=timeout,
                    yielding=yielding,
                    guild=guild,
                )
            except Occupied:
                raise
            except ArxivUnavailable as error:
                log.info("arXiv's %s: %s; %d more tries", source, error.reason, left)
                if not left:
                    raise
        raise AssertionError("attempts must be at least 1")

    def hold(self, source: str, seconds: float) -> None:
        """Asks nothing of `source` for so long. It does not shorten an earlier hold."""
        state = self._source(source)
        state.held_until = max(state.held_until, self.clock.time() + seconds)
        self._wake.set()

    def held(self, source: str) -> float:
        """Seconds for which nothing will be asked of `source`; 0 if it may be asked."""
        return max(0.0, self._source(source).held_until - self.clock.time())

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return len(self._waiting)

    async def close(self) -> None:
        """Cancels what runs and what waits, and returns when the last request has ended."""
        self._closed = True
        for ticket in self._waiting:
            if not ticket.turn.done():
                ticket.turn.set_exception(ArxivUnavailable("closed"))
        self._waiting.clear()
        running = self._running
        if running is not None and running.task is not None:
            running.task.cancel()
            await asyncio.wait({running.task})
        if self._dispatcher is not None:
            self._dispatcher.cancel()
            await asyncio.wait({self._dispatcher})

    # -- the running request -----------------------------------------------------------------

    async def _run(
        self, ticket: Ticket, request: Callable[[], Coroutine[Any, Any, T]], timeout: float
    ) -> T:
        task = asyncio.get_running_loop().create_task(request())
        ticket.task = task
        task.add_done_callback(lambda _: self._ended(ticket))
        self._make_way()
        try:
            in_time = await ended_within(task, timeout, self.clock)
        except asyncio.CancelledError:
            # The place stays taken until the request has really ended.
            task.cancel()
            raise
        if not in_time:
            task.cancel()
            self._failed(ticket.source, None)
            raise ArxivUnavailable("timeout")
        if ticket.gave_way and task.cancelled():
            raise GaveWay
        if self._closed and task.cancelled():
            raise ArxivUnavailable("closed")
        try:
            result = task.result()
        except ArxivUnavailable as error:
            self._failed(ticket.source, error.retry_after)
            raise
        self._source(ticket.source).failures = 0
        return result

    def _ended(self, ticket: Ticket) -> None:
        task = ticket.task
        assert task is not None
        if not task.cancelled():
            task.exception()  # Looked at, in case that the caller has gone.
        now = self.clock.time()
        self._free_at = now + self.interval
        # Dropped in its last moment it may have got its answer all the same.
        ticket.gave_way = ticket.gave_way and task.cancelled()
        self.turns.ended(ticket, now, self._waiting)
        self._free()

    def _free(self) -> None:
        self._running = None
        self._wake.set()
        if self._turned_away:
            self._turned_away = False
            self.relieved()

    def _failed(self, source: str, retry_after: float | None) -> None:
        self.hold(source, self._source(source).failed(self.backoff, self._chance, retry_after))

    # -- whose turn it is --------------------------------------------------------------------

    def _make_way(self) -> None:
        """Drops what runs for a person who waits, or tells who waits that it goes on."""
        running = self._running
        if running is None or running.of_person or running.gave_way:
            return
        now = self.clock.time()
        if running.yielding and not running.guarded:
            if running.task is None or not any(map(self._may_start, self._waiting)):
                return
            if not self.turns.overdue(running, now):
                running.gave_way = True
                running.task.cancel()
                return
            # Its turn would be next: it keeps what it has of its answer.
            running.guarded = True
        if running.guarded or now - running.began >= SHORT:
            for ticket in people(self._waiting):
                self._waiting.remove(ticket)
                if not ticket.turn.done():
                    ticket.turn.set_exception(Occupied())
                    self._turned_away = True

    def _may_start(self, ticket: Ticket) -> bool:
        return ticket.of_person and self.held(ticket.source) <= self.interval

    def _until_way_is_made(self) -> float:
        """Seconds until somebody who waits may interrupt, or has waited for long enough."""
        running, waiting = self._running, people(self._waiting)
        if running is None or not waiting:
            return float("inf")
        if not running.yielding and not running.of_person:
            return max(0.0, running.began + SHORT - self.clock.time())
        holds = [self.held(ticket.source) - self.interval for ticket in waiting]
        return min((hold for hold in holds if hold > 0), default=float("inf"))

    def _leave(self, ticket: Ticket) -> None:
        """A caller was cancelled before its request began."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        if self._running is ticket:
            self._free()
        self._wake.set()

    def _dispatch_soon(self) -> None:
        self._wake.set()
        if self._dispatcher is None or self._dispatcher.done():
            self._dispatcher = asyncio.get_running_loop().create_task(self._dispatch())

    async def _dispatch(self) -> None:
        while self._waiting:
            self._wake.clear()
            if self._running is not None:
                await self._pause(min(self._until_way_is_made(), 3600.0))
                self._make_way()
                continue
            now = self.clock.time()
            ticket, at = self._next(max(now, self._free_at))
            if at > now:
                await self._pause(at - now)
                continue
            self._waiting.remove(ticket)
            if not ticket.turn.done():
                self._running = ticket
                self.turns.begins(ticket, self._waiting)
                ticket.began = now
                ticket.guarded = ticket.yielding and self.turns.overdue(ticket, now)
                ticket.turn.set_result(None)
                self._make_way()

    def _next(self, start: float) -> tuple[Ticket, float]:
        """The ticket whose turn it is, and when its request may start, `start` at the soonest."""
        ready = [t for t in self._waiting if self._source(t.source).held_until <= start]
        if not ready:
            first = min(self._waiting, key=lambda t: self._source(t.source).held_until)
            return first, self._source(first.source).held_until
        return self.turns.first(ready, start), start

    async def _pause(self, seconds: float) -> None:
        """Sleeps, or until something has changed."""
        waits: list[Awaitable[object]] = [self.clock.sleep(seconds), self._wake.wait()]
        tasks = [asyncio.ensure_future(wait) for wait in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    def _source(self, name: str) -> ServiceState:
        return self._sources.setdefault(name, ServiceState())
