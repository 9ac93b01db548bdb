"""What is found for a search, best first.

Candidates come from the index in steps, each of which can only give what ranks below the step
before: papers that are called so; papers with all the words in their titles; with some of them
there, or among their authors; with the words anywhere. A step is taken as long as too little was
found. What is found in one step is put in order by how it is meant, where its words stand, and when
it came onto the list.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from math import log
from operator import mul
from typing import Final, TypeVar

from bot.isolation import RecordKind, either
from bot.model.paper import Paper
from bot.model.search import Hit, HitKind, SearchedFile, SearchedPaper, SearchQuery, SearchResult
from bot.papers.hits import (
    BY,
    ELSEWHERE,
    TITLED,
    MeantBy,
    checked,
    file_says,
    fit,
    is_called,
    is_sure,
    meant,
    paper_is_titled,
    typed_keys,
    without_unwanted,
)
from bot.papers.misspelt import corrected
from bot.store import Transaction
from bot.store.fulltext.match_queries import ANYWHERE, HEAD, KEYS, PEOPLE, TITLE, Asked
from bot.text.bigrams import Phrase
from bot.text.find import holds

MOST: Final = 200
"""Hits that can be looked at; who wants more says more."""
_COUNTS: Final[Mapping[tuple[str, ...], float]] = {TITLE: TITLED, PEOPLE: BY}
_CALLED: Final = 25
"""Papers that are called alike and looked at."""
_COUNTED: Final = 500
"""Pages with a word that are counted to tell how rare it is."""
_MIXED: Final = 4
"""Words of a query, the rarest, that are looked for in titles by themselves."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

