"""A PostgreSQL that falls silent: nobody waits for long, and all goes on when it answers again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from sqlalchemy import text

from bot.store import DatabaseAway, SessionLocks, Store, Transaction, owner_of, postgresql
from tests.databases import Databases
from tests.silence import Way

ASIDE = 1.0
"""Seconds more that a busy machine may take."""


pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("silence"), postgresql)
    made.prepare()
    yield made
    made.drop()


@pytest.fixture
async def way(servers: Databases) -> AsyncIterator[Way]:
    """The way to a fresh database."""
    async with Way(await servers.fresh()) as made:
        yield made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds pass ten times as quickly."""
    for name in ("CONNECT", "POOL", "PING", "ANSWER"):
        monkeypatch.setattr(postgresql, name, getattr(postgresql, name) / 10)


class Asked:
    """A store by a way, and how long it takes to answer."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.store = Store(way.url, answer=postgresql.ANSWER)

    async def ask(self, *, write: bool = True, statement: str = "SELECT 1") -> object:
        async with self.store.begin() if write else self.store.read() as tx:
            return await tx.session.scalar(text(statement))

    async def refused(self, most: float, **how: object) -> None:
        began = time.monotonic()
        with pytest.raises(DatabaseAway):
            await self.ask(**how)  # type: ignore[arg-type]
        assert time.monotonic() - began < most + ASIDE

    async def broken_off(
        self, work: Callable[[Transaction], Awaitable[object]], *, write: bool = True
    ) -> None:
        """The database falls silent, or is cut off, in the middle of this work."""

        async def transaction() -> None:
            async with self.store.begin() if write else self.store.read() as tx:
                await work(tx)

        with pytest.raises(DatabaseAway):
            await transaction()

    async def again(self) -> None:
        """It answers again."""
        self.way.silent = False
        async with asyncio.timeout(10):
            while True:
                try:
                    assert await self.ask() == 1
                    return
                except DatabaseAway:
                    await asyncio.sleep(0.05)


async def test_every_step_ends(way: Way, quick: None) -> None:
    asked = Asked(way)
    way.silent = True
    await asked.refused(postgresql.CONNECT)
    await asked.again()
    # What has been in the pool is asked whether it lives.
    await asyncio.gather(*(asked.ask(statement="SELECT pg_sleep(0.1)") for _ in range(3)))
    way.silent = True
    await asked.refused(postgresql.PING)
    # Whoever comes right after that need not wait for it.
    await asked.refused(0.0, write=False)
    await asked.again()

    async def statement(tx: Transaction) -> None:
        await tx.session.scalar(text("SELECT 1"))
        way.silent = True
        await tx.session.scalar(text("SELECT 2"))

    async def commit(tx: Transaction) -> None:
        await tx.session.execute(text("CREATE TEMPORARY TABLE kept (a INTEGER)"))
        way.silent = True

    for write in (True, False):
        await asked.broken_off(statement, write=write)
        await asked.again()
    await asked.broken_off(commit)
    await asked.again()
    way.silent = True
    began = time.monotonic()
    await asked.store.close()
    assert time.monotonic() - began < 2 + ASIDE


async def test_statements_that_are_forgotten_hold_up_nobody(way: Way, quick: None) -> None:
    """asyncpg closes old statements before it prepares a new one, with no limit of its own."""
    asked = Asked(way)

    async def statements(tx: Transaction) -> None:
        for number in range(120):
            await tx.session.scalar(text(f"SELECT {number}"))
        way.silent = True
        await tx.session.scalar(text("SELECT 'another'"))

    await asked.broken_off(statements)
    await asked.again()
    await asked.store.close()


async def test_a_slow_answer_ends_nothing_where_there_is_time(way: Way, quick: None) -> None:
    asked = Asked(way)
    await asked.refused(postgresql.ANSWER, statement=f"SELECT pg_sleep({2 * postgresql.ANSWER})")
    async with asked.store.patient() as patient, patient.read() as tx:
        assert await tx.session.scalar(text(f"SELECT 1 FROM pg_sleep({2 * postgresql.ANSWER})"))
    await asked.store.close()


async def test_cut_connections_are_made_anew(way: Way) -> None:
    asked = Asked(way)
    assert await asked.ask() == 1
    way.cut()
    assert await asked.ask() == 1

    async def statement(tx: Transaction) -> None:
        way.cut()
        await tx.session.scalar(text("SELECT 1"))

    await asked.broken_off(statement)
    assert await asked.ask() == 1
    await asked.store.close()


async def test_an_owner_goes_on_when_the_database_answers_again(way: Way, quick: None) -> None:
    asked = Asked(way)
    locks = SessionLocks(asked.store)
    owner = owner_of(asked.store, locks)
    await owner.start()
    way.silent = True
    began = time.monotonic()
    await asked.broken_off(owner.is_good)
    with pytest.raises(DatabaseAway):
        await locks.look(after=0.0)
    assert time.monotonic() - began < 3 + ASIDE
    await asked.again()
    await owner.renew()
    async with asked.store.begin() as tx:
        assert await owner.is_good(tx)
    await owner.close()
    await locks.close()
    await asked.store.close()
