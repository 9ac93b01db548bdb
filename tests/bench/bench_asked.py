"""How a club's archive is found again, measured as people ask for it.

    python -m tests.bench.bench_asked [FOLDER]

Of every note of an archive (by default the sample's): a word of its paper's title with a word of
its own take; an author's surname with a word of the take; its own file name; the name alone by
which a paper is known. Counted is how often the paper is found, and how often it comes first.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from bot.archive.importing.importer import import_archive
from bot.model.search import SearchedPaper, SearchQuery
from bot.model.search_parse import parse_search
from bot.papers.ranking import search_in
from bot.store import Store, Transaction, upgrade
from bot.text.names import coined, surname

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
NOW = datetime(2026, 7, 26, 12, tzinfo=UTC)
_WORD = re.compile(r"[A-Za-z]{4,}|[가-힣]{2,}")
_KNOWN = re.compile(r"(?=.*[A-Z])[A-Za-z][\w-]{2,}")


class Asked(NamedTuple):
    """What somebody types who means the paper of an entry."""

    kind: str
    typed: str
    entry_id: int


@dataclass(slots=True)
class Count:
    """How often a paper was asked for, found at all, and found first."""

    asked: int = 0
    found: int = 0
    first: int = 0


async def measured(tx: Transaction, channel_id: int) -> dict[str, Count]:
    """The counts of each kind of question, over all papers of a channel."""
    search = SearchQuery()
    ids = await tx.searches.page_ids(channel_id, search, [], 100_000)
    pages = await tx.searches.pages(ids, search)
    counts: dict[str, Count] = {}
    random = Random(1)
    for page in pages.values():
        for asked in _questions(page, random):
            got = await search_in(tx, channel_id, parse_search(asked.typed), 25, 0)
            entries = [hit.entry.id for hit in got.hits if hit.entry]
            count = counts.setdefault(asked.kind, Count())
            count.asked += 1
            count.found += asked.entry_id in entries
            count.first += entries[:1] == [asked.entry_id]
    return counts


def _questions(page: SearchedPaper, random: Random) -> Iterator[Asked]:
    paper = page.entry.paper
    title = paper.shown_title if paper.data.title else ""
    said = [word for take in page.takes for word in _WORD.findall(take.text)]
    words = [word for word in _WORD.findall(title) if word not in said]
    if said and words:
        typed = f"{random.choice(words)} {random.choice(said)}"
        yield Asked("a word of the title, a word of the take", typed, page.entry.id)
    if said and paper.data.authors:
        typed = f"{surname(paper.data.authors[0])} {random.choice(said)}"
        yield Asked("an author, a word of the take", typed, page.entry.id)
    for name in page.names:
        yield Asked("its own file name", name, page.entry.id)
    for name in {*coined(title, ""), *page.names}:
        if _KNOWN.fullmatch(name):
            yield Asked("the name it is known by", name, page.entry.id)


async def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE
    with tempfile.TemporaryDirectory() as temporary:
        store = Store(f"sqlite:///{temporary}/bench.db")
        await upgrade(store)
        await import_archive(store, folder, "ml", now=NOW)
        async with store.read() as tx:
            [channel] = await tx.channels.named("ml")
            counts = await measured(tx, channel.id)
        await store.close()
    for kind, count in counts.items():
        print(f"{kind}: {count.found} of {count.asked} found, {count.first} first")


if __name__ == "__main__":
    asyncio.run(main())
