"""Which of several processes on one PostgreSQL asks arXiv: the limit of one request in three
seconds is for all of an operator's processes together."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import Store

log = structlog.get_logger()

# Any number: the key of the advisory lock that the leader holds while its connection lives.
_LOCK = 5_093_218


class Leader:
    """Holds the lock as long as the process lives; another one takes over when it is gone."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._connection: AsyncConnection | None = None
        self._asking = asyncio.Lock()

    async def leads(self) -> bool:
        """Whether this process is the leader now; it becomes it where there is none."""
        if self.store.sqlite:
            return True
        async with self._asking:
            return await self._lead()

    async def _lead(self) -> bool:
        try:
            if self._connection is None:
                connection = await self.store.engine.connect()
                got = await connection.scalar(
                    text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}
                )
                await connection.commit()
                if not got:
                    await connection.close()
                    return False
                self._connection = connection
            else:
                # Only a live connection holds the lock.
                await self._connection.execute(text("SELECT 1"))
                await self._connection.commit()
        except (SQLAlchemyError, OSError) as error:
            log.warning("store.leader_lost", error=str(error))
            await self.close()
            return False
        return True

    async def close(self) -> None:
        """Let another process lead: the lock ends with its connection, which is not used again."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()
            await connection.close()
