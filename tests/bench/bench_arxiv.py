"""A day's papers and a week's catching up: what they cost, and how long a member waits meanwhile.

    python -m tests.bench.bench_arxiv

1. A feed and a list of 2,000 papers: parsed, classified, matched and stored as the poller does it,
   against the floor: lxml's parse and `executemany` of the same rows with sqlite3, committed; and
   beside it that floor with each text read out of lxml's tree, and the titles' words put into the
   search index. The processor's seconds: other work does not count.
   The poller's process has taken in the day before already: its SQL is compiled.
2. A week is caught up by OAI-PMH over the gate with arXiv's three seconds between two requests and
   answers that take 30 s; meanwhile members send `/paper add` at random. Time is virtual. A long
   request gives way, and after ten minutes of that has its turn: who comes then is answered at
   once, the paper kept, and its title follows. How long until the answer, and until the title.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import structlog
from lxml import etree

from bot.arxiv.errors import GaveWay, Occupied
from bot.arxiv.feed import Feed, parse
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.harvest import Page, parse_page
from bot.model.subscription import Item, Watch
from bot.ops.memory import freeze_loaded
from bot.sandbox.arxiv import Announcement, Author, Collection, Paper, Version
from bot.sandbox.arxiv.answers import Answers
from bot.store import Store, upgrade
from bot.subscriptions.index import Roll
from bot.subscriptions.intake import prepare, take_in
from bot.text.bigrams import stemmed
from tests.arxiv.fakeclock import FakeClock
from tests.bench.table import table

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
COUNT = 1_999
WORDS = """
model attention diffusion graph training large language vision detection robust sparse learning
optimal transport quantum kernel bound proof data efficient we propose show that results benchmark
method improves over state of the art
""".split()  # noqa: SIM905
OTHERS = """
stat.ML cs.CV cs.CL cs.AI cs.RO cs.NE cs.IR cs.CR eess.IV math.OC quant-ph q-bio.QM
""".split()  # noqa: SIM905


def papers(random: Random) -> list[Paper]:
    """As long as arXiv's own: titles of ten words, abstracts of 180, five authors, and as many
    categories."""
    return [
        Paper(
            id=f"2611.{90_000 + n:05}" if n < 9_999 else f"2610.{n:05}",
            title=" ".join(random.choices(WORDS, k=10)),
            authors=tuple(Author(f"Name{random.randrange(999)}", "Ann B.") for _ in range(5)),
            categories=("cs.LG", *random.sample(OTHERS, random.randrange(4))),
            abstract=" ".join(random.choices(WORDS, k=180)),
            versions=(Version(datetime(2026, 11, 23, 9, tzinfo=UTC)),),
            comment="12 pages, 5 figures",
        )
        for n in range(1, COUNT + 1)
    ]


def bodies() -> tuple[bytes, bytes]:
    """The feed and the list of one day."""
    lines = [Announcement(DAY, "new", one) for one in papers(Random(1))]
    answers = Answers(
        Collection((), lines), query_lag=timedelta(0), cdn=False, page_records=2_000,
        page_identifiers=5_000,
    )  # fmt: skip
    feed = answers.answer("feed", "/rss/cs.LG", "", {}, base="http://x", now=NOW).body
    query = f"verb=ListRecords&metadataPrefix=arXiv&from={DAY}&until={DAY}"
    return feed, answers.answer("oai", "/oai", query, {}, base="http://x", now=NOW).body


def floor(body: bytes, made: Path, database: Path, titles: list[str] | None) -> float:
    """lxml's parse, its tree thrown away, and the rows of `made` put into the same tables, empty,
    with one commit.

    With `titles` every text of the document is read once, too, without which no row could be made
    of it, and the titles' words go into the search index.
    """
    source, target = sqlite3.connect(made), sqlite3.connect(database)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    # As ours: neither copies its log into the database here.
    target.execute("PRAGMA wal_autocheckpoint=4000")
    copied = {}
    for name in ("papers", "announced", "mailings"):
        for (ddl,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type "
            "DESC",
            (name,),
        ).fetchall():
            target.execute(ddl)
        copied[name] = source.execute(f"SELECT * FROM {name}").fetchall()
    (ddl,) = source.execute("SELECT sql FROM sqlite_master WHERE name = 'title_index'").fetchone()
    target.execute(ddl)
    target.commit()
    words = [(n, stemmed(title)) for n, title in enumerate(titles or (), start=1)]
    began = time.process_time()
    root = etree.fromstring(body)
    if titles:
        [(element.tag, element.text) for element in root.iter()]
    del root
    for name, rows in copied.items():
        places = ", ".join("?" * len(rows[0]))
        target.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
    target.executemany("INSERT INTO title_index (rowid, title) VALUES (?, ?)", words)
    target.commit()
    took = time.process_time() - began
    source.close()
    target.close()
    return took


async def ours(body: bytes, read: Callable[[bytes], list[Item]], url: str, *, exact: bool) -> float:
    store = Store(url)
    await upgrade(store)
    watches = {
        name: Watch(name, DAY, "2611.", DAY - timedelta(days=1)) for name in ("cs.LG", "stat.ML")
    }
    roll = Roll()

    async def take(items: list[Item]) -> None:
        batch = await prepare(store, roll, watches, items)
        async with store.begin() as tx:
            await take_in(tx, roll, watches, batch, exact=exact, now=NOW)

    await take([_of_yesterday(item, n) for n, item in enumerate(read(body)[:3])])
    began = time.process_time()
    await take(read(body))
    took = time.process_time() - began
    await store.close()
    return took


def _of_yesterday(item: Item, n: int) -> Item:
    paper = item.paper._replace(arxiv_id=f"2611.{80_000 + n}")
    return item._replace(paper=paper, mailing=DAY - timedelta(days=1))


def of_feed(body: bytes) -> list[Item]:
    feed: Feed = parse(body)
    return [Item(one.paper, feed.date, one.kind) for one in feed.items]


def of_list(body: bytes) -> list[Item]:
    page: Page = parse_page(etree.fromstring(body))
    return [Item(one.paper, one.datestamp, created=DAY) for one in page.records]


async def storing(folder: Path, rounds: int = 5) -> list[list[str]]:
    feed, records = bodies()
    rows = []
    for name, body, read, exact in (
        ("feed", feed, of_feed, False),
        ("OAI-PMH list", records, of_list, True),
    ):
        titles = [item.paper.title for item in read(body)]
        lowest, fuller, mine = [], [], []
        for n in range(rounds):
            made = folder / f"ours-{name[0]}{n}.db"
            mine.append(await ours(body, read, f"sqlite:///{made}", exact=exact))
            lowest.append(floor(body, made, folder / f"floor-{name[0]}{n}.db", None))
            fuller.append(floor(body, made, folder / f"fuller-{name[0]}{n}.db", titles))
        base, full, took = map(statistics.median, (lowest, fuller, mine))
        rows.append(
            [
                f"{name}, {len(titles):,} papers, {len(body) / 1e6:.1f} MB",
                f"{base * 1000:.0f} ms",
                f"{full * 1000:.0f} ms",
                f"{took * 1000:.0f} ms",
                f"{took / base:.1f}",
                f"{took / full:.1f}",
            ]
        )
    return rows


@dataclass(slots=True)
class Waits:
    """Seconds from each command to its answer, and to its title; how long it all took."""

    answers: list[float] = field(default_factory=list)
    titles: list[float] = field(default_factory=list)
    told: int = 0
    """Answers without a title."""
    took: float = 0.0


class CaughtUp:
    """A week's pages and its members at one gate."""

    def __init__(self, seed: int, pages: int, slow: float, apart: float) -> None:
        self.random = Random(seed)
        self.pages, self.slow, self.apart = pages, slow, apart
        self.clock = FakeClock()
        self.waits = Waits()
        self.kept: list[float] = []
        """When they were asked for: papers without a title yet."""
        self.tasks: list[asyncio.Task[None]] = []
        self.gate = Gate(3.0, clock=self.clock, chance=lambda: 0.5, relieved=self.relieved)

    def relieved(self) -> None:
        self.tasks.append(asyncio.create_task(self.complete()))

    async def short(self) -> None:
        await self.clock.sleep(0.4)

    async def catch_up(self) -> None:
        async def page() -> None:
            await self.clock.sleep(self.slow)

        through = 0
        while through < self.pages:
            with contextlib.suppress(GaveWay):
                await self.gate.run(
                    page, source="OAI-PMH", priority=Priority.POLLER, timeout=120, yielding=True
                )
                through += 1

    async def member(self) -> None:
        asked = self.clock.time()
        try:
            await self.gate.run(self.short, source="query", priority=Priority.PERSON, timeout=10)
        except Occupied:
            self.kept.append(asked)
            self.waits.told += 1
        else:
            self.waits.titles.append(self.clock.time() - asked)
        self.waits.answers.append(self.clock.time() - asked)

    async def complete(self) -> None:
        """As the completer does: a second after, all of them in one request."""
        await self.clock.sleep(1.0)
        kept, self.kept = self.kept, []
        await self.gate.run(self.short, source="query", priority=Priority.POLLER, timeout=10)
        self.waits.titles += [self.clock.time() - asked for asked in kept]

    async def run(self) -> Waits:
        poller = asyncio.create_task(self.catch_up())
        while not poller.done():
            self.tasks.append(asyncio.create_task(self.member()))
            await self.clock.advance(self.random.expovariate(1 / self.apart))
        self.waits.took = self.clock.time()
        await self.clock.advance(120)
        await asyncio.gather(*self.tasks)
        await self.gate.close()
        return self.waits


async def main() -> None:
    logging.disable(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    freeze_loaded()  # as the bot does
    with tempfile.TemporaryDirectory() as folder:
        rows = await storing(Path(folder))
    head = ["parsed and stored", "floor", "texts and index too", "ours", "times", "times that"]
    print(table(head, rows), end="\n\n")
    rows = []
    for pages, slow, apart in ((14, 30.0, 25.0), (14, 90.0, 25.0), (14, 30.0, 120.0)):
        waits = await CaughtUp(1, pages, slow, apart).run()
        answers, titles = sorted(waits.answers), sorted(waits.titles)
        rows.append(
            [
                f"{len(answers)} commands, one in {apart:.0f} s; {pages} pages of {slow:.0f} s",
                f"{statistics.median(answers):.1f} s",
                f"{answers[int(len(answers) * 0.99)]:.1f} s",
                f"{answers[-1]:.1f} s",
                f"{waits.told}",
                f"{titles[-1]:.1f} s",
                f"{waits.took / 60:.0f} min",
            ]
        )
    head = ["/paper add while a week is caught up", "answered: median", "p99", "longest"]
    print(table([*head, "title later", "longest", "caught up in"], rows))


if __name__ == "__main__":
    asyncio.run(main())
