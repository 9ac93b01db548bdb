"""The text that a person typed, read from an interaction, so that it can be given back.

Discord hands over what the person's client sent; nothing is taken for granted about its shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.chat.interaction import Interaction

SHORT = 80
"""Characters of an option that is soon typed again, and that most refusals quote anyway."""
_WRITTEN = frozenset({"text", "intro"})
"""Options in which people write rather than name something."""
_STRING = discord.AppCommandOptionType.string.value
_DEEPEST = 4
"""Levels of options or components; Discord's go down to three."""


def typed_fields(interaction: Interaction) -> dict[str, str]:
    """What stands in a form's fields, by their ids."""
    data: Any = interaction.data
    return {
        part["custom_id"]: part["value"]
        for part in _parts(data, ("components", "component"))
        if isinstance(part.get("custom_id"), str) and isinstance(part.get("value"), str)
    }


def typed_options(interaction: Interaction) -> dict[str, str]:
    """What stands in a command's options of text, by their names."""
    data: Any = interaction.data
    return {
        part["name"]: part["value"]
        for part in _parts(data, ("options",))
        if isinstance(part.get("name"), str)
        and isinstance(part.get("value"), str)
        and part.get("type") == _STRING
    }


def typed_text(interaction: Interaction) -> str:
    """The longest text that would be lost with this interaction; empty if there is none."""
    if interaction.type is discord.InteractionType.modal_submit:
        return max(typed_fields(interaction).values(), key=len, default="")
    if interaction.type is not discord.InteractionType.application_command:
        return ""
    options = typed_options(interaction)
    written = [value for name, value in options.items() if name in _WRITTEN or len(value) > SHORT]
    return max(written, key=len, default="")


def _parts(part: Any, within: tuple[str, ...], depth: int = 0) -> Iterator[dict[str, Any]]:
    """The objects within an object, at any of these keys, down to a level."""
    if not isinstance(part, dict) or depth > _DEEPEST:
        return
    if depth:
        yield part
    for key in within:
        inner = part.get(key)
        for one in inner if isinstance(inner, list) else [inner]:
            yield from _parts(one, within, depth + 1)
