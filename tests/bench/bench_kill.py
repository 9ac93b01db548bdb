"""`python -m tests.bench.bench_kill`: how soon after SIGKILL the digest goes on.

The bot is killed at a request that Discord has done and not answered, and started again at once;
counted is until the next message is made. What a start takes is in it: a new interpreter, the
database, the login.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from pathlib import Path

from tests.bench.table import table
from tests.campaign.moments import Phase
from tests.campaign.stage import Stage, staged
from tests.databases import LOOPBACK, Databases, postgresql_answers


async def measure(stage: Stage, phase: Phase) -> float:
    """Seconds from the kill to the next request that makes a message or thread."""
    killed = asyncio.Event()
    at = stage.rng.randint(3, 6)
    began = 0.0

    def kill() -> None:
        nonlocal began
        process.kill()
        began = time.perf_counter()
        killed.set()

    stage.strike(at, phase, kill)
    process = await stage.start()
    await killed.wait()
    await process.end()
    count = stage.moments.count
    await stage.start()
    await stage.until(lambda: stage.moments.count > count, timeout=120)
    return time.perf_counter() - began


async def measured(databases: Databases, folder: Path, runs: int, phase: Phase) -> list[float]:
    seconds = []
    for run in range(runs):
        made = folder / f"{phase}-{run}"
        made.mkdir()
        rng = random.Random(f"{phase} {run}")
        async with staged(await databases.fresh(), made, rng, forum=False, cold=True) as stage:
            seconds.append(await measure(stage, phase))
    return sorted(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_kill", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    rows = []
    servers = {"SQLite": None} | ({"PostgreSQL": LOOPBACK} if postgresql_answers() else {})
    for name, server in servers.items():
        with tempfile.TemporaryDirectory() as folder:
            databases = Databases(Path(folder), server)
            databases.prepare()
            for phase in (Phase.LOST, Phase.MADE):
                seconds = asyncio.run(measured(databases, Path(folder), runs, phase))
                middle = seconds[len(seconds) // 2]
                rows.append(
                    (f"{name}, request {phase}", runs, f"{middle:.1f} s", f"{seconds[-1]:.1f} s")
                )
            databases.drop()
    print(table(("killed", "runs", "median", "longest"), rows))


if __name__ == "__main__":
    main()
