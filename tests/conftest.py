"""What all tests share: databases, a clock, and the bot in the sandbox with people to act as."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

from bot.store import Store
from tests.clock import Clock
from tests.databases import Databases, postgresql_answers, server

if TYPE_CHECKING:
    from bot.sandbox import Sandbox
    from bot.sandbox.arxiv import LoopbackArxiv
    from bot.sandbox.person import Person
    from tests.bot import Bot

# A loaded machine makes no law untrue. `--hypothesis-profile=long` looks for rare cases, `ci`
# (Hypothesis' own) tries the same ones each time.
settings.register_profile("here", deadline=None)
settings.register_profile("long", deadline=None, max_examples=5_000)
settings.register_profile("quick", deadline=None, max_examples=15, derandomize=True, database=None)
settings.load_profile("here")

# A traceback with everything that stood in each of its functions takes seconds to be written.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=True),
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

RESPOND_WITHIN = 30.0
"""Seconds until the sandbox says that the bot did not respond; Discord's own are three."""

SUNDAY_NOON = datetime(2020, 7, 26, 12, tzinfo=UTC)


ON_THE_SERVER = frozenset({"databases", "embedded"})
"""Fixtures that make databases of the kind the suite runs on."""


QUICK = frozenset({"digest", "locale", "model", "takes", "text"})
"""Rooms of pure rules and words: what they ask no database, no socket and no browser is quick."""
SLOW = ON_THE_SERVER | {"sandbox", "arxiv", "postgresql"}


def pytest_configure(config: pytest.Config) -> None:
    """`-m quick` tries a few examples of each law."""
    if only_quick(config):
        settings.load_profile("quick")


def only_quick(config: pytest.Config) -> bool:
    return bool(config.option.markexpr == "quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`-m quick` does not import the rooms that have no quick tests."""
    rooms = config.rootpath / "tests"
    if not only_quick(config) or not collection_path.is_relative_to(rooms):
        return None
    parts = collection_path.relative_to(rooms).parts
    return True if parts and parts[0] not in QUICK else None


def pytest_collection_finish() -> None:
    """The thousands of tests stay: a full garbage collection that looks at all of them holds the
    event loop for more than a second."""
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the quick tests. On PostgreSQL only what touches a database runs: the rest would do the
    same once more."""
    for item in items:
        room = item.path.relative_to(config.rootpath / "tests").parts[0]
        needs = set(getattr(item, "fixturenames", ()))
        if room in QUICK and not needs & SLOW and not item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.quick)
    if server() is None:
        return
    kept: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        touches = ON_THE_SERVER.intersection(getattr(item, "fixturenames", ()))
        (kept if touches else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = kept


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where everything is installed (PAPERTAKES_TEST_NO_SKIPS), a skipped test is a failure."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if (
        report.skipped
        and os.environ.get("PAPERTAKES_TEST_NO_SKIPS")
        and not hasattr(report, "wasxfail")
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"


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


@pytest.fixture
async def arxiv(clock: Clock) -> AsyncIterator[LoopbackArxiv]:
    """A loopback arXiv that serves the sample papers."""
    from bot.sandbox.arxiv import LoopbackArxiv, load_papers
    from bot.sandbox.sample import SAMPLE_PAPERS

    async with LoopbackArxiv(load_papers(SAMPLE_PAPERS), clock=clock) as made:
        yield made


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command asks Discord to wait only where the work waits for something: on a loaded machine
    two seconds pass over anything, and the answer would be given in another way."""
    monkeypatch.setattr("bot.chat.responses.PATIENCE", RESPOND_WITHIN * 0.6)


@pytest.fixture
def impatient(unhurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command soon asks Discord to wait."""
    monkeypatch.setattr("bot.chat.responses.PATIENCE", 0.3)


@pytest.fixture
def message_content() -> bool:
    """Whether the intent is granted by which messages are read."""
    return False


@pytest.fixture
async def sandbox(clock: Clock, unhurried: None, message_content: bool) -> AsyncIterator[Sandbox]:
    """A loopback Discord without tight limits, which checks every request body it gets."""
    from bot.sandbox import RateLimits, Sandbox, World
    from tests.sandbox.openapi import check

    made = Sandbox(
        clock=clock,
        world=World.sample(),
        limits=RateLimits.off(),
        respond_within=RESPOND_WITHIN,
        validator=check,
        message_content=message_content,
    )
    await made.start(host="127.0.0.1", port=0)
    yield made
    await made.stop()
    assert made.violations == []


@pytest.fixture
async def bot(
    sandbox: Sandbox, arxiv: LoopbackArxiv, database_url: str, clock: Clock
) -> AsyncIterator[Bot]:
    """The whole bot, connected to the sandbox and the loopback arXiv."""
    from tests.bot import Bot

    made = Bot(sandbox, arxiv, database_url, clock)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def ada(bot: Bot, sandbox: Sandbox) -> Person:
    """A moderator with an English client."""
    return sandbox.person("Ada")


@pytest.fixture
def grace(bot: Bot, sandbox: Sandbox) -> Person:
    """A member with an English client."""
    return sandbox.person("Grace")


@pytest.fixture
def minji(bot: Bot, sandbox: Sandbox) -> Person:
    """A member with a Korean client."""
    return sandbox.person("Minji")
