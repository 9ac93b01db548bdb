"""The query API, through the package `arxiv`: papers by id, papers by title.

The package is synchronous, so it runs in one thread of its own. Its pacing and its retries are
turned off, since the gate does both; its HTTP goes through an adapter of ours, which sets time
limits, names us, and looks at each answer before the package does: the package takes a cut-off
document for a short one, and does not read Retry-After.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import arxiv  # type: ignore[import-untyped]
import requests
from lxml import etree

from bot.arxiv import clean
from bot.arxiv.errors import ArxivRefused
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.query_http import ATOM, JudgingAdapter
from bot.isolation import RecordKind, either
from bot.model.arxiv_id import ArxivId, MalformedId, parse_arxiv_id
from bot.model.authors import tidy
from bot.model.paper import PaperData
from bot.model.withdrawal import is_withdrawn

T = TypeVar("T")

SOURCE = "query API"
BATCH = 50
"""Ids asked for in one request."""
TIMEOUT = 20.0
"""Seconds for one request; a healthy one takes half a second."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`found` in this answer, and what was `missing` from it, which may exist all the same.

    `refused` are ids that the API calls malformed.
    """

    found: dict[ArxivId, PaperData]
    missing: frozenset[ArxivId]
    refused: frozenset[ArxivId] = frozenset()


class QueryApi:
    """Asks `{api_base}/query`. Close it when done."""

    def __init__(self, api_base: str, gate: Gate, *, agent: str) -> None:
        self._gate = gate
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="arxiv-query")
        self._adapter = JudgingAdapter(agent, TIMEOUT)
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)
        self._format = api_base.rstrip("/").replace("{", "{{").replace("}", "}}") + "/query?{}"

    async def fetch(
        self,
        ids: Sequence[ArxivId],
        *,
        priority: Priority,
        timeout: float = TIMEOUT,
        attempts: int = 1,
        again: bool = False,
        guild: int = 0,
    ) -> Fetched:
        """The current versions of these papers, BATCH in a request.

        Where the API refuses a list, its halves are asked, down to the id that it refuses.
        `again` asks by another URL than before, past any cache.
        Raises ArxivUnavailable; what other batches had found is lost then.
        """
        found: dict[ArxivId, PaperData] = {}
        refused: set[ArxivId] = set()
        lists = [list(ids[at : at + BATCH]) for at in range(0, len(ids), BATCH)]
        while lists:
            some = lists.pop(0)
            try:
                papers = await self._ask(
                    arxiv.Search(
                        id_list=[one.value for one in some], max_results=len(some) + again
                    ),
                    priority=priority,
                    timeout=timeout,
                    attempts=attempts,
                    guild=guild,
                )
            except ArxivRefused:
                if len(some) == 1:
                    refused |= set(some)
                else:
                    half = len(some) // 2
                    lists[:0] = [some[:half], some[half:]]
                continue
            wanted = set(some)
            found |= {key: paper for key, paper in papers.items() if key in wanted}
        return Fetched(found, frozenset(set(ids) - found.keys() - refused), frozenset(refused))

    async def search_title(
        self,
        title: str,
        *,
        limit: int,
        priority: Priority,
        timeout: float = TIMEOUT,
        guild: int = 0,
    ) -> list[PaperData]:
        """Papers whose titles have these words, the likeliest first; exact titles before others."""
        query = title_query(title)
        if not query:
            return []
        search = arxiv.Search(query=query, max_results=limit)
        papers = await self._ask(
            search, priority=priority, timeout=timeout, attempts=1, guild=guild
        )
        wanted = _words(title)
        return sorted(papers.values(), key=lambda paper: _words(paper.title) != wanted)

    async def close(self) -> None:
        """Ends the thread and the connection. No request may be running."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._session.close()

    async def _ask(
        self,
        search: arxiv.Search,
        *,
        priority: Priority,
        timeout: float,
        attempts: int,
        guild: int,
    ) -> dict[ArxivId, PaperData]:
        def request() -> dict[ArxivId, PaperData]:
            # One client a request, since only its page size belongs to it; the session stays.
            client = arxiv.Client(search.max_results or 1, delay_seconds=0, num_retries=0)
            client.query_url_format = self._format
            client._session = self._session
            self._adapter.seconds = timeout
            papers = _papers(client.results(search))
            return papers | _plain_papers(self._adapter.unreadable)

        return await self._gate.ask(
            lambda: self._in_thread(request),
            source=SOURCE,
            priority=priority,
            timeout=timeout + 1,
            attempts=attempts,
            guild=guild,
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Runs `work` in the thread; ends only when it has ended, cancelled or not.

        A thread cannot be stopped, but its connection can be broken, which ends its request.
        """
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        cancelled: asyncio.CancelledError | None = None
        while not future.done():
            try:
                await asyncio.wait({future})
            except asyncio.CancelledError as error:
                cancelled = error
                self._adapter.abort()
        if cancelled is not None:
            future.exception()
            raise cancelled
        return future.result()


def title_query(title: str) -> str:
    """The API's query for a title: the phrase, or all its words; empty without words."""
    words = _words(title)[:20]
    if not words:
        return ""
    every = " AND ".join(f"ti:{word}" for word in words)
    return f'ti:"{" ".join(words)}" OR ({every})' if len(words) > 1 else every


def paper_data(result: arxiv.Result) -> tuple[ArxivId, PaperData]:
    """What the package read of one entry. Raises MalformedId if its id cannot be read."""
    arxiv_id, version = parse_arxiv_id(result.entry_id.rpartition("/abs/")[2])
    abstract, comment = clean.words(result.summary), clean.optional_words(result.comment)
    primary = [result.primary_category] if result.primary_category else []
    title = clean.words(result.title)
    return arxiv_id, PaperData(
        arxiv_id=arxiv_id.value,
        title=title,
        authors=tidy(clean.line(author.name) for author in result.authors),
        abstract=abstract,
        categories=tuple(dict.fromkeys(primary + result.categories)),
        published=result.published,
        updated=result.updated,
        version=version,
        comment=comment,
        doi=clean.first_doi(result.doi),
        journal_ref=clean.optional_words(result.journal_ref),
        withdrawn=is_withdrawn(title, abstract, comment),
    )


def _papers(results: Iterable[arxiv.Result]) -> dict[ArxivId, PaperData]:
    papers: dict[ArxivId, PaperData] = {}
    for result in results:
        read = either(
            RecordKind.QUERY_ENTRY,
            result.entry_id,
            partial(paper_data, result),
            partial(
                _plain_data, result.entry_id, result.title, result.summary, result.categories,
                [author.name for author in result.authors],
            ),
            raw=result.entry_id,
        )  # fmt: skip
        papers |= [read] if read else []
    return papers


def _plain_papers(entries: Iterable[etree._Element]) -> dict[ArxivId, PaperData]:
    """The papers of entries that the package cannot read, their texts as they stand."""
    found = (
        _plain_data(
            entry.findtext(f"{ATOM}id"),
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}summary"),
            [one.get("term", "") for one in entry.iterfind(f"{ATOM}category")],
            [one.text for one in entry.iterfind(f"{ATOM}author/{ATOM}name")],
        )
        for entry in entries
    )
    return dict(filter(None, found))


def _plain_data(
    entry_id: str | None,
    title: str | None,
    abstract: str | None,
    categories: Sequence[str],
    authors: Sequence[str | None],
) -> tuple[ArxivId, PaperData] | None:
    """A paper with its texts as they stand; None without a usable id or title."""
    try:
        arxiv_id, version = parse_arxiv_id((entry_id or "").rpartition("/abs/")[2])
    except MalformedId:
        return None
    shown, summary, *names = (
        " ".join((text or "").split()) for text in (title, abstract, *authors)
    )
    paper = PaperData(
        arxiv_id=arxiv_id.value,
        title=shown,
        authors=tuple(filter(None, names)),
        abstract=summary,
        categories=tuple(filter(None, categories)),
        version=version,
    )
    return (arxiv_id, paper) if shown else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
