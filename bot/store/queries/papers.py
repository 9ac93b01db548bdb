"""The catalogue of papers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.arxiv_id import page_of
from bot.model.authors import is_more
from bot.model.paper import Metadata, Paper, PaperData
from bot.store.fulltext import index, pages
from bot.store.queries.decoded import decoded
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.queries.own_words import OwnWords, as_shown
from bot.store.queries.past_papers import PastPapers
from bot.store.schema import AnnouncedRow, ArrivalRow, EntryRow, PaperRow

ARXIV_SCOPE = 0
_UNNAMED = PaperData(arxiv_id=None, title="")


def plain(row: PaperRow, own_words: OwnWords | None = None) -> Paper:
    """A row of the catalogue, as the channel sees it that says this of it."""
    return Paper(
        id=row.id,
        url=row.url,
        data=as_shown(data_of(row), own_words),
        metadata=Metadata(row.metadata_state),
    )


def data_of(row: Any) -> PaperData:
    """What the catalogue knows of a paper: of its row, or of one with the same columns."""
    return PaperData(
        arxiv_id=row.arxiv_id,
        title=row.title,
        authors=tuple(row.authors),
        abstract=row.abstract,
        categories=tuple(row.categories),
        published=row.published,
        updated=row.updated,
        version=row.version,
        comment=row.comment,
        doi=row.doi,
        journal_ref=row.journal_ref,
        withdrawn=row.withdrawn,
        report_number=row.report_number,
    )


class PaperRepository:
    """arXiv's papers, which all guilds share, and each guild's pages."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_arxiv_ids(self, ids: Sequence[str]) -> Mapping[str, Paper]:
        """The catalogue's papers among these arXiv ids."""
        rows = await self.session.scalars(select(PaperRow).where(PaperRow.arxiv_id.in_(ids)))
        return {row.arxiv_id: plain(row) for row in rows if row.arxiv_id is not None}

    async def by_url(self, scope: int, url: str) -> Paper | None:
        """A page that the guild `scope` knows."""
        row = await self.session.scalar(
            select(PaperRow).where(PaperRow.scope == scope, PaperRow.url == url)
        )
        return plain(row) if row else None

    async def page(self, scope: int, url: str) -> Paper:
        """A page that is not on arXiv, put into the catalogue of the guild `scope` by its address:
        what it is called is on the entries."""
        made = insert(self.session, PaperRow).values(
            scope=scope, url=url, **_UNNAMED._asdict(), metadata_state=Metadata.COMPLETE.value
        )
        back = made.on_conflict_do_update(index_elements=["scope", "url"], set_={"url": url})
        paper_id = (await self.session.execute(back.returning(PaperRow.id))).scalar_one()
        paper = await self.get(paper_id)
        assert paper is not None
        return paper

    async def keep(
        self, scope: int, url: str, data: PaperData, metadata: Metadata = Metadata.COMPLETE
    ) -> Paper:
        """Put what arXiv says of a paper into the catalogue; complete metadata replaces what was
        known."""
        values: dict[str, Any] = data._asdict()  # the columns have the fields' names
        made = insert(self.session, PaperRow).values(
            scope=scope, url=url, metadata_state=metadata.value, **values
        )
        known: list[int] = []
        if metadata is Metadata.COMPLETE:
            known = await self._numbers(PaperRow.scope == scope, PaperRow.url == url)
            await index.run(self.session, index.drop_titles, known)
            changed = values | {"metadata_state": metadata.value}
        else:
            changed = {"url": url}  # known already: nothing to learn, but the row is wanted back
        paper_id = (
            await self.session.execute(
                made.on_conflict_do_update(index_elements=["scope", "url"], set_=changed).returning(
                    PaperRow.id
                )
            )
        ).scalar_one()
        back = await PastPapers(self.session).put_back(
            {data.arxiv_id: paper_id} if data.arxiv_id else {}
        )
        await pages.touch_papers(self.session, known)
        await self._add_titles([*known, *back])
        paper = await self.get(paper_id)
        assert paper is not None
        return paper

    async def keep_many(
        self, found: Sequence[PaperData], *, exact: bool, known: Mapping[str, int] | None = None
    ) -> Mapping[str, int]:
        """Put a day's arXiv papers into the catalogue; gives their numbers by arXiv id.

        A few statements, however many. `exact` for what OAI-PMH says; a feed guesses at authors
        and knows neither comments nor dates, so there what is known already stays. `known` are
        the numbers of those that are there already, if the caller has asked.
        """
        if not found:
            return {}
        ids = [data.arxiv_id for data in found if data.arxiv_id]
        if known is None:
            known = await self.ids_of(ids)
        before = list(known.values())
        await index.run(self.session, index.drop_titles, before)
        made = insert(self.session, PaperRow)
        upsert = made.on_conflict_do_update(
            index_elements=["scope", "url"], set_=_learnt(made.excluded, exact=exact)
        )
        rows = [
            {
                "scope": ARXIV_SCOPE,
                "url": page_of(data.arxiv_id or ""),
                "metadata_state": Metadata.COMPLETE.value,
                **data._asdict(),  # the columns have the fields' names
            }
            for data in found
        ]
        await self.session.execute(upsert, rows)
        paper_ids = await self.ids_of(ids)
        await PastPapers(self.session).put_back(paper_ids)
        await pages.touch_papers(self.session, before)
        titled = [data.arxiv_id for data in found if data.arxiv_id and data.title]
        await index.run(self.session, index.add_titles, [paper_ids[one] for one in titled])
        return paper_ids

    async def ids_of(self, ids: Collection[str]) -> Mapping[str, int]:
        """The numbers of those of these arXiv papers that the catalogue has, by arXiv id."""
        rows = await self.session.execute(
            select(PaperRow.arxiv_id, PaperRow.id).where(
                among(self.session, PaperRow.arxiv_id, ids)
            )
        )
        return {arxiv_id: paper_id for arxiv_id, paper_id in rows if arxiv_id is not None}

    async def shown(self, paper_ids: Collection[int]) -> Mapping[int, Paper]:
        """Those of these papers that stand on a list or in an announcement somewhere."""
        if not paper_ids:
            return {}
        listed = select(EntryRow.id).where(EntryRow.paper_id == PaperRow.id).exists()
        arrived = select(ArrivalRow.id).where(ArrivalRow.paper_id == PaperRow.id).exists()
        rows = await self.session.scalars(
            select(PaperRow)
            .where(among(self.session, PaperRow.id, paper_ids), or_(listed, arrived))
            .execution_options(populate_existing=True)
        )
        return {paper.id: paper for paper in decoded(rows, plain)}

    async def _numbers(self, *conditions: Any) -> list[int]:
        return list(await self.session.scalars(select(PaperRow.id).where(*conditions)))

    async def _add_titles(self, paper_ids: Sequence[int]) -> None:
        """Index anew the titles of those papers that a mailing brought."""
        announced = select(AnnouncedRow.paper_id).where(AnnouncedRow.paper_id.in_(paper_ids))
        if paper_ids:
            again = (await self.session.scalars(announced.distinct())).all()
            await index.run(self.session, index.add_titles, again)

    async def by_ids(self, paper_ids: Sequence[int]) -> Mapping[int, Paper]:
        """Papers by their numbers."""
        rows = await self.session.scalars(select(PaperRow).where(PaperRow.id.in_(paper_ids)))
        return {paper.id: paper for paper in decoded(rows, plain)}

    async def of_channel(self, channel_id: int, paper_ids: Sequence[int]) -> Mapping[int, Paper]:
        """Those of these papers that a channel knows: that are or were on its list, or that were
        announced to it. What other channels read is nobody's business there."""
        entries = select(EntryRow.paper_id).where(
            EntryRow.channel_id == channel_id, EntryRow.paper_id.in_(paper_ids)
        )
        arrivals = select(ArrivalRow.paper_id).where(
            ArrivalRow.channel_id == channel_id, ArrivalRow.paper_id.in_(paper_ids)
        )
        known = (await self.session.scalars(entries.union(arrivals))).all()
        return await self.by_ids(known)

    async def authors_like(self, typed: str, limit: int) -> Sequence[str]:
        """Authors of arXiv's newest papers whose names contain what was typed, for a choice."""
        newest = select(func.max(PaperRow.id)).scalar_subquery()
        rows = await self.session.scalars(
            select(PaperRow.authors)
            .where(
                PaperRow.id > newest - _RECENT,
                # The pages of a guild are its own.
                PaperRow.scope == ARXIV_SCOPE,
                # As JSON has it, where letters beyond ASCII are escaped.
                cast(PaperRow.authors, Text).icontains(json.dumps(typed)[1:-1], autoescape=True),
            )
            .order_by(PaperRow.id.desc())
            .limit(limit * 8)
        )
        wanted = typed.casefold()
        found = (name for authors in rows for name in authors if wanted in name.casefold())
        return [name for name in dict.fromkeys(found) if not is_more(name)][:limit]

    async def still(self, paper: Paper) -> Paper:
        """A paper that was read a moment ago; put back if it was cleaned away since then, and
        held until the transaction ends."""
        held = select(PaperRow.id).where(PaperRow.id == paper.id)
        there = await self.session.scalar(held.with_for_update(read=True, key_share=True))
        if there is not None or paper.data.arxiv_id is None:
            return paper
        return await self.keep(ARXIV_SCOPE, paper.url, paper.data, paper.metadata)

    async def get(self, paper_id: int) -> Paper | None:
        """A paper by its id."""
        row = await self.session.get(PaperRow, paper_id, populate_existing=True)
        return plain(row) if row else None

    async def incomplete(self, now: datetime, limit: int) -> Sequence[Paper]:
        """arXiv papers whose metadata is owed and may be asked for again, the least asked first.

        The wait doubles with each vain attempt, from a minute up to a day.
        """
        rows = await self.session.scalars(
            select(PaperRow)
            .where(PaperRow.metadata_state == Metadata.PENDING.value)
            .order_by(PaperRow.asked, PaperRow.id)
            .limit(limit * 4)
        )
        ready = [
            row for row in rows if row.asked_at is None or row.asked_at + _wait(row.asked) <= now
        ]
        return decoded(ready[:limit], plain)

    async def asked_in_vain(self, paper_ids: Sequence[int], now: datetime) -> None:
        """Note that arXiv had no answer for these papers."""
        await self.session.execute(
            update(PaperRow)
            .where(PaperRow.id.in_(paper_ids))
            .values(asked=PaperRow.asked + 1, asked_at=now)
        )

    async def set_metadata(self, paper_id: int, metadata: Metadata) -> None:
        """Note how much is known of a paper."""
        await self.session.execute(
            update(PaperRow).where(PaperRow.id == paper_id).values(metadata_state=metadata.value)
        )


