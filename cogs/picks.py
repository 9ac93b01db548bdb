"""`/picks`: the day's papers that the club may care about."""

from __future__ import annotations

from discord import app_commands

from bot.chat.context import place, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.responses import outcome, privately
from bot.chat.router import on_press
from bot.chat.translate import said
from bot.chat.views import picks as view
from cogs.papers import add


class PickCommands(CommandGroup, name="picks"):
    """A day's papers, best first."""

    @app_commands.command(name="picks", description=said("command.picks"))
    async def picks(self, interaction: Interaction, day: str | None = None) -> None:
        work = self.services.picks.picks(place(interaction), day)
        found = await outcome(interaction, work, in_turn=False)
        await privately(interaction, view=view.draw(found, spoken(interaction)))


@on_press("pick:{reference:text}")
async def list_pick(interaction: Interaction, reference: str) -> None:
    """*Add to this week*: as if its id were typed, so that no button tells more than that does."""
    await add(interaction, reference)
