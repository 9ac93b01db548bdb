"""What all tests share: databases, a clock, and the bot in the sandbox with people to act as."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from bot.store import Store
from tests.clock import Clock
from tests.databases import Databases, postgresql_answers, server

SUNDAY_NOON = datetime(2020, 7, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"), server())
    made.prepare()
    yield made
    made.drop()


@pytest.fixture
async def database_url(databases: Databases) -> str:
    """A fresh migrated database."""
    return await databases.fresh()


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    made = Store(database_url)
    yield made
    await made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(SUNDAY_NOON)


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The URL of a PostgreSQL server on loopback; skips where there is none."""
    url = server() or "postgresql://postgres@127.0.0.1:5432"
    if not postgresql_answers(url):
        pytest.skip("needs a PostgreSQL on loopback")
    return url
