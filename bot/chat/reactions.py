"""Reactions: what is said to a message without a word, where the bot may react."""

from __future__ import annotations

import discord
import structlog

from bot.chat.responses import BROKEN

log = structlog.get_logger(__name__)

CAN_BE_A_TAKE = "📝"
"""On a reply to a paper's card: *Make this my take* saves it. `/help` says so."""


async def offer_take(message: discord.Message) -> None:
    """Show who wrote a message that it can be a take; nothing where the bot may not react."""
    if message.guild is None or not _may_react(message.channel, message.guild.me):
        return
    try:
        await message.add_reaction(CAN_BE_A_TAKE)
    except (discord.DiscordException, *BROKEN) as error:
        log.info("reaction.lost", message=message.id, error=repr(error))


async def end_offer(message: discord.Message) -> None:
    """Take the offer back: the message is a take now."""
    if message.guild is None:
        return
    try:
        await message.remove_reaction(CAN_BE_A_TAKE, message.guild.me)
    except (discord.DiscordException, *BROKEN) as error:
        # There was none, or the message is gone.
        log.info("reaction.lost", message=message.id, error=repr(error))


def _may_react(channel: discord.abc.MessageableChannel, me: discord.Member) -> bool:
    """Asked first: what is refused too often bars the bot from Discord."""
    may = channel.permissions_for(me)
    return may.add_reactions and may.read_message_history
