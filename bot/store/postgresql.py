"""The engine on PostgreSQL: nothing waits long for a server that has fallen silent.

Where a route is gone nothing is refused: bytes go out, and none comes back. So each step has its
limit: to connect, to get a connection out of the pool and to hear that it lives, to hear of a
statement, of BEGIN, COMMIT and ROLLBACK. A connection of which nothing is heard is ended.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.away import DatabaseAway, as_away
from bot.store.private import without_values

CONNECT: Final = 4.0
"""Seconds."""
POOL: Final = 4.0
"""Seconds in which one of the connections must become free."""
PING: Final = 3.0
"""Seconds in which a connection out of the pool must say that it lives."""
GOODBYE: Final = 0.5
"""Seconds in which the server must take note that a connection is closed."""
ANSWER: Final = 6.0
"""Seconds for a statement, while people wait."""
PATIENT: Final = 3600.0
"""The same for what may take long: migrations, backups, the verbs of the command line."""

_SERVER: Final = {
    # A process that is frozen inside a transaction must not hold its rows for ever.
    "idle_in_transaction_session_timeout": "60000",
    # The server, too, finds out that a process's host is gone, and lets its locks go.
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
}
_KEEPALIVE: Final = (
    ("TCP_KEEPIDLE", 20),
    ("TCP_KEEPINTVL", 5),
    ("TCP_KEEPCNT", 4),
    ("TCP_USER_TIMEOUT", 40_000),
)
"""The same from here: names of `socket`, which not every system has."""


def make_engine(url: URL, *, answer: float, read_only: bool = False) -> AsyncEngine:
    """`answer`: seconds in which a statement must be answered."""
    server = {**_SERVER, "default_transaction_read_only": "on"} if read_only else _SERVER
    engine = create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=POOL,
        hide_parameters=True,
        connect_args={
            "server_settings": server,
            "timeout": CONNECT,
            "command_timeout": answer,
        },
    )
    limits = _Limits(answer)
    event.listen(engine.sync_engine, "connect", _keep_alive)
    event.listen(engine.sync_engine, "checkout", _ping)
    event.listen(engine.sync_engine, "close", _say_goodbye)
    event.listen(engine.sync_engine, "before_cursor_execute", limits.begin)
    event.listen(engine.sync_engine, "after_cursor_execute", limits.end)
    event.listen(engine.sync_engine, "handle_error", limits.fail, retval=True)
    return engine


def _keep_alive(connection: Any, record: Any) -> None:
    """Let the system find out about a host that is gone, also where nothing is being asked."""
    record.info["fresh"] = True
    transport = getattr(connection.driver_connection, "_transport", None)
    sock = transport.get_extra_info("socket") if transport is not None else None
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE:
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _ping(connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that has been in the pool may be dead: then another is made.

    As SQLAlchemy's own `pool_pre_ping`, with a limit. Raises DatabaseAway if nothing comes back.
    """
    if record.info.pop("fresh", False):
        return
    try:
        connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=PING))
    except TimeoutError:
        connection.driver_connection.terminate()
        raise DatabaseAway("PostgreSQL does not answer", silent=True) from None
    except Exception as error:
        raise InvalidatePoolError from error


def _say_goodbye(connection: Any, _record: Any) -> None:
    """Close it here, as SQLAlchemy would wait for ever for a server that is silent."""
    with suppress(Exception):
        connection.run_async(lambda driver: driver.close(timeout=GOODBYE))


class _Limits:
    """Ends the connection of a statement that is not answered in time.

    asyncpg's own limit (`command_timeout`) asks the server to cancel the statement, by one more
    connection, and waits for that; and it is not kept where old statements are closed before a new
    one is prepared. It is left to BEGIN, COMMIT and ROLLBACK.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def begin(self, connection: Connection, *_: Any) -> None:
        info, driver = connection.info, connection.connection.driver_connection
        assert driver is not None

        def end() -> None:
            info["silent"] = True
            driver.terminate()

        info["limit"] = asyncio.get_running_loop().call_later(self.seconds, end)

    def end(self, connection: Connection, *_: Any) -> None:
        connection.info.pop("limit").cancel()

    def fail(self, context: ExceptionContext) -> DatabaseAway | None:
        without_values(context.original_exception)
        without_values(context.sqlalchemy_exception)
        connection = context.connection
        silent = isinstance(context.original_exception, TimeoutError)
        if connection is not None and not connection.closed and not connection.invalidated:
            if (limit := connection.info.pop("limit", None)) is not None:
                limit.cancel()
            silent = silent or connection.info.pop("silent", False)
            if silent and (driver := connection.connection.driver_connection) is not None:
                driver.terminate()
                context.is_disconnect = True
        if silent:
            return DatabaseAway("PostgreSQL does not answer", silent=True)
        return as_away(context.sqlalchemy_exception or context.original_exception)
