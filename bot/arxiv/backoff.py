"""How long one of arXiv's services is left alone after it failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long a source is left alone after a failure, unless its answer said how long.

    Full jitter: a time between nothing and `first` seconds, doubled with each failure in a row
    up to `longest`. `longest_retry_after` bounds what an answer may ask for.
    """

    first: float = 2.0
    longest: float = 120.0
    longest_retry_after: float = 3600.0


@dataclass(slots=True)
class ServiceState:
    """What is known of one of arXiv's services."""

    failures: int = 0
    held_until: float = float("-inf")

    def failed(
        self, backoff: Backoff, chance: Callable[[], float], retry_after: float | None
    ) -> float:
        """Notes a failure; gives the seconds to wait, `retry_after` being what the answer said."""
        bound = min(backoff.longest, backoff.first * 2.0**self.failures)
        self.failures = min(self.failures + 1, 30)
        if retry_after is not None:
            return min(retry_after, backoff.longest_retry_after)
        return chance() * bound
