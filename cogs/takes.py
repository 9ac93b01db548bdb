"""`/take` and `/takes`: what members write about papers."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from bot.chat import autocomplete, paginator
from bot.chat.ask_which import settled
from bot.chat.context import member, place, posting_place
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.modals import give_back
from bot.chat.responses import outcome
from bot.chat.take_forms import add, delete_take, edit_form, take_form
from bot.chat.translate import said
from bot.chat.views.buttons import title as title_of
from bot.errors import SeveralPapers, TitleNeeded
from bot.papers.find import CHOICE as PAPER
from bot.takes.service import CHOICE


class TakeCommands(CommandGroup, name="takes"):
    """Writing, listing, editing and deleting takes."""

    takes = app_commands.Group(name="takes", description=said("command.takes"))

    @app_commands.command(name="take", description=said("command.take"))
    @app_commands.autocomplete(paper=autocomplete.all_papers)
    async def take(self, interaction: Interaction, paper: str, text: str | None = None) -> None:
        await settled(interaction, paper, partial(self._take, text))

    async def _take(self, text: str | None, interaction: Interaction, paper: str) -> None:
        if text is not None:
            try:
                await add(interaction, paper, text)
            except SeveralPapers:
                raise
            except Exception as error:
                await give_back(interaction, error, take_form(interaction, paper), {"text": text})
            return
        try:
            # A form can only be the first answer, so there is no time to ask arXiv.
            entry = await self.services.papers.peek(posting_place(interaction), paper)
        except TitleNeeded:
            await take_form(interaction, paper, titled=True).open(interaction)
            return
        about = f"{PAPER}{entry.id}" if entry else paper
        name = title_of(entry.paper) if entry else None
        await take_form(interaction, about, name=name).open(interaction)

    @takes.command(name="list", description=said("command.takes.list"))
    async def list(self, interaction: Interaction, member: discord.User | None = None) -> None:
        await paginator.show(interaction, "takes", str(member.id) if member else "")

    @takes.command(name="edit", description=said("command.takes.edit"))
    @app_commands.autocomplete(take=autocomplete.own_takes)
    async def edit(self, interaction: Interaction, take: str, text: str | None = None) -> None:
        await settled(interaction, take, partial(self._edit, text))

    async def _edit(self, text: str | None, interaction: Interaction, take: str) -> None:
        work = self.services.takes.get(place(interaction), take, member(interaction))
        # A form can only be the first answer.
        found = await (work if text is None else outcome(interaction, work))
        asked = edit_form(interaction, f"{CHOICE}{found.take.id}")
        if text is not None:
            await asked.submit(interaction, {"text": text})
            return
        await asked.open(interaction, {"text": found.take.text})

    @takes.command(name="delete", description=said("command.takes.delete"))
    @app_commands.autocomplete(take=autocomplete.deletable_takes)
    async def delete(self, interaction: Interaction, take: str) -> None:
        await settled(interaction, take, delete_take)
