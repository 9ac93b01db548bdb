"""The state of a loopback Discord: guilds, channels, people, messages, and how they are found."""

from datetime import UTC, datetime
from typing import Self

from bot.sandbox import permissions
from bot.sandbox.errors import refuse
from bot.sandbox.hub import Hub
from bot.sandbox.objects import (
    POSTS,
    THREADS,
    Attachment,
    Channel,
    Guild,
    Kind,
    Member,
    Message,
    Role,
    User,
)
from bot.sandbox.permissions import IN_DIRECT_MESSAGE, Permission
from bot.sandbox.snowflake import Clock, Snowflakes

_FOUNDED = datetime(2019, 1, 1, tzinfo=UTC)
MODERATOR = (
    Permission.MANAGE_GUILD
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
    | Permission.PIN_MESSAGES
    | Permission.MENTION_EVERYONE
)
BOT = Permission.PIN_MESSAGES | Permission.MANAGE_THREADS | Permission.CREATE_EVENTS


def _utcnow() -> datetime:
    return datetime.now(UTC)


class World:
    """All records by id, with one bot application; ephemeral messages are in `private` only."""

    def __init__(self, bot_name: str = "Papertakes") -> None:
        self.clock: Clock = _utcnow
        self.hub = Hub()
        self.cdn = ""
        self._founding = Snowflakes(lambda: _FOUNDED)
        self._ids: Snowflakes | None = None
        self.guilds: dict[int, Guild] = {}
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.private: dict[int, Message] = {}
        self.files: dict[int, Attachment] = {}
        self.bot = self.add_user(bot_name, bot=True)

    @classmethod
    def sample(cls) -> Self:
        """The guild "Paper club": two text channels, a forum; Ada, Grace, Minji and the bot.

        Ids are the same in every sample.
        """
        world = cls()
        ada = world.add_user("Ada")
        grace = world.add_user("Grace")
        minji = world.add_user("Minji", display_name="민지", locale="ko")
        guild = world.add_guild("Paper club")
        moderators = world.add_role(guild, "moderator", MODERATOR)
        for user in (ada, grace, minji):
            world.add_member(guild, user)
        guild.members[ada.id].roles.add(moderators.id)
        world.add_channel(guild, "papers", topic="What we read")
        world.add_channel(guild, "ml-papers")
        world.add_channel(guild, "reading-room", Kind.FORUM)
        return world

    def start(self, clock: Clock) -> None:
        """From here on ids are made by the clock."""
        self.clock = clock
        self._ids = Snowflakes(clock)

    def new_id(self) -> int:
        return (self._ids or self._founding).next()

    # Building

    def add_user(
        self,
        name: str,
        *,
        display_name: str | None = None,
        locale: str = "en-US",
        bot: bool = False,
    ) -> User:
        user = User(self.new_id(), name.lower(), display_name or name, bot=bot, locale=locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str = "en-US") -> Guild:
        """A guild owned by nobody in it, in which the bot is a member with a role of its own."""
        guild = Guild(self.new_id(), name, self.new_id(), locale=locale)
        guild.roles[guild.id] = Role(guild.id, "@everyone", int(permissions.EVERYONE))
        self.guilds[guild.id] = guild
        member = self.add_member(guild, self.bot)
        own = self.add_role(guild, self.bot.display_name, BOT, managed=True)
        member.roles.add(own.id)
        return guild

    def add_role(
        self,
        guild: Guild,
        name: str,
        allowed: int,
        *,
        managed: bool = False,
        mentionable: bool = False,
    ) -> Role:
        role = Role(self.new_id(), name, int(allowed), len(guild.roles), mentionable, managed)
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User) -> Member:
        member = Member(user, _FOUNDED)
        guild.members[user.id] = member
        return member

    def add_channel(
        self, guild: Guild, name: str, kind: Kind = Kind.TEXT, *, topic: str | None = None
    ) -> Channel:
        position = sum(1 for c in self.channels.values() if c.guild_id == guild.id)
        channel = Channel(
            self.new_id(), kind, name, guild_id=guild.id, position=position, topic=topic
        )
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def direct(self, user: User) -> Channel:
        """The direct messages between the bot and a person, opened at the first use."""
        for channel in self.channels.values():
            if channel.kind is Kind.DM and channel.recipients[0].id == user.id:
                return channel
        channel = Channel(self.new_id(), Kind.DM, "", recipients=[user])
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    # Finding

    def channel(self, channel_id: int) -> Channel:
        """Raises 10003."""
        found = self.channels.get(channel_id)
        if found is None:
            raise refuse(10003)
        return found

    def guild(self, guild_id: int) -> Guild:
        """Raises 10004."""
        found = self.guilds.get(guild_id)
        if found is None:
            raise refuse(10004)
        return found

    def message(self, channel_id: int, message_id: int) -> Message:
        """A message of the channel's history; raises 10008."""
        found = self.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise refuse(10008)
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def member(self, guild: Guild, user_id: int) -> Member:
        """Raises 10007."""
        found = guild.members.get(user_id)
        if found is None:
            raise refuse(10007)
        return found

    def parent(self, channel: Channel) -> Channel:
        """A thread's channel; any other channel itself."""
        if channel.is_thread and channel.parent_id is not None:
            return self.channels[channel.parent_id]
        return channel

    def threads(self, guild_id: int, *, archived: bool | None = False) -> list[Channel]:
        """The guild's threads, oldest first; `archived=None` for both kinds."""
        return [
            c
            for c in self.channels.values()
            if c.thread is not None
            and c.guild_id == guild_id
            and (archived is None or c.thread.archived == archived)
        ]

    def guild_channels(self, guild_id: int) -> list[Channel]:
        return [
            c for c in self.channels.values() if c.guild_id == guild_id and c.kind not in THREADS
        ]

    def is_forum(self, channel: Channel) -> bool:
        return channel.kind in POSTS

    # Who may what

    def allowed(self, user: User, channel: Channel) -> int:
        """The permission bits a person has in a channel; 0 for one who cannot see it."""
        guild = self.guild_of(channel)
        if guild is None:
            inside = user.id == self.bot.id or any(r.id == user.id for r in channel.recipients)
            return int(IN_DIRECT_MESSAGE) if inside else 0
        member = guild.members.get(user.id)
        if member is None:
            return 0
        granted = permissions.in_channel(guild, member, self.parent(channel))
        hidden = (
            channel.kind is Kind.PRIVATE_THREAD
            and channel.thread is not None
            and user.id not in channel.thread.members
            and not granted & Permission.MANAGE_THREADS
        )
        return 0 if hidden else granted

    def need(self, user: User, channel: Channel, *needed: Permission) -> int:
        """Raises 50001 where the channel cannot be seen, 50013 where one of `needed` is missing."""
        granted = self.allowed(user, channel)
        if not granted & Permission.VIEW_CHANNEL:
            raise refuse(50001)
        for permission in needed:
            if not granted & permission:
                raise refuse(50013)
        return granted
