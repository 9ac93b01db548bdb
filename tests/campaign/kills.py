"""SIGKILL, at every step of planning and sending."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from tests.campaign.locks import Locks
from tests.campaign.moments import EDIT, Phase
from tests.campaign.stage import Stage
from tests.campaign.trial import Database, Trial

LAST = 8
"""The digests of the campaign's clubs take at least so many requests."""


async def nothing(stage: Stage) -> None:
    """No fault at all."""
    await stage.start()
    await stage.finish(timelapse=False)


def _kill(stage: Stage) -> None:
    for process in stage.processes:
        process.kill()


def at_request(phase: Phase, *, twice: bool = False) -> Trial:
    """Killed at a random request; its answer is of no use to anybody any more."""

    async def play(stage: Stage) -> None:
        first = stage.rng.randint(1, LAST)
        late = stage.rng.uniform(0, 0.02) if phase is Phase.ANSWERED else 0.0
        killing = stage.strike(first, phase, lambda: _kill(stage), late)
        if twice:
            # It takes a request more for each that was cut off.
            for at in (first + stage.rng.randint(1, 3), first + stage.rng.randint(4, 5)):
                stage.strike(at, stage.rng.choice(list(Phase)), lambda: _kill(stage))
        await stage.finish()
        assert killing.done, "it was not killed"

    return Trial(f"killed, request {phase}" + (", thrice" if twice else ""), play)


async def editing(stage: Stage) -> None:
    """Killed while the list of papers gets the addresses of their messages."""
    phase = stage.rng.choice(list(Phase))
    killing = stage.strike(EDIT, phase, lambda: _kill(stage))
    await stage.finish()
    assert killing.done or phase is Phase.ANSWERED, "it was not killed"


async def any_moment(stage: Stage) -> None:
    """Killed a random while after the first request."""
    await stage.start()
    await stage.until(lambda: stage.moments.count > 0)
    await asyncio.sleep(stage.rng.uniform(0, 0.4))
    _kill(stage)
    await stage.finish()


async def starting(stage: Stage) -> None:
    """Killed a random while after its start, several times: in the planning, before or after."""
    for _ in range(4):
        process = await stage.start()
        await asyncio.sleep(stage.rng.uniform(0.02, 0.3))
        await process.end()
    await stage.time_passes(60)
    await stage.finish()


async def closing(stage: Stage) -> None:
    """Killed about the commit of the planning transaction, which is logged right before it."""
    for _ in range(2):
        process = await stage.start()
        await process.says("digest.period_closed")
        await asyncio.sleep(stage.rng.uniform(0, 0.01))
        await process.end()
        if await stage.rows():
            break
    await stage.time_passes(60)
    await stage.finish()


def at_table(table: str) -> Trial:
    """Killed in the middle of the planning transaction, at its first write to a table."""

    async def play(stage: Stage) -> None:
        locks = Locks(stage.url)
        async with locks.table(table):
            process = await stage.start()
            await locks.waiting(1)
            await process.end()
        assert not await stage.rows(), "planned in spite of its death"
        await stage.finish()

    return Trial(f"killed, planning {table}", play, database=Database.POSTGRESQL)


async def begin(stage: Stage) -> None:
    """Killed while it waits to begin the planning transaction."""
    async with Locks(stage.url).all_writes():
        process = await stage.start()
        await asyncio.sleep(stage.rng.uniform(0.2, 0.5))
        await process.end()
    assert not await stage.rows(), "planned in spite of its death"
    await stage.finish()


TRIALS: Sequence[Trial] = (
    Trial("none", nothing, cold=True),
    *(at_request(phase) for phase in Phase),
    at_request(Phase.MADE, twice=True),
    Trial("killed, nonces forgotten", at_request(Phase.MADE).play, nonce_memory=timedelta(0)),
    Trial("killed, editing", editing),
    Trial("killed, any moment", any_moment),
    Trial("killed, starting", starting),
    Trial("killed, plan committed", closing),
    Trial("killed, before planning", begin, database=Database.SQLITE),
    *(at_table(table) for table in ("channels", "digests", "takes", "entries", "outbox")),
)
