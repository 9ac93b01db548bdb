"""What the bot may know: whose words it can read, and which intents an event asks for."""

from enum import IntFlag

from bot.sandbox.objects import Channel, Message
from bot.sandbox.world import World


class Intent(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_REACTIONS = 1 << 10
    GUILD_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_REACTIONS = 1 << 13
    DIRECT_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


def readable(world: World, channel: Channel, message: Message) -> bool:
    """Whether the bot gets a message's text without the message content intent.

    Its own messages, direct messages, and those that mention it (a reply with the ping on does).
    """
    return (
        channel.guild_id is None
        or message.author.id == world.bot.id
        or world.bot.id in message.mentions.users
    )


_BY_EVENT: dict[str, tuple[Intent, Intent]] = {
    "MESSAGE_CREATE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_UPDATE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_DELETE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_REACTION_ADD": (Intent.GUILD_REACTIONS, Intent.DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (Intent.GUILD_REACTIONS, Intent.DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE_ALL": (Intent.GUILD_REACTIONS, Intent.DIRECT_REACTIONS),
    "TYPING_START": (Intent.GUILD_TYPING, Intent.DIRECT_TYPING),
    "GUILD_MEMBER_ADD": (Intent.GUILD_MEMBERS, Intent.GUILD_MEMBERS),
    "GUILD_MEMBER_REMOVE": (Intent.GUILD_MEMBERS, Intent.GUILD_MEMBERS),
    "CHANNEL_PINS_UPDATE": (Intent.GUILDS, Intent.DIRECT_MESSAGES),
}


def intent_for(event: str, channel: Channel | None) -> Intent:
    """The intent a session needs for an event; none for an interaction."""
    if event == "INTERACTION_CREATE":
        return Intent(0)
    guild, direct = _BY_EVENT.get(event, (Intent.GUILDS, Intent.GUILDS))
    return direct if channel is not None and channel.guild_id is None else guild
