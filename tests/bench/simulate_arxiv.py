"""Years of a made-up arXiv against a bot that is down at random.

    python -m tests.bench.simulate_arxiv [--days 3000] [--seeds 4] [--rate 3]

Each seed has its own announcements, holidays, outages, failing requests and kills. Prints what was
announced, wanted, received, missed and doubled; ends with status 1 if any paper was missed,
doubled, or came without being wanted.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from bot.store import Store, upgrade
from tests.bench.table import table
from tests.subscriptions.simulation import Result, run

MEMORY = Path("/dev/shm")
MEMORY_THERE = MEMORY.is_dir()
"""A power cut is no part of this: the database may stay in memory."""


async def one(seed: int, days: int, rate: float, folder: Path) -> Result:
    store = Store(f"sqlite:///{folder / f'{seed}.db'}")
    await upgrade(store)
    try:
        return await run(store, seed=seed, days=days, rate=rate)
    finally:
        await store.close()


def line(seed: int, result: Result) -> list[str]:
    return [
        str(seed),
        *(
            f"{number:,}"
            for number in (
                result.days, result.mailings, result.papers, result.lines, result.outages,
                result.longest_outage.days, result.kills, result.requests, result.wanted,
                result.received, len(result.missed), len(result.doubled), len(result.stray),
            )
        ),
        f"{result.seconds:.0f} s",
    ]  # fmt: skip


HEADINGS = [
    "seed", "days", "mailings", "papers", "announced", "outages", "longest (days)", "kills",
    "requests", "wanted", "received", "missed", "doubled", "stray", "took",
]  # fmt: skip


async def main(days: int, seeds: int, rate: float) -> int:
    logging.disable(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    rows, bad = [], 0
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY_THERE else None) as folder:
        for seed in range(1, seeds + 1):
            result = await one(seed, days, rate, Path(folder))
            rows.append(line(seed, result))
            bad += len(result.missed) + len(result.doubled) + len(result.stray)
            print(" ".join(rows[-1]), flush=True)
    print(table(HEADINGS, rows))
    return min(bad, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=750)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--rate", type=float, default=3.0)
    chosen = parser.parse_args()
    sys.exit(asyncio.run(main(chosen.days, chosen.seeds, chosen.rate)))
