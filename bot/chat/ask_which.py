"""Asking which one is meant where words fit several papers or takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.chat.context import spoken
from bot.chat.errors import plainly
from bot.chat.interaction import Interaction
from bot.chat.questions import question_menu
from bot.chat.responses import privately
from bot.chat.views.buttons import options, take_options
from bot.errors import SeveralPapers, SeveralTakes
from bot.papers.find import CHOICE as PAPER
from bot.takes.service import CHOICE as TAKE

Then: TypeAlias = Callable[[Interaction, str], Awaitable[None]]
"""What is done with what was typed, or with what was chosen instead."""


async def settled(interaction: Interaction, typed: str, then: Then) -> None:
    """Do it with the one paper or take that was named, or with the one of several chosen now."""
    try:
        await then(interaction, typed)
    except (SeveralPapers, SeveralTakes) as problem:
        say = spoken(interaction)
        papers = isinstance(problem, SeveralPapers)
        found: Any = problem.params["entries" if papers else "takes"]
        prefix = PAPER if papers else TAKE
        offered: list[discord.SelectOption] = options(found) if papers else take_options(found)

        async def chosen(pressed: Interaction, number: int) -> None:
            await then(pressed, f"{prefix}{number}")

        key = "menu.paper" if papers else "menu.take"
        menu = question_menu(interaction, say(key), offered, chosen)
        view = ui.View(timeout=None).add_item(menu)
        await privately(interaction, plainly(problem, say), view=view)
