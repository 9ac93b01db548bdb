"""Files that members handed over: one after the other they are taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.schema import ImportRow


@dataclass(frozen=True, slots=True)
class StoredImport:
    """One of them, without the file itself. `outcome` is None while it is not taken in."""

    id: int
    asked: Mapping[str, Any]
    created_at: datetime
    attempts: int
    outcome: Mapping[str, Any] | None


_COLUMNS = (
    ImportRow.id, ImportRow.asked, ImportRow.created_at, ImportRow.attempts, ImportRow.outcome,
)  # fmt: skip


class ImportRepository:
    """The queue of files that members handed over."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self, guild_id: int | None, asked: Mapping[str, Any], data: bytes, now: datetime
    ) -> int:
        """Put a file at the end of the queue; its number."""
        row = ImportRow(guild_id=guild_id, asked=dict(asked), data=data, created_at=now)
        self.session.add(row)
        await self.session.flush()
        return row.id

    async def waiting(self, guild_id: int | None) -> tuple[int, int]:
        """How many files are not taken in yet, and how many of them are this guild's."""
        rows = await self.session.execute(
            select(func.count(), func.count().filter(ImportRow.guild_id == guild_id)).where(
                ImportRow.ended_at.is_(None)
            )
        )
        everywhere, here = rows.one()
        return everywhere, here

    async def before(self, import_id: int) -> int:
        """How many files are to be taken in before this one."""
        ahead = select(func.count()).where(ImportRow.id < import_id, ImportRow.ended_at.is_(None))
        return await self.session.scalar(ahead) or 0

    async def next(self) -> StoredImport | None:
        """The file that has waited longest."""
        return await self._one(ImportRow.ended_at.is_(None))

    async def get(self, import_id: int) -> StoredImport | None:
        """One of the files by its id."""
        return await self._one(ImportRow.id == import_id)

    async def data(self, import_id: int) -> bytes:
        """The file itself."""
        return (
            await self.session.scalar(select(ImportRow.data).where(ImportRow.id == import_id))
            or b""
        )

    async def begin(self, import_id: int) -> None:
        """It is being taken in, once more."""
        await self._set(import_id, attempts=ImportRow.attempts + 1)

    async def put_back(self, import_id: int) -> None:
        """It was broken off, and not by anything in it."""
        await self._set(import_id, attempts=ImportRow.attempts - 1)

    async def end(self, import_id: int, outcome: Mapping[str, Any], now: datetime) -> None:
        """This came of it. The file is not kept."""
        await self._set(import_id, outcome=dict(outcome), ended_at=now, data=b"")

    async def told(self, import_id: int) -> None:
        """The member has heard of it."""
        await self._set(import_id, told=True)

    async def untold(self, before: datetime) -> Sequence[StoredImport]:
        """Those that ended before and of which nobody has heard."""
        rows = await self.session.execute(
            select(*_COLUMNS)
            .where(ImportRow.ended_at < before, ImportRow.told.is_(False))
            .order_by(ImportRow.id)
        )
        return [StoredImport(*row) for row in rows]

    async def forget(self, before: datetime) -> None:
        """Drop those that ended before."""
        await self.session.execute(delete(ImportRow).where(ImportRow.ended_at < before))

    async def _one(self, condition: Any) -> StoredImport | None:
        rows = await self.session.execute(
            select(*_COLUMNS).where(condition).order_by(ImportRow.id).limit(1)
        )
        row = rows.first()
        return StoredImport(*row) if row else None

    async def _set(self, import_id: int, **values: Any) -> None:
        await self.session.execute(
            update(ImportRow).where(ImportRow.id == import_id).values(**values)
        )
