"""What the page has done by whoever runs the bot behind it: moving the clock, telling of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

Advance = Callable[[timedelta], Awaitable[None]]
"""Moves the sandbox's clock on by so much."""
Upcoming = Callable[[], Awaitable[timedelta | None]]
"""How long it is until the next digest; None when there is none."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened while the clock went on."""

    channel_id: int
    text: str
    """Markdown."""
    thread_id: int | None = None
    """Where it is to be read."""


Report = Callable[[str], Awaitable[Sequence[Told]]]
"""What happened in the last step of the clock, in the language of this locale."""
Tips = Callable[[str], Sequence[str]]
"""What to try first, a line of Markdown each, in the language of this locale."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """All of them; what is None is not offered."""

    advance: Advance | None = None
    upcoming: Upcoming | None = None
    report: Report | None = None
    tips: Tips | None = None

    @property
    def can_skip(self) -> bool:
        return self.advance is not None and self.upcoming is not None
