"""What the guild's owner does behind the bot's back: for tests of what happens then."""

from collections.abc import Iterable

from bot.sandbox import archiving, payloads, slash
from bot.sandbox.core import Core
from bot.sandbox.hub import Happening
from bot.sandbox.objects import FORUM_REQUIRE_TAG, Kind, Overwrite, Role, Tag
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Place, Where, find_place
from bot.sandbox.posts import Post
from bot.sandbox.reply import Reply


class Admin:
    """The owner: allowed everything, and told of to the bot as Discord tells it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def create_channel(self, name: str, *, forum: bool = False, tags: Iterable[str] = ()) -> Place:
        """A new channel in the first guild."""
        world = self._core.world
        guild = next(iter(world.guilds.values()))
        channel = world.add_channel(guild, name, Kind.FORUM if forum else Kind.TEXT)
        channel.tags = [Tag(world.new_id(), tag) for tag in tags]
        world.hub.tell(Happening("CHANNEL_CREATE", channel))
        return Place(self._core, channel)

    def delete_channel(self, where: Where) -> None:
        self._core.channels.delete(find_place(self._core, where).record)

    def delete_message(self, post: Post) -> None:
        channel = self._core.world.channels[post.channel_id]
        self._core.messages.delete(channel, post.record)

    def archive(self, where: Where, archived: bool = True) -> None:
        archiving.set_archived(self._core.world, find_place(self._core, where).record, archived)

    def lock(self, where: Where, locked: bool = True) -> None:
        thread = find_place(self._core, where).record
        assert thread.thread is not None
        thread.thread.locked = locked
        self._core.world.hub.tell(Happening("THREAD_UPDATE", thread))

    def set_tags(self, where: Where, tags: Iterable[str], *, required: bool) -> None:
        """A forum's tags, and whether each post must have one."""
        channel = find_place(self._core, where).record
        known = {tag.name: tag for tag in channel.tags}
        channel.tags = [known.get(tag) or Tag(self._core.world.new_id(), tag) for tag in tags]
        channel.flags &= ~FORUM_REQUIRE_TAG
        channel.flags |= FORUM_REQUIRE_TAG if required else 0
        self._core.world.hub.tell(Happening("CHANNEL_UPDATE", channel))

    def set_overwrite(self, where: Where, who: str, *, allow: int = 0, deny: int = 0) -> None:
        """A channel's exception for a role or a member, by name; `@everyone` for all, the bot by
        its name.
        """
        channel = find_place(self._core, where).record
        role = self._role(who)
        if role is not None:
            overwrite = Overwrite(role.id, 0, int(allow), int(deny))
        else:
            overwrite = Overwrite(slash.find_user(self._core, who).id, 1, int(allow), int(deny))
        self._core.channels.set_overwrite(channel, overwrite)

    def clear_overwrites(self, where: Where) -> None:
        channel = find_place(self._core, where).record
        for target in tuple(channel.overwrites):
            self._core.channels.clear_overwrite(channel, target)

    def set_role(self, name: str, permissions: int) -> None:
        """What a role allows in the whole guild."""
        role = self._role(name)
        assert role is not None
        role.permissions = int(permissions)
        self._tell_role(role)

    def grant(self, name: str, permissions: Permission) -> None:
        role = self._role(name) or self._role(name, managed=True)
        assert role is not None
        role.permissions |= int(permissions)
        self._tell_role(role)

    def withdraw(self, name: str, permissions: Permission) -> None:
        role = self._role(name) or self._role(name, managed=True)
        assert role is not None
        role.permissions &= ~int(permissions)
        self._tell_role(role)

    def kick(self, who: str) -> None:
        """Removes a member from all guilds; the bot itself too."""
        world = self._core.world
        user = slash.find_user(self._core, who)
        for guild in world.guilds.values():
            if guild.members.pop(user.id, None) is None:
                continue
            if user.id == world.bot.id:
                world.hub.tell(Happening("GUILD_DELETE", data={"id": str(guild.id)}))
            else:
                data = {"guild_id": str(guild.id), "user": payloads.user(user)}
                world.hub.tell(Happening("GUILD_MEMBER_REMOVE", data=data))

    def deliver_again(self, reply: Reply) -> None:
        """What Discord does where a connection was lost: the bot hears of it once more."""
        self._core.interactions.deliver(reply.interaction)

    def _role(self, name: str, *, managed: bool = False) -> Role | None:
        for guild in self._core.world.guilds.values():
            for role in guild.roles.values():
                if role.name.casefold() == name.casefold() and role.managed == managed:
                    return role
        return None

    def _tell_role(self, role: Role) -> None:
        for guild in self._core.world.guilds.values():
            if role.id in guild.roles:
                data = {"guild_id": str(guild.id), "role": payloads.role(role)}
                self._core.world.hub.tell(Happening("GUILD_ROLE_UPDATE", data=data))
