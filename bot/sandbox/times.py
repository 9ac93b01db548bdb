"""Moments in messages, as a client shows them: in its own language, here on a clock of UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_timedelta

_MARK = re.compile(r"<t:(-?\d{1,12})(?::([tTdDfFsSR]))?>")


def with_times(text: str, locale: str, now: datetime) -> str:
    """`text` with each `<t:…>` as a reader of that locale sees it at the moment `now`."""
    spoken = _known(locale)

    def shown(match: re.Match[str]) -> str:
        try:
            at = datetime.fromtimestamp(int(match[1]), UTC)
        except (ValueError, OverflowError, OSError):
            return "Invalid Date"
        if match[2] == "R":
            return format_timedelta(at - now, add_direction=True, locale=spoken)
        day = format_date(at.date(), "medium", locale=spoken)
        return day if match[2] in ("d", "D") else f"{day} {at:%H:%M}"

    return _MARK.sub(shown, text)


def _known(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
