"""A message's body, read and checked: what will be stored, or a refusal."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox import components, embeds, limits, mentions
from bot.sandbox.errors import FormErrors, Json, refuse
from bot.sandbox.form import Fields
from bot.sandbox.mentions import Allowed
from bot.sandbox.objects import Attachment, Flag, Message
from bot.sandbox.world import World

_SETTABLE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
_V2_FORBIDS = ("content", "embeds", "poll", "sticker_ids")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body; `index` is the n of its field name `files[n]`."""

    index: int
    filename: str
    data: bytes


@dataclass(slots=True)
class Draft:
    """A body that passed: everything a message is made of, or becomes by an edit."""

    content: str = ""
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    allowed: Allowed = field(default_factory=Allowed)
    nonce: str | int | None = None
    enforce_nonce: bool = False
    reply_to: int | None = None
    reply_channel: int | None = None
    reply_must_exist: bool = True

    @property
    def readable(self) -> str:
        """The text in which mentions count: content and text displays."""
        return "\n".join([self.content, *components.texts(self.components)])


def read_new(
    world: World,
    channel_id: int,
    body: Json,
    uploads: Sequence[Upload] = (),
    *,
    may_be_private: bool = False,
) -> Draft:
    """The body of a new message. Raises 40005, 50006, 50035."""
    errors = FormErrors()
    fields = Fields(body, errors)
    draft = Draft(allowed=mentions.read_allowed(fields))
    flags = fields.number("flags", least=0) or 0
    draft.flags = flags & (_SETTABLE | Flag.EPHEMERAL if may_be_private else _SETTABLE)
    draft.attachments = _attachments(world, fields, uploads, [])
    draft.content = (fields.text("content", most=limits.CONTENT) or "").strip()
    _read_parts(world, channel_id, fields, draft)
    _read_nonce(fields, draft)
    if reference := fields.child("message_reference"):
        draft.reply_to = reference.snowflake("message_id", required=True)
        draft.reply_channel = reference.snowflake("channel_id")
        draft.reply_must_exist = reference.flag("fail_if_not_exists", True)
    errors.check()
    _refuse_empty(draft)
    return draft


def read_edit(world: World, message: Message, body: Json, uploads: Sequence[Upload] = ()) -> Draft:
    """The message as the edit leaves it. Raises 40005, 50006, 50035.

    A second-version message stays one: the flag cannot be taken off again.
    """
    errors = FormErrors()
    fields = Fields(body, errors)
    draft = Draft(
        content=message.content,
        flags=message.flags,
        embeds=message.embeds,
        components=message.components,
        allowed=mentions.read_allowed(fields),
    )
    flags = fields.number("flags", least=0)
    if flags is not None:
        kept = message.flags & ~Flag.SUPPRESS_EMBEDS
        draft.flags = kept | (flags & (Flag.SUPPRESS_EMBEDS | Flag.COMPONENTS_V2))
    draft.attachments = _attachments(world, fields, uploads, message.attachments)
    if fields.has("content"):
        draft.content = (fields.text("content", most=limits.CONTENT) or "").strip()
    _read_parts(world, message.channel_id, fields, draft)
    errors.check()
    _refuse_empty(draft)
    return draft


def _read_parts(world: World, channel_id: int, fields: Fields, draft: Draft) -> None:
    v2 = bool(draft.flags & Flag.COMPONENTS_V2)
    files = {
        a.filename: f"{world.cdn}/attachments/{channel_id}/{a.id}/{a.filename}"
        for a in draft.attachments
    }
    if fields.has("embeds"):
        draft.embeds = embeds.read(fields)
        for embed in draft.embeds:
            for key in ("image", "thumbnail"):
                url = embed.get(key, {}).get("url", "")
                if url.startswith("attachment://"):
                    embed[key]["url"] = files.get(url.removeprefix("attachment://"), url)
    if fields.has("components"):
        draft.components = components.read(fields, v2=v2, files=files)
    if v2:
        present = {"content": draft.content, "embeds": draft.embeds}
        for key in _V2_FORBIDS:
            if present.get(key) or (key not in present and fields.data.get(key)):
                message = (
                    f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                )
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                fields.wrong(key, code, message)


def _read_nonce(fields: Fields, draft: Draft) -> None:
    nonce = fields.data.get("nonce")
    if isinstance(nonce, int) and not isinstance(nonce, bool):
        draft.nonce = nonce
    else:
        draft.nonce = fields.text("nonce", most=limits.NONCE)
    draft.enforce_nonce = fields.flag("enforce_nonce")


def _refuse_empty(draft: Draft) -> None:
    if not (draft.content or draft.embeds or draft.components or draft.attachments):
        raise refuse(50006)


def _attachments(
    world: World, fields: Fields, uploads: Sequence[Upload], existing: list[Attachment]
) -> list[Attachment]:
    """The files a message has after the request: kept ones by their id, then new ones."""
    if (
        any(len(upload.data) > limits.FILE_BYTES for upload in uploads)
        or sum(len(upload.data) for upload in uploads) > limits.REQUEST_BYTES
    ):
        raise refuse(40005)
    by_index = {upload.index: upload for upload in uploads}
    listed = {a.id: a for a in existing}
    if not fields.has("attachments"):
        return [*existing, *(_store(world, upload, None) for upload in uploads)]
    kept: list[Attachment] = []
    for entry in fields.objects("attachments", most=10):
        identity = entry.snowflake("id", required=True)
        if identity in listed:
            kept.append(listed[identity])
        elif identity is not None and identity in by_index:
            kept.append(_store(world, by_index.pop(identity), entry))
        elif identity is not None:
            message = f"Attachment data for {identity} was not given"
            entry.wrong("id", "MESSAGE_ATTACHMENT_NOT_FOUND", message)
    return [*kept, *(_store(world, upload, None) for upload in by_index.values())]


def _store(world: World, upload: Upload, entry: Fields | None) -> Attachment:
    name = (entry.text("filename") if entry else None) or upload.filename
    name = name.replace(" ", "_").replace("/", "_")
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    description = entry.text("description", most=1024) if entry else None
    record = Attachment(world.new_id(), name, upload.data, guessed, description)
    world.files[record.id] = record
    return record
