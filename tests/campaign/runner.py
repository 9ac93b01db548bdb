"""Plays trials, some at a time, and adds up what came of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.judge import Evidence, Outcome, judge
from tests.campaign.stage import Stage, staged
from tests.campaign.trial import Database, Trial, Where
from tests.databases import Databases

PATIENCE = 150.0
"""Seconds after which a run has failed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One playing of a trial: `seed` decides all that is random in it."""

    trial: Trial
    seed: str
    forum: bool

    @property
    def name(self) -> str:
        return f"{self.trial.name}, {'forum' if self.forum else 'text'}, seed {self.seed}"


@dataclass(slots=True)
class Tally:
    """The outcomes of a trial."""

    runs: int = 0
    total: Outcome = field(default_factory=Outcome)

    def add(self, outcome: Outcome) -> None:
        self.runs += 1
        self.total.lost += outcome.lost
        self.total.doubled += outcome.doubled
        self.total.disordered += outcome.disordered
        self.total.told += outcome.told
        self.total.wrong += outcome.wrong


@dataclass(slots=True)
class Campaign:
    """Databases to play on, and what the runs came to.

    `settling=False` plays with a bot that never looks whether a message stands.
    """

    databases: dict[Database, Databases]
    folder: Path
    jobs: int = 6
    settling: bool = True
    heard: Callable[[Run, Outcome, str], None] = lambda _run, _outcome, _log: None
    tallies: dict[str, Tally] = field(default_factory=dict)

    async def play(self, runs: Sequence[Run]) -> None:
        """Play all runs, so many at a time."""
        gate = asyncio.Semaphore(self.jobs)

        async def one(number: int, run: Run) -> None:
            async with gate:
                began = time.monotonic()
                outcome, log = await self._one(number, run)
                outcome.seconds = time.monotonic() - began
            self.tallies.setdefault(run.trial.name, Tally()).add(outcome)
            self.heard(run, outcome, log)

        for run in runs:
            self.tallies.setdefault(run.trial.name, Tally())
        await asyncio.gather(*(one(number, run) for number, run in enumerate(runs)))

    async def _one(self, number: int, run: Run) -> tuple[Outcome, str]:
        trial = run.trial
        wanted = trial.database
        if wanted is Database.ANY:
            wanted = next(iter(self.databases))
        folder = self.folder / f"run-{number}"
        folder.mkdir()
        async with staged(
            await self.databases[wanted].fresh(),
            folder,
            random.Random(run.seed),
            forum=run.forum,
            nonce_memory=trial.nonce_memory,
            limits=trial.limits,
            settling=self.settling,
            cold=trial.cold,
        ) as stage:
            trouble = await _played(trial, stage)
            evidence = Evidence(
                await stage.rows(),
                await stage.states(),
                stage.channel,
                stage.sandbox,
                stage.removed,
            )
            outcome = judge(evidence, trial.ending, trial.told, trial.digests)
            outcome.wrong += [f"{run.name}: {wrong}" for wrong in trouble]
            outcome.wrong += stage.sandbox.violations
            return outcome, stage.log()

    @property
    def good(self) -> bool:
        return all(tally.total.good for tally in self.tallies.values())


async def _played(trial: Trial, stage: Stage) -> list[str]:
    try:
        async with asyncio.timeout(PATIENCE):
            await trial.play(stage)
    except TimeoutError:
        return ["it never came to an end"]
    except (AssertionError, ProcessLookupError) as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def planned(
    trials: Sequence[Trial], number: int, seed: int, databases: Sequence[Database]
) -> list[Run]:
    """So many runs of each trial that can be played on these databases, text and forum in turn."""
    runs = []
    for trial in trials:
        if trial.database is not Database.ANY and trial.database not in databases:
            continue
        for turn in range(number):
            forum = trial.where is Where.FORUM or (trial.where is Where.ANY and turn % 2 == 1)
            runs.append(Run(trial, f"{seed}.{turn}", forum))
    return runs
