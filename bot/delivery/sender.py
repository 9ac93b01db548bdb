"""The outbox's sender: every row once, in its lane's order, whatever happens.

Why no message is lost: a row is `sent` only after Discord's answer, its echo, or a look at what
stands there; everything else is asked for again.

Why none is posted twice:

- A row is marked as being sent, in a transaction of its own, before its request leaves: after the
  wait for rate limits, so that the mark and the request are a moment apart (`port.Before`).
- The mark carries this process's name and a lease of 45 seconds. Another process leaves the row
  alone until then, or until it knows that the owner is dead (`store.owner`); the request is cut off
  after 15 seconds, so a healthy owner knows how it ended long before. The mark is a compare-and-set
  on the row's count of attempts: of two processes only one gets it, and one that comes late (let go
  after being frozen) does not.
- A row that may have been asked for (`tried_at`) is looked for first (`settle`). What comes of the
  earlier request only after that look is caught by the nonce: the same for the row at each attempt,
  known to Discord for some minutes, while the second request follows within the one minute of lease
  and look. Each request is a single one: the library's own retries are kept out (`request`).
- A process frozen in the instant between mark and request, and for longer than Discord remembers
  a nonce, can make a double: its mark is lost by then, it sees that, and deletes what it made.

Why none is out of order: only the first unfinished row of a lane is worked on, and `sent` is final.

A forum post has no nonce. It is looked for by name and author, and asked for again only if it is
still missing 30 seconds after the request.

Lanes take turns row by row, eight requests at once, so that short ones finish early; a row that
is refused holds up its own lane only.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.delivery.context import Desk, Notify, nobody
from bot.delivery.limits import Pace, Throttle, either
from bot.delivery.port import NotDone, Port, Unauthorised
from bot.delivery.reconcile import double
from bot.delivery.record import CHANGES, remove
from bot.delivery.step import advance
from bot.isolation import RecordKind, failures, is_of_record, isolated
from bot.model.outbox import OutboxState, Row
from bot.store import Owner, SharedClock, Store, set_by

log = structlog.get_logger()


class Sender:
    """Works the outbox off. `run` is for a supervised task; `drain` for tests and the demo.

    `clock` is the host's; `now` the time that all processes have, left out: by `clock` too.
    """

    def __init__(
        self,
        store: Store,
        port: Port,
        clock: Callable[[], datetime],
        *,
        now: SharedClock | None = None,
        owner: Owner | None = None,
        notify: Notify = nobody,
        pace: Pace | None = None,
        worked: Callable[[], None] = lambda: None,
    ) -> None:
        """`worked` is called whenever the outbox was read."""
        pace = pace or Pace()
        throttle = Throttle(pace)
        self.desk = Desk(
            store, port, clock, now or set_by(clock), owner or Owner(), pace, throttle, notify
        )
        self._slots = asyncio.Semaphore(pace.requests)
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._parked: dict[str, float] = {}
        """Lanes that rest after an error of our own, with the loop's time at which that ends."""
        self._due: deque[str] = deque()
        """Lanes that are to follow."""
        self._read_next = 0.0
        self._look_next = 0.0
        self._others_send = False
        self._refilling = asyncio.Lock()
        self._wakes: set[asyncio.Event] = set()
        """One for each `_work` that goes on."""
        self._stopping = asyncio.Event()
        self._worked = worked
        self._doubted = False
        """Discord has answered 401: whether it takes our token is asked before anything else."""
        self._fatal: Unauthorised | None = None

    async def run(self) -> None:
        """Send what is due, as it becomes due, until `stop`.

        Raises Unauthorised when Discord does not take the token any more.
        """
        await self._work(until_idle=False)

    async def drain(self) -> None:
        """Send until nothing can be done now: what is left waits for a moment or is held."""
        await self._work(until_idle=True)

    def wake(self) -> None:
        """There are new rows."""
        for event in self._wakes:
            event.set()

    async def stop(self) -> None:
        """Let the requests that are under way finish, and end `run`."""
        self._stopping.set()
        self.wake()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    async def echo(self, nonce: str, message_id: int) -> None:
        """The gateway has shown a message of ours (MESSAGE_CREATE) with this nonce."""
        self.desk.echoes.message(nonce, message_id)

    async def echo_thread(self, parent_id: int, name: str, thread_id: int) -> None:
        """The gateway has shown a thread of ours (THREAD_CREATE, its owner being the bot)."""
        self.desk.echoes.thread(parent_id, name, thread_id)

    async def revive(self, *channel_ids: int) -> int:
        """Channels' permissions or states have changed: try their refused rows again. How many."""
        async with self.desk.store.read() as tx:
            if not await tx.held.any_for(channel_ids):
                return 0
        async with self.desk.store.begin() as tx:
            now = await self.desk.now(tx)
            count = await tx.held.revive(channel_ids, now, self.desk.pace.revived)
        if count:
            self.wake()
        return count

    async def _work(self, *, until_idle: bool) -> None:
        wake = asyncio.Event()
        self._wakes.add(wake)
        try:
            while not self._stopping.is_set() and self._fatal is None:
                wake.clear()
                await self._refill()
                # A lane may have ended while the outbox was read without it: `wake` says so.
                if until_idle and not self._lanes and not wake.is_set():
                    break
                await self._rest(wake, until_idle=until_idle)
            if self._stopping.is_set() or self._fatal is not None:
                await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        finally:
            self._wakes.discard(wake)
            if not self._wakes:
                # Nothing is left here unless this task is being cancelled.
                lanes = list(self._lanes.values())
                for lane in lanes:
                    lane.cancel()
                await asyncio.gather(*lanes, return_exceptions=True)
        if self._fatal is not None:
            raise self._fatal

    async def _refill(self) -> None:
        """Begin lanes that are due, up to the limit."""
        async with self._refilling:
            if not self.desk.port.connected() or not await self._logged_in():
                return
            try:
                await self._free_rows_of_the_dead()
                await self._remove_doubles()
                await self._read_lanes()
            except Exception as error:
                log.log(_level(error), "delivery.outbox_unreadable", **_seen(error))
            while self._due and len(self._lanes) < self.desk.pace.lanes:
                lane = self._due.popleft()
                if lane not in self._lanes:
                    task = asyncio.create_task(self._lane(lane), name=f"lane {lane}")
                    self._lanes[lane] = task
                    task.add_done_callback(partial(self._done, lane))

    async def _logged_in(self) -> bool:
        """Whether requests may be made: after a 401 Discord is asked whether it takes our token."""
        if not self._doubted or self.desk.throttle.held():
            return not self._doubted
        try:
            await self.desk.port.check_login()
        except Unauthorised as error:
            log.error("delivery.unauthorised")
            self._fatal = error
        except NotDone as error:
            log.warning("delivery.login_unclear", error=str(error))
            self.desk.throttle.weather()
        else:
            log.warning("delivery.login_good")
            self._doubted = False
            self.desk.throttle.weather()
        return not self._doubted

    async def _free_rows_of_the_dead(self) -> None:
        """End the leases of processes that are no more."""
        owner, now = self.desk.owner, asyncio.get_running_loop().time()
        if now < self._look_next:
            return
        self._look_next = now + self.desk.pace.alive
        async with self.desk.store.read() as tx:
            names = await tx.sending.owners(await self.desk.now(tx), but=owner.name)
        self._others_send = bool(names)
        for name in names:
            async with self.desk.store.begin() as tx:
                if await owner.is_dead(tx, name):
                    rows = await tx.sending.end_leases(name)
                    log.info("delivery.taken_over", dead=name, rows=rows)

    async def _read_lanes(self) -> None:
        """Read which lanes are due: a few hundred at a time, since there may be thousands.

        While lanes are worked on it is not read so often that it takes a tenth of the time.
        """
        pace, loop = self.desk.pace, asyncio.get_running_loop()
        now = loop.time()
        self._parked = {lane: at for lane, at in self._parked.items() if at > now}
        if self._lanes and (len(self._due) >= pace.lanes or now < self._read_next):
            return
        began = time.perf_counter()
        await self.desk.owner.renew()
        async with self.desk.store.read() as tx:
            due = await tx.sending.lanes_due(
                await self.desk.now(tx),
                self.desk.owner.name,
                4 * pace.lanes,
                skip=[*self._lanes, *self._parked],
            )
        self._due = deque(due)
        self._worked()
        self._read_next = loop.time() + 10 * (time.perf_counter() - began)

    def _done(self, lane: str, _task: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        self.wake()

    async def _lane(self, lane: str) -> None:
        """Work a lane off, row by row, until it is finished or must wait."""
        try:
            while not self._stopping.is_set() and not self._doubted:
                await self.desk.owner.renew()
                async with self.desk.store.read() as tx:
                    now = await self.desk.now(tx)
                    row = await tx.sending.head(lane, now, self.desk.owner.name)
                if row is None:
                    return
                async with self._slots:
                    if not await self.desk.throttle.allowed(self._stopping) or self._doubted:
                        return
                    pause = await advance(self.desk, row)
                if pause > 0:
                    await either(self._stopping, pause)
        except Unauthorised as error:
            log.warning("delivery.doubted", lane=lane, error=str(error))
            self._doubted = True
        except Exception as error:
            # The database, or a mistake of ours: the row is as it was, and is settled from there.
            if is_of_record(error):
                failures.note(RecordKind.DELIVERY, lane, error)
            else:
                log.log(_level(error), "delivery.trouble", lane=lane, **_seen(error))
            rest = self.desk.pace.trouble
            self._parked[lane] = asyncio.get_running_loop().time() + rest

    async def _rest(self, wake: asyncio.Event, *, until_idle: bool) -> None:
        """Sleep until there is a reason not to."""
        seconds = self.desk.pace.alive if self._others_send else self.desk.pace.poll
        if self._lanes:
            # Woken before the outbox may be read again: see to it as soon as it may.
            left = self._read_next - asyncio.get_running_loop().time()
            seconds = min(seconds, left) if left > 0 else seconds
        if not until_idle:
            try:
                async with self.desk.store.read() as tx:
                    now = await self.desk.now(tx)
                    moment = await tx.sending.next_moment(now, self.desk.owner.name)
                if moment is not None:
                    seconds = min(seconds, (moment - now).total_seconds())
            except Exception as error:
                log.log(_level(error), "delivery.outbox_unreadable", **_seen(error))
        await either(wake, max(seconds, 0.01))

    async def _remove_doubles(self) -> None:
        """See to the rows of which a request may have had its effect late."""
        desk = self.desk
        now = desk.clock()
        for number, (lost, due) in list(desk.suspects.items()):
            if now >= due:
                with isolated(RecordKind.DELIVERY, number) as attempt:
                    await self._remove_double(lost)
                if attempt.failed:
                    desk.suspects.pop(number, None)

    async def _remove_double(self, lost: Row) -> None:
        desk = self.desk
        async with desk.store.read() as tx:
            row = await tx.outbox.get(lost.id)
            home = await tx.sending.home(lost.draft.lane)
        if row is not None and row.state in (
            OutboxState.PENDING,
            OutboxState.SENDING,
            OutboxState.FAILED,
        ):
            desk.suspect(lost)
            return
        del desk.suspects[lost.id]
        if row is None or row.message_id is None or row.draft.kind in CHANGES:
            return
        try:
            extra = await double(desk, row, home)
        except (NotDone, Unauthorised) as error:
            log.warning("delivery.double_unseen", row=row.id, error=str(error))
            return
        if extra is not None:
            log.warning("delivery.double", row=row.id, kept=row.message_id, removed=extra)
            await remove(desk, row, home, extra)


def _level(error: Exception) -> int:
    """A database that is away is nobody's mistake."""
    return logging.WARNING if isinstance(error, OSError) else logging.ERROR


def _seen(error: Exception) -> dict[str, object]:
    """For such a one a line will do; of a mistake of ours, where it was made."""
    return {"error": repr(error)} if isinstance(error, OSError) else {"exc_info": error}
