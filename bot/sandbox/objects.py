"""What a world is made of. Plain records that change in place; ids are ints."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag

from bot.sandbox.errors import Json


class Kind(IntEnum):
    """Channel types."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


THREADS = frozenset({Kind.NEWS_THREAD, Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD})
POSTS = frozenset({Kind.FORUM, Kind.MEDIA})
WITH_MESSAGES = frozenset({Kind.TEXT, Kind.DM, Kind.VOICE, Kind.NEWS}) | THREADS


class MessageType(IntEnum):
    DEFAULT = 0
    PINNED = 6
    THREAD_CREATED = 18
    REPLY = 19
    SLASH = 20
    THREAD_STARTER = 21
    CONTEXT_MENU = 23


SYSTEM_MESSAGES = frozenset(
    {MessageType.PINNED, MessageType.THREAD_CREATED, MessageType.THREAD_STARTER}
)


class Flag(IntFlag):
    """Message flags."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


FORUM_REQUIRE_TAG = 1 << 4
PINNED_POST = 1 << 1


@dataclass(slots=True)
class User:
    id: int
    username: str
    display_name: str
    bot: bool = False
    locale: str = "en-US"
    dms_open: bool = True


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 0
    mentionable: bool = False
    managed: bool = False
    color: int = 0


@dataclass(slots=True)
class Member:
    user: User
    joined_at: datetime
    roles: set[int] = field(default_factory=set)
    nick: str | None = None


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)


@dataclass(slots=True)
class Overwrite:
    """A channel's exception for a role (type 0) or a member (type 1)."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Tag:
    id: int
    name: str
    moderated: bool = False
    emoji: str | None = None


@dataclass(slots=True)
class ThreadState:
    """What a thread has beside a channel's own fields; `minutes` until it archives itself."""

    owner_id: int
    created_at: datetime
    archive_changed_at: datetime
    minutes: int
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    members: dict[int, datetime] = field(default_factory=dict)
    message_count: int = 0
    total_sent: int = 0
    applied_tags: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """A guild channel, a thread (`thread` is set) or a direct message (`recipients` are)."""

    id: int
    kind: Kind
    name: str
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    flags: int = 0
    archive_minutes: int = 1440
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    recipients: list[User] = field(default_factory=list)
    last_message_id: int | None = None
    last_pin_at: datetime | None = None
    thread: ThreadState | None = None

    @property
    def is_thread(self) -> bool:
        return self.thread is not None


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a message notified: ids of users and roles, and @everyone or @here."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(slots=True)
class Attachment:
    id: int
    filename: str
    data: bytes
    content_type: str
    description: str | None = None
    title: str | None = None


@dataclass(slots=True)
class Message:
    """A message; with `reader_id` it is ephemeral and in no channel's history."""

    id: int
    channel_id: int
    author: User
    created_at: datetime
    content: str = ""
    type: MessageType = MessageType.DEFAULT
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    mentions: Pings = Pings()
    pings: Pings = Pings()
    nonce: str | int | None = None
    reply_to: tuple[int, int] | None = None
    interaction: Json | None = None
    interaction_id: int | None = None
    reader_id: int | None = None
    position: int | None = None
    deleted: bool = False

    def has(self, flag: Flag) -> bool:
        return bool(self.flags & flag)
