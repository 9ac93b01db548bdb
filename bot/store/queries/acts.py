"""What members have done lately: an action that is delivered twice is done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.queries.insert import insert
from bot.store.schema import ActRow

KEPT = timedelta(days=1)
"""For so long an action is remembered. Discord delivers again within minutes, if at all, and takes
an answer for a quarter of an hour. See `bot.cleaner`."""


class ActRepository:
    """What members did a moment ago."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def claim(self, key: str | None, now: datetime) -> dict[str, Any] | None:
        """Take an action as this transaction's to do.

        None if it is; otherwise what came of it when it was done. To be asked first: who is second
        waits here until the first has ended. An action without a key is nobody else's.
        """
        if key is None:
            return None
        made = await self.session.scalar(
            insert(self.session, ActRow)
            .values(key=key, done_at=now, outcome={})
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(ActRow.key)
        )
        if made is None:
            return await self.session.scalar(select(ActRow.outcome).where(ActRow.key == key))
        return None

    async def note(self, key: str | None, **outcome: Any) -> None:
        """What came of an action that this transaction claimed, in numbers of rows."""
        if key is not None:
            await self.session.execute(
                update(ActRow).where(ActRow.key == key).values(outcome=outcome)
            )
