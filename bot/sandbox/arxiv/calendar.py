"""When arXiv announces: a pure calendar of mailings.

Times are from arXiv's help pages: announced Sunday to Thursday at 20:00 US Eastern; what was
received until 14:00 that day goes out, Friday's until Sunday, the weekend's until Monday. The
mailing carries the date of the day after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

EASTERN: Final = ZoneInfo("America/New_York")
_DAY: Final = timedelta(days=1)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6

HOLIDAYS: Final = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in ["01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25", "12-29", "12-31"]
)
"""Evenings of 2026 without an announcement."""


def eastern_date(moment: datetime) -> date:
    """The day it is in arXiv's time zone."""
    return moment.astimezone(EASTERN).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days with a mailing. `holidays` are evenings on which nothing is announced."""

    holidays: frozenset[date] = HOLIDAYS

    def has_mailing(self, mailing: date) -> bool:
        """Whether a mailing carries this date."""
        evening = mailing - _DAY
        return evening.weekday() not in (_FRIDAY, _SATURDAY) and evening not in self.holidays

    def mailings(self, first: date, last: date) -> Iterator[date]:
        """The dates of the mailings from `first` to `last`, both included."""
        day = first
        while day <= last:
            if self.has_mailing(day):
                yield day
            day += _DAY

    def deadline(self, mailing: date) -> datetime:
        """Until when (UTC) a submission must be there to be in this mailing."""
        evening = mailing - _DAY
        day = evening - 2 * _DAY if evening.weekday() == _SUNDAY else evening
        return datetime.combine(day, time(14), EASTERN).astimezone(UTC)

    def mailing_of(self, submitted: datetime, held: timedelta = timedelta(0)) -> date:
        """The date of the mailing that brings a submission which moderation held for a while."""
        ready = submitted + held
        day = eastern_date(ready)
        while not (self.has_mailing(day) and self.deadline(day) >= ready):
            day += _DAY
        return day


def announced_at(mailing: date) -> datetime:
    """When (UTC) a mailing goes out: 20:00 Eastern on the evening before its date."""
    return datetime.combine(mailing - _DAY, time(20), EASTERN).astimezone(UTC)


def in_oai_at(mailing: date) -> datetime:
    """When (UTC) a mailing is in OAI-PMH: 22:30 Eastern on the evening before its date."""
    return datetime.combine(mailing - _DAY, time(22, 30), EASTERN).astimezone(UTC)
