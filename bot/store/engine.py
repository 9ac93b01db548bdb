"""The database: engine, transactions, and the settings that make a commit survive a power cut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bot.errors import HostError
from bot.store.driver import connect
from bot.store.transaction import Transaction

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_DRIVERS["postgres"] = _DRIVERS["postgresql"]


class BadDatabaseUrl(HostError):
    """A database URL that names no database this program knows; the message is one line."""


def database_url(typed: str) -> URL:
    """The URL with the asynchronous driver put in. Raises BadDatabaseUrl."""
    try:
        url = make_url(typed)
    except Exception as error:
        raise BadDatabaseUrl(f"database.url: not a database URL: {typed!r}") from error
    driver = _DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise BadDatabaseUrl(f"database.url: {url.drivername!r} is neither sqlite nor postgresql")
    return url.set(drivername=driver)


class Store:
    """Everything that is kept. One transaction is one `async with store.begin() as tx`."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.sqlite = self.url.drivername.startswith("sqlite")
        self.engine = _engine(self.url, sqlite=self.sqlite)
        # SQLite has one writer: waiting in a queue is fairer than its busy handler's polling.
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A transaction that writes; committed to disk when the block ends without an error."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._writing)
            session = await stack.enter_async_context(self._session(write=True))
            async with session.begin():
                yield Transaction(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads, over one state of the database."""
        async with self._session(write=False) as session, session.begin():
            yield Transaction(session)

    def _session(self, *, write: bool) -> AsyncSession:
        options: dict[str, Any] = {"write": write} if self.sqlite else {}
        if not self.sqlite and not write:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        bind = self.engine.execution_options(**options) if options else self.engine
        return AsyncSession(bind, expire_on_commit=False)

    async def close(self) -> None:
        await self.engine.dispose()

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for PostgreSQL, and for a database that is in memory only."""
        name, query = self.url.database or "", self.url.query
        if query.get("uri") and name.startswith("file:"):
            name = unquote(urlsplit(name).path)
        if not self.sqlite or name in ("", ":memory:") or query.get("mode") == "memory":
            return None
        return Path(name)


def dumps(value: object) -> str:
    """As `json.dumps`; lists of texts, which most values are, in a third of its time."""
    if isinstance(value, list | tuple):
        try:
            return f"[{', '.join(map(encode_basestring_ascii, value))}]"
        except TypeError:  # not all of them are texts
            pass
    return json.dumps(value)


def _engine(url: URL, *, sqlite: bool) -> AsyncEngine:
    if not sqlite:
        # A process that is frozen inside a transaction must not hold its rows for ever.
        server = {"idle_in_transaction_session_timeout": "60000"}
        return create_async_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=10,
            json_serializer=dumps,
            connect_args={"server_settings": server},
        )
    engine = create_async_engine(
        url, connect_args={"timeout": 30, "async_creator_fn": connect}, json_serializer=dumps
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes late and is deferred: switched off, ours is below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # FULL: the write-ahead log is on disk when COMMIT returns, so that what was acknowledged
        # survives a power cut (https://sqlite.org/pragma.html#pragma_synchronous).
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        # Pages of the log that are copied into the database at once, by the COMMIT that fills it:
        # with the usual 1,000 nearly every day's papers and every few hundred notes would.
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # IMMEDIATE: a reader that turns writer would fail with SQLITE_BUSY at once.
        write = connection.get_execution_options().get("write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
