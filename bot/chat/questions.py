"""What a private answer asks: buttons and menus that only the person who was asked can use.

Unlike those of a card they hold more than fits in a `custom_id`, so that they end with the process
that asked; pressed afterwards they say so. While one process ends and the next begins both hear of
a press: who does not know the question lets the other answer first.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.chat.components import button, menu
from bot.chat.interaction import Interaction
from bot.chat.router import on_choose, on_press
from bot.errors import ButtonGone, NotForYou

GIVE_WAY = 2.0
"""Seconds for which another process that may know is let go first: longer than it takes to ask
Discord to wait, and less than the three after which Discord gives up."""
MOST = 5_000
"""Buttons and menus that are remembered; the oldest are forgotten first."""

Then: TypeAlias = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Asked:
    person_id: int
    client: discord.Client
    """Which bot asked: in tests several live in one process."""
    then: Then


_OPEN: dict[str, _Asked] = {}


def question_button(
    asked_of: Interaction,
    label: str,
    then: Callable[[Interaction], Awaitable[None]],
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Button[Any]:
    """A button for the person of that interaction; `then` is what it does."""
    return button(_remember(asked_of, then), label, style=style)


def question_menu(
    asked_of: Interaction,
    placeholder: str,
    options: Sequence[discord.SelectOption],
    then: Callable[[Interaction, int], Awaitable[None]],
) -> ui.Select[Any]:
    """A menu for the person of that interaction; `then` gets the number chosen."""
    return menu(_remember(asked_of, then), placeholder, options)


def _remember(asked_of: Interaction, then: Then) -> str:
    key = secrets.token_hex(8)
    _OPEN[key] = _Asked(asked_of.user.id, asked_of.client, then)
    if len(_OPEN) > MOST:
        del _OPEN[next(iter(_OPEN))]
    return f"ask:{key}"


async def _recall(interaction: Interaction, key: str) -> Then:
    """Raises ButtonGone, NotForYou."""
    asked = _OPEN.get(key)
    if asked is None or asked.client is not interaction.client:
        await asyncio.sleep(GIVE_WAY)
        raise ButtonGone
    if asked.person_id != interaction.user.id:
        raise NotForYou
    return asked.then


@on_press("ask:{key:text}")
async def pressed(interaction: Interaction, key: str) -> None:
    """Do what was asked about."""
    then = await _recall(interaction, key)
    await then(interaction)


@on_choose("ask:{key:text}")
async def chosen(interaction: Interaction, key: str, chosen: Sequence[int]) -> None:
    """Do it with what was chosen."""
    then = await _recall(interaction, key)
    await then(interaction, chosen[0])
