"""What holds the bot's event loop, and how long its members' writes wait meanwhile.

    python -m tests.bench.bench_loop [--archive FOLDER] [--only WORDS]

A bot in a process of its own, on loopback Discord and arXiv, with a member who writes a take three
times a second. Beside them all that is heavy, one thing after the other: a day of 1,000 papers for
5,000 subscriptions, an archive and a hostile file handed over in chat, exports, a site, a backup,
searches, a digest of 2,000 papers, and all that is derived made anew. A hold's seconds of the
clock have what other programs took from it; those in which the loop's thread worked stand beside.
Memory is that of the bot and its workers, above what the bot needs at rest.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.model.channel import ChannelSettings
from bot.model.people import Place
from bot.sandbox import RateLimits, Sandbox, World
from bot.sandbox.arxiv import Announcement, LoopbackArxiv, simulate
from bot.store import Store, upgrade
from bot.store.queries.insert import insert
from bot.store.schema import (
    ArrivalRow,
    ChannelRow,
    DerivedRow,
    MemberRow,
    OutboxRow,
    SubscriptionRow,
)
from tests.bench import bench_digest
from tests.bench.bench_import import line_of, memory
from tests.bench.bench_matching import data, typed_queries
from tests.bench.table import table

NOW = datetime(2026, 1, 14, 6, tzinfo=UTC)
"""An hour after the day's feeds."""
MAILING = date(2026, 1, 14)
EVERY = 0.3
"""Seconds between two of a member's writes."""
SUBSCRIPTIONS = 5_000
PAPERS = 2_000
"""Of the digest."""
PATIENCE = 240.0
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Bench:
    """The bot's process and its surroundings."""

    folder: Path
    sandbox: Sandbox
    arxiv: LoopbackArxiv
    lines: Sequence[Announcement]
    archive: Path
    only: str
    process: asyncio.subprocess.Process | None = None
    listening: asyncio.Task[None] | None = None
    base: int = 0
    holds: list[dict[str, Any]] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    """When a write was begun, and its seconds."""
    memory: list[tuple[float, int]] = field(default_factory=list)
    stages: list[tuple[str, float, float]] = field(default_factory=list)
    """Name, begin and end of each."""

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'bot.db'}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BENCH_NOW": NOW.isoformat(),
            "DISCORD_TOKEN": self.sandbox.token,
            "PAPERTAKES_DISCORD__API_BASE": str(self.sandbox.api_base),
            "PAPERTAKES_DISCORD__GATEWAY": str(self.sandbox.gateway),
            "PAPERTAKES_ARXIV__API_BASE": self.arxiv.api_base,
            "PAPERTAKES_ARXIV__FEED_BASE": self.arxiv.feed_base,
            "PAPERTAKES_ARXIV__OAI_BASE": self.arxiv.oai_base,
            "PAPERTAKES_ARXIV__INTERVAL": "0",
            "PAPERTAKES_DATABASE__URL": self.url,
            "PAPERTAKES_LOG__LEVEL": "error",
        }

    async def stage(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do something heavy, and note what was seen meanwhile."""
        if self.only and self.only not in name:
            return
        begun = time.monotonic()
        try:
            said = await asyncio.wait_for(work(), PATIENCE)
        except TimeoutError:
            said = f"not done in {PATIENCE:.0f} s"
        await asyncio.sleep(0.3)
        self.stages.append((name, begun, time.monotonic()))
        print(f"{name}: {time.monotonic() - begun:.1f} s, {said or ''}", file=sys.stderr)

    def rows(self) -> Iterator[list[object]]:
        """What was seen in each stage: a hold is of the stage in which it began."""
        for name, begun, ended in self.stages:
            holds = [one for one in self.holds if begun < one["at"] - one["held"] < ended]
            waits = [wait for at, wait in self.waits if begun < at < ended]
            peak = max((size for at, size in self.memory if begun < at < ended), default=0)
            worst = max((float(one["held"]) for one in holds), default=0.0)
            busiest = max((float(one["worked"]) for one in holds), default=0.0)
            yield [
                name, f"{ended - begun:.1f}", f"{worst * 1e3:.0f}", f"{busiest * 1e3:.0f}",
                f"{max(waits, default=0) * 1e3:.0f}", len(waits),
                f"{max(peak - self.base, 0) / 1e6:.0f}",
            ]  # fmt: skip
            for one in sorted(holds, key=lambda one: -float(one["worked"]))[:4]:
                if one["worked"] > 0.05:
                    said = f"{one['held']:.3f} {one['worked']:.3f} {one['where']}"
                    print(f"{name}: {said}", file=sys.stderr)

    # -- the bot -----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start it, and wait until it is connected."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.watched_bot", cwd=self.folder,
            env=self.environment, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.process = process
        self.listening = asyncio.create_task(self._listen(process))
        await self.sandbox.ready(timeout=180)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.holds.append(json.loads(line))

    async def stop(self) -> str:
        assert self.process is not None
        begun = time.monotonic()
        self.process.terminate()
        await asyncio.wait_for(self.process.wait(), 30)
        if self.listening is not None:
            await self.listening
        return f"stopped in {time.monotonic() - begun:.1f} s"

    async def verb(self, *words: str) -> str:
        """One of the command line's verbs on the bot's database."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=self.folder, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return said.decode()[:100]

    async def write(self) -> None:
        """A member's takes, without end."""
        grace = self.sandbox.person("Grace")
        while True:
            begun = time.monotonic()
            with contextlib.suppress(Exception):
                reply = await grace.slash("/take", paper="https://example.org/a", text="words")
                if reply.text:
                    self.waits.append((begun, time.monotonic() - begun))
            await asyncio.sleep(EVERY)

    async def look_at_memory(self) -> None:
        while True:
            if self.process is not None and self.process.returncode is None:
                size = await asyncio.to_thread(memory, self.process.pid)
                self.memory.append((time.monotonic(), size))
            await asyncio.sleep(0.1)

    # -- what is heavy -----------------------------------------------------------------------------

    async def rest(self) -> None:
        await asyncio.sleep(5)

    async def hand_over(self, name: str, content: bytes) -> str:
        ada = self.sandbox.person("Ada")
        reply = await ada.slash(
            "/settings import", channel="ml-papers", timeout=PATIENCE, file=(name, content)
        )
        return reply.text.replace("\n", " ")[:100]

    async def import_archive(self) -> str:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(self.archive.rglob("*.md")):
                packed.write(path, path.relative_to(self.archive).as_posix())
        return await self.hand_over("ml-papers.zip", made.getvalue())

    async def searches(self) -> str:
        ada = self.sandbox.person("Ada")
        found = 0
        for words in ("attention", "diffusion model", "학습", "gradient -noise", "variant", "a"):
            for query in (words, f"{words} data"):
                reply = await ada.slash("/paper search", channel="ml-papers", query=query)
                found += bool(reply.text)
        return f"{found} answers"

    async def said_in_chat(self, command: str, **options: Any) -> str:
        ada = self.sandbox.person("Ada")
        reply = await ada.slash(command, channel="digest", timeout=PATIENCE, **options)
        return reply.text.replace("\n", " ")[:80]

    async def digest(self) -> str:
        """The digest comes due; until its messages are posted, or most of the patience is over."""
        store = Store(self.url)
        try:
            async with store.begin() as tx:
                await tx.session.execute(
                    update(ChannelRow).where(ChannelRow.name == "digest").values(next_digest_at=NOW)
                )
            begun = time.monotonic()
            while True:
                await asyncio.sleep(1)
                async with store.read() as tx:
                    count = await tx.session.scalar(
                        select(func.count(OutboxRow.id)).where(OutboxRow.digest_id.is_not(None))
                    )
                    left = await tx.outbox.open_rows()
                if (count and not left) or time.monotonic() - begun > PATIENCE - 60:
                    return f"{count} messages, {left} left"
        finally:
            await store.close()

    async def arrive(self) -> str:
        """The day's papers have come to the channels."""
        store = Store(self.url)
        try:
            before = -1
            while True:
                await asyncio.sleep(2)
                async with store.read() as tx:
                    count = await tx.session.scalar(select(func.count(ArrivalRow.channel_id))) or 0
                if count and count == before:
                    return f"{count} arrivals"
                before = count
        finally:
            await store.close()

    async def first_start(self) -> str:
        await self.start()
        return await self.arrive()

    async def remade(self) -> str:
        """Everything that is derived, of an older version when the bot starts again."""
        await self.stop()
        store = Store(self.url)
        async with store.begin() as tx:
            await tx.session.execute(delete(DerivedRow))
        await self.start()
        try:
            while True:
                await asyncio.sleep(0.5)
                async with store.read() as tx:
                    rows = (await tx.session.scalars(select(DerivedRow.after))).all()
                if rows and all(after is None for after in rows):
                    return f"{len(rows)} kinds"
        finally:
            await store.close()


async def prepare(bench: Bench) -> None:
    """A channel with a week of 2,000 papers, and another one with 5,000 subscriptions."""
    store = Store(bench.url)
    await upgrade(store)
    guild = bench.sandbox.channel("papers").record.guild_id
    digest = bench.sandbox.channel("digest").record.id
    bench_digest.TAKES = 2
    channel = await bench_digest.fill(store, PAPERS)
    papers = [data(line.paper) for line in bench.lines][:300]
    async with store.begin() as tx:
        await tx.session.execute(
            update(ChannelRow)
            .where(ChannelRow.id == channel.id)
            .values(name="digest", discord_id=digest, guild_id=guild, scope=guild,
                    next_digest_at=NOW + timedelta(days=7), period_start=bench_digest.START)
        )  # fmt: skip
        await tx.session.execute(update(MemberRow).values(scope=guild))
        club = await tx.channels.add(
            Place(guild, bench.sandbox.channel("papers").record.id, "papers"),
            ChannelSettings(), period_start=NOW, next_digest_at=NOW + timedelta(days=7), now=NOW,
        )  # fmt: skip
        member = await tx.session.scalar(select(MemberRow.id).limit(1))
        rows = [
            {
                "channel_id": club.id, "member_id": member, "query": query, "kinds": ["new"],
                "delivery": "list", "paused": False, "since": MAILING, "created_at": NOW,
                "revision": number,
            }
            for number, query in enumerate(typed_queries(papers, SUBSCRIPTIONS), start=1)
        ]  # fmt: skip
        await tx.session.execute(insert(tx.session, SubscriptionRow), rows)
    await store.close()


@asynccontextmanager
async def surroundings(folder: Path, archive: Path, only: str) -> AsyncIterator[Bench]:
    begun = time.monotonic()

    def clock() -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - begun)

    lines = [
        line for line in simulate(2, 8, 1_000, first=date(2026, 1, 9)) if line.mailing <= MAILING
    ]
    world = World.sample()
    world.add_channel(next(iter(world.guilds.values())), "digest")
    sandbox = Sandbox(clock=clock, world=world, limits=RateLimits.off())
    async with LoopbackArxiv((), lines, clock=clock) as arxiv:
        await sandbox.start(host="127.0.0.1", port=0)
        try:
            yield Bench(folder, sandbox, arxiv, lines, archive, only)
        finally:
            await sandbox.stop()


