"""Finding papers and takes: full text, completion while a title is typed, and related papers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from heapq import merge
from typing import Final, TypeVar

from bot.errors import NotListed
from bot.isolation import RecordKind, isolated
from bot.model.channel import Channel
from bot.model.connection import LeadKind
from bot.model.paper import Paper
from bot.model.people import Place
from bot.model.search import Hit, HitKind, SearchedFile, SearchQuery, SearchResult
from bot.model.search_parse import parse_search
from bot.model.take import Entry, Take
from bot.papers.channels import channel_named, channel_of
from bot.papers.find import find_entry, names_of
from bot.papers.hits import checked, file_says, has_words, is_titled, paper_is_titled, take_says
from bot.papers.known_names import named
from bot.store import Store, Transaction
from bot.text.bigrams import Phrase, query, stems

MOST: Final = 200
"""Hits that can be looked at; who wants more says more."""
NEIGHBOURS: Final = 8
"""Papers of each sort that are shown as related."""
_TITLE_WORDS: Final = 16
_COMMON: Final = 40
"""A word in so many titles tells nothing."""
_SHORTEST: Final = 4
"""Letters of a Latin word that tells something."""

_NEWEST_NAMED: Final = 2_000
"""Papers of a list that are gone through while somebody types a name of one."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_LONGEST_TYPED: Final = 200
"""Characters of an option being typed that are looked at."""

T = TypeVar("T", Entry, Take, Paper, SearchedFile)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What a take leads to that is not on the list; `paper` where the catalogue knows it."""

    url: str
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class Related:
    """The neighbours of a paper on its channel's list, each entry once, nearest sort first."""

    entry: Entry
    mentioned_in: tuple[Entry, ...] = ()
    """Their takes lead here."""
    leads_to: tuple[Entry, ...] = ()
    """The takes here lead there."""
    unlisted: tuple[Unlisted, ...] = ()
    series: tuple[Entry, ...] = ()
    """Other parts of the series that a take here belongs to, in order."""
    tagged: tuple[Entry, ...] = ()
    alike: tuple[Entry, ...] = ()
    """By the words of their titles."""


@dataclass(frozen=True, slots=True)
class Around:
    """The entries next to one: whose takes lead to it, and other parts of its series, in order."""

    mentioned_in: tuple[Entry, ...] = ()
    series: tuple[Entry, ...] = ()


class PaperSearch:
    """What the commands and the command line look for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def search(
        self, place: Place, typed: str, limit: int = 100, offset: int = 0
    ) -> SearchResult:
        """Papers, takes and imported files of a channel, and papers announced to it; nothing of any
        other.

        Best first: papers with all the words in their titles, then papers, takes and files with
        them anywhere, then what was announced only; in each the newest first. Raises SearchEmpty,
        SearchTooLong, SearchBadDate, NoPapersHere.
        """
        search = parse_search(typed)
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            return await search_in(tx, channel.id, search, limit, offset)

    async def search_named(self, name: str | None, typed: str, limit: int = 100) -> SearchResult:
        """The same for the command line: in one channel by its id or name, or in all of them.

        Raises NoChannel too.
        """
        search = parse_search(typed)
        async with self.store.read() as tx:
            number = (await channel_named(tx, name)).id if name is not None else None
            return await search_in(tx, number, search, limit, 0)

    async def complete(
        self, place: Place, typed: str, limit: int, *, catalogue: bool
    ) -> Sequence[Entry | Paper]:
        """Papers for an option that is being typed: of the channel's list, the newest first.

        With `catalogue` followed by papers that mailings brought.
        """
        phrases = query(typed[:_LONGEST_TYPED], unfinished=True)
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            listed: Sequence[Entry] = []
            if channel is not None and not typed.strip():
                listed = await tx.entries.matching(channel.id, "", limit)
            elif channel is not None:
                listed = await tx.searches.listed_titles(channel.id, phrases, typed.strip(), limit)
                listed = await _with_named(tx, channel, typed[:_LONGEST_TYPED], listed, limit)
            if not catalogue or len(listed) >= limit:
                return listed
            known = {entry.paper.id for entry in listed}
            found: list[Entry | Paper] = list(listed)
            others = await tx.searches.catalogue_titles(phrases, limit)
            found += [paper for paper in others if paper.id not in known]
            return found[:limit]

    async def around(self, place: Place, entry_id: int) -> Around:
        """What is shown below a paper: the entries that hang together with it by what takes say."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                return Around()
            mentions = await tx.connections.mentions(channel.id, entry_id, NEIGHBOURS)
            series: list[int] = []
            for lead in await tx.connections.leads(entry_id):
                if lead.kind is LeadKind.SERIES:
                    series += await _in_series(tx, channel.id, lead.target, entry_id)
            numbers = [one for one in dict.fromkeys(series) if one != entry_id]
            return Around(await _in_order(tx, mentions), await _in_order(tx, numbers[:NEIGHBOURS]))

    async def related(self, place: Place, typed: str) -> Related:
        """The neighbours of a paper. Raises NotListed."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            entry = await find_entry(tx, channel, typed) if channel else None
            if channel is None or entry is None:
                raise NotListed(typed=typed[:100])
            return await _related(tx, channel, entry)

    async def related_to(self, channel: Channel, entry: Entry) -> Related:
        """The same for an entry that is known, also of an archive in the database alone."""
        async with self.store.read() as tx:
            return await _related(tx, channel, entry)


async def _with_named(
    tx: Transaction, channel: Channel, typed: str, listed: Sequence[Entry], limit: int
) -> Sequence[Entry]:
    """With the newest papers that are named by other words: authors, a year, a letter wrong."""
    if len(listed) >= limit:
        return listed
    names = await names_of(tx, channel, _NEWEST_NAMED)
    numbers = await asyncio.to_thread(named, typed, names, typos=not listed)
    known = {entry.id for entry in listed}
    others = [number for number in numbers if number not in known][: limit - len(listed)]
    return [*listed, *(await _in_order(tx, others))] if others else listed


async def search_in(
    tx: Transaction, channel_id: int | None, search: SearchQuery, limit: int, offset: int
) -> SearchResult:
    """Hits in a channel, or in all of them where there is none."""
    wanted = min(offset + limit, MOST) + 1
    hits: list[Hit] = []
    seen: set[int] = set()
    if search.phrases:
        async for entry, hit in _titled(tx, channel_id, search, wanted):
            seen.add(entry.id)
            hits.append(hit)
    if len(hits) < wanted:
        hits += await _anywhere(tx, channel_id, search, wanted - len(hits), seen)
    if len(hits) < wanted and channel_id is not None and search.phrases and _is_plain(search):
        hits += await _announced(tx, channel_id, search, wanted - len(hits))
    shown = hits[offset : min(offset + limit, MOST)]
    return SearchResult(await _whole(tx, shown), more=len(hits) > offset + len(shown))


async def _whole(tx: Transaction, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits, those that are takes with the papers they are on: read for what is shown alone."""
    numbers = {hit.take.entry_id for hit in hits if hit.take is not None}
    if not numbers:
        return tuple(hits)
    entries = await tx.searches.entries_with(list(numbers))
    whole: list[Hit] = []
    for hit in hits:
        if hit.take is None:
            whole.append(hit)
        elif entry := entries.get(hit.take.entry_id):
            whole.append(replace(hit, paper=entry.paper, entry=entry))
    return tuple(whole)


