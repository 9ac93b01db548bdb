"""arXiv's time: when a mailing goes out, when its feed shows it, when its day is over. Pure.

A mailing carries the date D of the day after the evening on which it is announced (20:00 US
Eastern, https://info.arxiv.org/help/availability.html). OAI-PMH has it from about 22:30 that
evening with the datestamp D, in UTC; the feed shows it from midnight to midnight Eastern of D.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

EASTERN: Final = ZoneInfo("America/New_York")
DAY: Final = timedelta(days=1)

PUBLISHED: Final = {
    2026: frozenset(
        date.fromisoformat(f"2026-{day}")
        for day in (
            "01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25", "12-29", "12-31",
        )
    ),
}  # fmt: skip
"""Evenings without an announcement, by year, as arXiv published them. Those of other years are
derived (`holidays`). It is no more than an expectation: a mailing is taken when there is one, and
one that OAI-PMH does not have either did not go out."""

OPENS: Final = timedelta(minutes=5)
"""After Eastern midnight, until the feed has been asked for by others and is warm."""
IN_OAI: Final = time(22, 45)
_MONDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 3, 4, 5, 6


def eastern_date(moment: datetime) -> date:
    """The day it is where arXiv is: the date of the mailing that the feed shows."""
    return moment.astimezone(EASTERN).date()


def utc_date(moment: datetime) -> date:
    """The calendar day of a moment in UTC."""
    return moment.astimezone(UTC).date()


def feed_opens(mailing: date) -> datetime:
    """From when on the feed of a mailing is asked for."""
    return datetime.combine(mailing, time(), EASTERN).astimezone(UTC) + OPENS


def announced_at(mailing: date) -> datetime:
    """When a mailing goes out."""
    return datetime.combine(mailing - DAY, time(20), EASTERN).astimezone(UTC)


def in_oai_at(mailing: date) -> datetime:
    """When OAI-PMH should have a mailing."""
    return datetime.combine(mailing - DAY, IN_OAI, EASTERN).astimezone(UTC)


def is_weekend(mailing: date) -> bool:
    """Whether the evening before is a Friday or a Saturday, on which nothing is announced."""
    return (mailing - DAY).weekday() in (_FRIDAY, _SATURDAY)


@cache
def holidays(year: int) -> frozenset[date]:
    """Evenings of a year on which nothing is announced, as published or else as every year.

    Those that all of arXiv's lists of 2023, 2025 and 2026 have in common, as far as the day falls
    on one with an announcement. The lists name a few more, which follow no rule: around the end
    of the year, and single days of its staff.
    """
    if year in PUBLISHED:
        return PUBLISHED[year]
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 12, 25)]
    return frozenset(
        [
            *map(_observed, fixed),
            _nth(3, _MONDAY, date(year, 1, 1)),  # Martin Luther King Jr. Day
            _nth(1, _MONDAY, date(year, 9, 1)),  # Labor Day
            _nth(4, _THURSDAY, date(year, 11, 1)),  # Thanksgiving
        ]
    )


def _observed(day: date) -> date:
    """When a holiday is kept (5 U.S.C. 6103): Saturday's on Friday, Sunday's on Monday."""
    return day + {_SATURDAY: -DAY, _SUNDAY: DAY}.get(day.weekday(), timedelta())


def _nth(number: int, weekday: int, first: date) -> date:
    """The so-many-eth such weekday of the month that begins on `first`."""
    return first + ((weekday - first.weekday()) % 7 + 7 * (number - 1)) * DAY


def is_holiday(mailing: date) -> bool:
    """Whether the evening before is one of arXiv's holidays, on which nothing is announced."""
    evening = mailing - DAY
    return evening in holidays(evening.year)


def expected(mailing: date) -> bool:
    """Whether the calendar has a mailing of this date."""
    return not is_weekend(mailing) and not is_holiday(mailing)


def busy(moment: datetime) -> bool:
    """Whether it is the half hour after the announcement, in which arXiv is best left alone."""
    here = moment.astimezone(EASTERN).time()
    return time(20) <= here < time(20, 35)


def last_complete(moment: datetime) -> date:
    """The last day whose OAI-PMH records cannot become more: its UTC day is over."""
    return utc_date(moment) - DAY


def days(first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included."""
    day = first
    while day <= last:
        yield day
        day += DAY
