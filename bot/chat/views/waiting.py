"""What keeps a channel's digests from being posted: what is held, and what a forum will refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.chat.context import lacking, place, spoken
from bot.chat.interaction import Interaction
from bot.chat.views.moments import coming_line
from bot.delivery.refusal_codes import Reason
from bot.locale import Texts
from bot.model.channel import Channel
from bot.model.digest import Digest, HeldDigest
from bot.text.markdown import escape


async def waiting(interaction: Interaction) -> Mapping[int, str]:
    """For each digest of this channel that Discord does not take: since when, and what for."""
    say = spoken(interaction)
    held = await interaction.client.services.digests.held(place(interaction))
    return {one.digest_id: _line(interaction, one, say) for one in held}


def _line(interaction: Interaction, held: HeldDigest, say: Texts) -> str:
    reason = held.reason or Reason.REFUSED.value
    params: dict[str, str] = {}
    if reason == Reason.FORBIDDEN:
        names = _missing(interaction, held.place_id) or ("some",)
        params["missing"] = ", ".join(say(f"permission.{name}") for name in names)
    return say(
        "digest.waiting",
        title=escape(held.title),
        where=f"<#{held.place_id}>",
        when=say.moment(held.since) if held.since else "?",
        why=say(reason, **params),
    )


def _missing(interaction: Interaction, place_id: int | None) -> Sequence[str]:
    guild = interaction.guild
    found = guild.get_channel(place_id) if guild and place_id else None
    if guild is None or found is None:
        return ()
    forum = isinstance(found, discord.ForumChannel)
    return lacking(found.permissions_for(guild.me), forum=forum)


async def posting(interaction: Interaction, digest: Digest) -> str:
    """That a digest is being posted, when the next one is due, and what keeps any from going on."""
    say = spoken(interaction)
    coming = await interaction.client.services.settings.coming(place(interaction))
    lines = [say("digest.posting", title=escape(digest.title)), f"-# {coming_line(coming, say)}"]
    return "\n".join([*lines, *(await waiting(interaction)).values()])


def forum_remarks(interaction: Interaction, channel: Channel, say: Texts) -> Sequence[str]:
    """What the forum that digests are posted in wants, and does not get by the settings.

    It may demand a tag on each post; and it may have no tag of a name that was set.
    """
    number = channel.settings.post_to or channel.discord_id
    guild = interaction.guild
    forum = guild.get_channel(number) if guild and number else None
    if not isinstance(forum, discord.ForumChannel):
        return ()
    known = {tag.name.casefold() for tag in forum.available_tags}
    names = channel.settings.forum_tags
    unknown = [name for name in names if name.casefold() not in known]
    there = ", ".join(escape(tag.name) for tag in forum.available_tags) or say("settings.none")
    where = f"<#{forum.id}>"
    if unknown:
        tags = ", ".join(map(escape, unknown))
        return (say("settings.forum_tags.unknown", where=where, tags=tags, there=there),)
    if forum.flags.require_tag and not names:
        return (say("settings.forum_tags.wanted", where=where, there=there),)
    return ()
