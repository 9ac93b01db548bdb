"""When a channel's periods end: instants from weekdays and wall clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import BadPeriod
from bot.model.channel import WEEKDAYS, ChannelSettings


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


def next_end(settings: ChannelSettings, after: datetime) -> datetime:
    """The first scheduled moment that lies after `after`."""
    return _seek(settings, after, forward=True)


def last_end(settings: ChannelSettings, until: datetime) -> datetime:
    """The last scheduled moment at or before `until`."""
    return _seek(settings, until, forward=False)


def _seek(settings: ChannelSettings, now: datetime, *, forward: bool) -> datetime:
    here = now.astimezone(settings.zone).date()
    to_weekday = (WEEKDAYS.index(settings.weekday) - here.weekday()) % 7
    weeks = [instant(settings, here + timedelta(days=to_weekday + 7 * k)) for k in (-2, -1, 0, 1)]
    if forward:
        return min(week for week in weeks if week > now)
    return max(week for week in weeks if week <= now)


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
