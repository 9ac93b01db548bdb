"""How long the sender waits for what, and how much it does at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """The numbers on which "exactly once" leans; `sender` says how."""

    lease: timedelta = timedelta(seconds=45)
    """How long a row belongs to the process that asked for it. The request itself is cut off after
    a third of that, and the lease is over well within the minutes that Discord knows a nonce."""
    look_after: timedelta = timedelta(seconds=1)
    """From an unknown outcome to the first look for it; doubled at each further one."""
    look_at_most: timedelta = timedelta(minutes=1)
    quiet: timedelta = timedelta(seconds=30)
    """A thread has no nonce: so long after the request it must be missing to be asked again."""
    refused: timedelta = timedelta(minutes=15)
    """From a refusal to the next try; doubled at each further one. Discord bars an address after
    10,000 answers of 401, 403 or 429 in ten minutes."""
    refused_at_most: timedelta = timedelta(hours=6)
    give_up: timedelta = timedelta(days=14)
    """A lane that has been refused for so long is cancelled."""
    revived: timedelta = timedelta(seconds=30)
    """At least so long between a refusal and a try because of an event."""
    poll: float = 5.0
    """Seconds after which the outbox is read for rows that another process may have put there."""
    trouble: float = 5.0
    """Seconds that a lane rests after an error of our own, such as a full disk."""
    echo_grace: float = 2.0
    """Seconds that an answer is waited for when the gateway has already shown the message."""
    requests: int = 8
    """Requests at once."""
    lanes: int = 64
    """Lanes worked on in turn."""
    per_second: float = 40.0
    """Requests a second in all: Discord allows 50, and members' commands need some."""

    def unknown(self, attempts: int) -> timedelta:
        """The wait before looking, after so many attempts."""
        doubled: int = 1 << min(max(attempts - 1, 0), 10)
        return min(self.look_after * doubled, self.look_at_most)

    def refusal(self, held_for: timedelta) -> timedelta:
        """The wait before trying again what has been refused for so long."""
        return min(max(self.refused, held_for), self.refused_at_most)


class Throttle:
    """Spaces requests over all lanes, and holds all of them when Discord says so."""

    def __init__(self, per_second: float) -> None:
        self.interval = 1 / per_second
        self._next = 0.0
        self._held_until = 0.0

    async def turn(self, stopping: asyncio.Event) -> bool:
        """Wait for this request's turn. False if it is not to be made: the sender stops."""
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self._next)
        self._next = at + self.interval
        while not stopping.is_set() and (left := at - loop.time()) > 0:
            await either(stopping, left)
            # Held in the meantime?
            at = max(at, self._held_until)
        return not stopping.is_set()

    def hold(self, seconds: float) -> None:
        """No request for so long."""
        self._held_until = asyncio.get_running_loop().time() + seconds
        self._next = max(self._next, self._held_until)


async def either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
