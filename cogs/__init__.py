"""The commands: each reads the interaction, calls one service and answers."""

from __future__ import annotations

from discord import app_commands

from bot.chat.client import Client
from bot.chat.listener import PressedAndSubmitted
from bot.chat.translate import Translator
from cogs.digest import DigestCommands
from cogs.help import HelpCommands
from cogs.messages import MessageCommands
from cogs.papers import PaperCommands
from cogs.picks import PickCommands
from cogs.privacy import PrivacyCommands
from cogs.settings import SettingsCommands
from cogs.subscribe import SubscribeCommands
from cogs.tags import TagCommands
from cogs.takes import TakeCommands

__all__ = ["add_cogs"]

_COGS = (
    PaperCommands,
    TakeCommands,
    DigestCommands,
    TagCommands,
    SubscribeCommands,
    PickCommands,
    SettingsCommands,
    PrivacyCommands,
    HelpCommands,
    MessageCommands,
    PressedAndSubmitted,
)


async def add_cogs(bot: Client) -> None:
    """Give a bot the commands, their translations, and an ear for buttons, menus and forms."""
    bot.tree.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
    # In a direct message the commands are offered too, and tell where they can be used.
    bot.tree.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True)
    await bot.tree.set_translator(Translator())
    for cog in _COGS:
        await bot.add_cog(cog(bot))
