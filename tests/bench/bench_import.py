"""What a hostile import costs everybody else: memory, members' waits, the time that a stop takes.

    python -m tests.bench.bench_import

A club with a digest's worth of takes, a member who writes ten times a second, and beside them: the
command line importing 4,000 notes into the same SQLite file; members' files of the worst kinds
that are taken, handed over in chat; a stop in the middle of one, and what comes of it after the
next start. Memory is that of the bot and its worker together, above what the bot needs at rest.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from bot.archive.importing.job import ImportOutcome, ImportRequest
from bot.archive.importing.queue import ImportQueue
from bot.config import LogConfig
from bot.errors import ImportGoesOn
from bot.model.channel import ChannelSettings
from bot.model.people import Member, Place
from bot.model.take import How
from bot.store import Store, upgrade
from bot.store.schema import DocumentRow
from tests.bench.bench_archive import make_notes

PLACE: Final = Place(7, 70, "here")
MEMBER: Final = Member(1, "Mallory", manages=True)
EVERY: Final = 0.1
"""Seconds between two of a member's writes."""
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
HEAD: Final = "# 200726 Thoughts on recent papers\n\nhttps://arxiv.org/abs/2007.10909\n\n"


@dataclass(slots=True)
class Watched:
    """What was seen meanwhile; seconds and bytes."""

    waits: list[float] = field(default_factory=list)
    held: float = 0.0
    """The longest that the event loop did nothing else."""
    peak: int = 0
    base: int = 0


def main() -> None:
    table = Table(title="A member's file beside a member who writes")
    for name in ("file", "seconds", "memory above rest", "longest write", "loop held", "outcome"):
        table.add_column(name, justify="left" if name in {"file", "outcome"} else "right")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), table))
    Console(width=140).print(table)


async def measure(folder: Path, table: Table) -> None:
    async with club(folder / "rest.db") as (store, entry), watched(store, entry) as seen:
        await asyncio.sleep(5)
    row(table, "none", 5, seen, "what the machine itself makes wait")
    notes = make_notes(folder / "notes", 4_000)
    async with club(folder / "cli.db") as (store, entry):
        begun = time.perf_counter()
        async with watched(store, entry) as seen:
            said = await command_line(folder / "cli.db", notes)
        row(table, "4,000 notes, command line", time.perf_counter() - begun, seen, said)
    for name, make in FILES.items():
        data = make()
        async with club(folder / f"{len(table.rows)}.db") as (store, entry):
            queue = ImportQueue(store, now, LogConfig(level="error"), lambda: None)
            begun = time.perf_counter()
            async with watched(store, entry) as seen:
                number, _ = await queue.add(
                    ImportRequest(name, PLACE, MEMBER, ChannelSettings()), data
                )
                await queue.work()
                outcome = await queue.outcome(number)
            row(table, name, time.perf_counter() - begun, seen, told(outcome))
    await stopped(folder / "stop.db", table)


async def stopped(path: Path, table: Table) -> None:
    """A stop in the middle of 60,000 files, and on after the next start."""
    async with club(path) as (store, entry):
        queue = ImportQueue(store, now, LogConfig(level="error"), lambda: None)
        job = ImportRequest("tiny.zip", PLACE, MEMBER, ChannelSettings())
        data = tiny()
        number, _ = await queue.add(job, data)
        async with watched(store, entry) as seen:
            working = asyncio.create_task(queue.work())
            while await files(store) < 1_000:
                await asyncio.sleep(0.1)
            begun = time.perf_counter()
            await queue.stop()
            await working
            took = time.perf_counter() - begun
        try:
            said = told(await queue.outcome(number))
        except ImportGoesOn:
            said = "goes on later"
        row(table, "tiny.zip, stopped", took, seen, said)
        queue = ImportQueue(store, now, LogConfig(level="error"), lambda: None)
        begun = time.perf_counter()
        async with watched(store, entry) as seen:
            await queue.work()
            outcome = await queue.outcome(number)
        row(table, "tiny.zip, gone on", time.perf_counter() - begun, seen, told(outcome))


async def files(store: Store) -> int:
    """How many are taken in by now."""
    async with store.read() as tx:
        return await tx.session.scalar(select(func.count(DocumentRow.id))) or 0


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def club(path: Path) -> AsyncIterator[tuple[Store, int]]:
    """A database with a paper on a list; its entry's number."""
    store = Store(f"sqlite:///{path}")
    await upgrade(store)
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(8, 80, "club"), ChannelSettings(), period_start=now(), next_digest_at=now(),
            now=now(),
        )  # fmt: skip
        ada = await tx.members.ensure(8, Member(2, "Ada"))
        paper = await tx.papers.page(8, "https://example.org/a")
        entry, _ = await tx.entries.add(channel.id, paper.id, ada, How.COMMAND, now())
    try:
        yield store, entry.id
    finally:
        await store.close()


