"""SQLite's driver, with one way to its thread and back for a statement.

SQLAlchemy makes a cursor, executes, fetches and closes; aiosqlite goes to the connection's thread
for each, and waking the two threads costs more than most statements do. Here all four are one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import aiosqlite


class _Done(NamedTuple):
    rows: list[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


def connect(database: str, **options: Any) -> Connection:
    """As `aiosqlite.connect`: what `create_async_engine` takes as `async_creator_fn`."""
    made = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    # As SQLAlchemy does it where it connects by itself: a forgotten connection ends no later
    # than the process.
    made._thread.daemon = True
    return made


class Connection(aiosqlite.Connection):
    """A connection whose cursors are `Cursor`s."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)


class Cursor:
    """What SQLAlchemy asks of a cursor; the driver's own never leaves its thread.

    All rows are fetched when a statement is executed, as SQLAlchemy does too, but where it streams:
    which this cannot.
    """

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._done = _Done([], None, -1, None)

    async def __aenter__(self) -> Cursor:
        return self

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        return await self._do(_execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        return await self._do(_executemany, sql, parameters)

    async def fetchall(self) -> list[Any]:
        rows, self._done = self._done.rows, self._done._replace(rows=[])
        return rows

    async def close(self) -> None:
        """Nothing is left to be closed."""

    async def _do(self, work: Callable[..., _Done], sql: str, parameters: Any) -> Cursor:
        to = self._connection
        self._done = await to._execute(work, to._conn, sql, parameters)  # type: ignore[no-untyped-call]
        return self


def _execute(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any]) -> _Done:
    return _finish(connection.execute(sql, parameters))


def _executemany(
    connection: sqlite3.Connection, sql: str, parameters: Iterable[Sequence[Any]]
) -> _Done:
    return _finish(connection.executemany(sql, parameters))


def _finish(cursor: sqlite3.Cursor) -> _Done:
    rows = cursor.fetchall() if cursor.description else []
    done = _Done(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return done
