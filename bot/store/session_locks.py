"""Locks of PostgreSQL's that prove that the process that holds them is alive.

Advisory locks of a session end with its connection: when the process ends, or its host. Here they
have a connection of their own, which nothing else uses.
"""

from __future__ import annotations

import asyncio
import time

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import Store

log = structlog.get_logger()

LOOK_EVERY = 10.0
"""Seconds between two looks whether the connection is alive."""
_IDLE = "60000"
"""Milliseconds. A process that is frozen, or that no route leads to any more, does not ask; the
server then ends its session and the locks with it, where otherwise that takes hours (PostgreSQL
from version 14 on: idle_session_timeout). Longer than a lease, which such a process keeps."""


class SessionLocks:
    """One process's locks. When the connection is lost they are all lost, and `epoch` grows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.epoch = 0
        """How many connections there have been; what was held under an earlier one is lost."""
        self._connection: AsyncConnection | None = None
        self._looked = 0.0
        self._using = asyncio.Lock()

    async def look(self, *, after: float = LOOK_EVERY) -> int:
        """Make sure that the connection lives, or make another; returns its epoch.

        It is asked if that was not done within the last `after` seconds. Raises OSError or
        SQLAlchemyError if the database cannot be reached: nothing is held then.
        """
        async with self._using:
            await self._look(after)
            return self.epoch

    async def take(self, key: int) -> int | None:
        """Take a lock; returns the epoch, at whose end it is lost, or None if another has it.

        Raises as `look` does.
        """
        async with self._using:
            connection = await self._look(after=0.0)
            asked = text("SELECT pg_try_advisory_lock(:key)")
            return self.epoch if await connection.scalar(asked, {"key": key}) else None

    async def _look(self, after: float) -> AsyncConnection:
        connection = self._connection
        if connection is not None and time.monotonic() - self._looked < after:
            return connection
        if connection is not None:
            try:
                await connection.execute(text("SELECT 1"))
            except (SQLAlchemyError, OSError) as error:
                log.warning("store.locks_lost", error=str(error))
                await self._drop()
                connection = None
        if connection is None:
            connection = await self._connect()
        self._looked = time.monotonic()
        return connection

    async def _connect(self) -> AsyncConnection:
        connection = await self.store.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(
                text(
                    "SELECT set_config(name, :idle, false) FROM pg_settings"
                    " WHERE name = 'idle_session_timeout'"
                ),
                {"idle": _IDLE},
            )
        except BaseException:
            await connection.invalidate()
            await connection.close()
            raise
        self._connection = connection
        self.epoch += 1
        return connection

    async def _drop(self) -> None:
        """End the connection, and with it the locks; it is not used again."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()
            await connection.close()

    async def close(self) -> None:
        """Let others have the locks."""
        async with self._using:
            await self._drop()
