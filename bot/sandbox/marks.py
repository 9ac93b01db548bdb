"""What is put on messages afterwards: pins and reactions."""

from bot.sandbox import archiving, limits
from bot.sandbox.errors import refuse
from bot.sandbox.hub import Happening
from bot.sandbox.messages import Messages
from bot.sandbox.objects import Channel, Message, MessageType, User
from bot.sandbox.permissions import Permission
from bot.sandbox.world import World


class Marks:
    def __init__(self, world: World, messages: Messages) -> None:
        self.world = world
        self.messages = messages

    def pin(self, actor: User, channel: Channel, message_id: int, pinned: bool) -> None:
        """Pins or unpins. Raises 10008, 30003, 50013 (needs PIN_MESSAGES), 50083."""
        self.world.need(actor, channel, Permission.PIN_MESSAGES)
        archiving.refuse_archived(channel)
        message = self.world.message(channel.id, message_id)
        if (message.pinned_at is not None) == pinned:
            return
        if pinned and len(self.pins(channel)) >= limits.PINS:
            raise refuse(30003)
        message.pinned_at = self.world.clock() if pinned else None
        if pinned:
            channel.last_pin_at = message.pinned_at
        self.messages.changed(channel, message)
        self.world.hub.tell(Happening("CHANNEL_PINS_UPDATE", channel))
        if pinned:
            self.messages.system(
                actor, channel, MessageType.PINNED, reference=(channel.id, message.id)
            )

    def pins(self, channel: Channel) -> list[Message]:
        """Pinned messages, the last pinned first."""
        pinned = [m for m in self.world.messages[channel.id].values() if m.pinned_at is not None]
        return sorted(pinned, key=lambda m: m.pinned_at or m.created_at, reverse=True)

    def react(
        self, actor: User, channel: Channel, message_id: int, emoji: str, *, add: bool = True
    ) -> None:
        """Adds or takes back a reaction. Raises 10008, 10014, 50013, 50083."""
        archiving.refuse_archived(channel)
        self.world.need(actor, channel, Permission.READ_MESSAGE_HISTORY)
        message = self.world.message(channel.id, message_id)
        if not emoji or emoji[0].isascii():
            raise refuse(10014)
        people = message.reactions.setdefault(emoji, [])
        if add:
            if not people:
                self.world.need(actor, channel, Permission.ADD_REACTIONS)
            if actor.id not in people:
                people.append(actor.id)
        elif actor.id in people:
            people.remove(actor.id)
        if not people:
            del message.reactions[emoji]
        name = "MESSAGE_REACTION_ADD" if add else "MESSAGE_REACTION_REMOVE"
        data = {"emoji": emoji, "user_id": actor.id}
        self.world.hub.tell(Happening(name, channel, message, data))
