"""What can be done with a message: *Add its papers*, *Make this my take*, and replies to cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import BlankTake, NoPapersHere, NotYourMessage, TitleNeeded
from bot.locale import Texts, speak
from bot.model.people import Place
from bot.model.take import Entry
from bot.text.markdown import is_blank
from cogs import papers, takes
from cogs.answer import NOBODY, is_lost, note_lost_message, outcome, privately
from cogs.buttons import OPTIONS_LIMIT, entry_of, keep_reply, options
from cogs.errors import Asking, told
from cogs.place import channel_place, member, posting_place, spoken
from cogs.services import Desk, Interaction, Services, services_of


class MessageCommands(Desk, name="messages"):
    """Commands in a message's menu, and the ear for replies to cards."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        super().__init__(bot, services)
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
            await keep(interaction, where, entry_id, message.content)
            return
        listing = await outcome(interaction, self.services.digests.listing(where, None))
        compiled = listing.compiled
        entries = [section.entry for section in compiled.sections] + list(compiled.untaken)
        if not entries:
            raise NoPapersHere
        entries.sort(key=lambda entry: (entry.added_at, entry.id), reverse=True)
        say = spoken(interaction)
        view = _WhichPaper(entries[:OPTIONS_LIMIT], message.content, say)
        await privately(interaction, say("take.which"), view=view)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Offer a member's reply to a card as a take. The text must have come along."""
        if message.author.bot or message.guild is None or is_blank(message.content):
            return
        where = channel_place(message.channel, message.guild.preferred_locale.value)
        if where is None:
            return
        entry_id = await self._answered(where, message)
        if entry_id is None:
            return
        channel = await self.services.settings.show(where)
        say = speak(channel.settings.language)
        view = ui.View(timeout=None)
        view.add_item(keep_reply(entry_id, message.id, message.author.id, say))
        try:
            await message.reply(
                say("take.offer"), view=view, mention_author=False, allowed_mentions=NOBODY
            )
        except discord.DiscordException as error:
            if not is_lost(error):
                raise
            note_lost_message(message.id, error)

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


def readable_text(message: discord.Message) -> str:
    """The text of a message, and of what it forwards."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    return "\n".join([message.content, *forwarded])


async def keep(interaction: Interaction, where: Place, entry_id: int, text: str) -> None:
    """Store a message's text as a take and show it."""
    services = services_of(interaction)
    work = services.takes.add_to(where, entry_id, member(interaction), text)
    await takes.announce(interaction, services, await outcome(interaction, work))


class _WhichPaper(Asking):
    """Asks which paper a message is about."""

    def __init__(self, entries: Sequence[Entry], text: str, say: Texts) -> None:
        super().__init__()
        self.text = text
        self.menu: ui.Select[Any] = ui.Select(
            placeholder=say("menu.paper"), options=options(entries)
        )
        self.menu.callback = self._chosen  # type: ignore[method-assign]
        self.add_item(self.menu)

    async def _chosen(self, interaction: Interaction) -> None:
        async with told(interaction):
            where = posting_place(interaction)
            await keep(interaction, where, int(self.menu.values[0]), self.text)
