"""What the club wrote, for programs that ask: a server of the Model Context Protocol, read-only."""

from __future__ import annotations

from bot.config import Settings
from bot.errors import HostError


class MissingExtra(HostError):
    """A package that is installed on demand is missing; the message is one line."""


async def serve(settings: Settings, channel: str | None) -> None:
    """Answer over standard input and output until that is closed.

    `channel`: the only one that is told of, by its id or an archive's name. Raises MissingExtra,
    NoChannel, DatabaseUnusable.
    """
    try:
        import mcp  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtra(
            "the package mcp is missing: install Papertakes as papertakes[mcp], "
            "in a checkout: pip install '.[mcp]'"
        ) from None
    from bot.mcp.server import run_server

    await run_server(settings, channel)
