"""The database refuses: locked by another program, or its disk full."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.campaign.locks import Locks
from tests.campaign.moments import Phase
from tests.campaign.stage import Stage
from tests.campaign.trial import Database, Trial

GIVEN_UP = 31.0
"""Seconds after which SQLite gives up waiting for a lock (`bot.store.engine`: 30)."""


def locked(name: str, seconds: float, *, slow: bool = False) -> Trial:
    """Locked by another program from a request's effect on, for so long."""

    async def play(stage: Stage) -> None:
        async def hold() -> None:
            async with Locks(stage.url).all_writes():
                await asyncio.sleep(seconds)

        holding: list[asyncio.Task[None]] = []
        phase = stage.rng.choice([Phase.MADE, Phase.ARRIVED])
        strike = stage.strike(
            stage.rng.randint(1, 8),
            phase,
            lambda: holding.append(asyncio.create_task(hold())),
        )
        await stage.finish(timelapse=False)
        assert strike.done
        await asyncio.gather(*holding)

    return Trial(name, play, database=Database.SQLITE, slow=slow)


async def disk_full(stage: Stage) -> None:
    """The disk is full from a request's effect on, for some seconds."""

    async def fill() -> None:
        for process in stage.processes:
            process.refuse_writes(True)
        await asyncio.sleep(0)

    async def clear() -> None:
        for process in stage.processes:
            process.refuse_writes(False)

    at, phase = stage.rng.randint(1, 8), stage.rng.choice([Phase.MADE, Phase.ARRIVED])
    stage.strike(at, phase, fill)
    process = await stage.start()
    await process.says("delivery.trouble")
    await clear()
    await stage.finish(timelapse=False)


async def full_while_planning(stage: Stage) -> None:
    """The disk is full before anything is planned, and the bot is started until it works."""
    process = await stage.start()
    process.refuse_writes(True)
    await asyncio.sleep(stage.rng.uniform(0.4, 1.0))
    await process.end()
    await stage.finish()


TRIALS: Sequence[Trial] = (
    locked("database locked", 2.0),
    locked("database locked for long", GIVEN_UP + 3, slow=True),
    Trial("disk full", disk_full, database=Database.SQLITE),
    Trial("disk full, planning", full_while_planning, database=Database.SQLITE),
)
