"""Periods as people name them: `last`, `지난주`, a date, a week, a digest's number."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.locale.words import meaning, meanings, squeezed
from bot.model.channel import ChannelSettings
from bot.model.period import Days, Last, NamedPeriod, Number, Running, Title

_DATE = re.compile(r"([0-9]{4})[-./년]([0-9]{1,2})[-./월]([0-9]{1,2})[.일]?")
_WEEK = re.compile(r"(?:([0-9]{4})-?)?(?:w|week)([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{4})[-./년]([0-9]{1,2})[.월]?")
_COMPACT = ("%y%m%d", "%Y%m%d")
_WRITTEN = ("%b%d,%Y", "%B%d,%Y", "%d%b%Y", "%d%B%Y")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
"""Years in which a period is looked for: archives are older than the bot, and calendars end."""
_DIGITS = 5
"""Digits of a digest's number at most: six are a date."""


def parse_period(typed: str, settings: ChannelSettings, today: date) -> NamedPeriod:
    """What a person means; a Title where it is none of the known forms."""
    wanted = squeezed(typed)
    word = meaning("period", wanted)
    if word == "last" or (word == "last_month" and settings.every is None):
        return Last()
    if word == "this" or (word == "this_month" and settings.every is None):
        return Running()
    if word in {"today", "yesterday"}:
        day = today - timedelta(days=word == "yesterday")
        return Days(day, day)
    if word is not None:
        day = today if word == "this_month" else today.replace(day=1) - timedelta(days=1)
        return _month(day)
    days = next(_days(wanted, today), None)
    if days is not None and not _FIRST_YEAR <= days.first.year <= _LAST_YEAR:
        days = None
    return days or _number(wanted) or Title(typed.strip())


def _days(wanted: str, today: date) -> Iterator[Days]:
    """A day, a week or a month, if that is what it is and there is such a one."""
    try:
        if match := _DATE.fullmatch(wanted):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            yield Days(day, day)
        elif match := _WEEK.fullmatch(wanted):
            year = int(match[1] or today.isocalendar().year)
            monday = date.fromisocalendar(year, int(match[2]), 1)
            yield Days(monday, monday + timedelta(days=6))
        elif match := _MONTH.fullmatch(wanted):
            yield _month(date(int(match[1]), int(match[2]), 1))
    except (ValueError, OverflowError):
        return
    forms = _COMPACT if wanted.isascii() and wanted.isdigit() else _WRITTEN
    for form in forms:
        try:
            day = datetime.strptime(wanted, form).replace(tzinfo=UTC).date()
            yield Days(day, day)
        except ValueError:
            continue


def _month(day: date) -> Days:
    return Days(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def _number(wanted: str) -> Number | None:
    signs = "|".join(map(re.escape, sorted(meanings("number"), key=len, reverse=True)))
    match = re.fullmatch(rf"(?:{signs})?([0-9]{{1,{_DIGITS}}})(?:{signs})?", wanted)
    return Number(int(match[1])) if match else None
