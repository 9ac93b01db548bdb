"""Telling who manages a channel that something cannot be posted: once, where they will see it.

In the paper channel itself if it is another than the one that fails; else in the guild's channel
for such things; else in a direct message to the guild's owner. What is told is a row of the outbox
with a lane and a key of its own, so that it is told once and shares no nonce.
"""

from __future__ import annotations

from collections.abc import Callable

import discord
import structlog

from bot.delivery.context import Notice
from bot.delivery.refusal_codes import Reason
from bot.delivery.solved import LANE, TO_OWNER, subject
from bot.digest.notices import notice as channel_notice
from bot.locale import Texts, speak
from bot.model.channel import Channel
from bot.model.outbox import Draft, OutboxKind
from bot.store import Transaction
from bot.text.markdown import escape

log = structlog.get_logger()

_THREAD_ONLY = (Reason.THREAD_GONE, Reason.THREAD_LOCKED, Reason.NOT_PINNED)
"""Reasons for which the channel itself is as good as before."""
_NEEDED = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "send_messages_in_threads",
    "read_message_history",
)


class Managers:
    """The sender's `Notify`. `client` gives the client that is logged in, with its cache."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self.client = client

    async def __call__(self, tx: Transaction, notice: Notice) -> None:
        if notice.lane.startswith(TO_OWNER):
            return
        channel = await _paper_channel(tx, notice)
        guild = self._guild(channel, notice)
        if guild is None:
            log.warning("delivery.nobody_to_tell", lane=notice.lane, reason=notice.reason.value)
            return
        if notice.lane.startswith(LANE):
            # What was to tell them could not be posted either.
            [row] = await tx.outbox.of_lane(notice.lane)
            text = row.draft.text
            if row.draft.kind is OutboxKind.FORUM_POST:
                text = text.partition("\n")[2]
            await tx.outbox.put([_direct(guild, notice.lane.removeprefix(LANE), text)])
            return
        say = speak(channel.settings.language if channel else guild.preferred_locale.value)
        text = await _text(tx, notice, guild, say)
        await tx.outbox.put([self._draft(guild, channel, notice, _subject(notice), text)])

    def _guild(self, channel: Channel | None, notice: Notice) -> discord.Guild | None:
        client = self.client()
        if channel is not None and channel.guild_id is not None:
            return client.get_guild(channel.guild_id)
        found = client.get_channel(notice.channel_id) if notice.channel_id else None
        return found.guild if isinstance(found, discord.abc.GuildChannel) else None

    def _draft(
        self,
        guild: discord.Guild,
        channel: Channel | None,
        notice: Notice,
        about: str,
        text: str,
    ) -> Draft:
        key = f"{LANE}{about}"
        failing = None if notice.reason in _THREAD_ONLY else notice.channel_id
        if channel is not None and channel.discord_id not in (None, failing):
            assert channel.discord_id is not None
            if _can_post(guild, channel.discord_id):
                return channel_notice(channel, key, text)
        for place in (guild.public_updates_channel, guild.system_channel):
            if place is not None and place.id != failing and _can_post(guild, place.id):
                return Draft(key, 0, key, OutboxKind.MESSAGE, text, target_id=place.id)
        return _direct(guild, about, text)


def _direct(guild: discord.Guild, about: str, text: str) -> Draft:
    key = f"{TO_OWNER}{about}"
    return Draft(key, 0, key, OutboxKind.DIRECT, text, target_id=guild.owner_id)


def _subject(notice: Notice) -> str:
    """What is told once: a row's trouble; that a channel's digests are not pinned, for ever."""
    if notice.reason is Reason.NOT_PINNED:
        return f"pin:{notice.channel_id}"
    return subject(notice.row_id, notice.reason)


async def _paper_channel(tx: Transaction, notice: Notice) -> Channel | None:
    digest = await tx.digests.get(notice.digest_id) if notice.digest_id is not None else None
    if digest is not None:
        return await tx.channels.get(digest.channel_id)
    return await tx.channels.of_discord(notice.channel_id) if notice.channel_id else None


async def _text(tx: Transaction, notice: Notice, guild: discord.Guild, say: Texts) -> str:
    digest = await tx.digests.get(notice.digest_id) if notice.digest_id is not None else None
    where = f"<#{notice.channel_id}>"
    if digest is not None:
        what = say("notice.digest", title=escape(digest.title), where=where)
    else:
        what = say("notice.message", where=where)
    if notice.reason is Reason.NOT_PINNED:
        return say(Reason.NOT_PINNED, where=where)
    if notice.reason is Reason.FORBIDDEN:
        missing = _missing(guild, notice.channel_id) or _NEEDED
        names = ", ".join(say(f"permission.{name}") for name in missing)
        return f"{what}\n{say(Reason.FORBIDDEN, missing=names)}"
    return f"{what}\n{say(notice.reason)}"


def _permissions(guild: discord.Guild, channel_id: int | None) -> discord.Permissions | None:
    found = guild.get_channel(channel_id) if channel_id else None
    return found.permissions_for(guild.me) if found is not None else None


def _can_post(guild: discord.Guild, channel_id: int) -> bool:
    has = _permissions(guild, channel_id)
    return has is not None and has.view_channel and has.send_messages


def _missing(guild: discord.Guild, channel_id: int | None) -> tuple[str, ...]:
    has = _permissions(guild, channel_id)
    return () if has is None else tuple(name for name in _NEEDED if not getattr(has, name))
