"""`/settings import` with `history`: what a channel's messages link, offered, then taken in."""

from __future__ import annotations

import discord
from discord import ui

from bot.archive.formats.discord_export import is_discord_export
from bot.archive.importing.service import ATTACHMENT_LIMIT, megabytes
from bot.chat.context import member, place, spoken
from bot.chat.history import read_past
from bot.chat.interaction import Interaction
from bot.chat.questions import question_button
from bot.chat.responses import in_place, outcome, privately
from bot.errors import (
    AttachmentGone,
    AttachmentTooLong,
    HistoryForbidden,
    HistoryOfForum,
    HistoryUnseen,
    ManagersOnly,
)
from bot.locale import Texts
from bot.model.history import PastOffer
from bot.text.markdown import escape

POSTERS = 12
"""Who linked papers that are named in an offer; of others how many they are."""


async def attached(file: discord.Attachment) -> bytes:
    """What a member handed over. Raises AttachmentGone."""
    try:
        return await file.read()
    except discord.DiscordException as error:
        raise AttachmentGone from error


async def read(interaction: Interaction) -> None:
    """Read this channel's messages, and offer what they link."""
    say, service = spoken(interaction), interaction.client.services.histories
    if not member(interaction).manages:
        raise ManagersOnly
    channel = _readable_channel(interaction)

    async def tell(count: int) -> None:
        # Where the offer will stand; before the person waits there is no such place.
        if interaction.response.is_done():
            await in_place(interaction, content=say("history.reading", count=count))

    async def work() -> PastOffer:
        reading = await service.reading(place(interaction), member(interaction))
        await read_past(channel, reading, tell)
        return await service.offer(place(interaction))

    await _show(interaction, await outcome(interaction, work(), in_turn=False))


async def hand_over(interaction: Interaction, file: discord.Attachment) -> bool:
    """Offer what an export of DiscordChatExporter links; False where the file is none."""
    if not file.filename.lower().endswith(".json"):
        return False
    service = interaction.client.services.histories
    if not member(interaction).manages:
        raise ManagersOnly
    if file.size > ATTACHMENT_LIMIT:
        raise AttachmentTooLong(size=megabytes(file.size), limit=megabytes(ATTACHMENT_LIMIT))

    async def work() -> PastOffer | None:
        data = await attached(file)
        if not is_discord_export(data):
            return None
        return await service.hand_over(place(interaction), member(interaction), file.filename, data)

    offer = await outcome(interaction, work(), in_turn=False)
    if offer is None:
        return False
    await _show(interaction, offer)
    return True


def _readable_channel(interaction: Interaction) -> discord.TextChannel:
    """The channel whose messages are asked for.

    Raises HistoryOfForum, HistoryForbidden, HistoryUnseen.
    """
    here = interaction.channel
    if isinstance(here, discord.Thread):
        here = here.parent
    if isinstance(here, discord.ForumChannel):
        raise HistoryOfForum
    if not isinstance(here, discord.TextChannel):
        raise HistoryForbidden
    if not here.permissions_for(here.guild.me).read_message_history:
        raise HistoryForbidden
    if not interaction.client.intents.message_content:
        raise HistoryUnseen
    return here


async def _show(interaction: Interaction, offer: PastOffer) -> None:
    say = spoken(interaction)
    if not offer.papers and not offer.replies:
        await interaction.client.services.histories.decline(place(interaction), member(interaction))
        await privately(interaction, "\n".join([say("history.nothing"), _read(offer, say)]))
        return
    view = ui.View(timeout=None)
    if offer.papers:
        view.add_item(_button(interaction, "history.take.papers", replies=False))
    if offer.replies:
        view.add_item(_button(interaction, "history.take.replies", replies=True))

    async def decline(pressed: Interaction) -> None:
        await pressed.client.services.histories.decline(place(pressed), member(pressed))
        await in_place(pressed, content=say("history.declined"), view=None)

    view.add_item(question_button(interaction, say("history.decline"), decline))
    await privately(interaction, "\n".join(offer_lines(offer, say)), view=view)


def _button(interaction: Interaction, key: str, *, replies: bool) -> ui.Button[ui.View]:
    say = spoken(interaction)

    async def take(pressed: Interaction) -> None:
        async def waits(before: int) -> None:
            await privately(pressed, say("import.waits", count=before))

        work = pressed.client.services.histories.take(
            place(pressed), member(pressed), replies=replies, waits=waits
        )
        done = await outcome(pressed, work, in_turn=False)
        papers = say("count.papers", count=done.entries)
        takes = say("count.takes", count=done.takes)
        key = "history.taken" if done.imported else "history.nothing"
        await privately(pressed, say(key, papers=papers, takes=takes))
        await in_place(interaction, view=None)

    style = discord.ButtonStyle.primary if not replies else discord.ButtonStyle.secondary
    return question_button(interaction, say(key), take, style=style)


def offer_lines(offer: PastOffer, say: Texts) -> list[str]:
    """What was found, in words."""
    lines = [
        say("history.heading"),
        say(
            "history.found",
            papers=say("count.papers", count=offer.papers),
            replies=say("count.replies", count=offer.replies),
        ),
    ]
    if offer.posters:
        named = [f"{escape(name)} {count}" for name, count in offer.posters[:POSTERS]]
        more = len(offer.posters) - POSTERS
        if more > 0:
            named.append(say("history.more_posters", count=more))
        lines.append(say("history.posters", names=", ".join(named)))
    if offer.unclear:
        lines.append(say("history.unclear", count=offer.unclear))
    return [*lines, _read(offer, say), say("history.names")]


def _read(offer: PastOffer, say: Texts) -> str:
    read = say("history.read", count=offer.read)
    if offer.listed:
        read = f"{read} {say('history.listed', count=offer.listed)}"
    if offer.first and offer.last:
        days = say("history.days", first=say.day(offer.first), last=say.day(offer.last))
        read = f"{read} {days}"
    return f"-# {read}"
