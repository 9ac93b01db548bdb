"""Messages and their attachments as the JSON that Discord's API and gateway give."""

from bot.sandbox import payloads
from bot.sandbox.errors import Json
from bot.sandbox.objects import Attachment, Flag, Message, MessageType, User
from bot.sandbox.snowflake import to_iso
from bot.sandbox.world import World


def attachment(world: World, record: Attachment, channel_id: int) -> Json:
    url = f"{world.cdn}/attachments/{channel_id}/{record.id}/{record.filename}"
    data: Json = {
        "id": str(record.id),
        "filename": record.filename,
        "size": len(record.data),
        "url": url,
        "proxy_url": url,
        "content_type": record.content_type,
    }
    if record.description is not None:
        data["description"] = record.description
    if record.title is not None:
        data["title"] = record.title
    return data


def _reactions(record: Message, viewer_id: int) -> list[Json]:
    return [
        {
            "emoji": {"id": None, "name": emoji},
            "count": len(people),
            "count_details": {"burst": 0, "normal": len(people)},
            "me": viewer_id in people,
            "me_burst": False,
            "burst_colors": [],
        }
        for emoji, people in record.reactions.items()
    ]


def message(
    world: World, record: Message, viewer: User, *, readable: bool = True, nested: bool = True
) -> Json:
    """A message for `viewer`; with `readable=False` blanked as for a bot without the content
    intent.
    """
    channel_record = world.channels.get(record.channel_id)
    data: Json = {
        "id": str(record.id),
        "channel_id": str(record.channel_id),
        "author": payloads.user(record.author),
        "type": int(record.type),
        "content": record.content if readable else "",
        "timestamp": to_iso(record.created_at),
        "edited_timestamp": to_iso(record.edited_at) if record.edited_at else None,
        "tts": False,
        "mention_everyone": record.mentions.everyone,
        "mentions": [payloads.user(world.users[u]) for u in sorted(record.mentions.users)],
        "mention_roles": [str(r) for r in sorted(record.mentions.roles)],
        "attachments": [
            attachment(world, a, record.channel_id)
            for a in (record.attachments if readable else ())
        ],
        "embeds": record.embeds if readable else [],
        "components": record.components if readable else [],
        "pinned": record.pinned_at is not None,
        "flags": record.flags,
    }
    if record.reactions:
        data["reactions"] = _reactions(record, viewer.id)
    if record.position is not None:
        data["position"] = record.position
    if record.author.bot and record.interaction is not None:
        data["webhook_id"] = data["application_id"] = str(world.bot.id)
    if record.interaction is not None:
        data["interaction_metadata"] = record.interaction
    if record.reply_to is not None:
        _add_reference(world, record, viewer, data, readable=readable, nested=nested)
    if channel_record is not None and record.has(Flag.HAS_THREAD):
        made = world.channels.get(record.id)
        if made is not None:
            data["thread"] = payloads.thread(world, made)
    return data


def _add_reference(
    world: World, record: Message, viewer: User, data: Json, *, readable: bool, nested: bool
) -> None:
    assert record.reply_to is not None
    channel_id, message_id = record.reply_to
    reference: Json = {"type": 0, "channel_id": str(channel_id), "message_id": str(message_id)}
    place = world.channels.get(record.channel_id)
    if place is not None and place.guild_id is not None:
        reference["guild_id"] = str(place.guild_id)
    data["message_reference"] = reference
    if nested and record.type in (MessageType.REPLY, MessageType.THREAD_STARTER):
        target = world.messages.get(channel_id, {}).get(message_id)
        data["referenced_message"] = (
            None
            if target is None
            else message(
                world,
                target,
                viewer,
                readable=readable or target.author.id == viewer.id,
                nested=False,
            )
        )
