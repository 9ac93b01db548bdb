"""Threads and forum posts: made, changed, listed and searched, with Discord's rules."""

from collections.abc import Sequence
from datetime import datetime

from bot.sandbox import archiving, limits
from bot.sandbox.drafts import Upload, read_new
from bot.sandbox.errors import FormErrors, Json, refuse
from bot.sandbox.form import Fields
from bot.sandbox.hub import Happening
from bot.sandbox.messages import Messages
from bot.sandbox.objects import (
    FORUM_REQUIRE_TAG,
    POSTS,
    Channel,
    Flag,
    Kind,
    Message,
    MessageType,
    ThreadState,
    User,
)
from bot.sandbox.permissions import Permission
from bot.sandbox.world import World


class Threads:
    def __init__(self, world: World, messages: Messages) -> None:
        self.world = world
        self.messages = messages
        self.most_active = limits.ACTIVE_THREADS

    # Making

    def on_message(self, actor: User, channel: Channel, message_id: int, body: Json) -> Channel:
        """A thread on a message, with the message's id. Raises 10008, 50013, 160004, 160006,
        50035.
        """
        self._may_hold_threads(channel)
        self.world.need(actor, channel, Permission.CREATE_PUBLIC_THREADS)
        message = self.world.message(channel.id, message_id)
        if message.id in self.world.channels:
            raise refuse(160004)
        name, minutes, slowmode = self._read(channel, body)
        thread = self._make(actor, channel, message.id, Kind.PUBLIC_THREAD, name, minutes)
        thread.slowmode = slowmode
        message.flags |= Flag.HAS_THREAD
        self._announce(thread)
        self.messages.changed(channel, message)
        self.messages.system(
            actor, thread, MessageType.THREAD_STARTER, reference=(channel.id, message.id)
        )
        return thread

    def without_message(self, actor: User, channel: Channel, body: Json) -> Channel:
        """A thread of its own in a text channel. Raises 50013, 50024, 160006, 50035."""
        self._may_hold_threads(channel)
        errors = FormErrors()
        kind = Fields(body, errors).number("type", choices=(10, 11, 12)) or Kind.PRIVATE_THREAD
        errors.check()
        private = kind == Kind.PRIVATE_THREAD
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        self.world.need(actor, channel, needed)
        name, minutes, slowmode = self._read(channel, body)
        thread = self._make(actor, channel, self.world.new_id(), Kind(kind), name, minutes)
        thread.slowmode = slowmode
        self._announce(thread)
        if not private:
            self.messages.system(
                actor, channel, MessageType.THREAD_CREATED, name, (thread.id, thread.id)
            )
        return thread

    def forum_post(
        self, actor: User, forum: Channel, body: Json, uploads: Sequence[Upload] = ()
    ) -> tuple[Channel, Message]:
        """A post in a forum: a thread and its first message, which has the same id.

        Raises 10087, 40067, 50013, 160006 and what the message raises. There is no nonce here.
        """
        self.world.need(actor, forum, Permission.SEND_MESSAGES)
        errors = FormErrors()
        fields = Fields(body, errors)
        if not isinstance(body.get("message"), dict):
            fields.wrong("message", "BASE_TYPE_REQUIRED", "This field is required")
        tags = fields.snowflakes("applied_tags", most=limits.POST_TAGS)
        errors.check()
        self._check_tags(actor, forum, tags)
        name, minutes, slowmode = self._read(forum, body)
        identity = self.world.new_id()
        message_body = body["message"] | {"nonce": None}
        draft = read_new(self.world, identity, message_body, uploads)
        self.messages.check_parts(actor, forum, draft)
        thread = self._make(actor, forum, identity, Kind.PUBLIC_THREAD, name, minutes)
        assert thread.thread is not None
        thread.thread.applied_tags = tags
        thread.slowmode = slowmode
        self._announce(thread)
        return thread, self.messages.post(actor, thread, draft, message_id=identity)

    def _may_hold_threads(self, channel: Channel) -> None:
        if channel.kind not in (Kind.TEXT, Kind.NEWS):
            raise refuse(50024)

    def _read(self, channel: Channel, body: Json) -> tuple[str, int, int]:
        errors = FormErrors()
        fields = Fields(body, errors)
        name = fields.text("name", least=1, most=limits.THREAD_NAME, required=True)
        minutes = fields.number("auto_archive_duration", choices=limits.ARCHIVE_MINUTES)
        slowmode = fields.number("rate_limit_per_user", least=0, most=21600)
        errors.check()
        return name or "", minutes or channel.archive_minutes, slowmode or 0

    def _check_tags(self, actor: User, forum: Channel, tags: list[int]) -> None:
        known = {tag.id: tag for tag in forum.tags}
        for tag in tags:
            if tag not in known:
                raise refuse(10087)
            if known[tag].moderated:
                self.world.need(actor, forum, Permission.MANAGE_THREADS)
        if not tags and forum.flags & FORUM_REQUIRE_TAG:
            raise refuse(40067)

    def _make(
        self, actor: User, parent: Channel, identity: int, kind: Kind, name: str, minutes: int
    ) -> Channel:
        assert parent.guild_id is not None
        if len(self.world.threads(parent.guild_id)) >= self.most_active:
            raise refuse(160006)
        now = self.world.clock()
        thread = Channel(identity, kind, name, guild_id=parent.guild_id, parent_id=parent.id)
        thread.thread = ThreadState(actor.id, now, now, minutes, members={actor.id: now})
        self.world.channels[thread.id] = thread
        self.world.messages[thread.id] = {}
        if parent.kind in POSTS:
            parent.last_message_id = thread.id
        return thread

    def _announce(self, thread: Channel) -> None:
        self.world.hub.tell(Happening("THREAD_CREATE", thread, data={"newly_created": True}))

    # Changing

    def edit(self, actor: User, thread: Channel, body: Json) -> Channel:
        """`PATCH /channels/{thread}`. Raises 50013, 50083 (anything but waking an archived one),
        50035.
        """
        state = thread.thread
        assert state is not None
        granted = self.world.need(actor, thread)
        manager = bool(granted & Permission.MANAGE_THREADS)
        errors = FormErrors()
        fields = Fields(body, errors)
        name = fields.text("name", least=1, most=limits.THREAD_NAME)
        minutes = fields.number("auto_archive_duration", choices=limits.ARCHIVE_MINUTES)
        slowmode = fields.number("rate_limit_per_user", least=0, most=21600)
        flags = fields.number("flags", least=0)
        tags = fields.snowflakes("applied_tags", most=limits.POST_TAGS)
        errors.check()
        if not manager and (state.owner_id != actor.id or "locked" in body or state.locked):
            wakes = body == {"archived": False} and not state.locked
            if not wakes or not granted & Permission.SEND_MESSAGES_IN_THREADS:
                raise refuse(50013)
        if state.archived and fields.flag("archived", True) and set(body) - {"archived", "locked"}:
            raise refuse(50083)
        if fields.has("applied_tags"):
            self._check_tags(actor, self.world.parent(thread), tags)
            state.applied_tags = tags
        thread.name = name or thread.name
        state.minutes = minutes or state.minutes
        thread.slowmode = thread.slowmode if slowmode is None else slowmode
        thread.flags = thread.flags if flags is None else flags
        state.locked = fields.flag("locked", state.locked)
        archived = fields.flag("archived", state.archived)
        if archived != state.archived:
            archiving.set_archived(self.world, thread, archived)
        else:
            self.world.hub.tell(Happening("THREAD_UPDATE", thread))
        return thread

    # Finding

    def archived(
        self, channel: Channel, before: datetime | None, limit: int
    ) -> tuple[list[Channel], bool]:
        """Public archived threads of a channel, the last archived first, and whether there are
        more.
        """
        found = [t for t in self._of(channel, archived=True) if t.kind is not Kind.PRIVATE_THREAD]
        found.sort(key=lambda t: t.thread.archive_changed_at if t.thread else t.id, reverse=True)
        if before is not None:
            found = [t for t in found if t.thread and t.thread.archive_changed_at < before]
        return found[:limit], len(found) > limit

    def search(
        self,
        channel: Channel,
        *,
        name: str | None = None,
        tags: Sequence[int] = (),
        archived: bool | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> tuple[list[Channel], int]:
        """Threads of a channel by name, newest first, and how many there are in all."""
        found = [
            t
            for t in reversed(self._of(channel, archived=archived))
            if (name is None or _matches(name, t.name))
            and t.thread is not None
            and (not tags or set(tags) & set(t.thread.applied_tags))
        ]
        return found[offset : offset + limit], len(found)

    def _of(self, channel: Channel, *, archived: bool | None) -> list[Channel]:
        assert channel.guild_id is not None
        threads = self.world.threads(channel.guild_id, archived=archived)
        return [t for t in threads if t.parent_id == channel.id]


def _matches(wanted: str, name: str) -> bool:
    """Every word of the query begins a word of the name, or is found inside it (scripts without
    spaces).
    """
    return all(word in name.casefold() for word in wanted.casefold().split())
