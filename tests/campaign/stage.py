"""One run: a club whose digest is due, a sandbox that misbehaves, and the bot's processes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.model.digest import DigestState
from bot.model.outbox import OutboxState, Row
from bot.sandbox import Fault, RateLimits, Sandbox
from bot.sandbox.places import Place
from bot.sandbox.posts import Post
from bot.store import Store
from bot.store.postgresql import PATIENT
from bot.store.queries.outbox import plain
from bot.store.schema import DigestRow, OutboxRow
from tests.campaign import club
from tests.campaign.moments import Moments, Phase, Strike
from tests.campaign.process import Process
from tests.sandbox import openapi

WIDE = RateLimits(enabled=False, routes={}, usual=(1000, 5.0))
"""The client waits by itself for what the headers say, also where no limit is kept."""

LEASE = 50.0
"""Seconds after which a process has lost its rows and a missing thread is missing for good."""
_MOMENTS = ("not_before", "sending_since", "tried_at", "failed_since", "lease_until")
_OPEN = {OutboxState.PENDING, OutboxState.SENDING, OutboxState.FAILED}

Progress = Sequence[tuple[str, int]]
"""Each row's state and number of attempts."""


@dataclass(slots=True)
class Stage:
    """What a fault is played on."""

    sandbox: Sandbox
    moments: Moments
    store: Store
    url: str
    folder: Path
    rng: random.Random
    channel: Place
    settling: bool = True
    cold: bool = False
    processes: list[Process] = field(default_factory=list)
    removed: list[Post] = field(default_factory=list)

    @property
    def forum(self) -> bool:
        return self.channel.kind == "forum"

    @property
    def thread(self) -> Place | None:
        """The digest's thread, once there is one."""
        return next(iter(self.channel.threads), None)

    # The bot

    async def start(self, *, ahead: float = 0.0, url: str | None = None) -> Process:
        """Start a bot; `url`: where it finds the database, if not where the others do."""
        process = Process(
            self.sandbox, url or self.url, settling=self.settling, cold=self.cold, ahead=ahead
        )
        self.processes.append(process)
        await process.start(self.folder)
        return process

    def strike(
        self, at: int, phase: Phase, act: Callable[[], Awaitable[None] | None], late: float = 0.0
    ) -> Strike:
        """Do something at a moment of the making request number `at` (from 1)."""
        strike = Strike(at, phase, act, late)
        self.moments.strike(strike)
        return strike

    def fault(self, fault: Fault) -> Fault:
        return self.sandbox.faults.add(fault)

    def remove(self, post: Post) -> None:
        """A moderator deletes a message of the bot's."""
        self.removed.append(post)
        self.sandbox.admin.delete_message(post)

    # The database

    async def rows(self) -> Sequence[Row]:
        """The whole outbox, in order."""
        async with self.store.read() as tx:
            rows = await tx.session.scalars(
                select(OutboxRow).order_by(OutboxRow.lane, OutboxRow.seq)
            )
            return [plain(row) for row in rows]

    async def states(self) -> Sequence[DigestState]:
        async with self.store.read() as tx:
            return [DigestState(row) for row in await tx.session.scalars(select(DigestRow.state))]

    async def time_passes(self, seconds: float) -> None:
        """Everything that was noted in the outbox lies so much further back.

        It is how minutes of leases and waits pass in no time: the bot's clock is the real one.
        A row that a frozen process holds locked is left out.
        """
        step = timedelta(seconds=seconds)
        async with self.store.begin() as tx:
            rows = await tx.session.scalars(select(OutboxRow).with_for_update(skip_locked=True))
            for row in rows:
                for name in _MOMENTS:
                    if (moment := getattr(row, name)) is not None:
                        setattr(row, name, moment - step)

    async def until(self, done: Callable[[], bool], timeout: float = 30.0) -> None:
        """Wait for something to be seen at the sandbox. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not done():
                await asyncio.sleep(0.01)

    async def finish(
        self, timeout: float = 90.0, *, held: bool = False, timelapse: bool = True
    ) -> None:
        """Go on until nothing is owed, or, with `held`, until only held lanes are left.

        A bot that was killed is started again. Where nothing happens, time passes. Raises
        TimeoutError.
        """
        async with asyncio.timeout(timeout):
            idle = Idle()
            while not over(progress := await self._progress(), held=held):
                if not any(process.alive for process in self.processes):
                    if self.processes:
                        await self.processes[-1].end()
                        await self.time_passes(LEASE)
                    await self.start()
                    idle = Idle()
                seen = (progress, self.moments.count)
                if timelapse and idle.for_long(seen, self.moments.under_way):
                    await self.time_passes(LEASE)
                await asyncio.sleep(0.1)
            while self.moments.under_way:
                await asyncio.sleep(0.05)

    async def held_up(self) -> None:
        """Go on until a lane is held up. Raises AssertionError if all is sent instead."""
        await self.finish(held=True)
        rows = await self.rows()
        assert any(row.state is OutboxState.FAILED for row in rows), "nothing was held up"

    async def attempts(self) -> int:
        """How often something of the digest's was asked for, or looked for."""
        rows = await self.rows()
        return sum(row.attempts for row in rows if row.draft.lane.startswith("digest:"))

    async def _progress(self) -> Progress:
        columns = select(OutboxRow.state, OutboxRow.attempts).order_by(OutboxRow.id)
        async with self.store.read() as tx:
            return [(row.state, row.attempts) for row in await tx.session.execute(columns)]

    async def end(self) -> None:
        for process in self.processes:
            await process.end()

    def log(self) -> str:
        """What the bot has said, process by process."""
        return "\n--\n".join("\n".join(process.lines) for process in self.processes)


def over(progress: Progress, *, held: bool) -> bool:
    """Whether nothing is owed any more, or, with `held`, a row is held."""
    states = {state for state, _ in progress}
    if held and OutboxState.FAILED in states:
        return True
    return bool(states) and states.isdisjoint(_OPEN)


class Idle:
    """Whether a bot waits for a moment that is far off."""

    def __init__(self) -> None:
        self.seen: object = None
        self.since = datetime.now(UTC)

    def for_long(self, seen: object, under_way: int) -> bool:
        """True when nothing has changed for a while; then the while begins anew, longer: the bot
        reads the outbox every five seconds."""
        now = datetime.now(UTC)
        if seen != self.seen or under_way:
            self.seen, self.since = seen, now
            return False
        if now - self.since < timedelta(seconds=1.5):
            return False
        self.since = now + timedelta(seconds=5)
        return True


@asynccontextmanager
async def staged(
    url: str,
    folder: Path,
    rng: random.Random,
    *,
    forum: bool,
    nonce_memory: timedelta = timedelta(minutes=5),
    limits: RateLimits = WIDE,
    settling: bool = True,
    cold: bool = False,
) -> AsyncIterator[Stage]:
    """A stage on a fresh, migrated database; everything is ended afterwards."""
    sandbox = Sandbox(limits=limits, validator=openapi.check, nonce_memory=nonce_memory)
    moments = Moments()
    moments.install(sandbox.app)
    await sandbox.start()
    # A machine that is busy with the bots may be slow to answer those who look on.
    store = Store(url, answer=PATIENT)
    channel = sandbox.channel("reading-room" if forum else "papers")
    # Somebody who can be told where no channel is left for it.
    sandbox.world.guilds[channel.record.guild_id or 0].owner_id = sandbox.person("Ada").id
    stage = Stage(sandbox, moments, store, url, folder, rng, channel, settling, cold)
    try:
        await club.found(store, channel, rng)
        yield stage
    finally:
        await stage.end()
        await sandbox.stop()
        await store.close()
