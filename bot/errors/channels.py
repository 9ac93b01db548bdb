"""What a member or the bot may not do in a channel."""

from __future__ import annotations

from bot.errors.base import PersonError


class NotYours(PersonError):
    """Only its author, or somebody who manages the channel, may do this."""

    key = "error.not_yours"


class ManagersOnly(PersonError):
    """Only who manages the channel may do this."""

    key = "error.managers_only"


class GuildOnly(PersonError):
    """Used outside of a server."""

    key = "error.guild_only"


class NotAChannel(PersonError):
    """Used in a place that can hold no list (a voice channel, say)."""

    key = "error.not_a_channel"


class CannotPostHere(PersonError):
    """`missing`: names of the permissions that the bot lacks in this channel."""

    key = "error.cannot_post_here"


class CannotPostThere(CannotPostHere):
    """`channel`: a mention of it; `missing` as above."""

    key = "error.cannot_post_there"


class NotYourChannel(PersonError):
    """A channel named that is none of this guild's text channels and forums, or that the member may
    not see and manage: which of these is not told to who may not see it."""

    key = "error.not_your_channel"


class NoChannel(PersonError):
    """`name`: no channel or archive of this name or id in the database."""

    key = "error.channel.none"


class NoPapersHere(PersonError):
    """The channel has no list yet."""

    key = "error.channel.empty"