def _is_plain(search: SearchQuery) -> bool:
    return not (_is_of_papers(search) or search.before or search.after)


def _is_of_papers(search: SearchQuery) -> bool:
    """Whether it asks for what only papers on the list and their takes have."""
    return bool(search.tags or search.by or search.authors or search.titles)


async def _titled(
    tx: Transaction, channel_id: int | None, search: SearchQuery, wanted: int
) -> AsyncIterator[tuple[Entry, Hit]]:
    async def fetch(count: int, before: int | None) -> Sequence[Entry]:
        return await tx.searches.entries(channel_id, search, count, before=before, titles=True)

    check = partial(checked, check=is_titled, search=search, if_it_fails=False)
    count = 0
    async for entry in _paged(fetch, check, wanted):
        count += 1
        yield entry, Hit(HitKind.PAPER, entry.paper, None, entry)
        if count >= wanted:
            return


async def _anywhere(
    tx: Transaction, channel_id: int | None, search: SearchQuery, wanted: int, seen: set[int]
) -> list[Hit]:
    """Papers, takes and files, the newest first; takes still without their papers."""

    async def fetch_entries(count: int, before: int | None) -> Sequence[Entry]:
        return await tx.searches.entries(channel_id, search, count, before=before)

    async def fetch_takes(count: int, before: int | None) -> Sequence[Take]:
        return await tx.searches.takes(channel_id, search, count, before=before)

    def has_it(entry: Entry) -> bool:
        return entry.id not in seen and checked(entry, has_words, search)

    papers: list[Hit] = []
    async for entry in _paged(fetch_entries, has_it, wanted + len(seen)):
        papers.append(Hit(HitKind.PAPER, entry.paper, search.phrases, entry))
        if len(papers) >= wanted:
            break
    takes: list[Hit] = []
    check = partial(checked, check=take_says, search=search)
    async for take in _paged(fetch_takes, check, wanted):
        takes.append(Hit(HitKind.TAKE, None, search.phrases, None, take))
        if len(takes) >= wanted:
            break
    dated = [(hit.entry.added_at, hit) for hit in papers if hit.entry]
    dated_takes = [(hit.take.created_at, hit) for hit in takes if hit.take]
    files = await _files(tx, channel_id, search, wanted)
    all_dated = merge(dated, dated_takes, files, key=lambda pair: pair[0], reverse=True)
    return [hit for _, hit in all_dated][:wanted]


