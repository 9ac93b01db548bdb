"""A database that cannot be used: a line with the remedy, never a password."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.errors import HostError
from bot.store import ForeignDatabase, Store, current, upgrade
from tests.databases import Databases


async def refused(url: str) -> str:
    """What a host is told."""
    store = Store(url)
    try:
        with pytest.raises(HostError) as problem:
            await upgrade(store)
    finally:
        await store.close()
    line = str(problem.value)
    assert line.startswith("database.url: ")
    assert "\n" not in line
    assert "secret" not in line
    return line


async def test_files_that_are_no_database_of_ours(tmp_path: Path) -> None:
    assert "does not exist: make it" in await refused(f"sqlite:///{tmp_path}/nowhere/x.db")
    assert "is a folder" in await refused(f"sqlite:///{tmp_path}")
    (tmp_path / "notes.db").write_text("no database, but long enough to be looked at " * 40)
    assert "is not an SQLite database" in await refused(f"sqlite:///{tmp_path / 'notes.db'}")
    foreign = sqlite3.connect(tmp_path / "foreign.db")
    foreign.execute("CREATE TABLE moz_places (a)")
    foreign.close()
    assert "moz_places" in await refused(f"sqlite:///{tmp_path / 'foreign.db'}")
    with sqlite3.connect(tmp_path / "foreign.db") as again:
        assert [row[0] for row in again.execute("SELECT name FROM sqlite_master")] == ["moz_places"]


async def test_servers_that_cannot_be_used(postgresql: str) -> None:
    assert "is PostgreSQL running" in await refused("postgresql://a:secret@127.0.0.1:1/papertakes")
    assert "no host called" in await refused("postgresql://a:secret@nowhere.invalid/papertakes")
    base = postgresql.replace("postgres@", "postgres:secret@")
    assert "`createdb nowhere_at_all`" in await refused(f"{base}/nowhere_at_all")
    stranger = base.replace("postgres:secret@", "nobody_at_all:secret@")
    assert "`createuser nobody_at_all`" in await refused(f"{stranger}/postgres")


async def test_another_program_s_tables_are_left_alone(databases: Databases) -> None:
    url = await databases.empty()
    store = Store(url)
    async with store.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE orders (id INTEGER)"))
    await store.close()
    assert "orders" in await refused(url)
    again = Store(url)
    with pytest.raises(ForeignDatabase, match="orders"):
        await current(again)
    async with again.engine.connect() as connection:
        assert "alembic_version" not in await connection.run_sync(
            lambda one: inspect(one).get_table_names()
        )
    await again.close()