T = TypeVar("T", Paper, SearchedFile)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A hit and what it ranks by, the smallest first."""

    hit: Hit
    meant: MeantBy
    count: float
    """What its words count."""
    day: datetime

    @property
    def rank(self) -> tuple[int, float, float]:
        return self.meant, -self.count, -self.day.timestamp() if self.day > _NEVER else 0.0


async def search_in(
    tx: Transaction, channel_id: int | None, search: SearchQuery, limit: int, offset: int
) -> SearchResult:
    """Hits in a channel, or in all of them where there is none; where nothing has the words, hits
    for words that are like them but for a letter."""
    found = await _search(tx, channel_id, search, limit, offset)
    if found.hits or offset or not search.phrases:
        return found
    if (near := await corrected(tx, channel_id, search)) is None:
        return found
    again = await _search(tx, channel_id, near[0], limit, offset)
    return replace(again, meant=near[1]) if again.hits else found


async def _search(
    tx: Transaction, channel_id: int | None, search: SearchQuery, limit: int, offset: int
) -> SearchResult:
    wanted = min(offset + limit, MOST) + 1
    hits = await _Search(tx, channel_id, search, wanted).hits()
    if len(hits) < wanted and channel_id is not None and search.phrases and _is_plain(search):
        hits += await _announced(tx, channel_id, search, wanted - len(hits))
    shown = hits[offset : min(offset + limit, MOST)]
    return SearchResult(tuple(shown), more=len(hits) > offset + len(shown))


def _is_plain(search: SearchQuery) -> bool:
    return not (search.narrows or search.authors or search.titles)


class _Search:
    """One search in the pages and files of a channel."""

    def __init__(
        self, tx: Transaction, channel_id: int | None, search: SearchQuery, wanted: int
    ) -> None:
        self.tx = tx
        self.channel_id = channel_id
        self.search = search
        self.wanted = wanted
        self.found: list[_Ranked] = []
        self.seen: set[int] = set()
        looked_at = bool(search.narrows or search.without)
        self.sure = [is_sure(one) and not looked_at for one in search.phrases]
        """For each phrase whether the index knows that it stands on a page."""
        self.weights = [1.0] * len(search.phrases)
        """What each word counts: more if it is rare."""

    async def hits(self) -> list[Hit]:
        phrases = self.search.phrases
        if phrases and _is_plain(self.search):
            for one in typed_keys(self.search):
                await self._step([Asked(Phrase((one,), stems=(one,)), KEYS)], _CALLED, called=True)
        if len(phrases) > 1:
            self.weights = [await self._rarity(one) for one in phrases]
        for stage in self._stages(phrases):
            for step in stage:
                if (missing := self.wanted - len(self.found)) > 0:
                    await self._step(step, missing)
        if phrases and len(self.found) < self.wanted and not self.search.categories:
            await self._files()
        self.found.sort(key=lambda one: one.rank)
        return [one.hit for one in self.found]

    def _stages(self, phrases: Sequence[Phrase]) -> list[list[list[Asked]]]:
        """What to ask the index for, one after the other; with no words for the newest."""
        anywhere = [Asked(one, ANYWHERE) for one in phrases]
        if not phrases:
            return [[anywhere]]
        titled = [Asked(one, TITLE) for one in phrases]
        if len(phrases) == 1:
            return [[titled], [[Asked(phrases[0], PEOPLE)]], [anywhere]]
        rarest = sorted(range(len(phrases)), key=lambda at: -self.weights[at])[:_MIXED]
        # Where one word is known to stand in the head, the others may stand anywhere.
        mixed = [
            [Asked(one, HEAD if at == here else ANYWHERE) for at, one in enumerate(phrases)]
            for here in rarest
        ]
        return [[titled], mixed, [anywhere]]

    async def _rarity(self, phrase: Phrase) -> float:
        count = await self.tx.searches.count(self.channel_id, [Asked(phrase, ANYWHERE)], _COUNTED)
        return 1.0 + log((1 + _COUNTED) / (1 + count))

    async def _step(self, asked: Sequence[Asked], limit: int, *, called: bool = False) -> None:
        """Look at candidates until there is enough; `called`: at those that may be called so."""
        before: int | None = None
        enough = len(self.found) + limit
        while True:
            ids = await self.tx.searches.page_ids(
                self.channel_id, self.search, asked, limit, before=before
            )
            new = [number for number in ids if number not in self.seen]
            self.seen.update(new)
            if new:
                pages = await self.tx.searches.pages(new, self.search)
                ordered = [pages[number] for number in new if number in pages]
                self.found += await asyncio.to_thread(
                    self._ranked, ordered, () if called else asked
                )
            if len(ids) < limit or len(self.found) >= enough:
                return
            before = ids[-1]

    def _ranked(self, pages: Sequence[SearchedPaper], asked: Sequence[Asked]) -> list[_Ranked]:
        """Those that are hits. One that cannot be looked at is taken for one. `asked`: what the
        index was asked for; nothing: papers that are called so."""
        found = (
            either(
                RecordKind.HIT,
                f"page {page.entry.id}",
                partial(self._rank, page, asked),
                partial(self._hit, page, MeantBy.WORDS, ()),
            )
            for page in pages
        )
        return [one for one in found if one is not None]

    def _rank(self, page: SearchedPaper, asked: Sequence[Asked]) -> _Ranked | None:
        page = without_unwanted(page, self.search)
        if not asked and self.search.phrases:
            counts = fit(page, self.search)
            if counts is None and not is_called(page, self.search):
                return None
            return self._hit(page, meant(page, self.search), counts or ())
        # Whatever is called so was among the first candidates, and where all words are asked for in
        # one field, those that have them in a better one were found before.
        known = [
            _COUNTS.get(one.fields, ELSEWHERE) if sure else 0.0
            for one, sure in zip(asked, self.sure, strict=True)
        ]
        mixed = len({one.fields for one in asked}) > 1
        counts = fit(page, self.search, known, closely=mixed)
        return None if counts is None else self._hit(page, MeantBy.WORDS, counts)

    def _hit(self, page: SearchedPaper, how: MeantBy, counts: Sequence[float]) -> _Ranked:
        hit = Hit(HitKind.PAPER, page.entry.paper, self.search.phrases, page)
        count = sum(map(mul, counts, self.weights))
        return _Ranked(hit, how, count, page.entry.added_at)

    async def _files(self) -> None:
        """Files that are about no single paper: they have no author and no tags, and are found by
        words alone."""
        search = self.search
        if search.tags or search.by or search.authors or search.titles:
            return

        async def fetch(count: int, before: int | None) -> Sequence[SearchedFile]:
            return await self.tx.searches.documents(
                self.channel_id, self.search, count, before=before
            )

        check = partial(checked, check=file_says, search=self.search)
        wanted = self.wanted - len(self.found)
        async for file in _paged(fetch, check, wanted):
            day = datetime.combine(file.day, time(12), UTC) if file.day else _NEVER
            hit = Hit(HitKind.DOCUMENT, None, self.search.phrases, document=file)
            self.found.append(_Ranked(hit, MeantBy.WORDS, self._file_counts(file), day))

    def _file_counts(self, file: SearchedFile) -> float:
        def counted() -> float:
            stands = holds(file.title, self.search.phrases)
            counts = [TITLED if titled else ELSEWHERE for titled in stands]
            return float(sum(map(mul, counts, self.weights)))

        return either(RecordKind.HIT, f"file {file.id}", counted, lambda: 0.0)


async def _announced(
    tx: Transaction, channel_id: int, search: SearchQuery, wanted: int
) -> list[Hit]:
    async def fetch(count: int, before: int | None) -> Sequence[Paper]:
        return await tx.searches.announced(channel_id, search, count, before=before)

    check = partial(checked, check=paper_is_titled, search=search)
    papers = [paper async for paper in _paged(fetch, check, wanted)]
    return [Hit(HitKind.ANNOUNCED, paper) for paper in papers]


async def _paged(
    fetch: Callable[[int, int | None], Awaitable[Sequence[T]]],
    check: Callable[[T], bool],
    count: int,
) -> AsyncIterator[T]:
    """The first `count` candidates that are hits.

    Looking for words in a file of megabytes takes a second: that is done off the event loop.
    """
    before: int | None = None
    left = count
    while True:
        rows = await fetch(count, before)
        for row in await asyncio.to_thread(_those, rows, check):
            if left:
                yield row
                left -= 1
        if len(rows) < count or not left:
            return
        before = rows[-1].id


def _those(rows: Sequence[T], check: Callable[[T], bool]) -> list[T]:
    return [row for row in rows if check(row)]
