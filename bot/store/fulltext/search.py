"""Reading the indexes: candidates for a search, and what there is to look at in them.

What an index finds is in the order in which it was stored, the newest first: that is how both
databases can stop early, however many rows a common word has.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Paper
from bot.model.search import SEARCHED, SearchedFile, SearchedPaper, SearchQuery
from bot.model.take import Entry, Take
from bot.store.fulltext import search_rows
from bot.store.fulltext.match import Matching
from bot.store.fulltext.match_queries import ANYWHERE, PEOPLE, TITLE, Asked
from bot.store.queries import documents
from bot.store.queries.in_list import among
from bot.store.queries.own_words import shown_categories
from bot.store.schema import (
    ArrivalRow,
    DocumentRow,
    EntryRow,
    EntryTagRow,
    MemberRow,
    PaperRow,
    TakeRow,
    TakeTagRow,
)


class Searches:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.matching = Matching(session)

    # -- pages: papers on a list with all that was said of them ------------------------------------

    async def page_ids(
        self,
        channel_id: int | None,
        search: SearchQuery,
        asked: Sequence[Asked],
        limit: int,
        *,
        before: int | None = None,
    ) -> Sequence[int]:
        """The entries of a channel (or of any) whose pages have what is asked and fulfil the
        filters of the search, the newest first. `before` goes on after that number.

        What was found may be too much: see `bot.text.find`.
        """
        people = [Asked(one, PEOPLE) for one in search.authors]
        titles = [Asked(one, TITLE) for one in search.titles]
        statement = self.matching.restrict(
            select(EntryRow.id),
            "page_index",
            EntryRow.id,
            channel_id,
            [*asked, *people, *titles],
        )
        conditions: list[ColumnElement[bool]] = [EntryRow.removed_at.is_(None)]
        if filters := _paper_filters(search, shown_categories()):
            statement = statement.join(PaperRow, PaperRow.id == EntryRow.paper_id)
            conditions += filters
        if channel_id is not None:
            conditions.append(EntryRow.channel_id == channel_id)
        if before is not None:
            conditions.append(EntryRow.id < before)
        if search.narrows:
            take = select(TakeRow.id).where(TakeRow.entry_id == EntryRow.id, *_of_takes(search))
            conditions.append(or_(take.exists(), _of_entries(search)))
        return (await self.session.scalars(statement.where(*conditions).limit(limit))).all()

    async def count(self, channel_id: int | None, asked: Sequence[Asked], most: int) -> int:
        """How many pages have what is asked; at most `most` are counted."""
        found = self.matching.restrict(
            select(EntryRow.id), "page_index", EntryRow.id, channel_id, asked
        )
        counted = select(func.count()).select_from(found.order_by(None).limit(most).subquery())
        return await self.session.scalar(counted) or 0

    async def pages(
        self, entries: Sequence[int], search: SearchQuery
    ) -> Mapping[int, SearchedPaper]:
        """What these entries' pages say, as far as the search wants to know of it: with `by:`,
        `tag:` and dates only the takes that are meant."""
        pages = {
            entry.id: SearchedPaper(entry)
            for entry in await search_rows.entries(self.session, entries)
        }
        wanted = select(TakeRow.id).where(
            among(self.session, TakeRow.entry_id, list(pages)), *_of_takes(search)
        )
        takes: dict[int, list[Take]] = defaultdict(list)
        for take in reversed(await search_rows.takes(self.session, wanted)):
            takes[take.entry_id].append(take)
        names, notes = await self._notes(list(pages.values()), search)
        return {
            entry_id: replace(
                page,
                names=tuple(dict.fromkeys(names[entry_id])),
                takes=tuple(takes[entry_id]),
                notes=tuple(notes[entry_id]),
            )
            for entry_id, page in pages.items()
        }

    async def _notes(
        self, pages: Sequence[SearchedPaper], search: SearchQuery
    ) -> tuple[dict[int, list[str]], dict[int, list[SearchedFile]]]:
        """The names of papers by their entries, and the files about them that are meant."""
        names: dict[int, list[str]] = defaultdict(list)
        notes: dict[int, list[SearchedFile]] = defaultdict(list)
        entries = {(page.entry.channel_id, page.entry.paper.url): page.entry.id for page in pages}
        rows = await self.session.execute(
            select(DocumentRow.channel_id, DocumentRow.about, DocumentRow.names, *_FILE)
            .where(among(self.session, DocumentRow.about, [url for _, url in entries]))
            .order_by(DocumentRow.id)
        )
        for row in rows:
            if (entry_id := entries.get((row.channel_id, row.about))) is None:
                continue
            names[entry_id] += row.names
            if row.prose and not search.narrows:
                notes[entry_id].append(documents.searched(row))
        return names, notes

    async def entries_with(self, entry_ids: Sequence[int]) -> Mapping[int, Entry]:
        """Entries by their numbers."""
        return {entry.id: entry for entry in await search_rows.entries(self.session, entry_ids)}

    # -- what has no page --------------------------------------------------------------------------

    async def announced(
        self, channel_id: int, search: SearchQuery, limit: int, *, before: int | None = None
    ) -> Sequence[Paper]:
        """Papers that were announced to a channel and are not on its list, by their titles."""
        asked = [Asked(one, TITLE) for one in search.phrases]
        statement = self.matching.restrict(
            select(PaperRow.id), "title_index", PaperRow.id, None, asked
        )
        listed = select(EntryRow.id).where(
            EntryRow.channel_id == channel_id,
            EntryRow.paper_id == PaperRow.id,
            EntryRow.removed_at.is_(None),
        )
        arrived = select(ArrivalRow.id).where(
            ArrivalRow.channel_id == channel_id, ArrivalRow.paper_id == PaperRow.id
        )
        conditions = [arrived.exists(), ~listed.exists()]
        conditions += _paper_filters(search, cast(PaperRow.categories, Text))
        if before is not None:
            conditions.append(PaperRow.id < before)
        return await search_rows.papers(self.session, statement.where(*conditions).limit(limit))

    async def documents(
        self, channel_id: int | None, search: SearchQuery, limit: int, *, before: int | None = None
    ) -> Sequence[SearchedFile]:
        """Files of a channel (or of any) that are about no single paper, with all the words in
        their titles or their prose, the newest first. A file without a day stands outside of any
        span of time."""
        asked = [Asked(one, ("title", "body")) for one in search.phrases]
        statement = self.matching.restrict(
            select(*_FILE), "document_index", DocumentRow.id, channel_id, asked
        )
        conditions: list[ColumnElement[bool]] = []
        if channel_id is not None:
            conditions.append(DocumentRow.channel_id == channel_id)
        if before is not None:
            conditions.append(DocumentRow.id < before)
        if search.before:
            conditions.append(DocumentRow.day < search.before.date().isoformat())
        if search.after:
            conditions.append(DocumentRow.day >= search.after.date().isoformat())
        rows = await self.session.execute(statement.where(*conditions).limit(limit))
        return [documents.searched(row) for row in rows]


_FILE = (
    DocumentRow.id,
    DocumentRow.path,
    DocumentRow.title,
    DocumentRow.day,
    func.substr(DocumentRow.prose, 1, SEARCHED).label("prose"),
)


def anywhere(search: SearchQuery) -> list[Asked]:
    """All the words, wherever they stand in a page."""
    return [Asked(one, ANYWHERE) for one in search.phrases]


def _of_takes(search: SearchQuery) -> list[ColumnElement[bool]]:
    """Conditions on a take."""
    conditions: list[ColumnElement[bool]] = []
    if search.before:
        conditions.append(TakeRow.created_at < search.before)
    if search.after:
        conditions.append(TakeRow.created_at >= search.after)
    conditions += [TakeRow.member_id.in_(_members(name)) for name in search.by]
    conditions += [
        or_(
            TakeRow.id.in_(select(TakeTagRow.take_id).where(TakeTagRow.tag == tag)),
            TakeRow.entry_id.in_(_told(tag)),
        )
        for tag in search.tags
    ]
    return conditions


def _of_entries(search: SearchQuery) -> ColumnElement[bool]:
    """Whether an entry is itself what is meant: by who added it and when, by a file's tags."""
    conditions: list[ColumnElement[bool]] = [EntryRow.id.in_(_told(tag)) for tag in search.tags]
    if search.before:
        conditions.append(EntryRow.added_at < search.before)
    if search.after:
        conditions.append(EntryRow.added_at >= search.after)
    conditions += [EntryRow.member_id.in_(_members(name)) for name in search.by]
    return and_(*conditions)


def _told(tag: str) -> Select[Any]:
    """The entries of which a file tells a tag beside their takes."""
    return select(EntryTagRow.entry_id).where(EntryTagRow.tag == tag)


def _paper_filters(
    search: SearchQuery, categories: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    """Conditions on the paper's categories."""
    conditions: list[ColumnElement[bool]] = []
    for name in search.categories:
        wanted = json.dumps(name.removesuffix("*"))
        wanted = wanted[:-1] if name.endswith("*") else wanted
        conditions.append(categories.icontains(wanted, autoescape=True))
    return conditions


def _members(name: str) -> Select[Any]:
    return select(MemberRow.id).where(MemberRow.name.icontains(name, autoescape=True))