async def _files(
    tx: Transaction, channel_id: int | None, search: SearchQuery, wanted: int
) -> list[tuple[datetime, Hit]]:
    """Files with their days, those without one last: they have no author, no tags, no categories,
    and are found by words alone."""
    if not search.phrases or search.categories or _is_of_papers(search):
        return []

    async def fetch(count: int, before: int | None) -> Sequence[SearchedFile]:
        return await tx.searches.documents(channel_id, search, count, before=before)

    files: list[tuple[datetime, Hit]] = []
    async for file in _paged(fetch, partial(checked, check=file_says, search=search), wanted):
        day = datetime.combine(file.day, time(12), UTC) if file.day else _NEVER
        files.append((day, Hit(HitKind.DOCUMENT, None, search.phrases, document=file)))
        if len(files) >= wanted:
            break
    return sorted(files, key=lambda pair: pair[0], reverse=True)


async def _announced(
    tx: Transaction, channel_id: int, search: SearchQuery, wanted: int
) -> list[Hit]:
    async def fetch(count: int, before: int | None) -> Sequence[Paper]:
        return await tx.searches.announced(channel_id, search, count, before=before)

    hits: list[Hit] = []
    check = partial(checked, check=paper_is_titled, search=search)
    async for paper in _paged(fetch, check, wanted):
        hits.append(Hit(HitKind.ANNOUNCED, paper))
        if len(hits) >= wanted:
            break
    return hits


async def _paged(
    fetch: Callable[[int, int | None], Awaitable[Sequence[T]]],
    check: Callable[[T], bool],
    count: int,
) -> AsyncIterator[T]:
    """Candidates that are hits, for as long as they are asked for.

    Looking for words in a file of megabytes takes a second: that is done off the event loop.
    """
    before: int | None = None
    while True:
        rows = await fetch(count, before)
        if not rows:
            return
        for row in await asyncio.to_thread(_those, rows, check):
            yield row
        if len(rows) < count:
            return
        before = rows[-1].id


def _those(rows: Sequence[T], check: Callable[[T], bool]) -> list[T]:
    return [row for row in rows if check(row)]


async def _related(tx: Transaction, channel: Channel, entry: Entry) -> Related:
    mentions = await tx.connections.mentions(channel.id, entry.id, NEIGHBOURS)
    leads = await tx.connections.leads(entry.id)
    urls = [
        lead.target
        for lead in leads
        if lead.kind is LeadKind.URL and lead.target != entry.paper.url
    ]
    known = {paper.url: paper for paper in await tx.connections.papers_at(channel.scope, urls)}
    forward: list[int] = []
    unlisted: list[Unlisted] = []
    for url in urls:
        paper = known.get(url)
        listed = await tx.entries.of_paper(channel.id, paper.id) if paper else None
        if listed is not None:
            forward.append(listed.id)
        else:
            unlisted.append(Unlisted(url, paper))
    series: list[int] = []
    for lead in leads:
        with isolated(RecordKind.LINK, entry.id):
            if lead.kind is LeadKind.NOTE:
                forward += await tx.connections.of_note(channel.id, lead.target)
            elif lead.kind is LeadKind.SERIES:
                series += await _in_series(tx, channel.id, lead.target, entry.id)
    tagged = await tx.connections.sharing_tags(channel.id, entry.id, NEIGHBOURS)
    alike = await _alike(tx, channel.id, entry)
    sorts = _each_once(entry.id, mentions, forward, series, tagged, alike)
    groups = [await _in_order(tx, numbers[:NEIGHBOURS]) for numbers in sorts]
    return Related(
        entry, groups[0], groups[1], tuple(unlisted[:NEIGHBOURS]), groups[2], groups[3], groups[4]
    )


async def _in_series(tx: Transaction, channel_id: int, name: str, entry_id: int) -> Sequence[int]:
    # The entry itself is one of them, and left out later.
    return await tx.connections.in_series(channel_id, name, entry_id, NEIGHBOURS + 1)


def _each_once(itself: int, *sorts: Sequence[int]) -> list[list[int]]:
    seen = {itself}
    kept: list[list[int]] = []
    for numbers in sorts:
        kept.append([number for number in dict.fromkeys(numbers) if number not in seen])
        seen.update(kept[-1])
    return kept


async def _alike(tx: Transaction, channel_id: int, entry: Entry) -> list[int]:
    """Entries that share words of their titles; the rarer the words the nearer."""
    score: dict[int, float] = {}
    for word in _telling(entry.paper.data.title):
        search = SearchQuery((Phrase((word,), stems=(word,)),))
        found = await tx.searches.entries(channel_id, search, _COMMON, titles=True)
        if len(found) < _COMMON:
            for other in found:
                score[other.id] = score.get(other.id, 0.0) + 1.0 / len(found)
    score.pop(entry.id, None)
    return sorted(score, key=lambda number: (-score[number], -number))[:NEIGHBOURS]


def _telling(title: str) -> list[str]:
    """The words of a title that may tell something; of Hangul, Kana and Han the pairs."""
    words = dict.fromkeys(stems(title))
    return [
        word for word in words if len(word) >= _SHORTEST or (len(word) > 1 and not word.isascii())
    ][:_TITLE_WORDS]


async def _in_order(tx: Transaction, numbers: Sequence[int]) -> tuple[Entry, ...]:
    by_number = await tx.searches.entries_with(numbers)
    return tuple(by_number[number] for number in numbers if number in by_number)
