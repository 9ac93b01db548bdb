"""`/privacy`: a member's own data, all of it out or all of it gone."""

from __future__ import annotations

import io

import discord
from discord import app_commands, ui

from bot.chat.context import member, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.questions import question_button
from bot.chat.responses import in_place, outcome, privately
from bot.chat.translate import said
from bot.errors import GuildOnly
from bot.model.people import Place


class PrivacyCommands(CommandGroup, name="privacy"):
    """Export and erasure of what one member has written."""

    privacy = app_commands.Group(name="privacy", description=said("command.privacy"))

    @privacy.command(name="export", description=said("command.privacy.export"))
    async def export(self, interaction: Interaction) -> None:
        work = self.services.privacy.export(_guild(interaction), member(interaction))
        file = discord.File(
            io.BytesIO((await outcome(interaction, work)).encode("utf-8", "replace")),
            "papertakes.json",
        )
        await privately(interaction, spoken(interaction)("privacy.exported"), file=file)

    @privacy.command(name="erase", description=said("command.privacy.erase"))
    async def erase(self, interaction: Interaction) -> None:
        _guild(interaction)
        say = spoken(interaction)
        sure = question_button(
            interaction, say("button.erase"), _erase, style=discord.ButtonStyle.danger
        )
        view = ui.View(timeout=None).add_item(sure)
        await privately(interaction, say("privacy.ask"), view=view)


async def _erase(interaction: Interaction) -> None:
    services = interaction.client.services
    work = services.privacy.erase(_guild(interaction), member(interaction))
    count = await outcome(interaction, work, in_place=True)
    interaction.client.wake()
    text = spoken(interaction)("privacy.erased", count=count)
    await in_place(interaction, content=text, view=None)


def _guild(interaction: Interaction) -> Place:
    """The guild that is meant, in whatever of its channels. Raises GuildOnly."""
    if interaction.guild_id is None:
        raise GuildOnly
    return Place(interaction.guild_id, None, "")
