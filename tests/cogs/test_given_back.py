"""What a person typed comes back to them, whatever went wrong, in any script."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from bot.chat.shutdown import finished
from bot.sandbox import Person, Reply
from tests.bot import Bot

TEXTS = {
    "short": "an hour's work",
    "Korean": "채널을 잘라 쓰는 방법이 인상적이다. " * 60,
    "Arabic and emoji": "مقال جميل 👩‍👩‍👧‍👦 — " * 80,
    "code": "```python\nprint('`')\n```\n" * 40,
    "combining": "e\u0301\u0323 " * 900,
    "full": "x" * 4000,
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong is logged at length, and here it goes wrong often."""
    with capture_logs():
        yield


@pytest.fixture
async def ways(ada: Person, grace: Person) -> dict[str, Callable[[str], Awaitable[Reply]]]:
    """The ways in which people hand over a text."""
    await grace.slash("/take", paper="2007.10909", text="first")
    await finished()
    take = (await grace.autocomplete("/takes edit", "take", typed=""))[0].value

    async def form(text: str) -> Reply:
        return await grace.submit((await grace.slash("/take", paper="2007.10909")).modal, {0: text})

    async def intro_form(text: str) -> Reply:
        return await ada.submit((await ada.slash("/digest intro")).modal, {0: text})

    async def edit_form(text: str) -> Reply:
        return await grace.submit((await grace.slash("/takes edit", take=take)).modal, {0: text})

    return {
        "option": lambda text: grace.slash("/take", paper="2007.10909", text=text),
        "form": form,
        "edit": lambda text: grace.slash("/takes edit", take=take, text=text),
        "form to edit": edit_form,
        "intro": lambda text: ada.slash("/digest intro", text=text),
        "form for the intro": intro_form,
        "settings": lambda text: ada.slash("/settings set", intro=text),
    }


def given_back(reply: Reply, text: str) -> bool:
    files = [file.data.decode() for post in reply.posts for file in post.attachments]
    return reply.private and (text in reply.text or text in files) and len(reply.text) <= 1000


@contextmanager
def full_disk(bot: Bot) -> Iterator[None]:
    """A database that can grow no more."""
    with _on_each_connection(bot, "PRAGMA max_page_count = 1"):
        yield


@contextmanager
def locked(bot: Bot) -> Iterator[None]:
    """Another program writes, and does not end."""
    other = sqlite3.connect(bot.app.store.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with _on_each_connection(bot, "PRAGMA busy_timeout = 20"):
            yield
    finally:
        other.close()


@contextmanager
def _on_each_connection(bot: Bot, statement: str) -> Iterator[None]:
    engine = bot.app.store.engine.sync_engine

    def configure(connection: Any, *_: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()

    event.listen(engine, "checkout", configure)
    try:
        yield
    finally:
        event.remove(engine, "checkout", configure)


@pytest.mark.parametrize("trouble", [full_disk, locked])
async def test_what_was_typed_comes_back_when_the_database_cannot_keep_it(
    bot: Bot,
    ways: dict[str, Callable[[str], Awaitable[Reply]]],
    trouble: Callable[[Bot], Any],
) -> None:
    if not bot.app.store.sqlite:
        return
    text, lost = TEXTS["full"], []
    with trouble(bot):
        for way, send in ways.items():
            reply = await send(text)
            if not given_back(reply, text) or "database isn't answering" not in reply.text:
                lost.append(f"{way}: {reply.text[:200]!r}")
    assert lost == []


@pytest.mark.parametrize("error", [ValueError, TimeoutError, OSError, RecursionError])
async def test_what_was_typed_comes_back_whatever_goes_wrong(
    bot: Bot,
    ways: dict[str, Callable[[str], Awaitable[Reply]]],
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error("made to fail")

    for service, name in (
        (bot.app.services.takes, "add"),
        (bot.app.services.takes, "add_to"),
        (bot.app.services.takes, "edit"),
        (bot.app.services.digests, "set_intro"),
        (bot.app.services.settings, "set"),
    ):
        monkeypatch.setattr(service, name, fail)
    lost = []
    for name, text in TEXTS.items():
        for way, send in ways.items():
            reply = await send(text)
            if not given_back(reply, text):
                lost.append(f"{name} by {way}: {reply.text[:200]!r}")
    assert lost == []


async def test_long_options_come_back_too(ada: Person, grace: Person) -> None:
    """Whatever is wrong with them, or with what stands beside them."""
    await ada.slash("/paper add", reference="2007.10909")
    long = " ".join(f"word{number}" for number in range(200))
    for reply in (
        await grace.slash("/paper search", query=f"before:yesterday {long}"),
        await grace.slash("/subscribe add", query=f"({long}"),
        await grace.slash("/paper add", reference=f"{long} " * 4),
        await ada.slash("/settings set", intro=long, weekday="someday"),
        await grace.slash("/take", paper="paper:99999999999999999999", text=long),
        await grace.slash("/takes edit", take="take:7777", text=long),
    ):
        assert reply.text.startswith("⚠️")
        assert "word150" in "".join(
            [reply.text, *(file.data.decode() for file in reply.post.attachments)]
        )
