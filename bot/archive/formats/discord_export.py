"""A channel's messages as DiscordChatExporter writes them (its format `Json`), by anybody's hand.

https://github.com/Tyrrrz/DiscordChatExporter
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.archive.importing.sources import BadArchive
from bot.model.history import PastMessage
from bot.model.numbers import parse_id
from bot.text.markdown import strip_controls

HEAD: Final = 2_000
"""Bytes at its beginning by which it is known."""
_NAME = 100
"""Characters of a writer's name; Discord's have 32."""


def is_discord_export(data: bytes) -> bool:
    """Whether a file is one: it begins with its guild and tells its channel."""
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"{") and b'"guild"' in head and b'"channel"' in head


def past_messages(data: bytes) -> list[PastMessage]:
    """The messages of members, in the order in which they were written. Raises BadArchive."""
    try:
        whole = json.loads(data.decode("utf-8-sig"))
        messages = whole["messages"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadArchive("not a channel's export of DiscordChatExporter in JSON") from None
    if not isinstance(messages, list):
        raise BadArchive("not a channel's export of DiscordChatExporter in JSON")
    return sorted(_read(messages), key=lambda one: one.id)


def _read(messages: list[Any]) -> Iterator[PastMessage]:
    for place, message in enumerate(messages, start=1):
        try:
            read = _message(message)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadArchive(f"message {place}: cannot be read") from None
        if read is not None:
            yield read


def _message(message: Mapping[str, Any]) -> PastMessage | None:
    """One of them; None for a bot's and for Discord's own words."""
    author = message["author"]
    if author.get("isBot") or message.get("type", "Default") not in ("Default", "Reply"):
        return None
    number = parse_id(message["id"])
    if number is None:
        raise ValueError("no id")
    at = datetime.fromisoformat(message["timestamp"])
    name = author.get("nickname") or author["name"]
    return PastMessage(
        id=number,
        at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
        by=" ".join(strip_controls(str(name)).split())[:_NAME] or "?",
        by_id=parse_id(str(author.get("id", ""))),
        text=str(message.get("content", "")),
        answers=parse_id(str((message.get("reference") or {}).get("messageId") or "")),
        titles={
            str(one["url"]): str(one["title"])
            for one in message.get("embeds", ())
            if one.get("url") and one.get("title")
        },
    )
