"""A made-up arXiv over time, for simulations: submissions, moderation, mailings, and everything
that comes later.

Every paper says in its title that it is made up, and has a number from 90000 on, which arXiv does
not reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from .calendar import Calendar
from .papers import Announcement, Author, Paper, Version

_FIRST_NUMBER: Final = 90_000
_ARCHIVE_MIX: Final = (
    ("cs.LG", "stat.ML"), ("cs.CV", "cs.LG"), ("cs.CL", "cs.AI"), ("cs.NA", "math.NA"),
    ("eess.SY", "cs.SY"), ("math-ph", "math.MP"), ("hep-th", "gr-qc"), ("quant-ph", "cs.IT"),
)  # fmt: skip
_SUBJECTS: Final = (
    "attention", "diffusion", "graphs", "lattices", "$\\alpha$-stable noise", "détection",
    "object detection", "proof search", "black holes", "qubits",
)  # fmt: skip
_AUTHORS: Final = (
    Author("Beispiel", "Anna"), Author("Müller", "José"), Author("Erd\\H{o}s", "P\\'al"),
    Author("van der Voorbeeld", "Piet"), Author("Żółć", "Łukasz"), Author("Madonna"),
    Author("Neumann", "John von", "III"), Author("김", "예시"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rates:
    """How often things happen to a paper: shares from 0 to 1."""

    held: float = 0.06
    """Held by moderation, for days, seldom for months."""
    replaced: float = 0.35
    replaced_often: float = 0.02
    """Up to a sixth version and beyond: those the feeds do not show."""
    cross_listed_later: float = 0.10
    touched: float = 0.20
    """Changed by the library only: no new version."""
    withdrawn: float = 0.02
    longest_hold: timedelta = timedelta(days=120)


def simulate(
    seed: int,
    days: int,
    rate: float,
    *,
    first: date = date(2026, 1, 2),
    calendar: Calendar | None = None,
    rates: Rates | None = None,
) -> list[Announcement]:
    """The announcements of `days` days from `first` on, `rate` submissions a day, in order of
    mailing.

    The same seed gives the same announcements. A paper's id is of the month of its announcement;
    its submission may lie months before. Replacements, cross-lists, touches and withdrawals follow
    later, also past a fifth version.
    """
    world = _World(Random(seed), calendar or Calendar(), rates or Rates())
    last = first + timedelta(days=days - 1)
    found = [line for line in world.lines(first, days, rate) if first <= line.mailing <= last]
    return sorted(found, key=lambda line: line.mailing)


@dataclass(slots=True)
class _World:
    random: Random
    calendar: Calendar
    rates: Rates

    def lines(self, first: date, days: int, rate: float) -> Iterator[Announcement]:
        """All that happens to the papers submitted in a span of days, also after it."""
        numbers: defaultdict[str, int] = defaultdict(lambda: _FIRST_NUMBER)
        submissions = []
        for day in range(days):
            for _ in range(self._count(rate)):
                submitted = self._moment(first + timedelta(days=day))
                submissions.append((self._mailing(submitted, self._hold()), submitted))
        # numbers are given when a paper is announced, whenever it was submitted
        for mailing, submitted in sorted(submissions):
            month = f"{mailing:%y%m}"
            numbers[month] += 1
            paper = self._paper(f"{month}.{numbers[month]}", submitted)
            announced = Announcement(mailing, "new", paper)
            yield announced
            yield from self._afterwards(announced)

    def _afterwards(self, line: Announcement) -> Iterator[Announcement]:
        """What happens to a paper later, each state built on the one before."""
        steps: list[tuple[float, Callable[[Announcement], Announcement]]] = [
            (self.rates.cross_listed_later, self._cross_list),
            *[(self.rates.replaced, self._replace)] * 3,
            (self.rates.touched, self._touch),
            (self.rates.withdrawn, self._withdraw),
        ]
        self.random.shuffle(steps)
        for share, step in steps:
            if self.random.random() < share:
                line = step(line)
                yield line
                if line.paper.withdrawn:
                    return
        if self.random.random() < self.rates.replaced_often:
            for _ in range(6):
                line = self._replace(line)
                yield line

    def _cross_list(self, line: Announcement) -> Announcement:
        paper = line.paper
        others = [name for pair in _ARCHIVE_MIX for name in pair if name not in paper.categories]
        added = self.random.choice(others)
        changed = replace(paper, categories=(*paper.categories, added))
        return Announcement(self._later(line), "cross", changed, added)

    def _replace(self, line: Announcement) -> Announcement:
        return self._new_version(line, f"{line.paper.abstract} Revised once more.")

    def _touch(self, line: Announcement) -> Announcement:
        changed = replace(line.paper, journal_ref="J. Made Up 1 (2026) 1", doi="10.0000/made-up")
        return Announcement(self._later(line), "touch", changed)

    def _withdraw(self, line: Announcement) -> Announcement:
        paper = replace(line.paper, comment="This paper has been withdrawn by its made-up authors")
        return self._new_version(replace(line, paper=paper), size="0kb", source_type="I")

    def _new_version(
        self,
        line: Announcement,
        abstract: str | None = None,
        size: str = "12kb",
        source_type: str = "D",
    ) -> Announcement:
        day = line.mailing + timedelta(days=self.random.randrange(1, 40))
        submitted = self._moment(day)
        version = Version(submitted, size, source_type)
        paper = replace(
            line.paper,
            abstract=abstract or line.paper.abstract,
            versions=(*line.paper.versions, version),
        )
        return Announcement(self._mailing(submitted), "replace", paper)

    def _paper(self, id_: str, submitted: datetime) -> Paper:
        random = self.random
        subject = random.choice(_SUBJECTS)
        authors = random.sample(_AUTHORS, random.randint(1, 4))
        pair = random.choice(_ARCHIVE_MIX)
        categories = pair if random.random() < 0.6 else pair[:1]
        return Paper(
            id=id_,
            title=f"Made-up paper {id_} on {subject}",
            authors=tuple(authors),
            categories=categories,
            abstract=f"This paper is made up. It says nothing new about {subject}.",
            versions=(Version(submitted, "10kb", "D"),),
            license="http://creativecommons.org/publicdomain/zero/1.0/",
            submitter=authors[0].name,
        )

    def _count(self, rate: float) -> int:
        return int(rate) + (self.random.random() < rate % 1)

    def _hold(self) -> timedelta:
        if self.random.random() >= self.rates.held:
            return timedelta(0)
        # most holds are of days, some of months
        return self.rates.longest_hold * self.random.random() ** 4

    def _moment(self, day: date) -> datetime:
        seconds = self.random.randrange(24 * 60 * 60)
        return datetime.combine(day, time(0), UTC) + timedelta(seconds=seconds)

    def _mailing(self, submitted: datetime, held: timedelta = timedelta(0)) -> date:
        return self.calendar.mailing_of(submitted, held)

    def _later(self, line: Announcement) -> date:
        """A mailing some days after another."""
        day = line.mailing + timedelta(days=self.random.randrange(1, 40))
        return self._mailing(self._moment(day))
