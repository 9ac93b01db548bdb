"""Takes as they are written and shown: the forms, the message, and the list of a member's own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

import discord
from discord import ui

from bot.chat import paginator
from bot.chat.context import member, place, posting_place, spoken
from bot.chat.errors import stored
from bot.chat.interaction import Interaction
from bot.chat.modals import Form, FormField, form, give_back
from bot.chat.paginator import PagedAnswer
from bot.chat.questions import question_button
from bot.chat.responses import outcome, privately, publicly
from bot.chat.router import on_choose, on_press
from bot.chat.views import cards
from bot.chat.views.buttons import title as title_of
from bot.errors import ButtonGone, FormGone, TitleNeeded
from bot.isolation import RecordKind, each
from bot.locale import speak
from bot.model.numbers import parse_id
from bot.model.people import Place
from bot.model.take import TAKE_LIMIT, Entry, MessageKind
from bot.papers.resolve import TITLE_LIMIT
from bot.services import Services
from bot.takes.service import CHOICE, TakeOnEntry
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line, plain_text
from bot.text.unmarked import unmarked

TEXT = FormField("text", long=True, limit=TAKE_LIMIT)
LISTED = 100
"""Takes that `/takes list` goes back."""
QUOTED = 300
"""Characters of a take that is asked about."""
TITLE = FormField("title", limit=TITLE_LIMIT)


@on_press("entry:{entry}:take")
async def open_form(interaction: Interaction, entry: int) -> None:
    """The form for a take on an entry, from a button below its card."""
    shown = await interaction.client.services.papers.entry(posting_place(interaction), entry)
    await entry_form(interaction, entry, title_of(shown.entry.paper)).open(interaction)


@on_choose("entry:choose")
async def open_form_on(interaction: Interaction, chosen: Sequence[int]) -> None:
    """The same from a menu of the papers on a card."""
    await open_form(interaction, chosen[0])


@on_press("take:{take}:edit")
async def open_edit(interaction: Interaction, take: int) -> None:
    """The form with one's own take, from the menu below it."""
    choice = f"{CHOICE}{take}"
    taken = await interaction.client.services.takes.get(
        place(interaction), choice, member(interaction)
    )
    await edit_form(interaction, choice).open(interaction, {"text": taken.take.text})


@on_press("take:{take}:delete")
async def ask_to_delete(interaction: Interaction, take: int) -> None:
    """From the same menu: asks first, since a wrong line of a menu is soon touched."""
    where, texts = place(interaction), spoken(interaction)
    taken = await interaction.client.services.takes.deletable(
        where, f"{CHOICE}{take}", member(interaction)
    )

    async def delete(pressed: Interaction) -> None:
        await delete_take(pressed, f"{CHOICE}{take}")

    label, danger = texts("menu.take.delete"), discord.ButtonStyle.danger
    view = ui.View(timeout=None)
    view.add_item(question_button(interaction, label, delete, style=danger))
    words = escape(shorten(" ".join(unmarked(taken.take.text).split()), QUOTED))
    asked = texts("take.delete", title=name_of_entry(taken.entry), text=words)
    await privately(interaction, asked, view=view)


async def delete_take(interaction: Interaction, choice: str) -> None:
    """Delete a take and say so."""
    services = interaction.client.services
    work = services.takes.delete(place(interaction), choice, member(interaction))
    entry = await outcome(interaction, work)
    interaction.client.wake()
    await privately(interaction, spoken(interaction)("take.deleted", title=name_of_entry(entry)))


@on_press("entry:{entry}:save")
async def save(interaction: Interaction, entry: int) -> None:
    """Send a paper's card to the member's direct messages."""
    shown = await interaction.client.services.papers.entry(place(interaction), entry)
    texts = spoken(interaction)
    view = cards.saved(shown.entry, shown.channel, texts)
    try:
        await outcome(interaction, interaction.user.send(view=view))
    except discord.Forbidden:
        await privately(interaction, texts("save.closed"))
    else:
        await privately(interaction, texts("save.sent"))


def take_form(
    interaction: Interaction, paper: str, *, name: str | None = None, titled: bool = False
) -> Form:
    """A take on whatever paper a reference names; with the title of a page where it lacks."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        await add(submitted, paper, typed["text"], typed.get("title"))

    texts = spoken(interaction)
    title = texts("form.take.on", title=name) if name else texts("form.take")
    return Form("paper", paper, title, (TITLE, TEXT) if titled else (TEXT,), then)


@form("paper")
def _take_form(interaction: Interaction, paper: str) -> Form:
    return take_form(interaction, paper)


def entry_form(interaction: Interaction, entry_id: int, name: str = "") -> Form:
    """A take on an entry of the list."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        services = submitted.client.services
        work = services.takes.add_to(
            posting_place(submitted), entry_id, member(submitted), typed["text"]
        )
        await announce(submitted, services, await outcome(submitted, work))

    texts = spoken(interaction)
    title = texts("form.take.on", title=name) if name else texts("form.take")
    return Form("entry", str(entry_id), title, (TEXT,), then)


