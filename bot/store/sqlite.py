"""The engine on SQLite: what makes a commit survive a power cut, and one writer at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.away import DatabaseAway, as_away
from bot.store.private import keep_private


def make_engine(url: URL, file: Path | None, *, read_only: bool = False) -> AsyncEngine:
    """The engine of a file, or of a database in memory."""
    if read_only:
        return _reading_engine(url, file)

    def open_private(*_: Any) -> None:
        if file is not None:
            keep_private(file)

    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine.sync_engine, "do_connect", open_private)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "handle_error", _translate, retval=True)
    return engine


def _reading_engine(url: URL, file: Path | None) -> AsyncEngine:
    """The engine of a file that is there and is not changed (https://sqlite.org/uri.html)."""
    if file is not None:
        name = f"file:{quote(str(file))}"
        url = url.set(database=name, query={"mode": "ro", "uri": "true"})
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine.sync_engine, "connect", _only_read)
    event.listen(engine.sync_engine, "begin", _begin_reading)
    event.listen(engine.sync_engine, "handle_error", _translate, retval=True)
    return engine


def _only_read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


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


def _begin(connection: Any) -> None:
    # IMMEDIATE: a reader that turns writer would fail with SQLITE_BUSY at once.
    write = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _begin_reading(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _translate(context: ExceptionContext) -> DatabaseAway | None:
    return as_away(context.sqlalchemy_exception or context.original_exception)
