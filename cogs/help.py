"""`/help`: what can be done here, in the member's language. Also where there is no server."""

from __future__ import annotations

from discord import app_commands

from cogs.answer import privately
from cogs.place import spoken
from cogs.services import Desk, Interaction
from cogs.translate import said

TOPICS = ("papers", "takes", "digest", "settings", "messages", "privacy", "thanks")


class HelpCommands(Desk, name="help"):
    """Telling what can be done."""

    @app_commands.command(name="help", description=said("command.help"))
    async def help(self, interaction: Interaction) -> None:
        say = spoken(interaction)
        topics = (say(f"help.{topic}") for topic in TOPICS)
        await privately(interaction, "\n\n".join((say("help.heading"), *topics)))
