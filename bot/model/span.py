"""Which entries and takes a digest is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DigestSpan:
    """The material of one period.

    Held by a digest (`digest_id`), or not held by any and older than `end` (`open`, for the period
    that runs: what came too late for one digest is in the next). With neither, what was added and
    written from `start` up to and without `end`.
    """

    start: datetime
    end: datetime
    digest_id: int | None
    open: bool
