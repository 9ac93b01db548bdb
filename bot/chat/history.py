"""A channel's messages as Discord gives them, page by page, without hurry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Final

import discord

from bot.archive.importing.history import PastReading
from bot.chat.responses import BROKEN
from bot.errors import HistoryBrokenOff, HistoryForbidden, HistoryGoesOn
from bot.model.history import PastMessage, linked_papers
from bot.text.markdown import strip_controls

PAGE: Final = 100
"""Messages of one request; Discord gives no more."""
IN_THREAD: Final = 300
"""Messages of one thread that are read: the first."""
PAUSE: Final = 1.0
"""Seconds between two requests: the bot's other work goes before."""
TOLD_EVERY: Final = 20
"""Pages after which the person hears how far it is."""
PATIENCE: Final = 12 * 60.0
"""Seconds of reading after which it is asked for again; Discord takes an answer for 15 minutes."""
_WRITTEN: Final = (discord.MessageType.default, discord.MessageType.reply)


async def read_past(
    channel: discord.TextChannel, reading: PastReading, tell: Callable[[int], Awaitable[None]]
) -> None:
    """Read a channel to its end; `tell` hears how many messages that are by now.

    Raises HistoryForbidden, HistoryGoesOn, HistoryBrokenOff; what was read is kept.
    """
    deadline = asyncio.get_running_loop().time() + PATIENCE
    pages = 0
    while True:
        try:
            after = discord.Object(reading.read_to)
            page = [one async for one in channel.history(limit=PAGE, after=after)]
            found = [past for one in page async for past in _with_thread(one)]
        except discord.Forbidden as error:
            raise HistoryForbidden from error
        except (discord.DiscordException, *BROKEN) as error:
            raise HistoryBrokenOff(count=reading.messages) from error
        if page:
            await reading.page(found, read_to=page[-1].id, count=len(page))
        if len(page) < PAGE:
            return
        pages += 1
        if pages % TOLD_EVERY == 0:
            await tell(reading.messages)
        if asyncio.get_running_loop().time() > deadline:
            raise HistoryGoesOn(count=reading.messages)
        await asyncio.sleep(PAUSE)


async def _with_thread(message: discord.Message) -> AsyncIterator[PastMessage]:
    """A member's message, and what members say in the thread on it where it links papers: that
    answers it."""
    if not is_written(message):
        return
    past = past_message(message)
    yield past
    thread = message.thread
    if thread is None or not linked_papers(past.text, past.titles):
        return
    await asyncio.sleep(PAUSE)
    async for said in thread.history(limit=IN_THREAD, oldest_first=True):
        if is_written(said):
            answer = past_message(said)
            yield answer if answer.answers else replace(answer, answers=past.id)


def is_written(message: discord.Message) -> bool:
    """Whether a member wrote it: no bot, no webhook, not Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in _WRITTEN


def past_message(message: discord.Message) -> PastMessage:
    """A message as the archive reads it; mentions as the names of who is meant."""
    reference = message.reference
    name = " ".join(strip_controls(message.author.display_name).split())
    return PastMessage(
        id=message.id,
        at=message.created_at,
        by=name or message.author.name,
        by_id=message.author.id,
        text=message.clean_content,
        answers=reference.message_id if reference is not None else None,
        titles={embed.url: embed.title for embed in message.embeds if embed.url and embed.title},
    )
