"""A digest was posted by hand before the hour; the regular one is due as the bot starts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from tests.campaign import kills, together
from tests.campaign.club import posted_early
from tests.campaign.moments import Phase
from tests.campaign.stage import Stage
from tests.campaign.trial import Trial


def early(trial: Trial, name: str) -> Trial:
    """The same with two digests."""

    async def play(stage: Stage) -> None:
        await posted_early(stage.store, stage.channel, stage.rng)
        await trial.play(stage)

    return replace(trial, name=name, play=play, digests=2, cold=False)


async def any_moments(stage: Stage) -> None:
    """Killed a random while after the first request, three times."""
    for _ in range(3):
        before = stage.moments.count
        process = await stage.start()
        await stage.until(lambda count=before: stage.moments.count > count)  # type: ignore[misc]
        await asyncio.sleep(stage.rng.uniform(0, 0.4))
        await process.end()
        await stage.time_passes(60)
    await stage.finish()


TRIALS: Sequence[Trial] = (
    early(Trial("", kills.nothing), "posted early"),
    *(early(kills.at_request(phase), f"posted early, killed, {phase}") for phase in Phase),
    early(kills.at_request(Phase.MADE, twice=True), "posted early, killed thrice"),
    early(Trial("", any_moments), "posted early, killed any moment"),
    early(Trial("", kills.starting), "posted early, killed starting"),
    early(
        next(trial for trial in together.TRIALS if trial.play is together.both_send),
        "posted early, both send",
    ),
)
