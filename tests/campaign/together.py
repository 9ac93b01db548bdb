"""Two processes on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.model.outbox import OutboxState
from tests.campaign.locks import Locks
from tests.campaign.moments import Phase
from tests.campaign.process import Process
from tests.campaign.stage import LEASE, Stage
from tests.campaign.trial import Database, Trial


async def planned_twice(stage: Stage) -> None:
    """Both stand at the first statement of the planning transaction when they are let go."""
    locks = Locks(stage.url)
    async with locks.table("channels"):
        await asyncio.gather(stage.start(), stage.start())
        await locks.waiting(2)
    await stage.finish(timelapse=False)


async def both_send(stage: Stage) -> None:
    """Both send; one of them is killed in the middle."""
    one, _ = await asyncio.gather(stage.start(), stage.start())
    stage.strike(stage.rng.randint(2, 7), stage.rng.choice(list(Phase)), one.kill)
    await stage.finish()


def frozen(name: str, phase: Phase, nonce_memory: timedelta = timedelta(minutes=5)) -> Trial:
    """One is frozen while it sends; the other one takes over; then the first is let go.

    ARRIVED: its request has its effect only when it is let go.
    """

    async def play(stage: Stage) -> None:
        one = await stage.start()
        two: list[Process] = []
        going_on = asyncio.Event()

        async def freeze() -> None:
            one.freeze()
            going_on.set()
            if phase is Phase.ARRIVED:
                await thawed.wait()

        thawed = asyncio.Event()
        stage.strike(stage.rng.randint(1, 6), phase, freeze)
        await going_on.wait()
        await stage.time_passes(LEASE)
        two.append(await stage.start())
        await _taken_over(stage)
        thawed.set()
        one.thaw()
        await stage.finish()
        # What the thawed one made too much it takes back.
        await asyncio.sleep(1.0)

    return Trial(name, play, database=Database.POSTGRESQL, nonce_memory=nonce_memory)


async def frozen_any_moment(stage: Stage) -> None:
    """Both send; one is frozen at any moment, for longer than its lease, and let go."""
    one, two = await asyncio.gather(stage.start(), stage.start())
    await stage.until(lambda: stage.moments.count > 0)
    await asyncio.sleep(stage.rng.uniform(0, 0.3))
    one.freeze()
    await stage.time_passes(LEASE)
    await asyncio.sleep(stage.rng.uniform(0, 8))
    one.thaw()
    assert two.alive
    await stage.finish()
    await asyncio.sleep(0.5)


def clocks_apart(ahead: float) -> Trial:
    """Two hosts' clocks are so many seconds apart, and Discord is slow to do what it is asked."""

    async def play(stage: Stage) -> None:
        for at in (1, stage.rng.randint(2, 6)):
            stage.strike(at, Phase.ARRIVED, lambda: asyncio.sleep(8))
        await asyncio.gather(stage.start(), stage.start(ahead=ahead))
        await stage.finish(timelapse=False)
        for process in stage.processes:
            assert not process.has_said("delivery.double"), "made twice, and taken back"

    return Trial(f"clocks {ahead:g} s apart", play, database=Database.POSTGRESQL, slow=True)


async def session_cut(stage: Stage) -> None:
    """The session whose lock proves that a process lives is ended while it waits for an answer."""
    one, _ = await asyncio.gather(stage.start(), stage.start())
    locks = Locks(stage.url)
    phase = stage.rng.choice([Phase.ARRIVED, Phase.MADE])

    async def cut() -> None:
        await locks.end_owners()
        # Meanwhile the other one takes the row over.
        await asyncio.sleep(3)

    strike = stage.strike(stage.rng.randint(1, 6), phase, cut)
    await stage.finish(timelapse=False)
    assert strike.done
    assert one.alive


async def frozen_for_long(stage: Stage) -> None:
    """Frozen so long that the server ends its sessions; then it is let go."""
    one, _ = await asyncio.gather(stage.start(), stage.start())
    locks = Locks(stage.url)

    async def freeze() -> None:
        one.freeze()
        await locks.end_owners()

    strike = stage.strike(
        stage.rng.randint(1, 6), stage.rng.choice([Phase.ARRIVED, Phase.MADE]), freeze
    )
    await stage.until(lambda: strike.done)
    await asyncio.sleep(stage.rng.uniform(0, 6))
    one.thaw()
    await stage.finish()
    await asyncio.sleep(1.0)


async def _taken_over(stage: Stage) -> None:
    """Until the other process has sent everything, though a request is still on its way."""
    async with asyncio.timeout(60):
        while not all(row.state is OutboxState.SENT for row in await stage.rows()):
            await stage.time_passes(LEASE)
            await asyncio.sleep(3)


TRIALS: Sequence[Trial] = (
    Trial("planned twice", planned_twice, database=Database.POSTGRESQL),
    Trial("two processes, one killed", both_send, database=Database.POSTGRESQL),
    frozen("frozen, request made", Phase.MADE),
    frozen("frozen, request on its way", Phase.ARRIVED),
    frozen("frozen, nonces forgotten", Phase.ARRIVED, timedelta(0)),
    clocks_apart(60.0),
    clocks_apart(-60.0),
    Trial("session of an owner cut", session_cut, database=Database.POSTGRESQL),
    Trial("frozen, sessions cut", frozen_for_long, database=Database.POSTGRESQL),
    Trial("frozen, any moment", frozen_any_moment, database=Database.POSTGRESQL),
)
