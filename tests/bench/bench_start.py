"""`python -m tests.bench.bench_start`: the bot comes up with a thousand digests due.

From the start of `papertakes run` to the moment when members can use its commands, how long these
wait meanwhile, and how long until the last digest is planned. The sandbox is in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bot.config import Settings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.sandbox import RateLimits, Sandbox, World
from bot.services import wire
from bot.store import Store, upgrade
from bot.store.schema import ChannelRow, DigestRow
from tests.bench.table import table
from tests.campaign.club import NoArxiv

ROOT = Path(__file__).parents[2]
ADA = Member(1, "Ada", manages=True)
PAPERS = 3
TEXT = "What it says, in a few words. " * 12


@dataclass(slots=True)
class Start:
    """Seconds; `waits` of commands, from the first one that could be used to the last planned."""

    ready: float = 0.0
    planned: float = 0.0
    waits: list[float] = field(default_factory=list)


async def fill(store: Store, sandbox: Sandbox, digests: int) -> None:
    """Channels whose week is over, each with a few papers and a take on each of them."""
    await upgrade(store)
    now = datetime.now(UTC)
    services = wire(Settings(), store, NoArxiv(), lambda: now - timedelta(days=1))
    guild_id = sandbox.channel("papers").record.guild_id
    names = [f"2007.{number:05d}" for number in range(10_000, 10_000 + PAPERS)]
    async with store.begin() as tx:
        for name in names:
            data = PaperData(name, f"Paper {name}", ("A. Author", "B. Writer"))
            await tx.papers.keep(0, ArxivId(name).url, data)
    for number in range(digests):
        channel = sandbox.admin.create_channel(f"club-{number}")
        place = Place(guild_id, channel.id, channel.name, False, locale="en-US")
        for name in names:
            await services.takes.add(place, name, ADA, TEXT)
    async with store.begin() as tx:
        await tx.session.execute(
            update(ChannelRow).values(
                period_start=now - timedelta(days=7), next_digest_at=now - timedelta(minutes=1)
            )
        )


async def planned(store: Store) -> int:
    async with store.read() as tx:
        return await tx.session.scalar(select(func.count()).select_from(DigestRow)) or 0


async def use(sandbox: Sandbox, start: Start, over: asyncio.Event) -> None:
    """A member who looks at a list, again and again."""
    grace = sandbox.person("Grace")
    while not over.is_set():
        began = time.perf_counter()
        await grace.slash("/paper list", channel="papers")
        start.waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.2)


async def measure(folder: Path, digests: int) -> Start:
    sandbox = Sandbox(world=World.sample(), limits=RateLimits.off())
    await sandbox.start()
    store = Store(f"sqlite:///{folder / 'bot.db'}")
    await fill(store, sandbox, digests)
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": sandbox.token,
        "PAPERTAKES_DISCORD__API_BASE": sandbox.api_base,
        "PAPERTAKES_DISCORD__GATEWAY": str(sandbox.gateway),
        "PAPERTAKES_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
        "PAPERTAKES_ARXIV__API_BASE": nowhere,
        "PAPERTAKES_ARXIV__FEED_BASE": nowhere,
        "PAPERTAKES_ARXIV__OAI_BASE": nowhere,
        "PAPERTAKES_LOG__LEVEL": "error",
    }
    start, over = Start(), asyncio.Event()
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env=environment
    )
    try:
        await sandbox.ready(timeout=600)
        start.ready = time.perf_counter() - began
        using = asyncio.create_task(use(sandbox, start, over))
        while await planned(store) < digests:
            await asyncio.sleep(0.2)
        start.planned = time.perf_counter() - began
        over.set()
        await using
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
        await store.close()
        await sandbox.stop()
    return start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_start", description=__doc__)
    parser.add_argument("--digests", type=int, nargs="*", default=[0, 1000])
    rows = []
    for digests in parser.parse_args().digests:
        with tempfile.TemporaryDirectory() as name:
            start = asyncio.run(measure(Path(name), digests))
        waits = sorted(start.waits) or [0.0]
        rows.append(
            (
                digests,
                f"{start.ready:.1f} s",
                f"{start.planned:.1f} s",
                len(start.waits),
                f"{waits[len(waits) // 2]:.3f} s",
                f"{waits[-1]:.3f} s",
            )
        )
    print(table(("digests due", "ready", "all planned", "commands", "median", "longest"), rows))


if __name__ == "__main__":
    main()
