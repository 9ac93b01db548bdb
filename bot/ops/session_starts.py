"""Sessions begun with Discord's gateway (IDENTIFY): 1,000 in 24 hours, and no storm of them.

Whoever begins more loses the token (Discord's documentation, "Gateway": Rate Limiting). A session
that is resumed is not counted.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

DAY = 86_400.0
HOUR = 3_600.0
LIMIT = 1000
FREE = 3
"""So many of each shard within an hour wait for nothing."""
STEP = 5.0
"""Seconds between the next two; doubled at each further round of the shards within the hour."""
LONGEST = 600.0


class SessionStartsUsedUp(Exception):
    """The next session may be begun in `wait` seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"no session may be begun for {wait:.0f} s")
        self.wait = wait


class SessionStarts:
    """Counts them, here and by what Discord says. `now`: seconds on a clock that only goes on."""

    def __init__(self, now: Callable[[], float] = time.monotonic, *, shards: int = 1) -> None:
        self.now = now
        self._shards = shards
        self._made: deque[float] = deque(maxlen=LIMIT)
        self._left: int | None = None
        self._reset_at = 0.0

    def told(self, left: int, reset_after: float) -> None:
        """Discord has said how many are left, and in how many seconds there are all again."""
        self._left, self._reset_at = left, self.now() + max(reset_after, 0.0)

    def made(self) -> None:
        """One is being begun."""
        self._made.append(self.now())
        if self._left is not None:
            self._left -= 1

    def left(self) -> int:
        """How many may still be begun today."""
        now = self.now()
        ours = LIMIT - sum(1 for moment in self._made if moment > now - DAY)
        return ours if self._left is None or now >= self._reset_at else min(ours, self._left)

    def wait(self, wanted: int = 1) -> float:
        """Seconds until the next one may be begun, or so many in a row."""
        now = self.now()
        waits = [0.0]
        if self.left() < wanted:
            if self._left is not None and self._left < wanted and now < self._reset_at:
                waits.append(self._reset_at - now)
            if (over := len(self._made) + wanted - LIMIT) > 0:
                waits.append(self._made[over - 1] + DAY - now)
        recent = sum(1 for moment in self._made if moment > now - HOUR)
        free = FREE * self._shards
        if recent >= free:
            doubled: int = 1 << min((recent - free) // self._shards, 10)
            waits.append(self._made[-1] + min(STEP * doubled, LONGEST) - now)
        return max(waits)
