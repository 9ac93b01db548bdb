"""From an interaction to who acts and where."""

from __future__ import annotations

import discord

from bot.chat.interaction import Interaction
from bot.errors import (
    CannotPostHere,
    CannotPostThere,
    GuildOnly,
    NotAChannel,
    NotYourChannel,
)
from bot.locale import Texts, speak
from bot.model.people import Member, Place

_IN_TEXT = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "send_messages_in_threads",
    "read_message_history",
)
# In a forum the permission to send messages is the one to make posts.
_IN_FORUM = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")


def place(interaction: Interaction) -> Place:
    """The paper channel that an interaction belongs to: of a thread or post, its parent.

    Raises GuildOnly, NotAChannel.
    """
    if interaction.guild_id is None:
        raise GuildOnly
    locale = interaction.guild_locale.value if interaction.guild_locale else None
    found = channel_place(interaction.channel, locale)
    if found is None:
        raise NotAChannel
    return found


def channel_place(channel: object, locale: str | None) -> Place | None:
    """The paper channel of a Discord channel or thread; None where no list can be kept."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        name = parent.name if parent else channel.name
        forum = isinstance(parent, discord.ForumChannel)
        return Place(channel.guild.id, channel.parent_id, name, forum, locale)
    if isinstance(channel, discord.TextChannel):
        return Place(channel.guild.id, channel.id, channel.name, False, locale)
    return None


def posting_place(interaction: Interaction) -> Place:
    """The paper channel, if the bot may do there what it must. Raises CannotPostHere too."""
    found = place(interaction)
    missing = missing_permissions(interaction, forum=found.forum)
    if missing:
        raise CannotPostHere(missing=missing)
    return found


async def target_place(interaction: Interaction, channel_id: int) -> Place:
    """Another channel that digests are to be posted in: of this guild, and one that the member may
    see and manage.

    Raises NotYourChannel, CannotPostThere.
    """
    channel = await _channel_of_guild(interaction, channel_id)
    if channel is None or not isinstance(interaction.user, discord.Member):
        raise NotYourChannel
    may = channel.permissions_for(interaction.user)
    if not may.view_channel or not manages(may):
        raise NotYourChannel
    locale = interaction.guild_locale.value if interaction.guild_locale else None
    forum = isinstance(channel, discord.ForumChannel)
    missing = lacking(channel.permissions_for(channel.guild.me), forum=forum)
    if missing:
        raise CannotPostThere(channel=f"<#{channel.id}>", missing=missing)
    return Place(channel.guild.id, channel.id, channel.name, forum, locale)


async def _channel_of_guild(
    interaction: Interaction, channel_id: int
) -> discord.TextChannel | discord.ForumChannel | None:
    """A text channel or forum of the guild; asked of Discord where it is not known yet."""
    guild = interaction.guild
    if guild is None:
        return None
    found: object = guild.get_channel(channel_id)
    if found is None:
        try:
            # Refuses those of other guilds.
            found = await guild.fetch_channel(channel_id)
        except discord.DiscordException:
            return None
    return found if isinstance(found, discord.TextChannel | discord.ForumChannel) else None


def missing_permissions(interaction: Interaction, *, forum: bool = False) -> tuple[str, ...]:
    """Discord's names of the permissions that the bot lacks here."""
    return lacking(interaction.app_permissions, forum=forum)


def lacking(has: discord.Permissions, *, forum: bool = False) -> tuple[str, ...]:
    """What these permissions lack of what the bot must do in a channel."""
    if has.administrator:
        return ()
    return tuple(name for name in (_IN_FORUM if forum else _IN_TEXT) if not getattr(has, name))


def member(interaction: Interaction) -> Member:
    """Who acts, and by which interaction."""
    user, may = interaction.user, interaction.permissions
    return Member(user.id, user.display_name, manages(may), act=f"interaction:{interaction.id}")


def manages(may: discord.Permissions) -> bool:
    """Whether these permissions are those of who manages a channel."""
    return may.manage_guild or may.manage_channels or may.administrator


def spoken(interaction: Interaction) -> Texts:
    """The texts in the language of the person who acts."""
    guild = interaction.guild_locale.value if interaction.guild_locale else None
    return speak(interaction.locale.value, guild)
