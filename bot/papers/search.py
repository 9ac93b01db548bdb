"""Finding papers and takes: full text, completion while a title is typed, and related papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.errors import NotListed, SearchNobody
from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.people import Place
from bot.model.search import SearchQuery, SearchResult
from bot.model.search_parse import parse_search
from bot.model.take import Entry
from bot.papers.channels import channel_named, channel_of
from bot.papers.completion import completed
from bot.papers.find import find_entry
from bot.papers.ranking import search_in
from bot.papers.related import Around, Related, around, related
from bot.store import Store
from bot.text.bigrams import query

_LONGEST_TYPED: Final = 200
"""Characters of an option being typed that are looked at."""


class PaperSearch:
    """What the commands and the command line look for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def search(
        self, place: Place, typed: str, limit: int = 100, offset: int = 0
    ) -> SearchResult:
        """Papers of a channel with what was said of them, its imported files, and papers announced
        to it; nothing of any other.

        Best first: papers that are called so, papers with the words in their titles, papers and
        files with them anywhere, then what was announced only. Raises SearchEmpty, SearchTooLong,
        SearchBadDate, SearchNobody, NoPapersHere.
        """
        search = parse_search(typed)
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            found = await search_in(tx, channel.id, search, limit, offset)
            for name in () if found.hits or offset else search.by:
                alone = SearchQuery(by=(name,))
                if not (await search_in(tx, channel.id, alone, 1, 0)).hits:
                    raise SearchNobody(typed=name[:60])
            return found

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
        """Papers for an option that is being typed: of the channel's list, the best first.

        With `catalogue` followed by papers that mailings brought, the newest first.
        """
        phrases = query(typed[:_LONGEST_TYPED], unfinished=True)
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            listed: Sequence[Entry] = []
            if channel is not None and not typed.strip():
                listed = await tx.entries.matching(channel.id, "", limit)
            elif channel is not None:
                listed = await completed(tx, channel, typed[:_LONGEST_TYPED].strip(), limit)
            if not catalogue or len(listed) >= limit:
                return listed
            known = {entry.paper.id for entry in listed}
            found: list[Entry | Paper] = list(listed)
            others = await tx.titles.catalogue_titles(phrases, limit)
            found += [paper for paper in others if paper.id not in known]
            return found[:limit]

    async def around(self, place: Place, entry_id: int) -> Around:
        """What is shown below a paper: the entries that hang together with it by what takes say."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await around(tx, channel, entry_id) if channel else Around()

    async def related(self, place: Place, typed: str) -> Related:
        """The neighbours of a paper. Raises NotListed."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            entry = await find_entry(tx, channel, typed) if channel else None
            if channel is None or entry is None:
                raise NotListed(typed=typed[:100])
            return await related(tx, channel, entry)

    async def related_named(self, name: str, typed: str, most: int) -> Related:
        """The same for the command line: in a channel by its id or name, `most` of each sort.

        Raises NoChannel too.
        """
        async with self.store.read() as tx:
            channel = await channel_named(tx, name)
            entry = await find_entry(tx, channel, typed)
            if entry is None:
                raise NotListed(typed=typed[:100])
            return await related(tx, channel, entry, most)

    async def related_to(self, channel: Channel, entry: Entry) -> Related:
        """The same for an entry that is known, also of an archive in the database alone."""
        async with self.store.read() as tx:
            return await related(tx, channel, entry)
