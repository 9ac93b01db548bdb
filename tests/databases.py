"""Fresh, migrated databases for tests: SQLite files, or databases of a PostgreSQL on loopback.

PAPERTAKES_TEST_DATABASE names the server that the whole suite runs on (`postgresql` for the one
on loopback); without it the suite runs on SQLite.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from pathlib import Path

import asyncpg

from bot.derived import DERIVED
from bot.store import Store, upgrade
from bot.store.derived import refresh

LOOPBACK = "postgresql://postgres@127.0.0.1:5432"


def server() -> str | None:
    """The PostgreSQL server of this run, or None for SQLite."""
    wanted = os.environ.get("PAPERTAKES_TEST_DATABASE", "")
    if wanted in {"", "sqlite"}:
        return None
    return LOOPBACK if wanted == "postgresql" else wanted.rstrip("/")


def postgresql_answers(url: str = LOOPBACK) -> bool:
    """Whether a PostgreSQL can be reached there."""

    async def ask() -> None:
        connection = await asyncpg.connect(f"{url}/postgres", timeout=3)
        await connection.close()

    try:
        asyncio.run(ask())
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


class Databases:
    """Makes databases by copying one that was migrated once."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.server = server
        self.template = f"papertakes_{uuid.uuid4().hex[:12]}"
        self._made: list[str] = []

    def prepare(self) -> None:
        """Migrate the template."""
        if self.server:
            asyncio.run(self._admin(f"CREATE DATABASE {self.template}"))

        async def migrate() -> None:
            store = Store(self._url(self.template))
            await upgrade(store)
            await refresh(store, DERIVED)
            await store.close()

        asyncio.run(migrate())

    async def fresh(self) -> str:
        """The URL of a new migrated database."""
        name = f"{self.template}_{len(self._made)}"
        self._made.append(name)
        if self.server:
            await self._admin(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        else:
            shutil.copy(self.folder / f"{self.template}.db", self.folder / f"{name}.db")
        return self._url(name)

    async def empty(self) -> str:
        """The URL of a new database without a table."""
        name = f"{self.template}_{len(self._made)}"
        self._made.append(name)
        if self.server:
            await self._admin(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self) -> None:
        if self.server:
            for name in [*self._made, self.template]:
                asyncio.run(self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))

    def _url(self, name: str) -> str:
        return f"{self.server}/{name}" if self.server else f"sqlite:///{self.folder / name}.db"

    async def _admin(self, statement: str) -> None:
        connection = await asyncpg.connect(f"{self.server}/postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
