"""Messages: posted, edited, deleted, pinned and reacted to, with Discord's rules for each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.sandbox import archiving, mentions
from bot.sandbox.drafts import Draft, Upload, read_edit, read_new
from bot.sandbox.errors import Json, form_error, refuse
from bot.sandbox.hub import Happening
from bot.sandbox.objects import (
    SYSTEM_MESSAGES,
    WITH_MESSAGES,
    Channel,
    Flag,
    Message,
    MessageType,
    Pings,
    User,
)
from bot.sandbox.permissions import Permission
from bot.sandbox.world import World


class Messages:
    """What can be done to messages. `nonce_memory`: how long a nonce is remembered, by the
    world's clock.
    """

    def __init__(self, world: World, nonce_memory: timedelta) -> None:
        self.world = world
        self.nonce_memory = nonce_memory
        self._nonces: dict[tuple[int, str], tuple[datetime, int, int]] = {}

    # Writing

    def create(
        self, author: User, channel: Channel, body: Json, uploads: Sequence[Upload] = ()
    ) -> Message:
        """Posts a body as `POST /channels/{id}/messages` does; an enforced nonce gives the first
        message.

        Raises 10008 when the message that had the nonce was deleted, and what `check_may_write`,
        `drafts.read_new` and the reply raise.
        """
        self.check_may_write(author, channel)
        draft = read_new(self.world, channel.id, body, uploads)
        self.check_parts(author, channel, draft)
        if draft.enforce_nonce and draft.nonce is not None:
            earlier = self._by_nonce(author, draft.nonce)
            if earlier is not None:
                return earlier
        if channel.is_thread:
            archiving.wake_to_write(self.world, channel, author)
        return self.post(author, channel, draft)

    def check_may_write(self, author: User, channel: Channel) -> None:
        """Raises 50001, 50007, 50008, 50013, 160005."""
        if channel.kind not in WITH_MESSAGES:
            self.world.need(author, channel)
            raise refuse(50008)
        needed = (
            Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        )
        self.world.need(author, channel, needed)
        if author.bot and channel.recipients and not channel.recipients[0].dms_open:
            raise refuse(50007)
        if channel.thread is not None and channel.thread.locked:
            self._check_locked(author, channel)

    def _check_locked(self, author: User, channel: Channel) -> None:
        if not self.world.allowed(author, channel) & Permission.MANAGE_THREADS:
            raise refuse(160005)

    def check_parts(self, author: User, channel: Channel, draft: Draft) -> None:
        """Raises 50013 for embeds or files without the permission for them, 160002 for a blind
        reply.
        """
        if draft.embeds:
            self.world.need(author, channel, Permission.EMBED_LINKS)
        if draft.attachments:
            self.world.need(author, channel, Permission.ATTACH_FILES)
        if draft.reply_to is not None:
            granted = self.world.allowed(author, channel)
            if not granted & Permission.READ_MESSAGE_HISTORY:
                raise refuse(160002)

    def _by_nonce(self, author: User, nonce: str | int) -> Message | None:
        found = self._nonces.get((author.id, str(nonce)))
        if found is None or self.world.clock() - found[0] > self.nonce_memory:
            return None
        return self.world.message(found[1], found[2])

    def forget_nonces(self) -> None:
        """What Discord does by itself after some minutes."""
        self._nonces.clear()

    def _reply_target(self, channel: Channel, draft: Draft) -> Message | None:
        if draft.reply_to is None:
            return None
        elsewhere = draft.reply_channel not in (None, channel.id)
        target = None if elsewhere else self.world.messages[channel.id].get(draft.reply_to)
        if target is None and draft.reply_must_exist:
            raise form_error(["message_reference"], "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return target

    def post(
        self,
        author: User,
        channel: Channel,
        draft: Draft,
        *,
        kind: MessageType | None = None,
        interaction: Json | None = None,
        reader: User | None = None,
        message_id: int | None = None,
        reference: tuple[int, int] | None = None,
    ) -> Message:
        """Stores a message that has passed all checks, and tells of it. With `reader` it is
        ephemeral.
        """
        target = self._reply_target(channel, draft)
        replied = target.author if target else None
        found = mentions.find(self.world, channel, author, draft.readable, draft.allowed, replied)
        message = Message(
            message_id or self.world.new_id(),
            channel.id,
            author,
            self.world.clock(),
            content=draft.content,
            type=kind or (MessageType.REPLY if target else MessageType.DEFAULT),
            flags=draft.flags,
            embeds=draft.embeds,
            components=draft.components,
            attachments=draft.attachments,
            mentions=found,
            pings=Pings() if reader else found,
            nonce=draft.nonce,
            reply_to=(channel.id, target.id) if target else reference,
            interaction=interaction,
            reader_id=reader.id if reader else None,
        )
        if reader is not None:
            message.flags |= Flag.EPHEMERAL
            self.world.private[message.id] = message
        else:
            self.store(channel, message)
        self.world.hub.tell(
            Happening("MESSAGE_CREATE", channel, message, only_for=message.reader_id)
        )
        return message

    def store(self, channel: Channel, message: Message) -> None:
        """Puts a public message into the channel's history and keeps the thread's counts."""
        self.world.messages[channel.id][message.id] = message
        channel.last_message_id = message.id
        if message.nonce is not None:
            key = (message.author.id, str(message.nonce))
            self._nonces[key] = (message.created_at, channel.id, message.id)
        if channel.thread is not None:
            message.position = channel.thread.total_sent
            if message.id != channel.id and message.type is not MessageType.THREAD_STARTER:
                channel.thread.message_count += 1
                channel.thread.total_sent += 1
            archiving.join(self.world, channel, message.author)

    def system(
        self,
        author: User,
        channel: Channel,
        kind: MessageType,
        content: str = "",
        reference: tuple[int, int] | None = None,
    ) -> Message:
        """A message that Discord itself writes in a person's name."""
        message = Message(
            self.world.new_id(),
            channel.id,
            author,
            self.world.clock(),
            content=content,
            type=kind,
            reply_to=reference,
        )
        self.store(channel, message)
        self.world.hub.tell(Happening("MESSAGE_CREATE", channel, message))
        return message

    # Changing

    def edit(
        self, actor: User, channel: Channel, message: Message, body: Json, uploads: Sequence[Upload]
    ) -> Message:
        """Raises 50005, 50013, 50021, 50083 and what `drafts.read_edit` raises."""
        self.world.need(actor, channel)
        archiving.refuse_archived(channel)
        if message.type in SYSTEM_MESSAGES:
            raise refuse(50021)
        if message.author.id != actor.id:
            if set(body) - {"flags"}:
                raise refuse(50005)
            self.world.need(actor, channel, Permission.MANAGE_MESSAGES)
        draft = read_edit(self.world, message, body, uploads)
        if draft.embeds and draft.embeds is not message.embeds:
            self.world.need(actor, channel, Permission.EMBED_LINKS)
        self.apply(channel, message, draft)
        return message

    def apply(
        self, channel: Channel, message: Message, draft: Draft, *, quiet: bool = False
    ) -> None:
        """Makes a message what the draft says. `quiet`: not marked as edited (a deferral that is
        filled).
        """
        message.content = draft.content
        message.embeds = draft.embeds
        message.components = draft.components
        message.attachments = draft.attachments
        message.flags = draft.flags & ~Flag.LOADING
        replied = None
        if message.reply_to is not None:
            target = self.world.messages.get(message.reply_to[0], {}).get(message.reply_to[1])
            replied = target.author if target else None
        message.mentions = mentions.find(
            self.world, channel, message.author, draft.readable, draft.allowed, replied
        )
        if not quiet:
            message.edited_at = self.world.clock()
        self.changed(channel, message)

    def changed(self, channel: Channel, message: Message) -> None:
        self.world.hub.tell(
            Happening("MESSAGE_UPDATE", channel, message, only_for=message.reader_id)
        )

    def remove(self, actor: User, channel: Channel, message_id: int) -> None:
        """Deletes as `DELETE /channels/{id}/messages/{id}` does. Raises 10008, 50001, 50013."""
        self.world.need(actor, channel)
        message = self.world.message(channel.id, message_id)
        if message.author.id != actor.id:
            self.world.need(actor, channel, Permission.MANAGE_MESSAGES)
        self.delete(channel, message)

    def delete(self, channel: Channel, message: Message) -> None:
        """Deletes without asking who may."""
        message.deleted = True
        if message.reader_id is not None:
            self.world.private.pop(message.id, None)
        else:
            self.world.messages[channel.id].pop(message.id, None)
            if channel.thread is not None and message.id != channel.id:
                channel.thread.message_count = max(channel.thread.message_count - 1, 0)
        self.world.hub.tell(
            Happening("MESSAGE_DELETE", channel, message, only_for=message.reader_id)
        )

    def remove_many(self, actor: User, channel: Channel, ids: list[int]) -> None:
        """Bulk deletion. Raises 50013, 50016, 50034; unknown ids are passed over."""
        self.world.need(actor, channel, Permission.MANAGE_MESSAGES)
        if not 2 <= len(ids) <= 100:
            raise refuse(50016)
        found = [m for i in ids if (m := self.world.messages[channel.id].get(i))]
        if any(self.world.clock() - m.created_at > timedelta(days=14) for m in found):
            raise refuse(50034)
        for message in found:
            self.delete(channel, message)

    def history(
        self,
        channel: Channel,
        limit: int,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> list[Message]:
        """Public messages, newest first, as `GET /channels/{id}/messages` selects them."""
        everything = list(self.world.messages[channel.id].values())
        if around is not None:
            older = [m for m in everything if m.id <= around][-(limit // 2 + 1) :]
            newer = [m for m in everything if m.id > around][: limit - len(older)]
            return (older + newer)[::-1]
        if after is not None:
            return [m for m in everything if m.id > after][:limit][::-1]
        if before is not None:
            everything = [m for m in everything if m.id < before]
        return everything[-limit:][::-1]