@asynccontextmanager
async def watched(store: Store, entry: int) -> AsyncIterator[Watched]:
    """Write takes, and look at memory and at the event loop, while the block runs."""
    seen = Watched(base=memory())
    tasks = [
        asyncio.create_task(work)
        for work in (_write(store, entry, seen), _look_at_loop(seen), _look_at_memory(seen))
    ]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(store: Store, entry: int, seen: Watched) -> None:
    async with store.begin() as tx:
        ada = await tx.members.ensure(8, Member(2, "Ada"))
    while True:
        begun = time.perf_counter()
        async with store.begin() as tx:
            await tx.takes.add(entry, ada, "words of a take", now())
        seen.waits.append(time.perf_counter() - begun)
        await asyncio.sleep(EVERY)


async def _look_at_loop(seen: Watched) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        seen.held = max(seen.held, time.perf_counter() - begun - 0.01)


async def _look_at_memory(seen: Watched) -> None:
    while True:
        seen.peak = max(seen.peak, await asyncio.to_thread(memory))
        await asyncio.sleep(0.05)


def memory(root: int | None = None) -> int:
    """Bytes in memory of a process (this one) and of those that it has started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(status[1])
    mine = {root or os.getpid()}
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(map(_resident, mine))


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


async def command_line(database: Path, notes: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "import", str(notes), "--channel", "ml",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PAPERTAKES_DATABASE__URL": f"sqlite:///{database}"},
    )  # fmt: skip
    said, _ = await process.communicate()
    return said.decode().partition("\n")[0]


def posts() -> bytes:
    """A real-looking file: papers with takes, 4 MB."""
    paper = (
        "https://arxiv.org/abs/20{:02}.{:05}\n\nOf things {} (Ada Lovelace, Alan Turing)\n\n{}\n\n"
    )
    words = "이 논문은 생각보다 훨씬 재미있고 읽을 것이 많다. " * 8
    text = HEAD + "".join(
        paper.format(number // 5000 % 24 + 1, 10_000 + number, number, words)
        for number in range(7_000)
    )
    return text.encode()[:3_999_000].decode("utf-8", "ignore").encode()


def line_of(unit: str) -> Callable[[], bytes]:
    """A file of 4 MB that is made of one thing."""

    def make() -> bytes:
        room = 3_999_000 - len(HEAD)
        return (HEAD + unit * (room // len(unit.encode()))).encode()

    return make


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tiny() -> bytes:
    """As many files as 10 MB hold."""
    return packed({f"{number}.md": b"x %d" % number for number in range(60_000)})


def four() -> bytes:
    """Four files of 4 MB, packed."""
    words = [f"{number:x}{'y' * (number % 7)}" for number in range(40_000)]
    text = HEAD + " ".join(words * 12)
    return packed({f"200726 {n}.md": f"{n} {text}"[:3_999_000].encode() for n in range(4)})


def nested() -> bytes:
    """JSON Lines of one line full of lists."""
    head = b'{"type": "archive", "format": "papertakes-archive", "version": 1}\n'
    return head + b'{"type": "member", "n": [' + b"[]," * 2_600_000 + b"[]]}\n"


FILES: Final[Mapping[str, Callable[[], bytes]]] = {
    "200726 posts.md": posts,
    "200726 lines.md": line_of("a\n"),
    "200726 one word.md": line_of("가"),
    "200726 addresses.md": line_of("https://arxiv.org/abs/2007.10910\n\na\n\n"),
    "200726 brackets.md": line_of("[a](b "),
    "four.zip": four,
    "tiny.zip": tiny,
    "nested.jsonl": nested,
}


def told(outcome: ImportOutcome) -> str:
    if outcome.refused is not None:
        return f"refused: {outcome.refused[:40]}"
    if outcome.failed is not None:
        return "given up"
    return (
        f"{outcome.imported} imported, {outcome.unchanged} known, "
        f"{outcome.entries} entries, {outcome.takes} takes"
    )


def row(table: Table, name: str, took: float, seen: Watched, said: str) -> None:
    table.add_row(
        name,
        f"{took:.1f}",
        f"{(seen.peak - seen.base) / 1e6:.0f} MB",
        f"{max(seen.waits, default=0):.2f} s",
        f"{seen.held * 1000:.0f} ms",
        said,
    )
    print(name, f"{took:.1f}", file=sys.stderr)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
