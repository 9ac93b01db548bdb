"""The live stream of what one person's client may show."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.sandbox import message_payloads, payloads
from bot.sandbox.core import Core
from bot.sandbox.errors import Json
from bot.sandbox.hub import Happening
from bot.sandbox.objects import User
from bot.sandbox.permissions import Permission

_KINDS = {
    "MESSAGE_CREATE": "message",
    "MESSAGE_UPDATE": "edited",
    "MESSAGE_DELETE": "deleted",
    "MESSAGE_REACTION_ADD": "reaction",
    "MESSAGE_REACTION_REMOVE": "reaction",
    "MESSAGE_REACTION_REMOVE_ALL": "reaction",
    "THREAD_CREATE": "thread",
    "THREAD_UPDATE": "thread_edited",
    "THREAD_DELETE": "thread_deleted",
    "CHANNEL_CREATE": "channel",
    "CHANNEL_UPDATE": "channel_edited",
    "CHANNEL_DELETE": "channel_deleted",
    "CHANNEL_PINS_UPDATE": "pins",
    "TYPING_START": "typing",
    "MODAL_OPEN": "modal",
    "INTERACTION_FAILURE": "failed",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something to show. `data` is Discord's JSON of the message or channel it is about."""

    kind: str
    channel_id: int
    data: Json


class Events(AsyncIterator[Event]):
    """What happens from the moment this was made; `close` when the client goes away."""

    def __init__(self, core: Core, user: User) -> None:
        self._core = core
        self._user = user
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._stop = core.world.hub.listen(self._hear)
        self._open = True

    def close(self) -> None:
        if self._open:
            self._open = False
            self._stop()
            self._queue.put_nowait(None)

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def waiting(self) -> list[Event]:
        """The events that have come and were not yet taken."""
        found: list[Event] = []
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if event is not None:
                found.append(event)
        return found

    def _hear(self, happening: Happening) -> None:
        kind, channel = _KINDS.get(happening.name), happening.channel
        if kind is None or channel is None:
            return
        if happening.only_for not in (None, self._user.id):
            return
        if not self._core.world.allowed(self._user, channel) & Permission.VIEW_CHANNEL:
            return
        self._queue.put_nowait(Event(kind, channel.id, self._data(kind, happening)))

    def _data(self, kind: str, happening: Happening) -> Json:
        message, channel = happening.message, happening.channel
        assert channel is not None
        if kind == "deleted" and message is not None:
            return {"id": str(message.id)}
        if message is not None:
            return message_payloads.message(self._core.world, message, self._user)
        if kind in ("modal", "failed", "typing"):
            return {
                key: str(value) if key == "user_id" else value
                for key, value in happening.data.items()
            }
        return payloads.channel(channel)
