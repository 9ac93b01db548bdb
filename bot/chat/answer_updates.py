"""Keeps a private answer up to date, for as long as Discord lets it be edited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import discord

from bot.chat.context import place, spoken
from bot.chat.interaction import Interaction
from bot.chat.responses import BROKEN, NOBODY, note_lost
from bot.chat.views.moments import coming_line
from bot.chat.views.waiting import posting, waiting
from bot.model.digest import Digest, DigestState, message_url
from bot.text.markdown import masked_link

LOOKS = (0.7, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, *([15.0] * 54))
"""Seconds before each look; together less than the 15 minutes of an interaction."""

Show = Callable[[str], Awaitable[object]]
"""Puts another text in the place of the answer."""


def follow(interaction: Interaction, digest: Digest, said: str, show: Show | None = None) -> None:
    """Let the answer that a digest is being posted, or skipped, say what becomes of it.

    `said`: what it says now; `show`: how it is shown, left out: as plain content.
    """
    work = _follow(interaction, digest, said, show or _content(interaction))
    interaction.client.followers.start(work)


def _content(interaction: Interaction) -> Show:
    async def show(text: str) -> None:
        await interaction.edit_original_response(content=text, allowed_mentions=NOBODY)

    return show


async def _follow(interaction: Interaction, digest: Digest, said: str, show: Show) -> None:
    for pause in LOOKS:
        await asyncio.sleep(pause)
        text, over = await _now(interaction, digest)
        if text is not None and text != said:
            try:
                await show(text)
            except BROKEN:
                continue
            except discord.DiscordException as error:
                note_lost(interaction, error)
                return
            said = text
        if over:
            return


async def _now(interaction: Interaction, before: Digest) -> tuple[str | None, bool]:
    """What is so now of that period's digest, None for nothing new; and whether that is all."""
    services, say = interaction.client.services, spoken(interaction)
    digest = await services.digests.of_period(place(interaction), before.period_start)
    if digest is None or digest.state is DigestState.SKIPPED:
        return None, False
    if not digest.has_text:
        return None, True
    held = (await waiting(interaction)).get(digest.id)
    if held is not None:
        return held, False
    if digest.state is not DigestState.POSTED or digest.thread_id is None:
        return await posting(interaction, digest), False
    coming = await services.settings.coming(place(interaction))
    url = message_url(interaction.guild_id, digest.thread_id, None)
    text = say("digest.posted", link=masked_link(digest.title, url))
    return f"{text}\n-# {coming_line(coming, say)}", True
