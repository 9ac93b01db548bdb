"""What is asked of a club's archive comes first: the measure of `tests.bench.bench_asked`."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.archive.importing.importer import import_archive
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.search_parse import parse_search
from bot.model.take import How
from bot.papers.ranking import search_in
from bot.store import Store
from bot.store.queries.documents import NewDocument, Subject
from bot.store.queries.papers import ARXIV_SCOPE
from tests.archive_scan import ARCHIVE
from tests.bench.bench_asked import measured
from tests.store.test_search import NOW, channel

PAPERS = (
    ("2312.00752", "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", "Albert Gu"),
    ("2401.00001", "A Survey on Mamba", "Ann Other"),
    ("2006.11239", "Denoising Diffusion Probabilistic Models", "Jonathan Ho"),
    ("2203.15556", "Training Compute-Optimal Large Language Models", "Jordan Hoffmann"),
    ("2205.14135", "FlashAttention: Fast and Memory-Efficient Exact Attention", "Tri Dao"),
    ("1706.03762", "Attention Is All You Need", "Ashish Vaswani"),
)


async def test_papers_of_an_archive_are_found_as_people_ask_for_them(store: Store) -> None:
    await import_archive(store, ARCHIVE / "2023", "ml", now=datetime(2026, 7, 26, 12, tzinfo=UTC))
    async with store.read() as tx:
        [where] = await tx.channels.named("ml")
        counts = await measured(tx, where.id)
    for kind, count in counts.items():
        assert count.asked > 20, kind
        assert count.found >= count.asked - 1, kind
    assert counts["the name it is known by"].first == counts["the name it is known by"].asked


async def test_best_first_is_what_the_reader_means(store: Store) -> None:
    where = await channel(store)
    place = Place(1, 10, "papers-1")
    async with store.begin() as tx:
        ada = await tx.members.ensure(place.scope, Member(1, "Ada"))
        for number, title, author in PAPERS:
            data = PaperData(number, title, (author,), "We say mamba, chinchilla and attention.")
            url = f"https://arxiv.org/abs/{number}"
            paper = await tx.papers.keep(ARXIV_SCOPE, url, data)
            entry, _ = await tx.entries.add(where.id, paper.id, ada, How.COMMAND, NOW)
            await tx.takes.add(entry.id, ada, f"a word on {number[:4]} and flash memory", NOW)
        note = NewDocument(
            "a.md", "note", "0" * 64, None, "Chinchilla", None, '{"p":[],"m":{}}', "",
            Subject("https://arxiv.org/abs/2203.15556", ("Chinchilla",)),
        )  # fmt: skip
        await tx.documents.add(where.id, [note], NOW)

    async def first(typed: str) -> str:
        async with store.read() as tx:
            got = await search_in(tx, where.id, parse_search(typed), 10, 0)
        return f"{got.hits[0].paper and got.hits[0].paper.reference} {got.meant}".strip()

    assert await first("mamba") == "2312.00752"
    assert await first("DDPM") == "2006.11239"
    assert await first("chinchilla") == "2203.15556"
    assert await first("flash attention") == "2205.14135" == await first("flashattention")
    assert await first("FlashAttention") == "2205.14135" == await first("flash-attention")
    assert await first("attention is all you need") == "1706.03762" == await first("attention")
    assert await first("1706.03762") == "1706.03762"
    assert await first("vaswani word") == "1706.03762"
    assert await first("diffusion 2006") == "2006.11239"
    assert await first("chinchila") == "2203.15556 chinchilla"
    assert await first("vaswany word") == "1706.03762 vaswani word"
