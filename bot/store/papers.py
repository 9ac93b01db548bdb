"""The catalogue of papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Metadata, Paper, PaperData
from bot.store.insert import insert
from bot.store.schema import PaperRow

ARXIV_SCOPE = 0


def plain(row: PaperRow) -> Paper:
    return Paper(
        id=row.id,
        url=row.url,
        data=PaperData(
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
        ),
        metadata=Metadata(row.metadata_state),
    )


def _values(data: PaperData) -> dict[str, Any]:
    return {
        "arxiv_id": data.arxiv_id,
        "title": data.title,
        "authors": list(data.authors),
        "abstract": data.abstract,
        "categories": list(data.categories),
        "published": data.published,
        "updated": data.updated,
        "version": data.version,
        "comment": data.comment,
        "doi": data.doi,
        "journal_ref": data.journal_ref,
        "withdrawn": data.withdrawn,
    }


class Papers:
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

    async def keep(
        self, scope: int, url: str, data: PaperData, metadata: Metadata = Metadata.COMPLETE
    ) -> Paper:
        """Put a paper into the catalogue; complete metadata replaces what was known."""
        values = _values(data)
        made = insert(self.session, PaperRow).values(
            scope=scope, url=url, metadata_state=metadata.value, **values
        )
        if metadata is Metadata.COMPLETE:
            changed = values | {"metadata_state": metadata.value}
        else:
            changed = {"url": url}  # known already: nothing to learn, but the row is wanted back
        number = (
            await self.session.execute(
                made.on_conflict_do_update(index_elements=["scope", "url"], set_=changed).returning(
                    PaperRow.id
                )
            )
        ).scalar_one()
        paper = await self.get(number)
        assert paper is not None
        return paper

    async def get(self, number: int) -> Paper | None:
        row = await self.session.get(PaperRow, number, populate_existing=True)
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
        return [plain(row) for row in ready[:limit]]

    async def asked_in_vain(self, numbers: Sequence[int], now: datetime) -> None:
        await self.session.execute(
            update(PaperRow)
            .where(PaperRow.id.in_(numbers))
            .values(asked=PaperRow.asked + 1, asked_at=now)
        )

    async def set_metadata(self, number: int, metadata: Metadata) -> None:
        await self.session.execute(
            update(PaperRow).where(PaperRow.id == number).values(metadata_state=metadata.value)
        )


def _wait(asked: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(asked, 11)) / 2, timedelta(days=1))
