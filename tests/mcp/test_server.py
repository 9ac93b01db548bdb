"""`papertakes mcp`, asked by the protocol's own client over standard input and output."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.types import TextContent

from bot.archive.importing.importer import import_archive
from bot.sandbox import Person
from bot.store import Store
from tests.bot import Bot

ROOT = Path(__file__).parents[2]
REVIEWS = ROOT / "tests" / "data" / "ml-papers" / "reviews"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
NOTE = "https://arxiv.org/abs/2007.10909\n\nchannel slicing as a kind of dropout\n\n#dropout\n"


class Asked:
    """A client that asks one running server."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def __call__(self, tool: str, **options: Any) -> Any:
        """The answer as data."""
        result = await self.session.call_tool(tool, options)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    async def refused(self, tool: str, **options: Any) -> str:
        """What the server says against it."""
        result = await self.session.call_tool(tool, options)
        assert result.is_error
        [said] = result.content
        assert isinstance(said, TextContent)
        return said.text


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "PAPERTAKES_DATABASE__URL": url}


@asynccontextmanager
async def asking(url: str, *words: str) -> AsyncIterator[Asked]:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot", "mcp", *words],
        cwd=ROOT,
        env=environment(url),
    )
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield Asked(session)


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


async def test_an_assistant_answers_from_an_archive(store: Store, tmp_path: Path) -> None:
    await import_archive(store, REVIEWS, "ml", now=NOW)
    note = tmp_path / "200801 SliceOut.md"
    note.write_text(NOTE)
    await import_archive(store, note, "other", now=NOW)
    async with asking(url_of(store)) as asked:
        tools = (await asked.session.list_tools()).tools
        assert {tool.name for tool in tools} == {"search", "paper", "digest", "related", "tags"}
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)

        found = (await asked("search", query="SliceOut", channel="ml"))["found"]
        assert found[0]["paper"]["arxiv_id"] == "2007.10909"
        assert found[0]["paper"]["takes"] == 1
        assert found[0]["url"] == "https://arxiv.org/abs/2007.10909"
        assert await asked("search", query="unheard-of-word") == {
            "found": [],
            "more": False,
            "meant": None,
        }

        both = (await asked("paper", reference="2007.10909"))["papers"]
        assert [one["paper"]["channel"] for one in both] == ["ml", "other"]
        assert "feature map" in both[0]["takes"][0]["text"]

        digest = await asked("digest", period="2020-07-26", channel="ml")
        assert digest["markdown"].startswith("# 200726")
        assert "Name one channel: ml, other." in await asked.refused("digest")

        [related] = (await asked("related", reference="2007.10909", channel="ml"))["result"]
        assert related["paper"]["title"].startswith("SliceOut")
        tags = (await asked("tags"))["channels"]
        assert tags[1] == {"channel": "other", "tags": [{"tag": "dropout", "takes": 1}]}

        assert "nope" in await asked.refused("tags", channel="nope")
        assert "before:" in await asked.refused("search", query="before:someday")
        assert "limit" in await asked.refused("search", query="x", limit=1000)
        assert "nonsense words" in await asked.refused("paper", reference="nonsense words")
    async with asking(url_of(store), "--channel", "other") as asked:
        [tags] = (await asked("tags"))["channels"]
        assert tags["channel"] == "other"
        assert "ml" in await asked.refused("tags", channel="ml")
        assert "ml" in await asked.refused("search", query="SliceOut", channel="ml")


async def test_answers_lead_to_the_thread_and_the_message(bot: Bot, ada: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    await ada.slash("/take", paper="2007.10909", text="channel slicing #dropout")
    url = bot.settings.database.resolved()
    async with asking(url) as asked:
        [paper] = (await asked("paper", reference="SliceOut"))["papers"]
        assert paper["paper"]["discussed"]["title"] == "its card in the channel"
        assert paper["paper"]["discussed"]["url"].startswith("https://discord.com/channels/")
        assert paper["takes"][0]["by"] == "Ada"
        assert paper["takes"][0]["tags"] == ["dropout"]
        # The bot goes on writing beside it, and what it writes is there for the next question.
        await ada.slash("/digest post")
        await bot.settle()
        digest = await asked("digest")
        assert digest["url"].startswith("https://discord.com/channels/")
        [paper] = (await asked("paper", reference="2007.10909"))["papers"]
        assert paper["paper"]["discussed"]["title"] == digest["title"]
        [found] = (await asked("search", query="slicing"))["found"][:1]
        assert found["paper"]["discussed"]["url"].startswith(digest["url"])


def said(url: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "mcp", *words],
        cwd=ROOT,
        env=environment(url),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_what_cannot_be_served_is_told_in_a_line(tmp_path: Path) -> None:
    there = tmp_path / "none.db"
    assert "there is no" in said(f"sqlite:///{there}")
    assert not there.exists()
    there.touch()
    assert "papertakes db upgrade" in said(f"sqlite:///{there}")


async def test_an_unknown_channel_is_told_at_once(store: Store) -> None:
    assert "nope" in said(url_of(store), "--channel", "nope")


async def test_a_read_only_store_changes_nothing(store: Store, database_url: str) -> None:
    reading = Store(database_url, read_only=True)
    try:
        with pytest.raises(Exception, match=r"read-?only"):
            async with reading.begin() as tx:
                await tx.members.ensure(0, _somebody())
    finally:
        await reading.close()


def _somebody() -> Any:
    from bot.model.people import Member

    return Member(None, "somebody")


def test_without_the_package_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('mcp')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "papertakes[mcp]" in said(f"sqlite:///{tmp_path / 'x.db'}")
