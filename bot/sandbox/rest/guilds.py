"""Guilds, their channels, members and roles; users and direct messages."""

from bot.sandbox import payloads, permissions
from bot.sandbox.errors import Json, form_error, refuse
from bot.sandbox.hub import Happening
from bot.sandbox.objects import Guild
from bot.sandbox.rest.route import Answer, Call, route


def guild_of(call: Call) -> Guild:
    """The guild of the path; raises 10004, or 50001 where the bot is no member."""
    guild = call.core.world.guild(call.id("guild_id"))
    if call.actor.id not in guild.members:
        raise refuse(50001)
    return guild


@route("GET", "/guilds/{guild_id}")
def get_guild(call: Call) -> Json:
    return payloads.guild(call.core.world, guild_of(call))


@route("GET", "/guilds/{guild_id}/channels")
def list_channels(call: Call) -> list[Json]:
    guild = guild_of(call)
    return [payloads.channel(c) for c in call.core.world.guild_channels(guild.id)]


@route("POST", "/guilds/{guild_id}/channels")
def create_channel(call: Call) -> Answer:
    channel = call.core.channels.create(call.actor, guild_of(call).id, call.json)
    return Answer(201, payloads.channel(channel))


@route("GET", "/guilds/{guild_id}/roles")
def list_roles(call: Call) -> list[Json]:
    return [payloads.role(role) for role in guild_of(call).roles.values()]


@route("GET", "/guilds/{guild_id}/members")
def list_members(call: Call) -> list[Json]:
    guild = guild_of(call)
    limit = call.number("limit", 1, 1, 1000)
    after = call.optional_id("after") or 0
    members = [m for user_id, m in sorted(guild.members.items()) if user_id > after]
    return [payloads.member(member) for member in members[:limit]]


@route("GET", "/guilds/{guild_id}/members/search")
def search_members(call: Call) -> list[Json]:
    guild = guild_of(call)
    query = call.query.get("query", "").casefold()
    if not query:
        raise form_error(["query"], "BASE_TYPE_REQUIRED", "This field is required")
    limit = call.number("limit", 1, 1, 1000)
    found = [
        member
        for member in guild.members.values()
        if member.user.username.casefold().startswith(query)
        or (member.nick or member.user.display_name).casefold().startswith(query)
    ]
    return [payloads.member(member) for member in found[:limit]]


@route("PATCH", "/guilds/{guild_id}/members/@me")
def edit_me(call: Call) -> Json:
    member = guild_of(call).members[call.actor.id]
    nick = call.json.get("nick")
    if isinstance(nick, str) and len(nick) > 32:
        raise form_error(["nick"], "BASE_TYPE_MAX_LENGTH", "Must be 32 or fewer in length.")
    member.nick = nick or None
    return payloads.member(member)


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def get_member(call: Call) -> Json:
    return payloads.member(call.core.world.member(guild_of(call), call.id("user_id")))


# Users


@route("GET", "/users/@me")
def get_me(call: Call) -> Json:
    return payloads.me(call.actor)


@route("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[Json]:
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(permissions.in_guild(guild, guild.members[call.actor.id])),
            "features": [],
        }
        for guild in call.core.world.guilds.values()
        if call.actor.id in guild.members
    ]


@route("GET", "/users/{user_id}")
def get_user(call: Call) -> Json:
    found = call.core.world.users.get(call.id("user_id"))
    if found is None:
        raise refuse(10013)
    return payloads.user(found)


@route("POST", "/users/@me/channels")
def open_direct(call: Call) -> Json:
    recipient = str(call.json.get("recipient_id", ""))
    user = call.core.world.users.get(int(recipient)) if recipient.isdigit() else None
    if user is None:
        raise refuse(10013)
    if user.bot:
        raise refuse(50007)
    known = set(call.core.world.channels)
    channel = call.core.world.direct(user)
    if channel.id not in known:
        call.core.world.hub.tell(Happening("CHANNEL_CREATE", channel))
    return payloads.channel(channel)
