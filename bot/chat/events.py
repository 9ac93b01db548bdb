"""Reads the gateway's events: one that cannot be read does no harm to the others."""

from __future__ import annotations

import json
from typing import Any

from discord.gateway import DiscordWebSocket

from bot.isolation import RecordKind, isolated

_received = DiscordWebSocket.received_message
_ODD = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


async def received_message(self: DiscordWebSocket, msg: Any, /) -> None:
    """The library's own; it would end the connection, and the session with it.

    Until there is a session everything is part of its beginning, and what is no JSON at all is
    none of Discord's: both end the connection as before.
    """
    began = self.session_id is not None and self._keep_alive is not None
    try:
        await _received(self, msg)
    except json.JSONDecodeError:
        raise
    except _ODD as error:
        if not began:
            raise
        # Its words are members': they stay out of the log.
        with isolated(RecordKind.EVENT, "gateway"):
            raise error


def read_each_by_itself() -> None:
    """Have every connection of this process read so; the library makes them itself."""
    DiscordWebSocket.received_message = received_message  # type: ignore[method-assign]
