"""`python -m tests.bench.simulate_sunday`: thousands of digests due in the same minute.

The real sender and a real SQLite database, on a virtual clock; Discord's limits are kept by a port
in memory. Members go on using commands meanwhile, whose answers Discord does not count. A command's
wait is in real seconds, beside a sender that is not slowed down by any network.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import func, insert, select

from bot.config import Settings
from bot.delivery import Pace, Port, Sender
from bot.model.digest import DigestState
from bot.model.outbox import OutboxKind, OutboxState
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.services import Services, wire
from bot.store import upgrade
from bot.store.schema import ChannelRow, DigestRow, OutboxRow, PaperRow
from tests.bench.limited import CHANNEL, EVERYTHING, LATENCY, LimitedPort, Limits
from tests.bench.table import table
from tests.bench.virtual import CountingStore, run
from tests.campaign.club import NoArxiv

START = datetime(2020, 7, 26, 18, tzinfo=UTC)
COMMANDS = 3.0
"""Commands of members a second, each with a request that Discord counts."""
TEXT = "### A paper\nIts authors\n\n" + "A take on it. " * 40


def sizes(channels: int, rng: random.Random) -> list[int]:
    """Messages in each thread: most clubs write about a handful of papers, a few write books."""
    return [min(max(round(rng.lognormvariate(1.8, 0.7)), 1), 150) for _ in range(channels)]


@dataclass(slots=True)
class Sunday:
    """What happened; seconds on the virtual clock, if nothing else is said."""

    requests: int = 0
    first: float = 0.0
    last: float = 0.0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    """Of members' commands, in real seconds."""
    real: float = 0.0


async def fill(store: CountingStore, counts: Sequence[int]) -> None:
    """A planned digest for each channel, the way `bot.digest.plan` leaves it."""
    await upgrade(store)
    settings = {"time_zone": "UTC"}
    async with store.begin() as tx:
        for at in range(0, len(counts), 500):
            some = list(enumerate(counts))[at : at + 500]
            await tx.session.execute(insert(ChannelRow), [_channel(n, settings) for n, _ in some])
            await tx.session.execute(insert(DigestRow), [_digest(n) for n, _ in some])
            rows = [row for n, count in some for row in _rows(n, count)]
            await tx.session.execute(insert(OutboxRow), rows)


def _channel(number: int, settings: dict[str, str]) -> dict[str, object]:
    return {
        "id": number + 1,
        "scope": 1,
        "discord_id": 10**6 + number,
        "guild_id": 1,
        "name": f"papers-{number}",
        "settings": settings,
        "period_start": START,
        "next_digest_at": START + timedelta(days=7),
        "created_at": START,
    }


def _digest(number: int) -> dict[str, object]:
    return {
        "id": number + 1,
        "channel_id": number + 1,
        "period_start": START - timedelta(days=7),
        "period_end": START,
        "number": 1,
        "state": DigestState.PLANNED.value,
        "title": "200726",
        "day": "2020-07-26",
        "intro": "",
        "planned_at": START,
    }


def _rows(number: int, count: int) -> list[dict[str, object]]:
    # Last the list of papers gets the addresses of their messages.
    kinds = [OutboxKind.MESSAGE, OutboxKind.THREAD, *[OutboxKind.MESSAGE] * count, OutboxKind.EDIT]
    return [
        {
            "lane": f"digest:{number + 1}",
            "seq": seq,
            "key": f"digest:{number + 1}:{seq}",
            "salt": "",
            "kind": kind.value,
            "text": TEXT,
            "target_id": 10**6 + number if seq < 2 else None,
            "edits": f"digest:{number + 1}:0" if kind is OutboxKind.EDIT else None,
            "digest_id": number + 1,
            "state": OutboxState.PENDING.value,
        }
        for seq, kind in enumerate(kinds)
    ]


def clock() -> datetime:
    return START + timedelta(seconds=asyncio.get_running_loop().time())