_RECENT = 20_000
"""Papers that an autocompletion looks through."""


def _learnt(new: Any, *, exact: bool) -> dict[str, Any]:
    """What a paper that is known already takes over of what a list says now."""
    always = ("title", "abstract", "categories", "doi", "journal_ref")
    changed: dict[str, Any] = {name: new[name] for name in (*always, "metadata_state")}
    changed["version"] = func.coalesce(new["version"], PaperRow.version)
    # A feed has no comment, in which most withdrawals are told: it takes none back that is known
    # of the same version.
    still = and_(PaperRow.withdrawn, PaperRow.version == new["version"])
    changed["withdrawn"] = new["withdrawn"] if exact else or_(new["withdrawn"], still)
    if exact:
        changed |= {name: new[name] for name in ("authors", "comment", "updated", "report_number")}
        # The format names the date of the current version only.
        first = case(
            (PaperRow.version == literal_column("1"), new["updated"]), else_=new["published"]
        )
        changed["published"] = func.coalesce(PaperRow.published, first)
    else:
        # A date is there if something exact is known.
        changed["authors"] = case(
            (PaperRow.updated.is_(None), new["authors"]), else_=PaperRow.authors
        )
    return changed


def _wait(asked: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(asked, 11)) / 2, timedelta(days=1))
