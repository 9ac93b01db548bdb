"""Days as people write them in notes and in the names of folders."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NAME: Final = r"(?P<name>[A-Za-z]{3,9})\.?"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_DAY: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_FORMS: Final = tuple(
    re.compile(rf"(?<![\d.]){form}(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_YEAR}\s*[-/.年년]\s*(?P<m>\d{{1,2}})\s*[-/.月월]\s*(?P<d>\d{{1,2}})(?:일(?:에|의)?)?",
        rf"(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-]{_YEAR}",
        rf"{_NAME} {_DAY},? {_YEAR}",
        rf"{_DAY} {_NAME},? {_YEAR}",
        rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)",
    )
)
_FOLDERS: Final = re.compile(
    rf"(?:^|/){_YEAR}[-/_. ]?(?:(?P<m>\d{{1,2}})|{_NAME})(?:[-/_. ](?P<d>\d{{1,2}}))?(?=[/ _-]|$)"
)
_WEEKDAY: Final = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|[월화수목금토일](?:요일)?)\b",
    re.IGNORECASE,
)
_GENERAL: Final = re.compile(
    r"\b(?:(?:papers?|reading|readings|read|notes?|list|log|diary|journal|daily|weekly|week|today|club"
    r"|group|session|meeting|seminar|study|discussion|of|for|on|the|from|to|we|i|my|our)"
    r"|(?:논문(?:들|을)?|정리|읽은|읽기|읽음|읽다|리딩|노트|메모|기록|일지|일기|모음|목록|리뷰|스터디|모임"
    r"|세미나|주간|일간|오늘|이번|주|것|날)+(?:의|에|은)?)\b",
    re.IGNORECASE,
)
"""What stands beside a day in the heading of a post: *Reading notes*, *논문 정리*."""


def day_in(text: str) -> date | None:
    """The first day that a short text names; `03/04/2018` is taken for March, as in America."""
    for form in _FORMS:
        if (match := form.search(text)) and (day := _made(match.groupdict())):
            return day
    return None


def only_day(text: str) -> date | None:
    """The day that a short text is, with at most the day of the week and general words beside
    it: `논문 정리 2021-03-01`, `Reading 03/04/2021 (Thu)`."""
    rest = text
    for form in _FORMS:
        rest = form.sub(" ", rest, count=1)
    rest = _GENERAL.sub(" ", _WEEKDAY.sub(" ", rest, count=1))
    return None if re.search(r"[^\W_]", rest) else day_in(text)


def day_of_folders(path: str) -> date | None:
    """The day that a file's folders tell: `2018/june/…`, `2018/06/28/…`; a month's first day."""
    folders = path.rpartition("/")[0]
    found = [match.groupdict() for match in _FOLDERS.finditer(folders)]
    days = [day for parts in found if (day := _made({**parts, "d": parts["d"] or "1"}))]
    return days[-1] if days else None


def _made(parts: dict[str, str | None]) -> date | None:
    month, day = parts.get("m"), parts.get("d")
    if name := parts.get("name"):
        month = _month(name)
    if (a := parts.get("a")) and (b := parts.get("b")):
        month, day = (b, a) if int(a) > 12 else (a, b)
    try:
        return date(int(parts["y"] or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None


def _month(name: str) -> str | None:
    small = name.casefold()
    for number, month in enumerate(_MONTHS, start=1):
        if small in (month, month[:3], "sept" if month == "september" else month):
            return str(number)
    return None