async def members(services: Services, sunday: Sunday) -> None:
    """Commands, one after the other, until cancelled."""
    place, number = Place(2, 5, "elsewhere"), 0
    while True:
        await asyncio.sleep(1 / COMMANDS)
        began = time.perf_counter()
        await services.takes.add(place, "2007.00001", Member(1, "Ada"), f"take {number}")
        sunday.waits.append(time.perf_counter() - began)
        number += 1


async def one_paper(store: CountingStore) -> None:
    url = ArxivId("2007.00001").url
    values = {"scope": 0, "url": url, "arxiv_id": "2007.00001", "title": "A paper", "authors": []}
    values |= {"abstract": "", "categories": [], "metadata_state": "complete"}
    async with store.begin() as tx:
        await tx.session.execute(insert(PaperRow), [values])


async def play(store: CountingStore, counts: Sequence[int], pace: Pace) -> Sunday:
    await fill(store, counts)
    await one_paper(store)
    sunday, limits = Sunday(), Limits()
    services = wire(Settings(), store, NoArxiv(), clock)
    sender = Sender(store, cast(Port, LimitedPort(limits)), clock, pace=pace)
    using = asyncio.create_task(members(services, sunday))
    began, start = time.perf_counter(), asyncio.get_running_loop().time()
    await sender.drain()
    using.cancel()
    await asyncio.gather(using, return_exceptions=True)
    sunday.real = time.perf_counter() - began
    async with store.read() as tx:
        posted = select(func.min(DigestRow.posted_at), func.max(DigestRow.posted_at))
        first, last = (await tx.session.execute(posted)).one()
        owed = await tx.outbox.open_rows()
    assert not owed
    assert first is not None
    assert last is not None
    sunday.first = (first - START).total_seconds() - start
    sunday.last = (last - START).total_seconds() - start
    sunday.refused = limits.refused
    sunday.requests = limits.requests
    await store.close()
    return sunday


def bound(counts: Sequence[int], sunday: Sunday) -> float:
    """The least time in which Discord's limits let everything through: all requests a second
    together, or the longest digest's own messages."""
    many, seconds = CHANNEL
    longest = (max(counts) - 1) // many * seconds
    return max(sunday.requests / EVERYTHING, longest)


def shortest(counts: Sequence[int]) -> float:
    """The least time for the shortest digest, if it were the only one."""
    return (min(counts) + 3) * LATENCY + (min(counts) - 1) // CHANNEL[0] * CHANNEL[1]


def report(counts: Sequence[int], sunday: Sunday) -> str:
    least = bound(counts, sunday)
    waits = sorted(sunday.waits)
    return table(
        ("a Sunday", "measured", "limit's bound", "ratio"),
        [
            ("channels", f"{len(counts):,}", "", ""),
            ("requests", f"{sunday.requests:,}", "", ""),
            ("first digest finished, s", f"{sunday.first:.1f}", f"{shortest(counts):.1f}", ""),
            (
                "last digest finished, s",
                f"{sunday.last:.1f}",
                f"{least:.1f}",
                f"{sunday.last / least:.3f}",
            ),
            ("429s", sunday.refused, 0, ""),
            ("commands", len(waits), "", ""),
            ("longest wait of a command, real ms", f"{waits[-1] * 1e3:.0f}", "", ""),
            ("median wait of a command, real ms", f"{waits[len(waits) // 2] * 1e3:.0f}", "", ""),
            ("real time, s", f"{sunday.real:.0f}", "", ""),
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.simulate_sunday", description=__doc__
    )
    parser.add_argument("--channels", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-second", type=float, help="instead of the sender's own pace")
    asked = parser.parse_args()
    pace = Pace() if asked.per_second is None else Pace(per_second=asked.per_second)
    counts = sizes(asked.channels, random.Random(asked.seed))
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        store = CountingStore(f"sqlite:///{folder}/sunday.db")
        sunday = run(play(store, counts, pace), lambda: store.open_now > 0)
    print(report(counts, sunday))


if __name__ == "__main__":
    main()