async def measure(folder: Path, archive: Path, only: str) -> None:
    async with surroundings(folder, archive, only) as bench:
        await prepare(bench)
        looking = asyncio.create_task(bench.look_at_memory())
        first = "a day's papers for 5,000 subscriptions"
        if only not in first:
            await bench.start()
        await bench.stage(first, bench.first_start)
        writing = asyncio.create_task(bench.write())
        try:
            await stages(bench)
        finally:
            writing.cancel()
            looking.cancel()
            with contextlib.suppress(Exception):
                await bench.stop()
    head = ("what", "s", "longest hold ms", "worked ms", "longest write ms", "writes", "MB above")
    print(table(head, list(bench.rows())))


async def stages(bench: Bench) -> None:
    await bench.sandbox.person("Ada").slash(
        "/paper add", reference="https://example.org/a", title="A page"
    )
    await bench.stage("rest", bench.rest)
    bench.base = bench.memory[-1][1]
    out = str(bench.folder)
    await bench.stage("import of the archive", bench.import_archive)
    one_word = line_of("a\n")()
    await bench.stage("4 MB of a word a line", lambda: bench.hand_over("200726 words.md", one_word))
    await bench.stage(
        "export", lambda: bench.verb("export", f"{out}/out", "--channel", "ml-papers")
    )
    await bench.stage(
        "site",
        lambda: bench.verb("export", f"{out}/site", "--channel", "ml-papers", "--format", "site"),
    )
    await bench.stage("backup", lambda: bench.verb("backup", f"{out}/all.zip"))
    await bench.stage("searches", bench.searches)
    await bench.stage("preview of 2,000 papers", lambda: bench.said_in_chat("/digest preview"))
    await bench.stage("digest's file in chat", lambda: bench.said_in_chat("/digest export"))
    await bench.stage("list of 2,000 papers", lambda: bench.said_in_chat("/paper list"))
    await bench.stage("digest of 2,000 papers", bench.digest)
    await bench.stage("derived, made anew", bench.remade)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, default=ROOT / "tests" / "data" / "ml-papers")
    parser.add_argument("--only", default="", help="Stages with these words in their names.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), given.archive, given.only))


if __name__ == "__main__":
    main()
