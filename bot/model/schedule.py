"""When a channel's periods end: instants from weekdays and wall clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import BadPeriod
from bot.model.channel import MONTH, WEEKDAYS, ChannelSettings


@dataclass(frozen=True, slots=True)
class Period:
    """A span of a channel's time, from `start` up to and without `end`; both aware, in UTC."""

    start: datetime
    end: datetime


def instant(settings: ChannelSettings, day: date) -> datetime:
    """The moment at which the channel's clock shows its hour on that day, in UTC.

    An hour that is skipped by daylight saving comes as long after the gap as it lies in it; an
    hour that comes twice is taken the first time (PEP 495, fold=0).
    """
    wall = datetime.combine(day, time.fromisoformat(settings.time), settings.zone)
    return wall.astimezone(UTC)


def is_day(settings: ChannelSettings, day: date) -> bool:
    """Whether a digest is due on that day of the channel's calendar."""
    if WEEKDAYS[day.weekday()] not in settings.weekdays:
        return False
    if settings.every == MONTH:
        return day.day <= 7
    return week_number(day) % int(settings.every) == settings.phase


def week_number(day: date) -> int:
    """Weeks, from Monday on, counted without a break over the ends of years."""
    return (day.toordinal() - 1) // 7


def phase_from(settings: ChannelSettings, now: datetime) -> int:
    """The `phase` with which the next of the channel's weekdays is a digest's day."""
    if settings.every in {"1", MONTH}:
        return 0
    coming = next_end(replace(settings, every="1", phase=0), now)
    return week_number(coming.astimezone(settings.zone).date()) % int(settings.every)


def next_end(settings: ChannelSettings, after: datetime) -> datetime:
    """The first scheduled moment that lies after `after`."""
    return next(end for end in _ends(settings, after, 1) if end > after)


def last_end(settings: ChannelSettings, until: datetime) -> datetime:
    """The last scheduled moment at or before `until`."""
    return next(end for end in _ends(settings, until, -1) if end <= until)


def _ends(settings: ChannelSettings, now: datetime, direction: int) -> Iterator[datetime]:
    """Scheduled moments in one direction, from two days on the other side of `now` on."""
    day = now.astimezone(settings.zone).date() - timedelta(days=2 * direction)
    while True:
        if is_day(settings, day):
            yield instant(settings, day)
        day += timedelta(days=direction)


def parse_period(typed: str, settings: ChannelSettings, now: datetime) -> date:
    """The day that is meant: `2020-07-26`, `200726`, `2020-W30`, `today`, `last`.

    `last` is a day of the period before the running one. Raises BadPeriod.
    """
    wanted = typed.strip().casefold()
    today = now.astimezone(settings.zone).date()
    if wanted in {"today", "now", "this", "오늘", "이번"}:
        return today
    if wanted in {"last", "지난"}:
        return today - timedelta(days=7)
    for form in ("%Y-%m-%d", "%y%m%d", "%Y%m%d", "%Y.%m.%d", "%G-w%V-%u"):
        try:
            text = f"{wanted}-7" if form.startswith("%G") else wanted
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise BadPeriod(typed=typed[:60])
