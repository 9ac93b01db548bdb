"""When a channel's periods end: instants from weekdays and wall clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.model.channel import WEEKDAYS, ChannelSettings

_DAY = timedelta(days=1)


def instant(settings: ChannelSettings, day: date) -> datetime:
    """The moment at which the channel's clock shows its hour on that day, in UTC.

    An hour that is skipped by daylight saving comes as long after the gap as it lies in it; an
    hour that comes twice is taken the first time (PEP 495, fold=0).
    """
    wall = datetime.combine(day, settings.time, settings.zone)
    return wall.astimezone(UTC)


def is_day(settings: ChannelSettings, day: date) -> bool:
    """Whether a digest is due on that day of the channel's calendar.

    Weeks are counted from the last digest; before the first one, each of the weekdays is such a
    day.
    """
    if WEEKDAYS[day.weekday()] not in settings.weekday:
        return False
    if settings.every is None:
        return day.day <= 7
    return _weeks_on(settings, day) % settings.every == 0


def _weeks_on(settings: ChannelSettings, day: date) -> int:
    """Weeks since those are counted; 0 where they are not counted yet."""
    return 0 if settings.anchor is None else week_number(day) - week_number(settings.anchor)


def week_number(day: date) -> int:
    """Weeks, from Monday on, counted without a break over the ends of years."""
    return (day.toordinal() - 1) // 7


def next_end(settings: ChannelSettings, after: datetime) -> datetime:
    """The first scheduled moment that lies after `after`, and not before the weeks are counted."""
    return next(
        end
        for day, end in _ends(settings, after, 1)
        if end > after and (settings.every is None or _weeks_on(settings, day) >= 0)
    )


def last_end(settings: ChannelSettings, until: datetime) -> datetime:
    """The last scheduled moment at or before `until`."""
    return next(end for _, end in _ends(settings, until, -1) if end <= until)


def day_of(settings: ChannelSettings, end: datetime) -> date:
    """The day of the calendar whose hour `end` is.

    That of the channel's clock, unless daylight saving carried the hour over midnight.
    """
    for day, moment in _ends(settings, end, -1):
        if moment == end:
            return day
        if moment < end:
            break
    return end.astimezone(settings.zone).date()


def anchored(settings: ChannelSettings, end: datetime) -> ChannelSettings:
    """The settings once a digest was due at `end`: weeks are counted from its day."""
    return replace(settings, anchor=day_of(settings, end))


def rescheduled(
    old: ChannelSettings, new: ChannelSettings, due: datetime, now: datetime
) -> tuple[ChannelSettings, datetime]:
    """The new settings with the day from which they count weeks, and when the next digest is due.

    `due` is when it was due by the old ones. The count of weeks is kept, whatever else changes. On
    other weekdays the digest that was due comes on the nearest of them, where it lies ahead. An
    hour that has passed already is not made up for; a digest that is due now is posted.
    """
    if due <= now or _rhythm(new) == _rhythm(old):
        return new, due
    if new.anchor and new.every not in {1, None} and new.weekday != old.weekday:
        same_days = replace(new, weekday=old.weekday)
        was = day_of(same_days, next_end(same_days, now))
        ahead = [
            day
            for day in (was + shift * _DAY for shift in range(-6, 8))
            if WEEKDAYS[day.weekday()] in new.weekday and instant(new, day) > now
        ]
        new = replace(new, anchor=min(ahead, key=lambda day: abs(day - was)))
    return new, next_end(new, now)


def _rhythm(settings: ChannelSettings) -> tuple[object, ...]:
    return settings.time_zone, settings.weekday, settings.time, settings.every


def reminded_between(settings: ChannelSettings, end: datetime) -> tuple[datetime, datetime]:
    """When a digest that is due at `end` is spoken of as tomorrow's.

    From the channel's hour on the day before to that day's midnight, by the channel's clock.
    """
    day = day_of(settings, end)
    midnight = datetime.combine(day, time(), settings.zone).astimezone(UTC)
    return instant(settings, day - _DAY), midnight


def _ends(
    settings: ChannelSettings, now: datetime, direction: int
) -> Iterator[tuple[date, datetime]]:
    """Scheduled days and moments in one direction, from two days on the other side of `now` on."""
    day = now.astimezone(settings.zone).date() - timedelta(days=2 * direction)
    while True:
        if is_day(settings, day):
            yield day, instant(settings, day)
        day += timedelta(days=direction)
