"""The database: engine and transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.store import postgresql, sqlite
from bot.store.away import DatabaseAway, Silence, as_away
from bot.store.fulltext import pages
from bot.store.transaction import Transaction
from bot.store.unbroken import unbroken
from bot.store.url import database_url

_GOODBYES = 2.0
"""Seconds for the end of all connections."""


class Store:
    """Everything that is kept. One transaction is one `async with store.begin() as tx`."""

    def __init__(
        self, url: str, *, answer: float = postgresql.ANSWER, read_only: bool = False
    ) -> None:
        """`answer`: seconds in which PostgreSQL must answer a statement; with `read_only` the
        database itself refuses whatever would change it."""
        self.url = database_url(url)
        self.read_only = read_only
        self.sqlite = self.url.drivername.startswith("sqlite")
        self.engine = (
            sqlite.make_engine(self.url, self.file, read_only=read_only)
            if self.sqlite
            else postgresql.make_engine(self.url, answer=answer, read_only=read_only)
        )
        # SQLite has one writer: waiting in a queue is fairer than its busy handler's polling.
        self._writing = asyncio.Lock()
        self._silence = Silence(pause=1.0, trial=postgresql.CONNECT + postgresql.PING)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A transaction that writes; committed to disk when the block ends without an error.

        Raises DatabaseAway.
        """
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._writing)
            session = await stack.enter_async_context(self._session(write=True))
            yield Transaction(session)
            await pages.remake(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads, over one state of the database. Raises DatabaseAway."""
        async with self._session(write=False) as session:
            yield Transaction(session)

    @asynccontextmanager
    async def _session(self, *, write: bool) -> AsyncIterator[AsyncSession]:
        options: dict[str, Any] = {"write": write} if self.sqlite else {}
        if not self.sqlite and not write:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        bind = self.engine.execution_options(**options) if options else self.engine
        await self._silence.pass_by()
        try:
            session = AsyncSession(bind, expire_on_commit=False)
            try:
                await self._connect(session)
                yield session
                await self._unbroken(session.commit())
            finally:
                # What is not committed is rolled back.
                ending = session.close()
                await (unbroken(ending) if self.sqlite else asyncio.shield(ending))
        except DatabaseAway as away:
            if away.silent:
                self._silence.begins()
            raise

    async def _unbroken(self, work: Coroutine[Any, Any, object]) -> None:
        """SQLite answers soon; for a PostgreSQL that is silent nobody waits."""
        await (unbroken(work) if self.sqlite else work)

    async def _connect(self, session: AsyncSession) -> None:
        try:
            await self._unbroken(session.connection())
        except (SQLAlchemyError, OSError) as error:
            raise as_away(error) or error from error
        self._silence.ends()

    async def connect(self) -> AsyncConnection:
        """A connection for whoever keeps it, and closes it. Raises DatabaseAway."""
        await self._silence.pass_by()
        try:
            return await self.engine.connect()
        except (SQLAlchemyError, OSError) as error:
            raise as_away(error) or error from error

    @asynccontextmanager
    async def patient(self) -> AsyncIterator[Store]:
        """The same for what may take long: PostgreSQL has an hour to answer a statement."""
        if self.sqlite:
            yield self
            return
        url = self.url.render_as_string(hide_password=False)
        made = Store(url, answer=postgresql.PATIENT, read_only=self.read_only)
        try:
            yield made
        finally:
            await made.close()

    async def close(self) -> None:
        """End all connections; of those to a silent server, without its goodbye."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if self.sqlite else _GOODBYES):
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
