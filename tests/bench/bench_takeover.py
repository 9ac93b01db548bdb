"""`python -m tests.bench.bench_takeover`: how soon a digest goes on after SIGKILL.

In the middle of a digest the process that sends it is killed: one that is started again at once, on
SQLite and on PostgreSQL, and one of two that share a PostgreSQL. From the kill to the next request
that makes a message. What a process takes to start (its imports are made already) is in it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.table import table
from tests.campaign.moments import Phase
from tests.campaign.stage import Stage, staged
from tests.databases import LOOPBACK, Databases, postgresql_answers

AT = 4
"""The request in which the process dies, its message being made."""


async def measured(stage: Stage, *, two: bool) -> float:
    """Seconds from the kill to the next request."""
    killed = 0.0

    def kill() -> None:
        nonlocal killed
        sending = next(process for process in stage.processes if process.alive)
        sending.kill()
        killed = time.monotonic()

    stage.strike(AT, Phase.MADE, kill)
    await stage.start()
    await stage.until(lambda: stage.moments.count > 0)
    if two:
        # The second one finds that the first one sends, and waits.
        await stage.start()
    await stage.until(lambda: killed > 0)
    if not two:
        await stage.processes[0].end()
        await stage.start()
    await stage.until(lambda: stage.moments.count > AT, timeout=100)
    return time.monotonic() - killed


async def times(databases: Databases, folder: Path, runs: int, *, two: bool) -> Sequence[float]:
    found = []
    for number in range(runs):
        url = await databases.fresh()
        where = folder / f"{url.rpartition('/')[2]}-run"
        where.mkdir()
        async with staged(url, where, random.Random(number), forum=False) as stage:
            found.append(await measured(stage, two=two))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_takeover")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = [("SQLite, started again", None, False)]
        if postgresql_answers():
            kinds += [
                ("PostgreSQL, started again", LOOPBACK, False),
                ("PostgreSQL, another one there", LOOPBACK, True),
            ]
        for kind, server, two in kinds:
            databases = Databases(folder, server)
            databases.prepare()
            try:
                found = asyncio.run(times(databases, folder, asked.runs, two=two))
            finally:
                databases.drop()
            shown = [min(found), statistics.median(found), max(found)]
            rows.append([kind, *(f"{seconds:.1f} s" for seconds in shown)])
    print(table(["SIGKILL to the next request", "least", "median", "most"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
