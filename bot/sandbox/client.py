"""A person's client: what it shows, and what its owner writes with it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.sandbox import slash
from bot.sandbox.core import Core
from bot.sandbox.drafts import Upload
from bot.sandbox.errors import ApiError, Json
from bot.sandbox.events import Events
from bot.sandbox.objects import WITH_MESSAGES, Channel, Message, User
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Place, Where, find_place
from bot.sandbox.posts import ClientRefused, Form, Post

_T = TypeVar("_T")
_AT_NAME = re.compile(r"(?<![\w<])@(\w+)")


class Client:
    """One member's client. Steps that it would not allow raise ClientRefused."""

    def __init__(self, core: Core, user: User) -> None:
        self._core = core
        self.user = user
        self.here: Where = "papers"

    def __repr__(self) -> str:
        return f"<Person {self.display_name}>"

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.username

    @property
    def display_name(self) -> str:
        return self.user.display_name

    @property
    def locale(self) -> str:
        """The language of the client, such as `ko`."""
        return self.user.locale

    # Looking

    def place(self, where: Where = None) -> Place:
        """A channel, thread or direct message that the person can see."""
        self._core.tidy()
        found = find_place(self._core, self.here if where is None else where, self.user)
        if not self._allowed(found.record, Permission.VIEW_CHANNEL):
            raise ClientRefused(f"{self.display_name} cannot see {found.name}")
        return found

    def at(self, where: Where) -> Place:
        """Goes to a channel: steps that name none happen there."""
        self.here = self.place(where)
        return self.here

    def places(self) -> list[Place]:
        """The channels of the person's guilds, then active threads, then direct messages with the
        bot.
        """
        self._core.tidy()
        channels = list(self._core.world.channels.values())
        shown = [c for c in channels if self._allowed(c, Permission.VIEW_CHANNEL)]
        active = [c for c in shown if c.thread is None or not c.thread.archived]
        active.sort(key=lambda c: (c.is_thread, c.guild_id is None, c.position, c.id))
        return [Place(self._core, channel, self.user) for channel in active]

    def sees(self, where: Where = None) -> list[Post]:
        """The messages there, oldest first, private ones of this person's among them."""
        place = self.place(where)
        private = [
            Post(self._core, record, self.user)
            for record in self._core.world.private.values()
            if record.channel_id == place.id and record.reader_id == self.id
        ]
        return sorted([*place.messages, *private], key=lambda post: post.id)

    def post(self, message_id: int) -> Post:
        """One message by its id."""
        world = self._core.world
        record = world.private.get(message_id) or next(
            (m[message_id] for m in world.messages.values() if message_id in m), None
        )
        if record is None:
            raise ClientRefused(f"there is no message {message_id}")
        self._check_sees(record)
        return Post(self._core, record, self.user)

    def commands(self, where: Where = None, kind: int = 1) -> list[Json]:
        """What the client offers there (kind 1 slash, 2 user, 3 message): Discord's JSON and
        `label`.
        """
        found = slash.offered(self._core, self.user, self.place(where).record, kind)
        return [command | {"label": slash.label(command, self.locale)} for command in found]

    def events(self) -> Events:
        """What happens from now on that this person may see, live."""
        return Events(self._core, self.user)

    def form(self, interaction_id: int) -> Form:
        """The form opened by an interaction."""
        found = self._core.interactions.by_id(int(interaction_id))
        if found is None or found.modal is None or found.user.id != self.id:
            raise ClientRefused(f"there is no form of interaction {interaction_id}")
        return Form(found)

    # Writing

    async def say(
        self,
        text: str,
        *,
        channel: Where = None,
        reply_to: Post | None = None,
        ping: bool = True,
        files: Mapping[str, bytes] | None = None,
    ) -> Post:
        """Posts a message; `@name` of a member becomes a mention, as picking a name does in a
        client.
        """
        where = reply_to.channel_id if reply_to is not None and channel is None else channel
        place = self._place_to_write(where)
        body: Json = {"content": _AT_NAME.sub(self._mention, text)}
        body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        if reply_to is not None:
            body["message_reference"] = {"message_id": str(reply_to.id)}
        uploads = [Upload(n, name, data) for n, (name, data) in enumerate((files or {}).items())]
        try:
            record = self._core.messages.create(self.user, place.record, body, uploads)
        except ApiError as error:
            raise ClientRefused(str(error)) from error
        return Post(self._core, record, self.user)

    def _mention(self, match: re.Match[str]) -> str:
        try:
            return f"<@{slash.find_user(self._core, match[1]).id}>"
        except ClientRefused:
            return match[0]

    async def edit(self, post: Post, text: str) -> Post:
        """Changes one's own message."""
        channel = self._channel_of(post.record)
        self._try(self._core.messages.edit, self.user, channel, post.record, {"content": text}, ())
        return post

    async def delete(self, post: Post) -> None:
        """Deletes one's own message, or another's with the permission for it."""
        self._try(self._core.messages.remove, self.user, self._channel_of(post.record), post.id)

    async def dismiss(self, post: Post) -> None:
        """Makes a private message go away."""
        if post.record.reader_id != self.id:
            raise ClientRefused("only a private message can be dismissed")
        self._core.messages.delete(self._channel_of(post.record), post.record)

    async def react(self, post: Post, emoji: str) -> None:
        channel = self._channel_of(post.record)
        self._try(self._core.marks.react, self.user, channel, post.id, emoji)

    async def open_thread(
        self, name: str, *, on: Post | None = None, channel: Where = None, text: str = ""
    ) -> Place:
        """Starts a thread on a message, or without one in a channel; in a forum a post with
        `text`.
        """
        body: Json = {"name": name, "type": 11}
        if on is not None:
            parent = self._channel_of(on.record)
            made = self._try(self._core.threads.on_message, self.user, parent, on.id, body)
        elif (place := self.place(channel)).kind == "forum":
            post: Json = {"name": name, "message": {"content": text}}
            made, _ = self._try(self._core.threads.forum_post, self.user, place.record, post)
        else:
            parent = self.place(channel).record
            made = self._try(self._core.threads.without_message, self.user, parent, body)
        return Place(self._core, made, self.user)

    async def archive(self, thread: Where, *, locked: bool | None = None) -> None:
        """Closes a thread, and locks it where `locked` says so (needs Manage Threads)."""
        body: Json = {"archived": True} | ({} if locked is None else {"locked": locked})
        self._try(self._core.threads.edit, self.user, self.place(thread).record, body)

    async def delete_channel(self, where: Where) -> None:
        """Deletes a channel or a thread with all that is in it."""
        self._try(self._core.channels.remove, self.user, self.place(where).record)

    # Help for these and for commands

    def _try(self, action: Callable[..., _T], *given: Any) -> _T:
        try:
            return action(*given)
        except ApiError as error:
            raise ClientRefused(str(error)) from error

    def _allowed(self, channel: Channel, permission: Permission) -> bool:
        return bool(self._core.world.allowed(self.user, channel) & permission)

    def _place_to_write(self, where: Where) -> Place:
        """A place whose message box the person can use."""
        place = self.place(where)
        channel = place.record
        if channel.kind not in WITH_MESSAGES:
            raise ClientRefused(f"{place.name} is a forum: write in one of its posts")
        needed = (
            Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        )
        if not self._allowed(channel, needed):
            raise ClientRefused(f"{self.display_name} may not write in {place.name}")
        if place.locked and not self._allowed(channel, Permission.MANAGE_THREADS):
            raise ClientRefused(f"{place.name} is locked")
        return place

    def _channel_of(self, record: Message) -> Channel:
        self._check_sees(record)
        return self._core.world.channels[record.channel_id]

    def _check_sees(self, record: Message) -> None:
        channel = self._core.world.channels.get(record.channel_id)
        if record.deleted or channel is None:
            raise ClientRefused("that message was deleted")
        hidden = record.reader_id not in (None, self.id)
        if hidden or not self._allowed(channel, Permission.VIEW_CHANNEL):
            raise ClientRefused(f"{self.display_name} cannot see that message")
