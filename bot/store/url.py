"""The database's URL as a host has typed it. It may hold a password: nothing of it is ever told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from bot.errors import HostError

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_OTHERS: Final = {"mysql", "mariadb", "mssql", "oracle", "mongodb", "redis", "duckdb", "file"}
"""What may be told back: anything else before the colon could be a password."""
_FORMS: Final = (
    "write sqlite:////var/lib/papertakes.db (a file by its whole path) "
    "or postgresql://USER:PASSWORD@HOST/DATABASE"
)
_PATH: Final = re.compile(
    r"(?:~?/|\.{1,2}/)[^@]*|(?:[^@:/]|/(?!/))+\.(?:db|sqlite3?)", re.IGNORECASE
)
"""A file as people write it: from the root, their home or here on, or by a name that says it."""
_SLASHES: Final = re.compile(r"(sqlite(?:\+aiosqlite)?):(?!//)(?=[^@?]+\Z)", re.IGNORECASE)
"""`sqlite:x.db`, `sqlite:/var/lib/x.db`."""
_OPTIONS: Final = {
    "host",
    "krbsrvname",
    "passfile",
    "password",
    "port",
    "prepared_statement_cache_size",
    "ssl",
    "sslmode",
    "target_session_attrs",
    "user",
}


class BadDatabaseUrl(HostError):
    """A database URL that names no database this program knows; the message is one line."""

    def __init__(self, why: str) -> None:
        super().__init__(f"database.url: {why}")


def database_url(typed: str) -> URL:
    """The URL with the asynchronous driver put in. Raises BadDatabaseUrl."""
    typed = _with_slashes(typed.strip())
    try:
        url = make_url(typed)
    except Exception:
        raise BadDatabaseUrl(f"this is no database URL: {_FORMS}") from None
    name = url.drivername.partition("+")[0].lower()
    driver = _DRIVERS.get(name)
    if driver is None:
        known = name if name in _OTHERS else "what stands before the colon"
        raise BadDatabaseUrl(f"{known} is neither sqlite nor postgresql: {_FORMS}")
    url = url.set(drivername=driver)
    if name == "sqlite" and url.host is not None:
        raise BadDatabaseUrl(
            "an SQLite file has three slashes before its path, four if that begins at the root: "
            "sqlite:///x.db, sqlite:////var/lib/x.db"
        )
    return url if name == "sqlite" else _postgresql(typed, url)


def _with_slashes(typed: str) -> str:
    """A plain path as the URL that it stands for, and SQLite's scheme with its slashes."""
    if _PATH.fullmatch(typed):
        return f"sqlite:///{Path(typed).expanduser()}"
    return _SLASHES.sub(r"\1:///", typed)


def _postgresql(typed: str, url: URL) -> URL:
    ats = typed.partition("://")[2].count("@")
    if ats > 1 or (ats == 1 and url.username is None):
        raise BadDatabaseUrl("an @ in the user's name or password is written %40, a / as %2F")
    for name in url.query:
        if name not in _OPTIONS:
            known = name if re.fullmatch("[a-z_]{1,30}", name) else "something after the ?"
            raise BadDatabaseUrl(f"{known} is no option of this program's: leave it out")
    if (mode := url.query.get("sslmode")) is not None:
        # As libpq and many hosting companies write it; the driver calls it `ssl`.
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return url
