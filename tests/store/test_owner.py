"""Whose rows are whose, and when an owner is known to be dead."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from bot.store import DatabaseInUse, Owner, SessionLocks, Store, owner_of
from bot.store.lock_file import LockFile
from tests.store.test_leader import end_other_sessions


class Process:
    """What a process holds to be an owner, in a database that others use too."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.locks = None if self.store.sqlite else SessionLocks(self.store)
        self.owner = owner_of(self.store, self.locks)

    async def die(self) -> None:
        await self.owner.close()
        if self.locks is not None:
            await self.locks.close()
        await self.store.close()

    async def thinks_dead(self, name: str) -> bool:
        async with self.store.begin() as tx:
            return await self.owner.is_dead(tx, name)

    async def is_good(self) -> bool:
        async with self.store.begin() as tx:
            return await self.owner.is_good(tx)


async def test_who_is_dead_is_known_to_the_next_one(database_url: str) -> None:
    one, two = Process(database_url), Process(database_url)
    await one.owner.start()
    name = one.owner.name
    assert await one.is_good()
    if one.store.sqlite:
        with pytest.raises(DatabaseInUse, match=str(os.getpid())) as refused:
            await two.owner.start()
        assert "\n" not in str(refused.value)
    else:
        await two.owner.start()
        assert not await two.thinks_dead(name)
        assert await two.is_good()
    assert not await one.thinks_dead(name)
    await one.die()
    await two.owner.start()
    assert await two.thinks_dead(name)
    await two.die()


async def test_names_without_a_lock_are_left_alone(store: Store) -> None:
    """As an earlier version of this program wrote them, or a process without locks."""
    if store.sqlite:
        return
    locks = SessionLocks(store)
    async with store.begin() as tx:
        assert not await owner_of(store, locks).is_dead(tx, Owner().name)
        assert not await owner_of(store, locks).is_dead(tx, "lock:")
        assert not await owner_of(store, locks).is_dead(tx, "")


async def test_a_cut_connection_is_noticed_before_anything_is_asked_for(database_url: str) -> None:
    process = Process(database_url)
    await process.owner.start()
    name = process.owner.name
    if process.store.sqlite:
        await process.die()
        return
    await end_other_sessions(process.store)
    assert not await process.is_good()
    assert not await process.is_good()
    await process.owner.renew()
    assert process.owner.name != name
    assert await process.is_good()
    assert await process.thinks_dead(name)
    assert not await process.thinks_dead(process.owner.name)
    await process.die()


def test_every_path_to_a_database_leads_to_one_lock(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "other.db").symlink_to(folder / "takes.db")
    first = LockFile(folder / "takes.db")
    first.take()
    first.take()
    ways = [tmp_path / "link" / "takes.db", tmp_path / "other.db", folder / ".." / "data/takes.db"]
    for way in ways:
        with pytest.raises(DatabaseInUse, match=r"takes\.db: another Papertakes"):
            LockFile(way).take()
    another = LockFile(folder / "notes.db")
    another.take()
    another.release()
    first.release()
    last = LockFile(ways[0])
    last.take()
    assert (folder / "takes.db.lock").stat().st_mode & 0o777 == 0o600
    last.release()


def test_a_lock_whose_file_was_deleted_is_not_held(tmp_path: Path) -> None:
    """A new file is another lock: the first process must not go on as if nobody else could."""
    first, second = LockFile(tmp_path / "takes.db"), LockFile(tmp_path / "takes.db")
    first.take()
    first.path.unlink()
    assert not first.held
    first.take()
    with pytest.raises(DatabaseInUse):
        second.take()
    first.path.unlink()
    second.take()
    assert not first.held
    with pytest.raises(DatabaseInUse):
        first.take()
    second.release()


def hold(database: Path, ready: object) -> None:
    LockFile(database).take()
    ready.set()  # type: ignore[attr-defined]
    signal.pause()


async def test_a_killed_process_holds_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=hold, args=(tmp_path / "takes.db", ready), daemon=True)
    process.start()
    assert await asyncio.to_thread(ready.wait, 30)
    with pytest.raises(DatabaseInUse, match=rf"process {process.pid}\b"):
        LockFile(tmp_path / "takes.db").take()
    process.kill()
    await asyncio.to_thread(process.join)
    LockFile(tmp_path / "takes.db").take()


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///takes.db", "takes.db"),
        ("sqlite:////srv/takes.db", "/srv/takes.db"),
        ("sqlite:///file:takes%20x.db?mode=rwc&uri=true", "takes x.db"),
        ("sqlite:///file:/srv/takes.db?uri=true", "/srv/takes.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://u@127.0.0.1/takes", None),
    ],
)
def test_the_file_of_a_database(url: str, file: str | None) -> None:
    assert Store(url).file == (Path(file) if file else None)
