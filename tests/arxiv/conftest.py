"""A loopback arXiv with a few papers, and the program's own way to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.arxiv import Arxiv
from bot.arxiv.gate import Gate
from bot.sandbox.arxiv import Author, LoopbackArxiv, Paper, Version

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Settings:
    """What the service needs to know."""

    api_base: str
    feed_base: str
    oai_base: str
    contact: str = "club@example.org"
    interval: float = 0.0


SLICE_OUT = Paper(
    id="2007.10909",
    title="SliceOut: Training Transformers and\n  CNNs faster while using less memory",
    authors=(Author("Notin", "Pascal"), Author("Gomez", "Aidan N."), Author("Yoo", "Joanna")),
    categories=("cs.LG", "cs.CV", "stat.ML"),
    abstract="  We demonstrate 10-40% speedups with $\\alpha$\nand TeX \\'e.\n",
    versions=(
        Version(datetime(2020, 7, 21, 15, 59, 54, tzinfo=UTC)),
        Version(datetime(2020, 8, 3, 9, tzinfo=UTC)),
    ),
    comment="12 pages",
    doi="10.1000/xyz",
    journal_ref="J. Ex. 1 (2020)",
)
OLD = Paper(
    id="hep-th/9901001",
    title="An old one",
    authors=(Author("Forney,", "G. David", "Jr."), Author("ATLAS Collaboration")),
    categories=("hep-th", "math.DG"),
    abstract="Old.",
    versions=(Version(datetime(1999, 1, 1, tzinfo=UTC)),),
)
WITHDRAWN = Paper(
    id="2001.00001",
    title="Gone",
    authors=(Author("Author", "Ann"),),
    categories=("math.NA", "cs.NA"),
    abstract="Text.",
    versions=(Version(datetime(2020, 1, 1, tzinfo=UTC)),),
    comment="This paper has been withdrawn by the author due to an error in Lemma 2",
)


@pytest.fixture
async def net() -> AsyncIterator[LoopbackArxiv]:
    """The loopback arXiv, on 24 November 2026."""
    papers = [SLICE_OUT, OLD, WITHDRAWN]
    async with LoopbackArxiv(papers, clock=lambda: NOW, page_records=1) as net:
        yield net


@pytest.fixture
async def arxiv(net: LoopbackArxiv) -> AsyncIterator[Arxiv]:
    """The service without pacing and backoff, so that tests need not wait for them."""
    settings = Settings(net.api_base, net.feed_base, net.oai_base)
    arxiv = Arxiv(settings, gate=Gate(0.0, chance=lambda: 0.0), now=lambda: NOW)
    await arxiv.start()
    yield arxiv
    await arxiv.close()
