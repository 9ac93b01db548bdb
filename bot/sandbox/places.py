"""A channel, thread or direct message as people name it and look at it."""

from bot.sandbox import payloads
from bot.sandbox.core import Core
from bot.sandbox.errors import Json
from bot.sandbox.near import near
from bot.sandbox.objects import POSTS, SYSTEM_MESSAGES, Channel, Kind, User
from bot.sandbox.posts import ClientRefused, Post


class Place:
    """A channel, thread or direct message; it stays up to date."""

    def __init__(self, core: Core, record: Channel, viewer: User | None = None) -> None:
        self._core = core
        self.record = record
        self._viewer = viewer or core.world.bot

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and other.record.id == self.record.id

    def __hash__(self) -> int:
        return hash(self.record.id)

    def __repr__(self) -> str:
        return f"<Place {self.kind} {self.name!r} {self.id}>"

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def name(self) -> str:
        """Its name; of a direct message `@` and the person's display name."""
        if self.record.kind is Kind.DM:
            return f"@{self.record.recipients[0].display_name}"
        return self.record.name

    @property
    def kind(self) -> str:
        """text, forum, thread or dm."""
        if self.record.is_thread:
            return "thread"
        if self.record.kind is Kind.DM:
            return "dm"
        return "forum" if self.record.kind in POSTS else "text"

    @property
    def deleted(self) -> bool:
        return self.record.id not in self._core.world.channels

    @property
    def parent(self) -> "Place | None":
        if self.record.parent_id is None:
            return None
        found = self._core.world.channels.get(self.record.parent_id)
        return None if found is None else Place(self._core, found, self._viewer)

    @property
    def messages(self) -> list[Post]:
        """What people and bots wrote here, oldest first; without ephemeral and Discord's own
        messages.
        """
        return [post for post in self.history if post.record.type not in SYSTEM_MESSAGES]

    @property
    def history(self) -> list[Post]:
        """The channel's history with Discord's own messages (a pin, a thread's start), oldest
        first.
        """
        records = self._core.world.messages.get(self.record.id, {}).values()
        return [Post(self._core, record, self._viewer) for record in records]

    @property
    def threads(self) -> list["Place"]:
        """Its threads or posts, oldest first, archived ones too."""
        if self.record.guild_id is None:
            return []
        threads = self._core.world.threads(self.record.guild_id, archived=None)
        mine = [t for t in threads if t.parent_id == self.record.id]
        return [Place(self._core, thread, self._viewer) for thread in mine]

    @property
    def archived(self) -> bool:
        return self.record.thread is not None and self.record.thread.archived

    @property
    def locked(self) -> bool:
        return self.record.thread is not None and self.record.thread.locked

    @property
    def tags(self) -> list[str]:
        """A forum's tags, or those of a post, by name."""
        if self.record.thread is None:
            return [tag.name for tag in self.record.tags]
        known = {tag.id: tag.name for tag in self._core.world.parent(self.record).tags}
        return [known.get(tag, str(tag)) for tag in self.record.thread.applied_tags]

    @property
    def starter(self) -> Post | None:
        """The message that a thread hangs on, or with which a forum post begins."""
        if self.record.thread is None:
            return None
        messages = self._core.world.messages
        for channel_id in (self.record.id, self.record.parent_id or 0):
            if found := messages.get(channel_id, {}).get(self.record.id):
                return Post(self._core, found, self._viewer)
        return None

    def json(self) -> Json:
        """Discord's JSON."""
        return payloads.channel(self.record)


Where = str | int | Place | None


def find_place(core: Core, where: Where, viewer: User | None = None) -> Place:
    """A channel by name (`papers`, `#papers`), a thread by name, either by id; `@bot` for a
    person's own.

    Channels come before threads, younger threads before older ones. Raises ClientRefused.
    """
    world = core.world
    if isinstance(where, Place):
        if where.deleted:
            raise ClientRefused(f"{where.name} is not there any more")
        return Place(core, where.record, viewer)
    text = str(where).strip()
    if text == "@bot" and viewer is not None:
        return Place(core, world.direct(viewer), viewer)
    if text.isdigit() and int(text) in world.channels:
        return Place(core, world.channels[int(text)], viewer)
    name = text.removeprefix("#").casefold()
    plain = [c for c in world.channels.values() if not c.is_thread and c.guild_id is not None]
    threads = [c for c in reversed(world.channels.values()) if c.is_thread]
    for channel in (*plain, *threads):
        if channel.name.casefold() == name:
            return Place(core, channel, viewer)
    meant = near(text.removeprefix("#"), [channel.name for channel in (*plain, *threads)])
    raise ClientRefused(f"there is no channel or thread called {text}{meant}")
