"""The fault campaign in its short form: a fault of each kind, once.

`python -m tests.campaign --runs 1` plays every fault, and `--runs 50` is the long form.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.campaign.faults import TRIALS
from tests.campaign.report import table
from tests.campaign.runner import Campaign, Run
from tests.campaign.trial import Database, Trial, Where
from tests.databases import Databases, server

SEED = "short"
JOBS = 8

SHORT = frozenset(
    {
        # The process ends: at a cold start, in the planning, at each request, between two digests.
        "none",
        "killed, before planning",
        "killed, plan committed",
        "killed, planning digests",
        "killed, request made, thrice",
        "killed, editing",
        "posted early, killed thrice",
        # Discord answers otherwise, late or not at all, or does not know what it did.
        "502, made",
        "429, everywhere",
        "dropped, made, nonces forgotten",
        "no answer, made, echoed",
        "edits refused",
        "history away",
        # Something else answers, or the gateway and the token are not taken.
        "page, made",
        "another, not made",
        "520",
        "401, pages at login",
        "nonsense at login",
        "gateway dropped",
        "session lost",
        "closed with 4004 always",
        # Moderators take things away.
        "thread locked",
        "withdrawn: send messages in threads",
        "message deleted, dropped",
        "channel deleted",
        # The database is locked or full; a session is cut.
        "database locked",
        "disk full, planning",
        "session of an owner cut",
        # Two processes at once.
        "planned twice",
        "posted early, both send",
        "two processes, one killed",
        "frozen, request made",
        "clocks 60 s apart",
    }
)


def once(trials: Sequence[Trial]) -> list[Run]:
    """A run of each in the short form; those that wait for long first. Text channels and forums
    take turns."""
    runs = []
    for trial in sorted(trials, key=lambda trial: not trial.slow):
        if trial.name not in SHORT:
            continue
        either = trial.where is Where.ANY and zlib.crc32(trial.name.encode()) % 2 == 0
        runs.append(Run(trial, SEED, either or trial.where is Where.FORUM))
    return runs


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Databases]:
    """SQLite, or what the suite runs on."""
    made = Databases(tmp_path, server())
    made.prepare()
    yield made
    made.drop()


@pytest.fixture
def shared(tmp_path: Path, postgresql: str) -> Iterator[Databases]:
    made = Databases(tmp_path, postgresql)
    made.prepare()
    yield made
    made.drop()


async def play(campaign: Campaign, runs: Sequence[Run]) -> None:
    await campaign.play(runs)
    print(table(campaign.tallies))


async def test_every_fault(embedded: Databases, tmp_path: Path) -> None:
    """Nothing is lost, doubled or out of order; where that is impossible, it ends as it should."""
    wanted = {Database.ANY} if embedded.server else {Database.ANY, Database.SQLITE}
    runs = once([trial for trial in TRIALS if trial.database in wanted])
    campaign = Campaign({Database.SQLITE: embedded}, tmp_path, jobs=JOBS)
    await play(campaign, runs)
    assert campaign.good, table(campaign.tallies)
    assert sum(tally.runs for tally in campaign.tallies.values()) == len(runs)


@pytest.mark.postgresql
async def test_every_fault_of_two_processes(shared: Databases, tmp_path: Path) -> None:
    runs = once([trial for trial in TRIALS if trial.database is Database.POSTGRESQL])
    campaign = Campaign({Database.POSTGRESQL: shared}, tmp_path, jobs=JOBS)
    await play(campaign, runs)
    assert campaign.good, table(campaign.tallies)


async def test_it_fails_without_reconciling(embedded: Databases, tmp_path: Path) -> None:
    """With a bot that never looks whether a message stands, messages are doubled."""
    names = {"dropped, made, nonces forgotten", "killed, nonces forgotten"}
    trials = [trial for trial in TRIALS if trial.name in names]
    campaign = Campaign({Database.SQLITE: embedded}, tmp_path, settling=False)
    await play(campaign, [Run(trial, SEED, forum) for trial in trials for forum in (False, True)])
    assert not campaign.good
    assert all(tally.total.doubled for tally in campaign.tallies.values())


def test_names_are_told_apart() -> None:
    names = {trial.name for trial in TRIALS}
    assert len(names) == len(TRIALS)
    assert names >= SHORT
