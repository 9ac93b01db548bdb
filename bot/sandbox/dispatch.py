"""What happens, put as the gateway event that a bot's session gets of it."""

from bot.sandbox import message_payloads, payloads
from bot.sandbox.errors import Json
from bot.sandbox.hub import Happening
from bot.sandbox.objects import Channel, Guild, Message
from bot.sandbox.snowflake import to_iso
from bot.sandbox.view import Intent, intent_for, readable
from bot.sandbox.world import World

_FOR_PEOPLE_ONLY = frozenset({"MODAL_OPEN", "INTERACTION_FAILURE"})
_CHANNEL_EVENTS = frozenset({"CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"})
_GUILD_EVENTS = frozenset({"GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "GUILD_ROLE_UPDATE"})


def event_for(world: World, happening: Happening, intents: int) -> Json | None:
    """The event's data, or None where the bot may not know of it or did not ask for such events."""
    name, channel = happening.name, happening.channel
    if name in _FOR_PEOPLE_ONLY or happening.only_for is not None:
        return None
    needed = intent_for(name, channel)
    if needed and not intents & needed:
        return None
    if name == "INTERACTION_CREATE":
        payload: Json = happening.data["payload"]
        return payload
    if name in _GUILD_EVENTS or name == "GUILD_DELETE":
        return happening.data
    assert channel is not None
    if name in _CHANNEL_EVENTS:
        return payloads.channel(channel)
    if not world.allowed(world.bot, channel):
        return None
    return _in_channel(world, happening, channel, intents)


def _in_channel(world: World, happening: Happening, channel: Channel, intents: int) -> Json | None:
    name, guild = happening.name, world.guild_of(channel)
    where: Json = {"channel_id": str(channel.id)}
    if guild is not None:
        where["guild_id"] = str(guild.id)
    message = happening.message
    if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        assert message is not None
        return where | _message(
            world, channel, message, guild, intents, new=name.endswith("CREATE")
        )
    if name == "MESSAGE_DELETE":
        assert message is not None
        return where | {"id": str(message.id)}
    if name.startswith("MESSAGE_REACTION"):
        return where | _reaction(happening, message, guild)
    if name == "CHANNEL_PINS_UPDATE":
        last = channel.last_pin_at
        return where | {"last_pin_timestamp": to_iso(last) if last else None}
    if name == "TYPING_START":
        stamp = int(world.clock().timestamp())
        return where | {"user_id": str(happening.data["user_id"]), "timestamp": stamp}
    return _thread_event(world, happening, channel)


def _message(
    world: World,
    channel: Channel,
    message: Message,
    guild: Guild | None,
    intents: int,
    *,
    new: bool,
) -> Json:
    can_read = bool(intents & Intent.MESSAGE_CONTENT) or readable(world, channel, message)
    data = message_payloads.message(world, message, world.bot, readable=can_read)
    if new and message.nonce is not None:
        data["nonce"] = message.nonce
    if guild is not None and "webhook_id" not in data:
        member = guild.members.get(message.author.id)
        if member is not None:
            data["member"] = payloads.member(member, with_user=False)
    for person in data["mentions"]:
        member = guild.members.get(int(person["id"])) if guild else None
        if member is not None:
            person["member"] = payloads.member(member, with_user=False)
    return data


def _reaction(happening: Happening, message: Message | None, guild: Guild | None) -> Json:
    assert message is not None
    data: Json = {"message_id": str(message.id), "message_author_id": str(message.author.id)}
    if happening.name.endswith("ALL"):
        return data
    user_id = happening.data["user_id"]
    data |= {
        "user_id": str(user_id),
        "emoji": {"id": None, "name": happening.data["emoji"]},
        "burst": False,
        "type": 0,
    }
    member = guild.members.get(user_id) if guild else None
    if member is not None and happening.name.endswith("ADD"):
        data["member"] = payloads.member(member)
    return data


def _thread_event(world: World, happening: Happening, thread: Channel) -> Json | None:
    if happening.name == "THREAD_DELETE":
        return {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "parent_id": str(thread.parent_id),
            "type": int(thread.kind),
        }
    if happening.name == "THREAD_MEMBERS_UPDATE":
        assert thread.thread is not None
        added = [a for a in happening.data["added"] if a in thread.thread.members]
        return {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "member_count": min(len(thread.thread.members), 50),
            "added_members": [payloads.thread_member(thread, a) for a in added],
            "removed_member_ids": [str(r) for r in happening.data["removed"]],
        }
    return payloads.thread(world, thread) | happening.data
