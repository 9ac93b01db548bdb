"""How far the archive is published at each place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.digest import DigestState
from bot.model.publication import Publication
from bot.store.schema import DigestRow, PublicationRow


class PublicationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of(self, where: str) -> Publication | None:
        row = await self.session.get(PublicationRow, where)
        if row is None:
            return None
        return Publication(
            row.place, row.up_to, row.commit, row.published_at, row.tried_at, row.tries, row.trouble
        )

    async def newest_digest(self) -> datetime | None:
        """When the newest digest of all channels was posted whole."""
        return await self.session.scalar(
            select(func.max(DigestRow.posted_at)).where(DigestRow.state == DigestState.POSTED.value)
        )

    async def done(
        self, where: str, up_to: datetime | None, commit: str | None, now: datetime
    ) -> None:
        """All digests posted until `up_to` are there; without a commit the earlier one holds."""
        row = await self._row(where)
        row.up_to, row.published_at, row.tried_at = up_to, now, now
        row.tries, row.trouble = 0, None
        row.commit = commit or row.commit

    async def failed(self, where: str, trouble: str, now: datetime) -> None:
        row = await self._row(where)
        row.tries, row.trouble, row.tried_at = row.tries + 1, trouble, now

    async def _row(self, where: str) -> PublicationRow:
        row = await self.session.get(PublicationRow, where)
        if row is None:
            row = PublicationRow(place=where, tries=0)
            self.session.add(row)
        return row
