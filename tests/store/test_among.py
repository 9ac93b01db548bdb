"""Thousands of values in one statement."""

from __future__ import annotations

from bot.model.paper import PaperData
from bot.store import Store


async def test_more_papers_than_a_statement_binds_values(store: Store) -> None:
    known = [PaperData(f"2611.{n:05}", f"Paper {n}", ("Ann Ü",), categories=("cs.LG",))
             for n in range(1, 4)]  # fmt: skip
    asked = [f"2610.{n:05}" for n in range(1, 40_000)] + ["2611.00003", "'; --", "2611.00001"]
    async with store.begin() as tx:
        numbers = await tx.papers.keep_many(known, exact=True)
        assert await tx.papers.ids_of(asked) == {
            name: number for name, number in numbers.items() if name in asked
        }
        assert await tx.papers.ids_of([]) == {}
        assert await tx.papers.shown(numbers.values()) == {}
        kept = await tx.papers.by_ids(list(numbers.values()))
    assert [paper.data for paper in kept.values()] == known
