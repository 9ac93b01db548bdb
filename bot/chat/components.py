"""Buttons and menus as parts of a message; what they do stands in `bot.chat.router` and beyond."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import ui

ID_LIMIT = 100
"""Characters of a `custom_id`."""
MORE = "more"
"""The id of a menu whose options are what buttons are elsewhere: their values are buttons' ids."""


def components_of(message: discord.Message) -> Iterator[Any]:
    """All components of a message, those within others too."""
    yield from _within(message.components)


def _within(components: Sequence[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _within(getattr(component, "children", ()))
        if (accessory := getattr(component, "accessory", None)) is not None:
            yield accessory


class _Button(ui.Button[Any]):
    def is_dispatchable(self) -> bool:
        """Not by the library, which would keep each in memory: `bot.chat.router` hears of all."""
        return False


class _Menu(ui.Select[Any]):
    def is_dispatchable(self) -> bool:
        """As for a button."""
        return False


def button(
    custom_id: str,
    label: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Button[Any]:
    """A button; what it does is where its id is named."""
    return _Button(custom_id=custom_id, label=label, style=style, disabled=disabled)


def menu(
    custom_id: str,
    placeholder: str,
    options: Sequence[discord.SelectOption],
    *,
    several: bool = False,
) -> ui.Select[Any]:
    """A menu of which one option is chosen, or several."""
    most = len(options) if several else 1
    return _Menu(
        custom_id=custom_id, placeholder=placeholder, options=list(options), max_values=most
    )
