"""What the page is told about the sandbox: places, members, messages, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.permissions import Permission
from bot.sandbox.posts import ClientRefused

if TYPE_CHECKING:
    from bot.sandbox import Person, Place, Post, Sandbox
    from bot.sandbox.objects import Guild, Member, User

Json = dict[str, Any]

NEWEST = 300
"""How many messages a place is opened with."""


def guild(sandbox: Sandbox) -> Guild:
    """The page shows one server: the first."""
    return next(iter(sandbox.world.guilds.values()))


def people(sandbox: Sandbox) -> list[User]:
    """The server's members that are no bots, oldest first."""
    members = guild(sandbox).members.values()
    return [one.user for one in sorted(members, key=lambda m: m.user.id) if not one.user.bot]


def hello(sandbox: Sandbox, person: Person, *, can_advance: bool, can_skip: bool) -> Json:
    """All that a page needs before it opens a place."""
    server = guild(sandbox)
    members = [_member(server, one) for one in server.members.values()]
    bot = sandbox.world.bot
    return {
        "me": next(one for one in members if one["id"] == str(person.id)),
        "bot": {"id": str(bot.id), "name": bot.display_name, "bot": True},
        "guild": {"id": str(server.id), "name": server.name},
        "members": members,
        "roles": [{"id": str(role.id), "name": role.name} for role in server.roles.values()],
        "places": [place(sandbox, one) for one in places(person)],
        "time": now(sandbox),
        "can_advance": can_advance,
        "can_skip": can_skip,
    }


def now(sandbox: Sandbox) -> str:
    return sandbox.clock().isoformat()


def _member(server: Guild, member: Member) -> Json:
    granted = 0
    for role in member.roles:
        granted |= server.roles[role].permissions
    moderator = bool(granted & Permission.MANAGE_MESSAGES) and not member.user.bot
    return {
        "id": str(member.user.id),
        "name": member.nick or member.user.display_name,
        "username": member.user.username,
        "bot": member.user.bot,
        "locale": member.user.locale,
        "moderator": moderator,
        "note": "moderator" if moderator else "",
    }


def places(person: Person) -> list[Place]:
    """What the person can see, archived threads and their direct messages with the bot too."""
    seen = {one.id: one for one in [*person.places(), person.place("@bot")]}
    for channel in list(seen.values()):
        for thread in channel.threads:
            if thread.id not in seen and can_see(person, thread):
                seen[thread.id] = thread
    return list(seen.values())


def can_see(person: Person, one: Place) -> bool:
    try:
        person.place(one)
    except ClientRefused:
        return False
    return True


def place(sandbox: Sandbox, one: Place) -> Json:
    data: Json = dict(one.json())
    if one.kind == "dm":
        data["name"] = sandbox.world.bot.display_name
    return data


def opened(person: Person, one: Place) -> Json:
    """A place's messages as the person sees them, or a forum's posts, the latest one first."""
    if one.kind == "forum":
        posts = [_forum_post(person, thread) for thread in one.threads]
        return {"posts": sorted(posts, key=lambda post: str(post["last_at"]), reverse=True)}
    posts_seen: dict[int, Post] = {post.id: post for post in [*one.history, *person.sees(one)]}
    newest = sorted(posts_seen.values(), key=lambda post: post.id)[-NEWEST:]
    starter = one.starter
    elsewhere = starter is not None and starter.channel_id != one.id
    return {
        "messages": [post.json() for post in newest],
        "starter": starter.json() if starter is not None and elsewhere else None,
    }


def _forum_post(person: Person, thread: Place) -> Json:
    starter = thread.starter
    times = [post.created_at for post in thread.messages]
    state = thread.record.thread
    if not times and state is not None:
        times = [state.created_at]
    return {
        "id": str(thread.id),
        "starter": starter.json() if starter is not None else None,
        "last_at": max(times).isoformat(),
    }
