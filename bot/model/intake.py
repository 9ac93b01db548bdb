"""How far arXiv's mailings have been taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class MailingState(StrEnum):
    """How far a mailing has been taken in."""

    WAITING = "waiting"
    TAKEN = "taken"
    """A whole answer with papers was taken in."""
    NONE = "none"
    """There was none: the feed was empty, and OAI-PMH has nothing new of that day."""


class Problem(StrEnum):
    """Why the feed was of no use."""

    UNANSWERED = "unanswered"
    EMPTY = "empty"
    """No papers on a day with a mailing: not believed until OAI-PMH says so too."""
    WRONG_DATE = "wrong_date"
    PARTIAL = "partial"
    """Some of it is missing or could not be read."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is known of the mailing of a date."""

    date: date
    state: MailingState = MailingState.WAITING
    papers: int = 0
    taken_at: datetime | None = None
    problem: Problem | None = None
    asked: int = 0
    ask_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class TakenMailing:
    """What was taken whole of a mailing in one category."""

    feed_at: datetime | None = None
    listed_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_taken(self) -> bool:
        """Whether any source has brought it whole."""
        return (self.feed_at or self.listed_at or self.done_at) is not None


@dataclass(frozen=True, slots=True)
class OaiHarvest:
    """A list of OAI-PMH that is being taken: datestamps from `first` to `last`, one set.

    `final`: the days are over, so what it holds is all there is. `empty` counts whole answers that
    said there is nothing, `failures` answers in a row that were of no use.
    """

    id: int
    oai_set: str
    categories: tuple[str, ...]
    first: date
    last: date
    final: bool
    token: str | None = None
    begun_at: datetime | None = None
    pages: int = 0
    unread: int = 0
    empty: int = 0
    failures: int = 0
    ask_after: datetime | None = None
