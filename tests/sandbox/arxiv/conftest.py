"""A clock to turn, a client, and a loopback arXiv with the sample papers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox.arxiv import LoopbackArxiv, load_papers
from bot.sandbox.sample import SAMPLE_PAPERS


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 17, tzinfo=UTC))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "tester"}) as session:
        yield session


@pytest.fixture
async def arxiv(clock: Clock) -> AsyncIterator[LoopbackArxiv]:
    async with LoopbackArxiv(load_papers(SAMPLE_PAPERS), clock=clock) as arxiv:
        yield arxiv
