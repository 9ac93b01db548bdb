"""An archive in and out: import, import again, export, export again, against the floor.

    python -m tests.bench.bench_archive [notes]

The floor is reading the files and putting the very rows that the import made, those of all tables
and of the search's indexes, into an empty SQLite database of the same tables by `executemany`, in
one transaction. Nothing is parsed, cut into words or checked there. It makes its tables (some
milliseconds); the import's database was migrated before. Prints the processor's seconds (the
clock's in brackets) and how many times the floor each is. Import and floor are done five times by
turns, each time into a new database, and the medians are shown: but for the first, the process has
compiled its SQL before. The notes are the sample archive's, over and over, with other arXiv ids.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from bot.archive.exporter import ExportReport, Format, export_archive
from bot.archive.importing.importer import import_archive
from bot.archive.importing.report import Report
from bot.ops.memory import freeze_loaded
from bot.store import Store, upgrade
from bot.store.fulltext.postings import TABLES
from bot.text.bigrams import stemmed

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
ROUNDS = 5
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
_ID = re.compile(rb"(\d{4})\.(\d{5})")
_SHADOW = re.compile(r"_(?:data|idx|docsize|config|content)$")

T = TypeVar("T")
Times = tuple[float, float]
"""The processor's seconds and the clock's."""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    freeze_loaded()  # as the command line does
    with tempfile.TemporaryDirectory() as folder:
        notes = make_notes(Path(folder, "notes"), count)
        asyncio.run(measure(Path(folder), notes, count))


async def measure(folder: Path, notes: Path, count: int) -> None:
    imports, readings, wholes = [], [], []
    for turn in range(ROUNDS):
        database = folder / f"import{turn}.db"
        store = Store(f"sqlite:///{database}")
        await upgrade(store)
        took, report = await timed(partial(import_archive, store, notes, "ml", now=NOW))
        imports.append(took)
        reading, inserting = floor(notes, database, folder / f"floor{turn}.db")
        readings.append(reading)
        wholes.append((reading[0] + inserting[0], reading[1] + inserting[1]))
        if turn < ROUNDS - 1:
            await store.close()
    imported, reading, whole = map(medians, (imports, readings, wholes))

    async def bring() -> Report:
        return await import_archive(store, notes, "ml", now=NOW)

    async def give() -> ExportReport:
        async with store.read() as tx:
            [channel] = await tx.channels.named("ml")
        return await export_archive(store, folder / "out", channel, Format.MARKDOWN)

    again, second = await timed(bring)
    exported, out = await timed(give)
    unchanged, nothing = await timed(give)
    await store.close()
    assert (second.unchanged, nothing.written.touched) == (count, [])
    table = Table(title=f"{count:,} notes: {report.entries:,} papers, {report.takes:,} takes")
    for name in ("step", "seconds", "times the floor"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for name, times in (
        ("floor: reading", reading),
        ("floor: reading and inserting", whole),
        ("import", imported),
        ("import again, nothing new", again),
        (f"export, {len(out.written.added):,} files written", exported),
        ("export again, none written", unchanged),
    ):
        table.add_row(name, f"{times[0]:.2f} ({times[1]:.2f})", f"{times[0] / whole[0]:.1f}")
    Console(width=100).print(table)


def medians(times: Sequence[Times]) -> Times:
    return statistics.median(one for one, _ in times), statistics.median(one for _, one in times)


async def timed(work: Callable[[], Awaitable[T]]) -> tuple[Times, T]:
    begun, clock = time.process_time(), time.perf_counter()
    done = await work()
    return (time.process_time() - begun, time.perf_counter() - clock), done


def floor(notes: Path, made: Path, database: Path) -> tuple[Times, Times]:
    """Reading all files, and inserting all rows of the database that was made from them."""
    begun, clock = time.process_time(), time.perf_counter()
    for path in sorted(notes.rglob("*.md")):
        path.read_bytes()
    reading = (time.process_time() - begun, time.perf_counter() - clock)
    source = sqlite3.connect(made)
    schema = [
        (name, sql)
        for name, sql in source.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        )
        if not _SHADOW.search(name)
    ]
    rows = {
        name: source.execute(f"SELECT * FROM {name}").fetchall()
        for name, sql in schema
        if sql.startswith("CREATE TABLE")
    }
    words = index_words(source)
    begun, clock = time.process_time(), time.perf_counter()
    target = sqlite3.connect(database)
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    for _, sql in schema:
        target.execute(sql)
    for name, its in rows.items():
        if its:
            marks = ", ".join("?" * len(its[0]))
            target.executemany(f"INSERT INTO {name} VALUES ({marks})", its)
    for name, (columns, its) in words.items():
        marks = ", ".join("?" * len(columns))
        target.executemany(f"INSERT INTO {name}({', '.join(columns)}) VALUES ({marks})", its)
    target.commit()
    target.close()
    return reading, (time.process_time() - begun, time.perf_counter() - clock)


def index_words(
    source: sqlite3.Connection,
) -> dict[str, tuple[list[str], list[Any]]]:
    """The words of the full-text indexes, cut beforehand: the floor does not cut them."""
    place = "c1"
    fields = ("rowid", "place", *TABLES["page_index"])
    pages = source.execute(f"SELECT {', '.join(fields)} FROM page_index").fetchall()
    documents = [
        (number, place, stemmed(title), stemmed(prose))
        for number, title, prose in source.execute(
            "SELECT id, title, prose FROM documents WHERE prose <> '' AND about IS NULL"
        )
    ]
    return {
        "document_index": (["rowid", "place", "title", "body"], documents),
        "page_index": (list(fields), pages),
    }


def make_notes(folder: Path, count: int) -> Path:
    """`count` notes, made from the sample archive's."""
    sources = [path for path in sorted(ARCHIVE.glob("20*/*.md")) if "Thoughts" not in path.name]
    for number in range(count):
        source = sources[number % len(sources)]
        text = _ID.sub(partial(_other_id, number // len(sources)), source.read_bytes())
        path = folder / source.parent.name / f"{source.stem} {number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return folder


def _other_id(turn: int, found: re.Match[bytes]) -> bytes:
    return b"%s.%05d" % (found[1], (int(found[2]) + turn * 4_999) % 99_990 + 1)


if __name__ == "__main__":
    main()
