"""How often one member may ask for what costs: far more often than a reader would, and no more.

An allowance is a number of times at once, and a time after which one more is given back. Who has
used all of it is told when to try again; nobody is made to wait here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum


class Cost(StrEnum):
    """What costs, each with an allowance of its own."""

    LOOKUP = "lookup"
    """A question to arXiv, which takes one in three seconds from all of us."""
    READ = "read"
    """What is looked for, compiled or turned to: searches, previews, pages, buttons."""
    COMPLETION = "completion"
    """Choices while an option is typed."""
    FORM = "form"
    """A form that is sent."""
    EXPORT = "export"
    IMPORT = "import"
    MODEL = "model"
    """A question to a language model, of which the host allows so many a day to all of us."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """`at_once` times, and one more every `seconds`."""

    at_once: int
    seconds: float


ALLOWANCES = {
    Cost.LOOKUP: Allowance(40, 6.0),
    Cost.READ: Allowance(90, 1.0),
    Cost.COMPLETION: Allowance(120, 0.1),
    Cost.FORM: Allowance(40, 4.0),
    Cost.EXPORT: Allowance(20, 15.0),
    Cost.IMPORT: Allowance(20, 15.0),
    Cost.MODEL: Allowance(5, 60.0),
}
_MANY = 10_000
"""Entries after which those that say nothing any more are dropped."""


class Spending:
    """What members have asked for lately. `clock` gives seconds, and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._free_at: dict[tuple[Hashable, Cost], float] = {}
        """When all of an allowance is given back; what is past is not kept for ever."""

    def spend(self, who: Hashable, cost: Cost) -> float:
        """Count one request; 0 if it may go on, else the seconds until it may be made again."""
        now, allowance = self.clock(), ALLOWANCES[cost]
        free_at = max(self._free_at.get((who, cost), now), now)
        wait = free_at + allowance.seconds - now - allowance.at_once * allowance.seconds
        # The tiny rest that sums of fractions leave is no time to wait for.
        if wait > 1e-6:
            return wait
        self._free_at[who, cost] = free_at + allowance.seconds
        if len(self._free_at) > _MANY:
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
        return 0.0
