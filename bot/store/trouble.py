"""What a host can do about a database that cannot be used: one line, without passwords."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import HostError
from bot.store.away import DatabaseAway
from bot.store.engine import Store


class DatabaseUnusable(HostError):
    """The database cannot be used as it is configured; the message is one line."""


@contextmanager
def usable(store: Store) -> Iterator[None]:
    """For the first things done on a database. Raises DatabaseUnusable for what fails in it."""
    try:
        _look_for_folder(store)
        yield
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(explain_database(error, store.url)) from error


def explain_database(error: BaseException, url: URL) -> str:
    """Why a database could not be used, and what to do."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    said = re.sub(r"^<class '[^']*'>: ", "", " ".join(said.split()))
    if url.drivername.startswith("sqlite"):
        return f"database.url: {_sqlite(said, url.database or '')}"
    return f"database.url: {_postgresql(said, error, url)}"


def _look_for_folder(store: Store) -> None:
    """SQLite's driver tells less, and prints a traceback of its thread beside it."""
    if store.file is None:
        return
    if store.file.is_dir() or not os.access(store.file.resolve().parent, os.R_OK | os.X_OK):
        raise DatabaseUnusable(f"database.url: {_sqlite('unable to open', str(store.file))}")


def name_of_database(store: Store) -> str:
    """The database as a person is told it: SQLite's file, PostgreSQL without the password."""
    if store.sqlite:
        return str(store.file.resolve()) if store.file else "SQLite in memory"
    url = store.url
    return f"postgresql://{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def _sqlite(said: str, name: str) -> str:
    file = Path(name)
    folder = file.resolve().parent
    if "unable to open" in said or "Permission denied" in said:
        if file.is_dir():
            return f"{name} is a folder: name a file in it, such as {file / 'papertakes.db'}"
        if not folder.exists():
            return f"the folder {folder} does not exist: make it, or name another file"
        if not os.access(folder, os.W_OK):
            return f"the folder {folder} cannot be written to: give this user the right to do so"
        return f"{name} cannot be opened: is it this user's?"
    if "not a database" in said:
        return f"{name} is not an SQLite database: name another file, or move this one away"
    if "malformed" in said:
        return f"{name} is damaged: move it away and `papertakes restore` the last backup"
    if "readonly" in said:
        return f"{name} cannot be written to: give this user the right to write it and its folder"
    if "disk is full" in said or "disk I/O" in said:
        return f"{name} cannot be written: {said}; is the disk full?"
    if "locked" in said:
        return f"{name} is locked by another program: end that one, then try again"
    return f"{name}: {said}"


def _postgresql(said: str, error: BaseException, url: URL) -> str:
    server = f"{url.host or 'localhost'}:{url.port or 5432}"
    if isinstance(error, TimeoutError) or (isinstance(error, DatabaseAway) and error.silent):
        return f"PostgreSQL at {server} does not answer: is the address right, and a firewall open?"
    if isinstance(error, ConnectionRefusedError) or "Connect call failed" in said:
        return f"nothing listens at {server}: is PostgreSQL running there?"
    if "Name or service not known" in said or "getaddrinfo" in said or "name resolution" in said:
        return f"there is no host called {url.host}: is it spelled right?"
    if "password authentication failed" in said or "no password supplied" in said:
        return f"PostgreSQL at {server} refuses the password of {url.username or 'this user'}"
    if match := re.search(r'role "([^"]*)" does not exist', said):
        return f"PostgreSQL at {server} knows no user {match[1]}: `createuser {match[1]}` there"
    if match := re.search(r'database "([^"]*)" does not exist', said):
        return f"PostgreSQL at {server} has no database {match[1]}: `createdb {match[1]}` there"
    if "too many" in said:
        return (
            f"PostgreSQL at {server} has no connection left: end others, or raise max_connections"
        )
    if "permission denied" in said:
        return f"{said}: grant {url.username or 'the user'} the right to create tables there"
    return f"PostgreSQL at {server}: {said}"
