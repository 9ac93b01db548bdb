"""Where everything that happens is told, to the gateway's sessions and to the people's clients."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import Json
from bot.sandbox.objects import Channel, Message


@dataclass(frozen=True, slots=True)
class Happening:
    """One event under its gateway name; `data` is what it has beside the channel and the message.

    `only_for`: the id of the one person who may know (an ephemeral message, a modal), else None.
    """

    name: str
    channel: Channel | None = None
    message: Message | None = None
    data: Json = field(default_factory=dict)
    only_for: int | None = None


Listener = Callable[[Happening], None]


class Hub:
    """Calls each listener at once and in order: what it needs of a record it must read then."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Adds a listener; the returned function removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, happening: Happening) -> None:
        for listener in tuple(self._listeners):
            listener(happening)
