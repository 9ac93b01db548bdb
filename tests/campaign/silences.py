"""PostgreSQL falls silent: what the bot asks is swallowed, and nothing is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.campaign.moments import Phase
from tests.campaign.stage import LEASE, Stage
from tests.campaign.trial import Database, Trial
from tests.silence import Way


async def silent(stage: Stage) -> None:
    """The way to the database is gone in the middle of a digest, and is there again later."""
    async with Way(stage.url) as way:
        strike = stage.strike(
            stage.rng.randint(1, 7), stage.rng.choice([Phase.ARRIVED, Phase.MADE]), way.fall_silent
        )
        process = await stage.start(url=way.url)
        await stage.until(lambda: strike.done)
        await asyncio.sleep(stage.rng.uniform(0.5, 15))
        way.silent = False
        await stage.finish(timelapse=False)
        assert process.alive


async def silent_to_one(stage: Stage) -> None:
    """Another process, to which the database answers, goes on meanwhile."""
    async with Way(stage.url) as way:
        strike = stage.strike(
            stage.rng.randint(1, 6),
            stage.rng.choice([Phase.ARRIVED, Phase.MADE]),
            way.fall_silent,
        )
        one = await stage.start(url=way.url)
        await stage.until(lambda: strike.done)
        await stage.time_passes(LEASE)
        two = await stage.start()
        await two.says("discord.ready")
        await asyncio.sleep(stage.rng.uniform(0, 8))
        way.silent = False
        await stage.finish()
        assert one.alive
        assert two.alive


TRIALS: Sequence[Trial] = (
    Trial("database silent", silent, database=Database.POSTGRESQL, slow=True),
    Trial("database silent to one of two", silent_to_one, database=Database.POSTGRESQL, slow=True),
)
