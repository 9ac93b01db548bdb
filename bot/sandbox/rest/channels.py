"""Channels, threads, forum posts and their members."""

from datetime import UTC, datetime

from bot.sandbox import archiving, payloads
from bot.sandbox.errors import FormErrors, Json, form_error, refuse
from bot.sandbox.form import Fields
from bot.sandbox.objects import POSTS, Channel, Kind, Overwrite
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.messages import channel_of, show
from bot.sandbox.rest.route import Answer, Call, route


def show_channel(call: Call, channel: Channel) -> Json:
    return payloads.thread(call.core.world, channel)


def thread_of(call: Call) -> Channel:
    """The thread of the path; raises 50024 for another kind of channel."""
    channel = channel_of(call)
    if not channel.is_thread:
        raise refuse(50024)
    return channel


@route("GET", "/channels/{channel_id}")
def get_channel(call: Call) -> Json:
    return show_channel(call, channel_of(call))


@route("PATCH", "/channels/{channel_id}")
def edit_channel(call: Call) -> Json:
    channel = channel_of(call)
    if channel.kind is Kind.DM:
        raise refuse(50003)
    if channel.is_thread:
        call.core.threads.edit(call.actor, channel, call.json)
    else:
        call.core.channels.edit(call.actor, channel, call.json)
    return show_channel(call, channel)


@route("DELETE", "/channels/{channel_id}")
def delete_channel(call: Call) -> Json:
    channel = channel_of(call)
    shown = show_channel(call, channel)
    call.core.channels.remove(call.actor, channel)
    return shown


@route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
def put_overwrite(call: Call) -> None:
    channel = channel_of(call, Permission.MANAGE_ROLES)
    errors = FormErrors()
    fields = Fields(call.json, errors)
    overwrite = Overwrite(
        call.id("overwrite_id"),
        fields.number("type", choices=(0, 1)) or 0,
        fields.number("allow", least=0) or 0,
        fields.number("deny", least=0) or 0,
    )
    errors.check()
    call.core.channels.set_overwrite(channel, overwrite)


@route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}")
def delete_overwrite(call: Call) -> None:
    channel = channel_of(call, Permission.MANAGE_ROLES)
    call.core.channels.clear_overwrite(channel, call.id("overwrite_id"))


# Threads


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def thread_on_message(call: Call) -> Answer:
    channel = channel_of(call)
    thread = call.core.threads.on_message(call.actor, channel, call.id("message_id"), call.json)
    return Answer(201, show_channel(call, thread))


@route("POST", "/channels/{channel_id}/threads")
def thread_without_message(call: Call) -> Answer:
    channel = channel_of(call)
    if channel.kind in POSTS:
        thread, message = call.core.threads.forum_post(call.actor, channel, call.json, call.uploads)
        shown = show_channel(call, thread) | {"message": show(call, thread, message)}
        return Answer(201, shown)
    thread = call.core.threads.without_message(call.actor, channel, call.json)
    return Answer(201, show_channel(call, thread))


def _listing(call: Call, threads: list[Channel]) -> Json:
    bot = call.actor.id
    joined = [t for t in threads if t.thread is not None and bot in t.thread.members]
    return {
        "threads": [show_channel(call, t) for t in threads],
        "members": [payloads.thread_member(t, bot) for t in joined],
    }


@route("GET", "/guilds/{guild_id}/threads/active")
def active_threads(call: Call) -> Json:
    guild = call.core.world.guild(call.id("guild_id"))
    threads = call.core.world.threads(guild.id)
    seen = [t for t in threads if call.core.world.allowed(call.actor, t)]
    return _listing(call, seen[::-1]) | {"has_more": False}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"Could not parse {text}. Should be ISO8601."
        raise form_error(["before"], "DATE_TIME_TYPE_PARSE", message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@route("GET", "/channels/{channel_id}/threads/archived/public")
def archived_threads(call: Call) -> Json:
    channel = channel_of(call, Permission.READ_MESSAGE_HISTORY)
    before = call.query.get("before")
    moment = _moment(before) if before else None
    limit = call.number("limit", 50, 1, 100)
    threads, more = call.core.threads.archived(channel, moment, limit)
    return _listing(call, threads) | {"has_more": more}


@route("GET", "/channels/{channel_id}/threads/archived/private")
@route("GET", "/channels/{channel_id}/users/@me/threads/archived/private")
def archived_private(call: Call) -> Json:
    channel_of(call, Permission.READ_MESSAGE_HISTORY)
    return {"threads": [], "members": [], "has_more": False}


@route("GET", "/channels/{channel_id}/threads/search")
def search_threads(call: Call) -> Json:
    channel = channel_of(call, Permission.READ_MESSAGE_HISTORY)
    limit = call.number("limit", 25, 1, 25)
    offset = call.number("offset", 0, 0, 9975)
    archived = call.flag("archived") if "archived" in call.query else None
    tags = [int(tag) for tag in call.query.get("tag", "").split(",") if tag.isdigit()]
    threads, total = call.core.threads.search(
        channel,
        name=call.query.get("name"),
        tags=tags,
        archived=archived,
        limit=limit,
        offset=offset,
    )
    world = call.core.world
    first = [m for t in threads if (m := world.messages[t.id].get(t.id)) is not None]
    return _listing(call, threads) | {
        "has_more": offset + len(threads) < total,
        "total_results": total,
        "first_messages": [show(call, world.channels[m.channel_id], m) for m in first],
    }


@route("GET", "/channels/{channel_id}/thread-members")
def thread_members(call: Call) -> list[Json]:
    thread = thread_of(call)
    assert thread.thread is not None
    return [payloads.thread_member(thread, user_id) for user_id in thread.thread.members]


@route("GET", "/channels/{channel_id}/thread-members/{user_id}")
def thread_member(call: Call) -> Json:
    thread = thread_of(call)
    assert thread.thread is not None
    user_id = call.actor.id if call.path["user_id"] == "@me" else call.id("user_id")
    if user_id not in thread.thread.members:
        raise refuse(10007)
    return payloads.thread_member(thread, user_id)


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def add_thread_member(call: Call) -> None:
    thread = thread_of(call)
    archiving.refuse_archived(thread)
    user_id = call.actor.id if call.path["user_id"] == "@me" else call.id("user_id")
    guild = call.core.world.guild_of(thread)
    assert guild is not None
    member = call.core.world.member(guild, user_id)
    if user_id != call.actor.id:
        call.core.world.need(call.actor, thread, Permission.SEND_MESSAGES_IN_THREADS)
    archiving.join(call.core.world, thread, member.user)


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def remove_thread_member(call: Call) -> None:
    thread = thread_of(call)
    archiving.refuse_archived(thread)
    user_id = call.actor.id if call.path["user_id"] == "@me" else call.id("user_id")
    if user_id != call.actor.id:
        call.core.world.need(call.actor, thread, Permission.MANAGE_THREADS)
    archiving.leave(call.core.world, thread, user_id)
