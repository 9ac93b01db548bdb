"""Receives the interactions that are no commands: buttons, menus and forms."""

from __future__ import annotations

import discord
from discord.ext import commands

from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.modals import submitted
from bot.chat.router import pressed

# These name what their buttons, menus and pages are for; nothing else here imports them all.
from bot.chat.views import (
    abstract,  # noqa: F401
    announcements,  # noqa: F401
    preview,  # noqa: F401
)


class PressedAndSubmitted(CommandGroup, name="interactions"):
    """Hands each interaction to where it is answered; one that nothing answers is refused."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await pressed(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await submitted(interaction)
