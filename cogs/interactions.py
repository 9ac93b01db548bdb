"""The ear for what is no command: buttons, menus and forms."""

from __future__ import annotations

import discord
from discord.ext import commands

# These name what their buttons, menus and pages are for; nothing else here imports them all.
from cogs import abstract, announcements, preview  # noqa: F401
from cogs.forms import submitted
from cogs.press import pressed
from cogs.services import Desk, Interaction


class PressedAndSubmitted(Desk, name="interactions"):
    """Hands each interaction to where it is answered; one that nothing answers is refused."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await pressed(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await submitted(interaction)
