"""Reading the indexes: candidates for a search and for a choice while it is being typed.

What an index finds is in the order in which it was stored, the newest first: that is how both
databases can stop early, however many rows a common word has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal_column, or_, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Paper
from bot.model.search import SEARCHED, SearchedFile, SearchQuery
from bot.model.take import Entry, Take
from bot.store.fulltext import match_queries, search_rows
from bot.store.fulltext.postings import TABLES
from bot.store.queries import documents
from bot.store.queries.own_words import shown_categories, shown_title
from bot.store.schema import (
    ArrivalRow,
    DocumentRow,
    EntryRow,
    MemberRow,
    PaperRow,
    TakeRow,
    TakeTagRow,
)
from bot.text.bigrams import Phrase

_RECENT: Final = 2_000
"""Newest rows that are looked through letter by letter while somebody types."""
_NEWEST: Final = 4_000
"""Newest titles that are looked through one by one, before the postings are read."""
_COMMON: Final = 3
"""Times in so many titles that make a word common."""
_OF_A_TITLE: Final = 8
"""Postings that are read in the time in which a title is looked at."""


class Searches:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.sqlite = session.get_bind().dialect.name == "sqlite"

    async def entries(
        self,
        channel_id: int | None,
        search: SearchQuery,
        limit: int,
        *,
        before: int | None = None,
        titles: bool = False,
    ) -> Sequence[Entry]:
        """Papers on a channel's list (or on any), the newest first.

        With `titles` those that have all the words in their titles. `before` goes on after that
        number. What was found may be too much: see `bot.text.find`.
        """
        fields = ("title",) if titles else ("title", "people", "body")
        statement = self._matching(
            select(EntryRow.id),
            "entry_index",
            EntryRow.id,
            channel_id,
            search.phrases,
            fields,
            search.authors,
            search.titles,
        )
        conditions: list[ColumnElement[bool]] = [EntryRow.removed_at.is_(None)]
        if filters := _paper_filters(search, shown_categories()):
            statement = statement.join(PaperRow, PaperRow.id == EntryRow.paper_id)
            conditions += filters
        if channel_id is not None:
            conditions.append(EntryRow.channel_id == channel_id)
        if before is not None:
            conditions.append(EntryRow.id < before)
        if search.before:
            conditions.append(EntryRow.added_at < search.before)
        if search.after:
            conditions.append(EntryRow.added_at >= search.after)
        conditions += [EntryRow.member_id.in_(_members(name)) for name in search.by]
        for tag in search.tags:
            tagged = select(TakeTagRow.take_id).join(TakeRow, TakeRow.id == TakeTagRow.take_id)
            conditions.append(
                tagged.where(TakeRow.entry_id == EntryRow.id, TakeTagRow.tag == tag).exists()
            )
        return await search_rows.entries(self.session, statement.where(*conditions).limit(limit))

    async def takes(
        self, channel_id: int | None, search: SearchQuery, limit: int, *, before: int | None = None
    ) -> Sequence[Take]:
        """Takes of a channel (or of any), the newest first."""
        statement = select(TakeRow.id).join(EntryRow, EntryRow.id == TakeRow.entry_id)
        statement = self._matching(
            statement, "take_index", TakeRow.id, channel_id, search.phrases, ("body",)
        )
        conditions: list[ColumnElement[bool]] = [EntryRow.removed_at.is_(None)]
        if channel_id is not None:
            conditions.append(EntryRow.channel_id == channel_id)
        if before is not None:
            conditions.append(TakeRow.id < before)
        if search.before:
            conditions.append(TakeRow.created_at < search.before)
        if search.after:
            conditions.append(TakeRow.created_at >= search.after)
        conditions += [TakeRow.member_id.in_(_members(name)) for name in search.by]
        conditions += [
            TakeRow.id.in_(select(TakeTagRow.take_id).where(TakeTagRow.tag == tag))
            for tag in search.tags
        ]
        if search.authors or search.titles:
            theirs = self._matching(
                select(EntryRow.id),
                "entry_index",
                EntryRow.id,
                channel_id,
                (),
                (),
                search.authors,
                search.titles,
            )
            conditions.append(TakeRow.entry_id.in_(theirs.order_by(None)))
        if filters := _paper_filters(search, shown_categories()):
            statement = statement.join(PaperRow, PaperRow.id == EntryRow.paper_id)
            conditions += filters
        return await search_rows.takes(self.session, statement.where(*conditions).limit(limit))

    async def announced(
        self, channel_id: int, search: SearchQuery, limit: int, *, before: int | None = None
    ) -> Sequence[Paper]:
        """Papers that were announced to a channel and are not on its list, by their titles."""
        statement = select(PaperRow.id)
        statement = self._matching(
            statement, "title_index", PaperRow.id, None, search.phrases, ("title",)
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
        """Files of a channel (or of any) with all the words in their titles or their prose, the
        newest first. A file without a day stands outside of any span of time."""
        statement = self._matching(
            select(
                DocumentRow.id,
                DocumentRow.path,
                DocumentRow.title,
                DocumentRow.day,
                func.substr(DocumentRow.prose, 1, SEARCHED).label("prose"),
            ),
            "document_index",
            DocumentRow.id,
            channel_id,
            search.phrases,
            ("title", "body"),
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

    # -- while somebody types ----------------------------------------------------------------------

    async def listed_titles(
        self, channel_id: int, phrases: Sequence[Phrase], typed: str, limit: int
    ) -> Sequence[Entry]:
        """Entries whose title or id has these words, then newest ones with these letters in it."""
        titled = await self.entries(channel_id, SearchQuery(tuple(phrases)), limit, titles=True)
        if len(titled) >= limit:
            return titled
        newest = (
            select(EntryRow.id)
            .where(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
            .order_by(EntryRow.id.desc())
            .limit(_RECENT)
        )
        others = (
            select(EntryRow.id)
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .where(
                EntryRow.id.in_(newest),
                or_(
                    shown_title().icontains(typed, autoescape=True),
                    PaperRow.url.icontains(typed, autoescape=True),
                ),
            )
            .order_by(EntryRow.id.desc())
            .limit(limit)
        )
        by_number = {entry.id: entry for entry in titled}
        for entry in await search_rows.entries(self.session, others):
            by_number.setdefault(entry.id, entry)
        return list(by_number.values())[:limit]

    async def catalogue_titles(self, phrases: Sequence[Phrase], limit: int) -> Sequence[Paper]:
        """Papers that mailings brought whose title or id has these words, the newest first."""
        if not phrases:
            return []
        if self.sqlite:
            statement = self._matching(
                select(PaperRow.id), "title_index", PaperRow.id, None, phrases, ("title",)
            )
            return await search_rows.papers(self.session, statement.limit(limit))
        return await search_rows.papers(self.session, await self._titled(phrases, limit))

    async def _titled(self, phrases: Sequence[Phrase], limit: int) -> Sequence[int]:
        """The same papers' numbers, from PostgreSQL's index alone.

        Two ways, each where it is quick, and none left to the planner, which does not know how
        common a beginning is: what is common is among the newest titles, which are gone through as
        far as there should be enough of it; what is rare has short postings.
        """
        index = sql_table("title_index", sql_column("id"), sql_column("document"))
        place, document = index.c.id, index.c.document
        whole = cast(match_queries.tsquery(None, phrases, ("title",), (), apart=False), TSQUERY)
        last = select(func.max(place)).select_from(index).scalar_subquery()
        newest = select(place).where(func.ts_match_vq(document, whole)).order_by(place.desc())
        reach = _NEWEST
        while True:
            near = newest.where(place > last - reach).limit(limit)
            numbers = (await self.session.scalars(near)).all()
            if len(numbers) >= limit:
                return numbers
            if reach > _NEWEST or len(numbers) < _COMMON:
                break
            reach = reach * limit * 2 // len(numbers)
        wanted = cast(match_queries.title_postings(phrases), TSQUERY)
        if long := [
            phrase for phrase in phrases if phrase.prefix and not match_queries.is_short(phrase)
        ]:
            # All the words that begin so, or the titles with a word that begins about so?
            begun = cast(match_queries.tsquery(None, long, ("title",), (), apart=False), TSQUERY)
            sample = select(
                func.count().filter(func.ts_match_vq(document, begun)),
                func.count().filter(func.ts_match_vq(document, wanted)),
            ).where(place > last - _NEWEST)
            words, titles = (await self.session.execute(sample)).one()
            wanted = whole if words < titles * _OF_A_TITLE else wanted
        rest = select(place).where(document.op("@@")(wanted), func.ts_match_vq(document, whole))
        return (await self.session.scalars(rest.order_by((place + 0).desc()).limit(limit))).all()

    async def entries_with(self, numbers: Sequence[int]) -> Mapping[int, Entry]:
        """The entries that takes are on."""
        return {entry.id: entry for entry in await search_rows.entries(self.session, numbers)}

    def _matching(
        self,
        statement: Select[Any],
        name: str,
        key: Any,
        channel_id: int | None,
        phrases: Sequence[Phrase],
        fields: Sequence[str],
        people: Sequence[Phrase] = (),
        titles: Sequence[Phrase] = (),
    ) -> Select[Any]:
        """Restrict a statement to what an index has, in its order, the newest first."""
        if self.sqlite:
            words = match_queries.fts5_query(channel_id, phrases, fields, people, titles)
            if not words:
                return statement.order_by(key.desc())
            index = sql_table(name, sql_column("rowid"))
            place = index.c.rowid
            match = literal_column(name).op("MATCH")(words)
        else:
            # Told apart are the fields of a paper only when not all of them are meant.
            apart = tuple(fields) != TABLES[name]
            words = match_queries.tsquery(channel_id, phrases, fields, people, titles, apart=apart)
            if not words:
                return statement.order_by(key.desc())
            index = sql_table(name, sql_column("id"), sql_column("document"))
            place = index.c.id
            match = index.c.document.op("@@")(cast(words, TSQUERY))
        return statement.join(index, place == key).where(match).order_by(place.desc())


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
