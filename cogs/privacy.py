"""`/privacy`: a member's own data, all of it out or all of it gone."""

from __future__ import annotations

import io
from typing import Any

import discord
from discord import app_commands, ui

from bot.errors import GuildOnly
from bot.locale import Texts
from bot.model.people import Place
from cogs.answer import NOBODY, outcome, privately
from cogs.errors import Asking, told
from cogs.place import member, spoken
from cogs.services import Desk, Interaction, services_of
from cogs.translate import said


class PrivacyCommands(Desk, name="privacy"):
    """Export and erasure of what one member has written."""

    privacy = app_commands.Group(name="privacy", description=said("command.privacy"))

    @privacy.command(name="export", description=said("command.privacy.export"))
    async def export(self, interaction: Interaction) -> None:
        work = self.services.privacy.export(_guild(interaction), member(interaction))
        file = discord.File(
            io.BytesIO((await outcome(interaction, work)).encode()), "papertakes.json"
        )
        await privately(interaction, spoken(interaction)("privacy.exported"), file=file)

    @privacy.command(name="erase", description=said("command.privacy.erase"))
    async def erase(self, interaction: Interaction) -> None:
        _guild(interaction)
        say = spoken(interaction)
        await privately(interaction, say("privacy.ask"), view=_Sure(say))


class _Sure(Asking):
    """Asks once more. Who sees the button is the one who asked: the answer is private."""

    def __init__(self, say: Texts) -> None:
        super().__init__()
        button: ui.Button[Any] = ui.Button(
            label=say("button.erase"), style=discord.ButtonStyle.danger
        )
        button.callback = self._erase  # type: ignore[method-assign]
        self.add_item(button)

    async def _erase(self, interaction: Interaction) -> None:
        async with told(interaction):
            services = services_of(interaction)
            await interaction.response.defer()
            count = await services.privacy.erase(_guild(interaction), member(interaction))
            services.wake()
            text = spoken(interaction)("privacy.erased", count=count)
            await interaction.edit_original_response(
                content=text, view=None, allowed_mentions=NOBODY
            )


def _guild(interaction: Interaction) -> Place:
    """The guild that is meant, in whatever of its channels. Raises GuildOnly."""
    if interaction.guild_id is None:
        raise GuildOnly
    return Place(interaction.guild_id, None, "")
