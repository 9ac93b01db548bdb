"""Reading the indexes while somebody types a paper: what its title or its names begin with.

What an index finds is in the order in which it was stored, the newest first: that is how both
databases can stop early, however many rows a common word has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import cast, func, or_, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Paper
from bot.model.take import Entry
from bot.store.fulltext import match_queries, search_rows
from bot.store.fulltext.match import Matching
from bot.store.fulltext.match_queries import HEAD, KEYS, TITLE, Asked
from bot.store.queries.own_words import shown_title
from bot.store.schema import EntryRow, PaperRow
from bot.text.bigrams import Phrase

_RECENT: Final = 2_000
"""Newest rows that are looked through letter by letter while somebody types."""
_NEWEST: Final = 4_000
"""Newest titles that are looked through one by one, before the postings are read."""
_COMMON: Final = 3
"""Times in so many titles that make a word common."""
_OF_A_TITLE: Final = 8
"""Postings that are read in the time in which a title is looked at."""


class TitleSearches:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.matching = Matching(session)

    async def called(self, channel_id: int, key: str, limit: int) -> Sequence[Entry]:
        """Entries with a key (`bot.text.names`) that begins so, the newest first."""
        begun = Phrase((key,), prefix=True, stems=(key,))
        return await self._entries(channel_id, [Asked(begun, KEYS)], limit)

    async def headed(
        self, channel_id: int, phrases: Sequence[Phrase], limit: int
    ) -> Sequence[Entry]:
        """Entries with these words in their titles, names or authors, the newest first."""
        return await self._entries(channel_id, [Asked(one, HEAD) for one in phrases], limit)

    async def _entries(
        self, channel_id: int, asked: Sequence[Asked], limit: int
    ) -> Sequence[Entry]:
        if not asked:
            return []
        found = self.matching.restrict(
            select(EntryRow.id), "page_index", EntryRow.id, channel_id, asked
        )
        here = found.where(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        return await search_rows.entries(self.session, here.limit(limit))

    async def with_letters(self, channel_id: int, typed: str, limit: int) -> Sequence[Entry]:
        """The newest entries with these letters in their titles or addresses."""
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
        return await search_rows.entries(self.session, others)

    async def catalogue_titles(self, phrases: Sequence[Phrase], limit: int) -> Sequence[Paper]:
        """Papers that mailings brought whose title or id has these words, the newest first."""
        if not phrases:
            return []
        asked = [Asked(one, TITLE) for one in phrases]
        if self.matching.sqlite:
            statement = self.matching.restrict(
                select(PaperRow.id), "title_index", PaperRow.id, None, asked
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
        asked = [Asked(one, TITLE) for one in phrases]
        whole = cast(match_queries.tsquery("title_index", None, asked), TSQUERY)
        last = select(func.max(place)).select_from(index).scalar_subquery()
        newest = select(place).where(func.ts_match_vq(document, whole)).order_by(place.desc())
        reach = _NEWEST
        while True:
            near = newest.where(place > last - reach).limit(limit)
            paper_ids = (await self.session.scalars(near)).all()
            if len(paper_ids) >= limit:
                return paper_ids
            if reach > _NEWEST or len(paper_ids) < _COMMON:
                break
            reach = reach * limit * 2 // len(paper_ids)
        wanted = cast(match_queries.title_postings(phrases), TSQUERY)
        if long := [
            one for one in asked if one.phrase.prefix and not match_queries.is_short(one.phrase)
        ]:
            # All the words that begin so, or the titles with a word that begins about so?
            begun = cast(match_queries.tsquery("title_index", None, long), TSQUERY)
            sample = select(
                func.count().filter(func.ts_match_vq(document, begun)),
                func.count().filter(func.ts_match_vq(document, wanted)),
            ).where(place > last - _NEWEST)
            words, titles = (await self.session.execute(sample)).one()
            wanted = whole if words < titles * _OF_A_TITLE else wanted
        rest = select(place).where(document.op("@@")(wanted), func.ts_match_vq(document, whole))
        return (await self.session.scalars(rest.order_by((place + 0).desc()).limit(limit))).all()
