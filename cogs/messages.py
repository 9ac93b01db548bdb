"""What can be done with a message: *Add its papers*, *Make this my take*, and replies to cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.chat import reactions, take_forms
from bot.chat.client import Client
from bot.chat.context import channel_place, member, posting_place, spoken
from bot.chat.interaction import CommandGroup, Interaction
from bot.chat.questions import question_button, question_menu
from bot.chat.responses import outcome, privately
from bot.chat.views import cards
from bot.chat.views.buttons import entry_of, options
from bot.digest.results import SpokenOf
from bot.errors import BlankTake, NoPapersHere, NotYourMessage, TitleNeeded
from bot.model.people import Place
from bot.model.reference import ArxivId, ArxivReference, parse_references
from bot.model.take import Entry
from bot.takes.service import REPLY
from bot.text.markdown import is_blank
from cogs import papers


class MessageCommands(CommandGroup, name="messages"):
    """Commands in a message's menu, and the ear for replies to cards."""

    def __init__(self, bot: Client) -> None:
        super().__init__(bot)
        self.menus = [
            app_commands.ContextMenu(name="Add its papers", callback=self.add_papers),
            app_commands.ContextMenu(name="Make this my take", callback=self.make_take),
        ]

    async def cog_load(self) -> None:
        for menu in self.menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        for menu in self.menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    async def add_papers(self, interaction: Interaction, message: discord.Message) -> None:
        """Put the papers that a message names on the list."""
        text = readable_text(message)
        work = self.services.papers.add_named(posting_place(interaction), text, member(interaction))
        try:
            added = await outcome(interaction, work)
        except TitleNeeded:
            if interaction.response.is_done():
                raise
            await papers.title_form(interaction, text).open(interaction)
            return
        await papers.announce(interaction, self.services, added)

    async def make_take(self, interaction: Interaction, message: discord.Message) -> None:
        """Make one's own message a take on the paper it answers, or on one chosen now."""
        where = posting_place(interaction)
        if message.author.id != interaction.user.id:
            raise NotYourMessage
        if is_blank(message.content):
            raise BlankTake
        entry_id = await self._answered(where, message)
        if entry_id is not None:
            await keep(interaction, where, entry_id, message)
            await reactions.end_offer(message)
            return
        if (linked := _one_paper(message.content)) is not None:
            who = replace(member(interaction), act=f"{REPLY}{message.id}:{linked}")
            work = self.services.takes.add(where, str(linked), who, message.content)
            await take_forms.announce(
                interaction, self.services, await outcome(interaction, work), where
            )
            return
        spoken_of = await self._spoken_of(message)
        if spoken_of is not None:
            where = spoken_of.place
            if spoken_of.exact:
                await keep(interaction, where, spoken_of.entry.id, message)
                return
        listing = await outcome(interaction, self.services.digests.listing(where, None))
        compiled = listing.compiled
        entries = [section.entry for section in compiled.sections] + list(compiled.untaken)
        entries.sort(key=lambda entry: (entry.added_at, entry.id), reverse=True)
        say = spoken(interaction)
        asked = say("take.which")
        if spoken_of is not None:
            # What the thread speaks of above is offered first.
            first = spoken_of.entry
            entries = [first, *(entry for entry in entries if entry.id != first.id)]
            asked = say("take.which_of", paper=cards.link(first.paper, 200))
        if not entries:
            raise NoPapersHere
        likely = spoken_of.entry.id if spoken_of is not None else None
        view = _which_paper(interaction, where, entries, message, likely)
        await privately(interaction, asked, view=view)

    async def _spoken_of(self, message: discord.Message) -> SpokenOf | None:
        """The paper that a digest's thread speaks of at a reply in it: what it answers, or what
        stands above it."""
        if not isinstance(message.channel, discord.Thread):
            return None
        digests, thread = self.services.digests, message.channel.id
        reference = message.reference
        if reference is not None and reference.message_id is not None:
            found = await digests.spoken_of(thread, reference.message_id)
            if found is not None and found.exact:
                return found
        found = await digests.spoken_of(thread, message.id)
        return replace(found, exact=False) if found is not None else None

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Mark a member's reply to a card: it can be a take. The text must have come along."""
        if message.author.bot or message.guild is None or is_blank(message.content):
            return
        where = channel_place(message.channel, message.guild.preferred_locale.value)
        if where is None:
            return
        if await self._answered(where, message) is not None:
            await reactions.offer_take(message)

    async def _answered(self, where: Place, message: discord.Message) -> int | None:
        """The number of the entry whose card a message answers."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        answered = reference.resolved
        if isinstance(answered, discord.Message) and self.bot.user is not None:
            if answered.author.id != self.bot.user.id:
                return None
            if (number := entry_of(answered)) is not None:
                return number
        entry = await self.services.papers.by_card(where, reference.message_id)
        return entry.id if entry else None


def _one_paper(text: str) -> ArxivId | None:
    """The one arXiv paper that a message names beside what it says; None if there are several."""
    parsed = parse_references(text)
    found = {one.id for one in parsed.references if isinstance(one, ArxivReference)}
    return found.pop() if len(found) == 1 and parsed.ignored else None


def readable_text(message: discord.Message) -> str:
    """The text of a message, and of what it forwards."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    return "\n".join([message.content, *forwarded])


async def keep(
    interaction: Interaction, where: Place, entry_id: int, message: discord.Message
) -> None:
    """Store a message's text as a take and show it."""
    services = interaction.client.services
    who = replace(member(interaction), act=f"{REPLY}{message.id}:{entry_id}")
    work = services.takes.add_to(where, entry_id, who, message.content)
    await take_forms.announce(interaction, services, await outcome(interaction, work), where)


def _which_paper(
    interaction: Interaction,
    where: Place,
    entries: Sequence[Entry],
    message: discord.Message,
    likely: int | None,
) -> ui.View:
    """Asks which paper a message is about; `likely` is the entry that is probably meant."""
    say = spoken(interaction)

    async def chosen(pressed: Interaction, entry_id: int) -> None:
        posting_place(pressed)
        await keep(pressed, where, entry_id, message)

    async def this_one(pressed: Interaction) -> None:
        if likely is not None:
            await chosen(pressed, likely)

    view = ui.View(timeout=None)
    view.add_item(question_menu(interaction, say("menu.paper"), options(entries), chosen))
    if likely is not None:
        label, primary = say("button.this_paper"), discord.ButtonStyle.primary
        view.add_item(question_button(interaction, label, this_one, style=primary))
    return view
