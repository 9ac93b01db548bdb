"""The parts of `bot.arxiv` that the poller asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.arxiv.feed import Feed
from bot.arxiv.harvest import Page


class FeedSource(Protocol):
    """See `bot.arxiv.feed.Feeds`."""

    async def fetch(
        self,
        categories: Sequence[str],
        *,
        etag: str | None = None,
        again: bool = False,
        attempts: int = 3,
    ) -> Feed | None: ...


class ListSource(Protocol):
    """See `bot.arxiv.harvest.OaiClient`."""

    async def first_page(
        self,
        from_: date,
        until: date | None = None,
        *,
        oai_set: str | None = None,
        again: bool = False,
    ) -> Page: ...

    async def next_page(self, token: str) -> Page: ...


class Sources(Protocol):
    """arXiv. Raises ArxivUnavailable where it is not open."""

    @property
    def feeds(self) -> FeedSource: ...

    @property
    def harvest(self) -> ListSource: ...
