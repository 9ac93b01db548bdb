"""`python -m tests.bench.bench_digest`: what a long week costs, and how fast text is cut.

Compiling and rendering a week with 20, 200 and 2,000 papers (ten takes each): SQL statements, which
must not grow, and the time a take, which must not grow either. Splitting English and Korean into
messages, against slicing the text every 2,000 characters.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event, insert

from bot.digest.compile import AskedPeriod, compile_period
from bot.digest.discord_messages import render
from bot.digest.plan import plan
from bot.model.channel import Channel, ChannelSettings
from bot.model.people import Place
from bot.model.span import DigestSpan
from bot.store import Store, upgrade
from bot.store.schema import EntryRow, MemberRow, PaperRow, TakeRow
from bot.text.split import split
from tests.bench.table import table

TAKES = 10
"""Takes of each paper."""
DAY = date(2020, 7, 26)
END = datetime(2020, 7, 26, 18, tzinfo=UTC)
START = END - timedelta(days=7)
ENGLISH = "The gradient of the loss is estimated from *one* sample; see `train.py` for the rest. "
KOREAN = "이 논문은 **적은** 데이터로 학습하는 방법을 다룬다. 결과가 흥미롭다. "


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one week: SQL statements and seconds."""

    papers: int
    statements: int
    compiling: float
    rendering: float
    messages: int
    planning: float

    @property
    def takes(self) -> int:
        return self.papers * TAKES

    @property
    def a_take(self) -> float:
        """Microseconds for compiling and rendering."""
        return (self.compiling + self.rendering) / self.takes * 1e6


async def fill(store: Store, papers: int) -> Channel:
    """A channel with that many papers on its list, added and written about within the week."""
    at = START + timedelta(hours=1)
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(1, papers, f"papers-{papers}"),
            ChannelSettings(),
            period_start=START,
            next_digest_at=END,
            now=START,
        )
        base = papers * 1000
        members = [
            {"id": base + n, "scope": papers, "discord_id": n, "name": f"Member {n}"}
            for n in range(5)
        ]
        await tx.session.execute(insert(MemberRow), members)
        await tx.session.execute(insert(PaperRow), [_paper(base, n) for n in range(papers)])
        entries = [
            {
                "id": base + n,
                "channel_id": channel.id,
                "paper_id": base + n,
                "member_id": base,
                "how": "command",
                "added_at": at + timedelta(seconds=n),
            }
            for n in range(papers)
        ]
        await tx.session.execute(insert(EntryRow), entries)
        takes = [
            {
                "entry_id": base + n % papers,
                "member_id": base + n % 5,
                "text": (KOREAN if n % 2 else ENGLISH) * (1 + n % 7),
                "created_at": at + timedelta(seconds=n),
            }
            for n in range(papers * TAKES)
        ]
        await tx.session.execute(insert(TakeRow), takes)
    return channel


def _paper(base: int, number: int) -> dict[str, object]:
    arxiv_id = f"{base // 1000 % 10_000:04d}.{number:05d}"
    return {
        "id": base + number,
        "scope": 0,
        "url": f"https://arxiv.org/abs/{arxiv_id}",
        "arxiv_id": arxiv_id,
        "title": f"On the {number}th *variant* of $\\alpha$-Attention",
        "authors": [f"Author {n}" for n in range(6)],
        "abstract": ENGLISH * 12,
        "categories": ["cs.LG"],
        "metadata_state": "complete",
    }


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The SQL statements that are executed meanwhile, without the transactions' own."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def measure(store: Store, papers: int, repeat: int) -> Cost:
    channel = await fill(store, papers)
    asked = AskedPeriod(DigestSpan(START, END, None, open=True), None, running=True)
    compiling = rendering = float("inf")
    for _ in range(repeat):
        with counted(store) as statements:
            began = time.perf_counter()
            async with store.read() as tx:
                compiled = await compile_period(tx, channel, asked, day=DAY)
            compiling = min(compiling, time.perf_counter() - began)
        began = time.perf_counter()
        rendered = render(compiled)
        rendering = min(rendering, time.perf_counter() - began)
    assert compiled.take_count == papers * TAKES
    began = time.perf_counter()
    async with store.begin() as tx:
        made = await plan(tx, channel, end=END, before=END, day=DAY, now=END, scheduled=True)
    assert made is not None
    planning = time.perf_counter() - began
    count = len(rendered.messages) + 1
    return Cost(papers, len(statements), compiling, rendering, count, planning)


async def weeks(sizes: Sequence[int], repeat: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        await upgrade(store)
        costs = [await measure(store, papers, repeat) for papers in sizes]
        await store.close()
    rows: list[Sequence[object]] = []
    for at, cost in enumerate(costs):
        before = costs[at - 1] if at else None
        growth = cost.a_take / before.a_take * cost.papers / before.papers if before else None
        rows.append(
            (
                f"{cost.papers:,}",
                f"{cost.takes:,}",
                cost.statements,
                f"{cost.compiling * 1e3:.1f}",
                f"{cost.rendering * 1e3:.1f}",
                f"{cost.a_take:.0f}",
                "" if growth is None else f"{growth:.1f}x",
                f"{cost.messages:,}",
                f"{cost.planning * 1e3:.0f}",
            )
        )
    head = ("papers", "takes", "SQL", "compile ms", "render ms", "µs a take", "growth", "messages")
    return table((*head, "plan ms"), rows)


def naive(text: str) -> list[str]:
    return [text[at : at + 2000] for at in range(0, len(text), 2000)]


def speed(work: Callable[[str], list[str]], text: str, repeat: int) -> float:
    """Megabytes (of UTF-8) a second, the best of some."""
    best = float("inf")
    for _ in range(repeat):
        began = time.perf_counter()
        work(text)
        best = min(best, time.perf_counter() - began)
    return len(text.encode()) / best / 1e6


def splitting(size: int, repeat: int) -> str:
    rows = []
    for name, sentence in (("English", ENGLISH), ("Korean", KOREAN)):
        paragraphs = (sentence * (2 + n % 9) for n in range(size))
        text = "\n\n".join(paragraphs)
        ours, slices = speed(split, text, repeat), speed(naive, text, repeat)
        megabytes = len(text.encode()) / 1e6
        rows.append((name, f"{megabytes:.2f}", f"{ours:.2f}", f"{slices:,.0f}"))
    return table(("text", "MB", "split MB/s", "slice MB/s"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_digest", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--papers", type=int, nargs="+", default=[20, 200, 2000])
    asked = parser.parse_args()
    print(asyncio.run(weeks(asked.papers, asked.repeat)))
    print()
    print(splitting(1000, asked.repeat))


if __name__ == "__main__":
    main()
