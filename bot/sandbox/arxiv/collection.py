"""The papers of a loopback arXiv over time: what is current at a moment, and what each mailing
brought.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from .calendar import Calendar, announced_at, in_oai_at
from .papers import Announcement, Kind, Paper

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as it stands, with its datestamp and its place in the order of the database."""

    paper: Paper
    datestamp: date
    sequence: int


@dataclass(slots=True)
class _History:
    sequence: int
    public: list[datetime] = field(default_factory=list)
    harvested: list[datetime] = field(default_factory=list)
    states: list[tuple[Paper, date]] = field(default_factory=list)

    def add(self, public: datetime, harvested: datetime, paper: Paper, stamp: date) -> None:
        place = bisect_right(self.public, public)
        self.public.insert(place, public)
        self.harvested.insert(place, harvested)
        self.states.insert(place, (paper, stamp))

    def at(self, times: list[datetime], moment: datetime) -> tuple[Paper, date] | None:
        place = bisect_right(times, moment)
        return self.states[place - 1] if place else None


class Collection:
    """Papers that were always there, and papers that mailings brought or changed.

    A paper handed in by itself is visible from the start of time; one that comes with an
    announcement from the evening of its mailing on, with what that announcement says of it.
    """

    def __init__(
        self, papers: Iterable[Paper] = (), announcements: Iterable[Announcement] = ()
    ) -> None:
        self._histories: dict[str, _History] = {}
        self._mailings: defaultdict[date, list[Announcement]] = defaultdict(list)
        for paper in papers:
            self.add(paper)
        for announcement in announcements:
            self.announce(announcement)

    def add(self, paper: Paper) -> None:
        """Put a paper there as if it had always been there."""
        self._history(paper.id).add(_ALWAYS, _ALWAYS, paper, paper.stamp)

    def announce(self, announcement: Announcement) -> None:
        """Put an announcement into its mailing."""
        mailing, paper = announcement.mailing, announcement.paper
        self._mailings[mailing].append(announcement)
        self._history(paper.id).add(
            announced_at(mailing), in_oai_at(mailing), paper, paper.datestamp or mailing
        )

    def current(self, id_: str, at: datetime) -> Paper | None:
        """The paper as the public sees it at a moment, None when it is not there yet."""
        history = self._histories.get(id_)
        state = history.at(history.public, at) if history else None
        return state[0] if state else None

    def papers(self, at: datetime) -> Iterator[Paper]:
        """All papers that the public sees at a moment."""
        for id_ in self._histories:
            if paper := self.current(id_, at):
                yield paper

    def record(self, id_: str, at: datetime) -> Record | None:
        """The paper as OAI-PMH has it at a moment."""
        history = self._histories.get(id_)
        state = history.at(history.harvested, at) if history else None
        return Record(*state, history.sequence) if history and state else None

    def records(self, at: datetime) -> Iterator[Record]:
        """All papers as OAI-PMH has them at a moment."""
        for id_ in self._histories:
            if record := self.record(id_, at):
                yield record

    def mailing(self, day: date, at: datetime) -> list[Announcement]:
        """What the mailing of a date brought, nothing before it has gone out."""
        return list(self._mailings.get(day, ())) if announced_at(day) <= at else []

    def _history(self, id_: str) -> _History:
        return self._histories.setdefault(id_, _History(len(self._histories)))


def announced(
    papers: Iterable[Paper],
    calendar: Calendar | None = None,
    *,
    kind: Callable[[Paper], Kind] = lambda paper: "new" if paper.version == 1 else "replace",
) -> list[Announcement]:
    """The announcements that papers must have had: each version by itself, in the mailing its date
    asks for.
    """
    calendar = calendar or Calendar()
    found = []
    for paper in papers:
        for count in range(1, paper.version + 1):
            state = replace(paper, versions=paper.versions[:count])
            mailing = calendar.mailing_of(state.versions[-1].submitted)
            found.append(Announcement(mailing, kind(state), state))
    return sorted(found, key=lambda announcement: announcement.mailing)
