"""The archive by the days that its notes stand for: months, and years with a calendar."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.archive.site.addresses import numbered
from bot.archive.site.model import Label, Note, PaperPage, Post

LISTED = 100
"""Pages on one page of a list."""


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the calendar; `address` leads to the first note of the day, if there is one."""

    number: int
    count: int = 0
    address: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its notes; `weeks` of seven days, None outside of the month."""

    first: date
    label: Label
    weeks: Sequence[Sequence[Day | None]]


@dataclass(slots=True)
class Year:
    """A year with its months in order and its weekly posts, the newest first."""

    number: int
    address: str
    months: list[Month] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.number)

    @property
    def notes(self) -> int:
        return sum(len(month.label.pages) for month in self.months)


def month_labels(pages: Sequence[PaperPage | Note], undated: str) -> Sequence[Label]:
    """Months with what was written in them, the newest first; last what has no date."""
    by_month: dict[str, list[PaperPage | Note]] = defaultdict(list)
    for page in reversed(pages):
        by_month[f"{page.day:%Y-%m}" if page.day else ""].append(page)
    return [
        Label(month or undated, f"months/{month or 'undated'}.html", found)
        for month, found in sorted(by_month.items(), reverse=True)
    ]


def years(months: Iterable[Label], posts: Iterable[Post]) -> Sequence[Year]:
    """The years that have notes or posts, the newest first."""
    found: dict[int, Year] = {}

    def year(number: int) -> Year:
        return found.setdefault(number, Year(number, f"years/{number}.html"))

    for label in months:
        day = label.pages[0].day
        if day is not None:
            first = day.replace(day=1)
            year(day.year).months.insert(0, Month(first, label, _weeks(first, label)))
    for post in posts:
        year(post.day.year).posts.append(post)
    return [found[number] for number in sorted(found, reverse=True)]


def day_anchor(day: date) -> str:
    """The name of a day's place on its month's page."""
    return f"d-{day.day}"


def _weeks(first: date, label: Label) -> Sequence[Sequence[Day | None]]:
    counts = Counter(page.day.day for page in label.pages if page.day)
    places: Mapping[int, int] = {
        page.day.day: place for place, page in reversed(list(enumerate(label.pages))) if page.day
    }

    def square(number: int) -> Day | None:
        if not number:
            return None
        if number not in counts:
            return Day(number)
        address = numbered(label.address, places[number] // LISTED + 1)
        return Day(number, counts[number], address, f"d-{number}")

    weeks = Calendar().monthdayscalendar(first.year, first.month)
    return [[square(number) for number in week] for week in weeks]
