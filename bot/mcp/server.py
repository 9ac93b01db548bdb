"""The tools of the server, and the database it reads."""

from __future__ import annotations

import importlib.metadata
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from bot.config import Settings
from bot.derived import AWAITED
from bot.errors import HostError, PersonError, SeveralPapers
from bot.locale.errors import in_english
from bot.mcp.answers import DigestAnswer, PapersAnswer, RelatedAnswer, SearchAnswer, TagsAnswer
from bot.mcp.questions import ChannelWanted, Questions
from bot.services import utc_now
from bot.store import DatabaseAway, DatabaseUnusable, Store, current
from bot.store.derived import outdated

T = TypeVar("T")

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Query = Annotated[
    str,
    Field(
        description='Words in any language, "a phrase", -without, tag:x, by:member, author:x, '
        "title:x, cat:cs.CL, before:2024-01-01, after:2023-01-01. All words must be found."
    ),
]
Reference = Annotated[
    str, Field(description="An arXiv id or address, another page's address, or words of a title.")
]
OneChannel = Annotated[
    str | None, Field(description="A channel's name or Discord id. Left out: all channels.")
]
Period = Annotated[
    str | None,
    Field(
        description="A day in it (2020-07-26), a week (2020-W30), #12, this, last. Default last."
    ),
]
Limit = Annotated[int, Field(ge=1, le=50, description="How many at most.")]


async def run_server(settings: Settings, channel: str | None) -> None:
    """Serve over standard input and output. Raises NoChannel, DatabaseUnusable, SchemaNewer."""
    async with opened_to_read(settings) as store:
        questions = Questions(store, settings.digest, utc_now, channel)
        names = [one.name for one in await questions.channels()]
        await make_server(questions, names).run_stdio_async()


@asynccontextmanager
async def opened_to_read(settings: Settings) -> AsyncIterator[Store]:
    """The database, which stays as it is. Raises DatabaseUnusable where it must be made or brought
    up to date first."""
    store = Store(settings.database.resolved(), read_only=True)
    try:
        if store.file is not None and not store.file.exists():
            raise DatabaseUnusable(
                f"database.url: there is no {store.file} yet: start the bot, or import an archive"
            )
        have, wanted = await current(store)
        if have != wanted or await outdated(store, AWAITED):
            raise DatabaseUnusable(
                "the database is of an older version: start the bot, or `papertakes db upgrade`"
            )
        yield store
    finally:
        await store.close()


def make_server(questions: Questions, channels: list[str]) -> MCPServer[None]:
    """The server with its five tools; `channels` are told to whoever connects."""
    server: MCPServer[None] = MCPServer(
        "papertakes",
        title="Papertakes",
        version=importlib.metadata.version("papertakes"),
        instructions=(
            "What a paper-reading club wrote: papers on its channels' lists, takes (members' "
            "comments) and weekly digests. Read-only. Quote takes with their writers, and link "
            f"what you quote. Channels: {', '.join(channels) or 'none yet'}."
        ),
        log_level="WARNING",
    )

    @server.tool(annotations=_READS, structured_output=True)
    async def search(query: Query, channel: OneChannel = None, limit: Limit = 10) -> SearchAnswer:
        """Find papers by their titles, authors, abstracts and what members wrote about them."""
        return await _answered(questions.search(query, channel, limit))

    @server.tool(annotations=_READS, structured_output=True)
    async def paper(reference: Reference, channel: OneChannel = None) -> PapersAnswer:
        """One paper with its abstract and everything that members wrote about it."""
        return await _answered(questions.paper(reference, channel))

    @server.tool(annotations=_READS, structured_output=True)
    async def digest(period: Period = None, channel: OneChannel = None) -> DigestAnswer:
        """A week's digest as Markdown, and which others there are."""
        return await _answered(questions.digest(period, channel))

    @server.tool(annotations=_READS, structured_output=True)
    async def related(reference: Reference, channel: OneChannel = None) -> list[RelatedAnswer]:
        """The neighbours of a paper: by links between takes, series, tags and words."""
        return await _answered(questions.related(reference, channel))

    @server.tool(annotations=_READS, structured_output=True)
    async def tags(channel: OneChannel = None) -> TagsAnswer:
        """The tags of takes with their counts; `search` with tag:NAME finds what has one."""
        return await _answered(questions.tags(channel))

    return server


async def _answered(question: Awaitable[T]) -> T:
    """The answer; what was wrong with the question is one too. Raises ToolError."""
    try:
        return await question
    except SeveralPapers as error:
        titles = "\n".join(
            f"- {entry.paper.shown_title} ({entry.paper.reference})"
            for entry in error.params["entries"]  # type: ignore[attr-defined]
        )
        raise ToolError(f"Several papers fit; name one by its reference:\n{titles}") from None
    except PersonError as error:
        raise ToolError(in_english(error)) from None
    except (ChannelWanted, HostError, DatabaseAway) as error:
        raise ToolError(str(error)) from None
