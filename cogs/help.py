"""`/help`: what this member can do here, in their language. Also where there is no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discord import app_commands, ui

from bot.chat.context import member, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.responses import privately
from bot.chat.translate import said
from bot.locale import Texts

MANAGERS = frozenset(
    (
        *("digest post", "digest skip", "digest intro"),
        *("settings set", "settings import"),
        *("tag rename", "tag merge"),
    )
)
"""Commands that only who manages the channel can use."""
_Known = app_commands.Command[Any, ..., Any] | app_commands.Group


class HelpCommands(CommandGroup, name="help"):
    """Telling what can be done."""

    @app_commands.command(name="help", description=said("command.help"))
    async def help(self, interaction: Interaction) -> None:
        say = spoken(interaction)
        parts = [say("help.heading")]
        if interaction.guild is None:
            parts.append(say("error.guild_only"))
        else:
            manages = member(interaction).manages
            parts += self._groups(say, interaction.client.command_ids, manages=manages)
            parts.append(say("help.messages"))
        parts.append(say("help.thanks"))
        view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay("\n\n".join(parts)))
        await privately(interaction, view=view)

    def _groups(self, say: Texts, ids: Mapping[str, int], *, manages: bool) -> Iterator[str]:
        """Each group of commands, those left out that this member may not use."""
        for command in self.bot.tree.get_commands():
            if isinstance(command, app_commands.ContextMenu) or command.name == "help":
                continue
            lines = [
                f"{_mention(one, ids, say)} {say(_key(one))}"
                for one in (
                    command.commands if isinstance(command, app_commands.Group) else [command]
                )
                if manages or one.qualified_name not in MANAGERS
            ]
            title = say(_key(command)) if isinstance(command, app_commands.Group) else ""
            yield "\n".join(filter(None, (f"**{title}**" if title else "", *lines)))


def _key(command: _Known) -> str:
    return f"command.{command.qualified_name.replace(' ', '.')}"


def _mention(command: _Known, ids: Mapping[str, int], say: Texts) -> str:
    """The command as it can be clicked; as code until Discord has said its id."""
    root = command.qualified_name.partition(" ")[0]
    if root in ids:
        return f"</{command.qualified_name}:{ids[root]}>"
    words = command.qualified_name.split()
    keys = [".".join(words[: count + 1]) for count in range(len(words))]
    return f"`/{' '.join(say(f'command.{key}.name') for key in keys)}`"