@form("entry")
def _entry_form(interaction: Interaction, entry_id: str) -> Form:
    number = parse_id(entry_id)
    if number is None:
        raise FormGone
    return entry_form(interaction, number)


@form("edit")
def edit_form(interaction: Interaction, choice: str) -> Form:
    """A take anew."""

    async def then(submitted: Interaction, typed: Mapping[str, str]) -> None:
        services = submitted.client.services
        work = services.takes.edit(place(submitted), choice, member(submitted), typed["text"])
        taken = await outcome(submitted, work)
        submitted.client.wake()
        await privately(
            submitted, spoken(submitted)("take.edited", title=name_of_entry(taken.entry))
        )

    return Form("edit", choice, spoken(interaction)("form.take.edit"), (TEXT,), then)


async def add(interaction: Interaction, paper: str, text: str, title: str | None = None) -> None:
    """Store a take and show it to the channel. Raises what `TakeService.add` does."""
    services = interaction.client.services
    where, who = posting_place(interaction), member(interaction)
    try:
        work = services.takes.add(where, paper, who, text, title)
        taken = await outcome(interaction, work)
    except TitleNeeded as problem:
        asked = take_form(interaction, paper, titled=True)
        if interaction.response.is_done() or interaction.type is _SUBMITTED:
            await give_back(interaction, problem, asked, {"text": text})
        else:
            await asked.open(interaction, {"text": text})
        return
    await announce(interaction, services, taken)


_SUBMITTED = discord.InteractionType.modal_submit


async def announce(
    interaction: Interaction, services: Services, taken: TakeOnEntry, where: Place | None = None
) -> None:
    """Show the channel a take; with the paper's card if the take put it on the list.

    `where` is the paper channel if the take is made elsewhere.
    """
    async with stored(interaction):
        note = spoken(interaction)("take.added", title=name_of_entry(taken.entry))
        if taken.take.message is not None:
            # It was shown before: the same message, or the same action once more.
            await privately(interaction, note)
            return
        shown = await services.papers.entry(where or place(interaction), taken.entry.id)
        texts = speak(shown.channel.settings.language)
        if taken.listed:
            view = cards.cards([shown.entry], shown.channel, texts, [taken.take])
        else:
            view = cards.taken(shown.entry, taken.take, texts)
        plain = partial(cards.plain_cards, [shown.entry], texts, [taken.take])
        message_id = await publicly(interaction, view, note, plain)
        if message_id is None or interaction.channel_id is None:
            return
        if taken.listed:
            entry = taken.entry
            await services.papers.card_posted(entry.id, interaction.channel_id, message_id)
        how = MessageKind.CARD if taken.listed else MessageKind.TAKE
        await note_message(interaction, taken, how, message_id)


async def note_message(
    interaction: Interaction, taken: TakeOnEntry, shown: MessageKind, message_id: int
) -> None:
    """Note which message shows a take, so that it changes and goes with it."""
    services = interaction.client.services
    assert interaction.channel_id is not None
    if await services.takes.shown(taken.take, shown, interaction.channel_id, message_id):
        interaction.client.wake()


@paginator.source("takes")
async def _takes(interaction: Interaction, argument: str) -> PagedAnswer:
    texts = spoken(interaction)
    whose = parse_id(argument) if argument else None
    if argument and whose is None:
        raise ButtonGone
    services, where = interaction.client.services, place(interaction)
    found = await services.takes.of_member(where, whose, LISTED)
    blocks = await asyncio.to_thread(
        each,
        RecordKind.TAKE,
        found,
        lambda taken: (
            f"**{cards.link(taken.entry.paper, 200)}**\n{cards.take_block(taken.take)}\n"
            f"-# {texts.moment(taken.take.created_at)}"
        ),
        name=lambda taken: taken.take.id,
        plainly=lambda taken: (
            f"**{plain_line(taken.entry.paper.title, 200)}**\n{plain_text(taken.take.text)}"
        ),
    )
    if not blocks:
        return PagedAnswer("", [texts("takes.none" if whose is None else "takes.none_of")])
    count = texts("count.takes", count=len(found))
    return PagedAnswer("", blocks, ruled=True, ending=f"-# {texts('takes.ending', takes=count)}")


def name_of_entry(entry: Entry) -> str:
    """A paper's title in a sentence."""
    return escape(shorten(title_of(entry.paper), 200))
