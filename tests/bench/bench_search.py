"""Search and autocompletion, measured.

    python -m tests.bench.bench_search recall|takes|titles [sizes…] [--database URL]

`recall`: every word of the sample archive's files against a plain scan of them.
`takes`: full search in one channel, by default of 10,000 and 100,000 takes of real sentences.
`titles`: a title being typed, letter by letter, by default in 10,000, 100,000 and 1,000,000 titles.
An SQLite file in a temporary folder unless a database is named, which must be empty. Seeds are
fixed.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.archive.importing.importer import import_archive
from bot.derived import DERIVED
from bot.model.channel import ChannelSettings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.papers.search import PaperSearch
from bot.sandbox.arxiv.papers import load_papers
from bot.sandbox.sample import SAMPLE_PAPERS
from bot.store import Store, upgrade
from bot.store.derived import refresh
from bot.store.fulltext.index import add_titles
from bot.store.fulltext.postings import TABLES
from bot.store.queries.bulk import BulkRepository, NewEntry, NewPaper, NewTake
from bot.store.schema import PaperRow
from bot.text.sentences import sentences
from tests.archive_scan import has, scanned

NOW = datetime(2026, 7, 26, 12, tzinfo=UTC)
ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
PLACE = Place(1, 10, "papers")
ASKED = 300
BATCH = 1_000


async def recall(store: Store) -> Table:
    """Every word of the archive's files, and pieces of Korean words, against a scan of the files.

    Right is a file of which a take, a paper or the file itself is found; nothing false means that
    each take, paper and file that is found holds the word.
    """
    await import_archive(store, ARCHIVE, "ml-papers", now=NOW)
    table = Table(title="words of the archive against a plain scan")
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml-papers")
        archive = await scanned(tx, channel)
        for kind in ("Korean", "other"):
            words = sorted(word for word in archive.words if (word >= "가") == (kind == "Korean"))
            wanted = right = hits = true = 0
            for word in words:
                expected = {path for path, text in archive.files.items() if has(text, word)}
                found = await archive.found(tx, word)
                wanted, right = wanted + len(expected), right + len(found.paths & expected)
                hits, true = hits + len(found.texts), true + sum(has(x, word) for x in found.texts)
            _row(
                table,
                words=kind,
                files=f"{len(archive.files):,}",
                asked=f"{len(words):,}",
                recall=f"{right / wanted:.4f} ({wanted:,})",
                precision=f"{true / hits:.4f} ({hits:,})",
            )
    return table


async def takes(store: Store, sizes: Sequence[int]) -> Table:
    """Search in one channel that grows."""
    random = Random(1)
    pool = list(dict.fromkeys(_sentences()))
    words = Counter(word for one in pool for word in re.findall(r"[가-힣]{2,}|[A-Za-z]{4,}", one))
    common = [word for word, _ in words.most_common(200)]
    rare = [word for word, count in words.items() if count <= 3]
    starts = [" ".join(one.replace('"', "").split()[:2]) for one in pool]
    asked = {
        "a common word": [random.choice(common) for _ in range(ASKED)],
        "a rare word": [random.choice(rare) for _ in range(ASKED)],
        "two words": [" ".join(random.sample(common, 2)) for _ in range(ASKED)],
        "phrase": [
            f'"{start}"'
            for start in random.choices(starts, k=ASKED)
            if any(map(str.isalnum, start))
        ],
    }
    async with store.begin() as tx:
        settings = ChannelSettings()
        await tx.channels.add(PLACE, settings, period_start=NOW, next_digest_at=NOW, now=NOW)
    table = Table()
    done = 0
    search = PaperSearch(store)
    for size in sizes:
        begun = time.perf_counter()
        while done < size:
            await _add_takes(store, done, pool, random)
            done += BATCH
        storing = time.perf_counter() - begun
        await _analyse(store)
        all_times: Times = []
        for kind, queries in asked.items():
            took = await _timed(partial(search.search, PLACE), queries)
            all_times += took
            _row(table, takes=f"{done:,}", query=kind, **_times(took), stored="", index="", of="")
        sizes_now = await _sizes(store, "page_index")
        stored = f"{storing:.0f} s"
        _row(table, takes="", query="all", **_times(all_times), stored=stored, **sizes_now)
    begun = time.perf_counter()
    await refresh(store, [replace(one, version=one.version + 1) for one in DERIVED if one.begin])
    table.title = f"full search; the index made anew in {time.perf_counter() - begun:.0f} s"
    return table


async def _add_takes(store: Store, done: int, pool: Sequence[str], random: Random) -> None:
    """A batch, with a paper to two takes."""
    async with store.begin() as tx:
        bulk = BulkRepository(tx.session)
        channel = await tx.channels.find(PLACE)
        assert channel is not None
        writer = await tx.members.ensure(1, Member(1, "Ada"))
        numbers = range(done // 2, (done + BATCH) // 2)
        new = [
            NewPaper(0, f"https://arxiv.org/abs/{n}", PaperData(f"{n}", random.choice(pool)[:100]))
            for n in numbers
        ]
        papers, _ = await bulk.papers(new)
        said = {one.key: one.words for one in new}
        listed = [NewEntry(papers[key], writer, NOW, None, said[key]) for key in papers]
        entries, _ = await bulk.entries(channel.id, listed)
        chosen = random.choices(list(entries.values()), k=BATCH)
        texts = [" ".join(random.sample(pool, 4)) for _ in chosen]
        await bulk.takes(
            [
                NewTake(entry, writer, one, NOW, None)
                for entry, one in zip(chosen, texts, strict=True)
            ]
        )


async def titles(store: Store, sizes: Sequence[int]) -> Table:
    """A title being typed, with a catalogue that grows."""
    random = Random(2)
    sample = load_papers(SAMPLE_PAPERS)
    # Words as often as they are in real titles and abstracts.
    words = [word for one in sample for word in f"{one.title} {one.abstract}".split()]
    asked: list[str] = []
    while len(asked) < ASKED:
        title = " ".join(random.choices(words, k=4))
        asked += [title[:end] for end in range(1, min(len(title), 18))]
    table = Table(title="autocompletion, letter by letter")
    done = 0
    search = PaperSearch(store)
    for size in sizes:
        begun = time.perf_counter()
        for at in range(done, size, 5 * BATCH):
            async with store.begin() as tx:
                rows = _titles(at, min(5 * BATCH, size - at), words, random)
                await tx.session.run_sync(partial(_add_titles, rows=rows))
        done = size
        storing = time.perf_counter() - begun
        await _analyse(store)
        took = await _timed(partial(search.complete, PLACE, limit=25, catalogue=True), asked)
        sizes_now = await _sizes(store, "title_index")
        _row(table, titles=f"{done:,}", **_times(took), stored=f"{storing:.0f} s", **sizes_now)
    return table


def _titles(at: int, count: int, words: list[str], random: Random) -> list[dict[str, object]]:
    return [
        {
            "scope": 0,
            "url": f"https://arxiv.org/abs/{n}",
            "arxiv_id": f"{n // 90_000 + 1001:04}.{n % 90_000:05}",
            "title": " ".join(random.choices(words, k=random.randint(4, 11))),
            "authors": [],
            "abstract": "",
            "categories": [],
            "withdrawn": False,
            "metadata_state": "complete",
            "asked": 0,
        }
        for n in range(at, at + count)
    ]


def _add_titles(session: Session, rows: list[dict[str, object]]) -> None:
    connection = session.connection()
    connection.execute(insert(PaperRow), rows)
    newest = select(PaperRow.id).order_by(PaperRow.id.desc()).limit(len(rows))
    add_titles(connection, connection.scalars(newest).all()[::-1])


def _sentences() -> Iterator[str]:
    for path in sorted(ARCHIVE.rglob("*.md")):
        for line in path.read_text("utf-8", "replace").splitlines():
            if len(line) > 20 and "http" not in line:
                yield from (one.strip() for one in sentences(line))


Times = list[tuple[float, float]]
"""Of each query: seconds by the clock, and of this process's processor (SQLite's among it)."""


async def _timed(work: Callable[[str], Awaitable[object]], queries: Sequence[str]) -> Times:
    for query in queries[:20]:
        await work(query)
    took: Times = []
    for query in queries:
        begun, used = time.perf_counter(), time.process_time()
        await work(query)
        took.append((time.perf_counter() - begun, time.process_time() - used))
    return took


def _times(took: Times) -> dict[str, str]:
    """By the clock, and for a machine that is busy with other things the processor's time."""
    clock, processor = (sorted(one) for one in zip(*took, strict=True))
    found = {f"p{part}": _part(clock, part) for part in (50, 95, 99)}
    return found | {"p95 of processor": _part(processor, 95)}


