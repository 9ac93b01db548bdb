"""Messages, reactions, pins and typing."""

from urllib.parse import unquote

from bot.sandbox import message_payloads, payloads
from bot.sandbox.errors import FormErrors, Json
from bot.sandbox.form import Fields
from bot.sandbox.hub import Happening
from bot.sandbox.objects import Channel, Message
from bot.sandbox.permissions import Permission
from bot.sandbox.rest.route import Call, route
from bot.sandbox.snowflake import to_iso
from bot.sandbox.view import readable

_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"


def show(call: Call, channel: Channel, message: Message) -> Json:
    """A message as the bot gets it, blanked where it lacks the message content intent."""
    can_read = call.core.message_content or readable(call.core.world, channel, message)
    return message_payloads.message(call.core.world, message, call.actor, readable=can_read)


def channel_of(call: Call, *needed: Permission) -> Channel:
    """The channel of the path, which the bot must see. Raises 10003, 50001, 50013."""
    channel = call.core.world.channel(call.id("channel_id"))
    call.core.world.need(call.actor, channel, *needed)
    return channel


@route("GET", _MESSAGES)
def list_messages(call: Call) -> list[Json]:
    channel = channel_of(call)
    limit = call.number("limit", 50, 1, 100)
    if not call.core.world.allowed(call.actor, channel) & Permission.READ_MESSAGE_HISTORY:
        return []
    found = call.core.messages.history(
        channel,
        limit,
        before=call.optional_id("before"),
        after=call.optional_id("after"),
        around=call.optional_id("around"),
    )
    return [show(call, channel, message) for message in found]


@route("POST", _MESSAGES)
def create_message(call: Call) -> Json:
    channel = call.core.world.channel(call.id("channel_id"))
    message = call.core.messages.create(call.actor, channel, call.json, call.uploads)
    shown = show(call, channel, message)
    return shown if message.nonce is None else shown | {"nonce": message.nonce}


@route("GET", _MESSAGE)
def get_message(call: Call) -> Json:
    channel = channel_of(call, Permission.READ_MESSAGE_HISTORY)
    return show(call, channel, call.core.world.message(channel.id, call.id("message_id")))


@route("PATCH", _MESSAGE)
def edit_message(call: Call) -> Json:
    channel = channel_of(call)
    message = call.core.world.message(channel.id, call.id("message_id"))
    call.core.messages.edit(call.actor, channel, message, call.json, call.uploads)
    return show(call, channel, message)


@route("DELETE", _MESSAGE)
def delete_message(call: Call) -> None:
    channel = call.core.world.channel(call.id("channel_id"))
    call.core.messages.remove(call.actor, channel, call.id("message_id"))


@route("POST", _MESSAGES + "/bulk-delete")
def bulk_delete(call: Call) -> None:
    channel = channel_of(call)
    errors = FormErrors()
    ids = Fields(call.json, errors).snowflakes("messages")
    errors.check()
    call.core.messages.remove_many(call.actor, channel, ids)


@route("PUT", _REACTIONS + "/{emoji}/@me")
def add_reaction(call: Call) -> None:
    _react(call, add=True)


@route("DELETE", _REACTIONS + "/{emoji}/@me")
def remove_reaction(call: Call) -> None:
    _react(call, add=False)


def _react(call: Call, *, add: bool) -> None:
    channel = channel_of(call)
    emoji = unquote(call.path["emoji"])
    call.core.marks.react(call.actor, channel, call.id("message_id"), emoji, add=add)


@route("GET", _REACTIONS + "/{emoji}")
def list_reactions(call: Call) -> list[Json]:
    channel = channel_of(call)
    message = call.core.world.message(channel.id, call.id("message_id"))
    people = message.reactions.get(unquote(call.path["emoji"]), [])
    return [payloads.user(call.core.world.users[person]) for person in people]


@route("DELETE", _REACTIONS)
def clear_reactions(call: Call) -> None:
    channel = channel_of(call, Permission.MANAGE_MESSAGES)
    message = call.core.world.message(channel.id, call.id("message_id"))
    message.reactions.clear()
    call.core.world.hub.tell(Happening("MESSAGE_REACTION_REMOVE_ALL", channel, message))


# Pins, by the new route and the one before it


@route("GET", _MESSAGES + "/pins")
def list_pins(call: Call) -> Json:
    channel = channel_of(call, Permission.READ_MESSAGE_HISTORY)
    limit = call.number("limit", 50, 1, 50)
    pins = call.core.marks.pins(channel)
    if before := call.query.get("before"):
        pins = [m for m in pins if m.pinned_at is not None and to_iso(m.pinned_at) < before]
    items = [
        {"pinned_at": to_iso(m.pinned_at or m.created_at), "message": show(call, channel, m)}
        for m in pins[:limit]
    ]
    return {"items": items, "has_more": len(pins) > limit}


@route("GET", "/channels/{channel_id}/pins")
def list_pins_old(call: Call) -> list[Json]:
    channel = channel_of(call, Permission.READ_MESSAGE_HISTORY)
    return [show(call, channel, m) for m in call.core.marks.pins(channel)[:50]]


@route("PUT", _MESSAGES + "/pins/{message_id}")
@route("PUT", "/channels/{channel_id}/pins/{message_id}")
def pin(call: Call) -> None:
    call.core.marks.pin(call.actor, channel_of(call), call.id("message_id"), True)


@route("DELETE", _MESSAGES + "/pins/{message_id}")
@route("DELETE", "/channels/{channel_id}/pins/{message_id}")
def unpin(call: Call) -> None:
    call.core.marks.pin(call.actor, channel_of(call), call.id("message_id"), False)


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> None:
    channel = call.core.world.channel(call.id("channel_id"))
    call.core.messages.check_may_write(call.actor, channel)
    call.core.world.hub.tell(Happening("TYPING_START", channel, data={"user_id": call.actor.id}))
