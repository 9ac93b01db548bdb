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
    revived: timedelta = timedelta(seconds=5)
    """At least so long between a refusal and a try because of an event."""
    weather: float = 2.0
    """Seconds for which all requests wait after an answer that was not Discord's at all, or one
    that did not take a token that is good; doubled each time that the next one is like it."""
    weather_at_most: float = 60.0
    poll: float = 5.0
    """Seconds after which the outbox is read for rows that another process may have put there."""
    alive: float = 1.0
    """Seconds between two looks whether the process that is sending a row lives."""
    trouble: float = 5.0
    """Seconds that a lane rests after an error of our own, such as a full disk."""
    echo_grace: float = 2.0
    """Seconds that an answer is waited for when the gateway has already shown the message."""
    requests: int = 8
    """Requests at once."""
    lanes: int = 64
    """Lanes worked on in turn."""
    per_second: float = 47.0
    """Requests a second in all, evenly spaced: Discord allows 50 in any second. Answers to members'
    commands are not counted among them (Discord's documentation, Global Rate Limit)."""

    def unknown(self, attempts: int) -> timedelta:
        """The wait before looking, after so many attempts."""
        doubled: int = 1 << min(max(attempts - 1, 0), 10)
        return min(self.look_after * doubled, self.look_at_most)

    def refusal(self, held_for: timedelta) -> timedelta:
        """The wait before trying again what has been refused for so long."""
        return min(max(self.refused, held_for), self.refused_at_most)


class Throttle:
    """Spaces requests over all lanes, and holds all of them when Discord says so."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.interval = 1 / pace.per_second
        self._queue = asyncio.Lock()
        self._last = 0.0
        self._held_until = 0.0
        self._weather = 0
        """How often in a row all requests were held because Discord was not what answered."""

    async def allowed(self, stopping: asyncio.Event) -> bool:
        """Wait while all requests are held. False if none is to be made: the sender stops."""
        loop = asyncio.get_running_loop()
        while not stopping.is_set() and (left := self._held_until - loop.time()) > 0:
            await either(stopping, left)
        return not stopping.is_set()

    async def turn(self) -> None:
        """Wait for this request's turn: a few intervals, at most one for each request under way.

        It is the last thing before the request leaves, and counts from when the last one really
        left: whatever delays one does not bunch the next.
        """
        loop = asyncio.get_running_loop()
        async with self._queue:
            await asyncio.sleep(self._last + self.interval - loop.time())
            self._last = loop.time()

    def hold(self, seconds: float) -> None:
        """No request for so long."""
        moment = asyncio.get_running_loop().time() + seconds
        self._held_until = max(self._held_until, moment)

    def held(self) -> bool:
        """Whether no request is made just now."""
        return self._held_until > asyncio.get_running_loop().time()

    def weather(self) -> None:
        """Something between us and Discord answers for it: no request for a while, longer each
        time. Requests that were under way together count once."""
        if self.held():
            return
        doubled: int = 1 << min(self._weather, 10)
        self._weather += 1
        self.hold(min(self.pace.weather * doubled, self.pace.weather_at_most))

    def fair(self) -> None:
        """Discord itself has answered."""
        self._weather = 0


async def either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, but not longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
