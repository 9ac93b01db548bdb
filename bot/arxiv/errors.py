"""What can go wrong between here and arXiv; none of it is told to a person as it is."""

from __future__ import annotations


class ArxivError(Exception):
    """Base of this room's errors."""


class ArxivUnavailable(ArxivError):
    """No usable answer this time; asking again later may help.

    `reason` is one short phrase for the log (`status 503`, `timeout`, `truncated`, ...);
    `retry_after` what the answer asked for, in seconds, if it did.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Occupied(ArxivUnavailable):
    """A request that may be long has its turn now: nobody waits for it, what was asked is owed."""

    def __init__(self) -> None:
        super().__init__("occupied")


class ArxivRefused(ArxivError):
    """Status 400 or an error that says the question is wrong: never to be asked again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GaveWay(ArxivError):
    """A long request was dropped because a person waits; to be repeated."""
