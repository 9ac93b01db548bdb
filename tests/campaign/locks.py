"""Another program that holds locks in the database."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url


class Locks:
    """What holds up the bot's writes. `url` as in `Store`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    @asynccontextmanager
    async def all_writes(self) -> AsyncIterator[None]:
        """No write to an SQLite database, while this is held."""
        assert self.url.database is not None
        connection = sqlite3.connect(self.url.database, isolation_level=None, timeout=10)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    @asynccontextmanager
    async def table(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """No write to a table of a PostgreSQL database, while this is held."""
        connection = await self._connect()
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE {name} IN SHARE MODE")
                yield connection
        finally:
            await connection.close()

    async def waiting(self, number: int, timeout: float = 30.0) -> None:
        """Until so many others wait for a lock. Raises TimeoutError."""
        connection = await self._connect()
        try:
            async with asyncio.timeout(timeout):
                while await self._count(connection) < number:
                    await asyncio.sleep(0.02)
        finally:
            await connection.close()

    async def end_owners(self) -> None:
        """End the sessions that hold a lock for long: those that prove that a process lives."""
        connection = await self._connect()
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE locktype = 'advisory' AND datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
        finally:
            await connection.close()

    @staticmethod
    async def _count(connection: asyncpg.Connection) -> int:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return count

    async def _connect(self) -> asyncpg.Connection:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return await asyncpg.connect(plain)
