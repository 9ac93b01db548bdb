"""What the gateway has shown of our messages and threads, and who waits to hear of one."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

REMEMBERED = 4096


class Echoes:
    """The last few thousand echoes. An echo may come before the answer to its request, or alone."""

    def __init__(self) -> None:
        self._messages: OrderedDict[str, int] = OrderedDict()
        self._threads: OrderedDict[tuple[int, str], int] = OrderedDict()
        self._waiting: dict[str, asyncio.Event] = {}

    def message(self, nonce: str, message_id: int) -> None:
        """A message with our nonce was made."""
        self._messages[nonce] = message_id
        if len(self._messages) > REMEMBERED:
            self._messages.popitem(last=False)
        if waiting := self._waiting.get(nonce):
            waiting.set()

    def thread(self, parent_id: int, name: str, thread_id: int) -> None:
        """A thread of ours was made."""
        self._threads[parent_id, name.strip()] = thread_id
        if len(self._threads) > REMEMBERED:
            self._threads.popitem(last=False)

    def of(self, nonce: str) -> int | None:
        """The message with this nonce, if the gateway has shown it."""
        return self._messages.get(nonce)

    def thread_of(self, parent_id: int, name: str) -> int | None:
        """The last thread of this name, if the gateway has shown one."""
        return self._threads.get((parent_id, name.strip()))

    def expect(self, nonce: str) -> asyncio.Event:
        """Set when a message with this nonce is shown."""
        waiting = self._waiting.setdefault(nonce, asyncio.Event())
        if nonce in self._messages:
            waiting.set()
        return waiting

    def forget(self, nonce: str) -> None:
        """Nobody waits for it any more."""
        self._waiting.pop(nonce, None)
