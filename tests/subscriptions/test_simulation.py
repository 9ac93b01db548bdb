"""A few months of a made-up arXiv; `python -m tests.bench.simulate_arxiv` has years of it."""

from __future__ import annotations

import pytest

from bot.store import Store
from tests.subscriptions.simulation import run


@pytest.mark.parametrize("seed", [11])
async def test_every_paper_arrives_once_whatever_fails(store: Store, seed: int) -> None:
    result = await run(store, seed=seed, days=60, rate=3.0)
    assert result.missed == []
    assert result.stray == []
    assert result.doubled == []
    assert result.wanted > 30
    assert result.outages
