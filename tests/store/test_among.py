"""Thousands of values in one statement, and what a value is made into."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.model.paper import PaperData
from bot.store import Store
from bot.store.engine import dumps

texts = st.lists(st.text()) | st.lists(st.text()).map(tuple)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(texts | values)
def test_json_is_as_it_always_was(value: object) -> None:
    # Stored names are looked for as this writes them.
    assert dumps(value) == json.dumps(value)


async def test_more_papers_than_a_statement_binds_values(store: Store) -> None:
    known = [PaperData(f"2611.{n:05}", f"Paper {n}", ("Ann Ü",), categories=("cs.LG",))
             for n in range(1, 4)]  # fmt: skip
    asked = [f"2610.{n:05}" for n in range(1, 40_000)] + ["2611.00003", "'; --", "2611.00001"]
    async with store.begin() as tx:
        numbers = await tx.papers.keep_many(known, exact=True)
        assert await tx.papers.numbers(asked) == {
            name: number for name, number in numbers.items() if name in asked
        }
        assert await tx.papers.numbers([]) == {}
        assert await tx.papers.shown(numbers.values()) == {}
        kept = await tx.papers.by_numbers(list(numbers.values()))
    assert [paper.data for paper in kept.values()] == known