def _part(ordered: Sequence[float], part: int) -> str:
    return f"{ordered[min(len(ordered) * part // 100, len(ordered) - 1)] * 1e3:.1f} ms"


def _row(table: Table, **values: str) -> None:
    if not table.columns:
        for name in values:
            table.add_column(name, justify="right")
    table.add_row(*values.values())
    print(*values.values(), file=sys.stderr, flush=True)  # it takes long: one wants to see it move


async def _sizes(store: Store, name: str) -> dict[str, str]:
    """What an index takes, and the texts it is made of."""
    assert name in TABLES
    async with store.engine.connect() as connection:
        if store.sqlite:
            index = await connection.scalar(text(f"SELECT sum(length(block)) FROM {name}_data"))
        else:
            index = await connection.scalar(text(f"SELECT pg_total_relation_size('{name}')"))
        column, table = ("text", "takes") if name == "page_index" else ("title", "papers")
        texts = await connection.scalar(text(f"SELECT sum(length({column})) FROM {table}"))
    return {"index": f"{(index or 0) / 1e6:.0f} MB", "of": f"{(texts or 0) / 1e6:.0f} M letters"}


async def _analyse(store: Store) -> None:
    """What autovacuum does on a server that has been up for a while."""
    if store.sqlite:
        return
    async with store.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("VACUUM ANALYZE"))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("recall", "takes", "titles"))
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(given.database or f"sqlite:///{folder}/bench.db")
        await upgrade(store)
        if given.what == "recall":
            table = await recall(store)
        elif given.what == "takes":
            table = await takes(store, given.sizes or (10_000, 100_000))
        else:
            table = await titles(store, given.sizes or (10_000, 100_000, 1_000_000))
        await store.close()
    Console(width=140).print(table)


if __name__ == "__main__":
    asyncio.run(main())
