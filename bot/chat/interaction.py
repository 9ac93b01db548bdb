"""An interaction, and the group of commands that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.translate import describe_options
from bot.services import Services

if TYPE_CHECKING:
    from bot.chat.client import Client

Interaction: TypeAlias = "discord.Interaction[Client]"


class CommandGroup(commands.Cog):
    """A group of commands; its services are the client's."""

    def __init__(self, bot: Client) -> None:
        self.bot = bot
        for command in self.walk_app_commands():
            if isinstance(command, app_commands.Command):
                describe_options(command)

    @property
    def services(self) -> Services:
        """What the commands call."""
        return self.bot.services
