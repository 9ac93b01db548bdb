"""Guild channels and their overwrites: changed and deleted."""

from bot.sandbox.errors import FormErrors, Json, refuse
from bot.sandbox.form import Fields
from bot.sandbox.hub import Happening
from bot.sandbox.objects import POSTS, Channel, Kind, Overwrite, Tag, User
from bot.sandbox.permissions import Permission, in_guild
from bot.sandbox.world import World


class Channels:
    def __init__(self, world: World) -> None:
        self.world = world

    def create(self, actor: User, guild_id: int, body: Json) -> Channel:
        """A new text channel, forum or category. Raises 50013, 50035."""
        guild = self.world.guild(guild_id)
        member = self.world.member(guild, actor.id)
        if not in_guild(guild, member) & Permission.MANAGE_CHANNELS:
            raise refuse(50013)
        errors = FormErrors()
        fields = Fields(body, errors)
        name = fields.text("name", least=1, most=100, required=True) or ""
        kind = fields.number("type", choices=(0, 2, 4, 5, 15, 16)) or 0
        topic = fields.text("topic", most=4096 if kind in POSTS else 1024)
        errors.check()
        channel = self.world.add_channel(guild, name, Kind(kind), topic=topic)
        channel.parent_id = fields.snowflake("parent_id")
        self.world.hub.tell(Happening("CHANNEL_CREATE", channel))
        return channel

    def edit(self, actor: User, channel: Channel, body: Json) -> Channel:
        """Raises 50001, 50013, 50035."""
        self.world.need(actor, channel, Permission.MANAGE_CHANNELS)
        errors = FormErrors()
        fields = Fields(body, errors)
        name = fields.text("name", least=1, most=100)
        topic = fields.text("topic", most=4096 if channel.kind in POSTS else 1024)
        slowmode = fields.number("rate_limit_per_user", least=0, most=21600)
        flags = fields.number("flags", least=0)
        tags = [
            Tag(
                tag.snowflake("id") or self.world.new_id(),
                tag.text("name", most=20, required=True) or "",
                tag.flag("moderated"),
                tag.text("emoji_name"),
            )
            for tag in fields.objects("available_tags", most=20)
        ]
        errors.check()
        channel.name = name or channel.name
        if fields.has("topic"):
            channel.topic = topic
        channel.slowmode = channel.slowmode if slowmode is None else slowmode
        channel.flags = channel.flags if flags is None else flags
        if fields.has("available_tags"):
            channel.tags = tags
        self.world.hub.tell(Happening("CHANNEL_UPDATE", channel))
        return channel

    def remove(self, actor: User, channel: Channel) -> None:
        """Deletes a channel or thread if the actor may. Raises 50001, 50003, 50013."""
        if channel.kind is Kind.DM:
            raise refuse(50003)
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        self.world.need(actor, channel, needed)
        self.delete(channel)

    def delete(self, channel: Channel) -> None:
        """Deletes without asking who may; a channel's threads go with it."""
        if not channel.is_thread and channel.guild_id is not None:
            for thread in self.world.threads(channel.guild_id, archived=None):
                if thread.parent_id == channel.id:
                    self._forget(thread)
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.world.hub.tell(Happening(name, channel))
        self._forget(channel)

    def _forget(self, channel: Channel) -> None:
        for message in self.world.messages.pop(channel.id, {}).values():
            message.deleted = True
        self.world.channels.pop(channel.id, None)

    def set_overwrite(self, channel: Channel, overwrite: Overwrite) -> None:
        channel.overwrites[overwrite.id] = overwrite
        self.world.hub.tell(Happening("CHANNEL_UPDATE", channel))

    def clear_overwrite(self, channel: Channel, target_id: int) -> None:
        channel.overwrites.pop(target_id, None)
        self.world.hub.tell(Happening("CHANNEL_UPDATE", channel))
