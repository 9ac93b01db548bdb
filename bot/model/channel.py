"""A channel's settings: what it says, when, in which language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import (
    BadChoice,
    BadInterval,
    BadLanguage,
    BadNumber,
    BadTime,
    BadTimeZone,
    BadTitle,
    BadWeekday,
)
from bot.model.numbers import parse_number

LANGUAGES = ("en", "ko")
TITLE_LIMIT = 100
"""Characters of a thread's name at Discord."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KOREAN_WEEKDAYS = "월화수목금토일"


ORDERS = ("added", "category", "takes")
UNTAKEN = ("listed", "carried", "left_out")
MONTH = "month"
LONGEST_INTERVAL = 8
"""Weeks between two digests, at most."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How one channel keeps its list and posts its digest."""

    time_zone: str = "UTC"
    """IANA's name."""
    weekday: str = "sunday"
    """One or several names of WEEKDAYS, in the week's order, joined by commas."""
    time: str = "18:00"
    """ "HH:MM" on the wall clock of the time zone."""
    every: str = "1"
    """Weeks from one digest to the next, or MONTH: the month's first such weekday."""
    anchor: str = ""
    """The day (ISO) of a digest, from which the weeks are counted; empty before the first one."""
    language: str = "en"
    title: str | None = None
    """A template (see `fill_title`); None: the language's own."""
    intro: str = ""
    closing_tag: str = ""
    authors: int | None = None
    """Authors that a digest in chat shows of each paper; None: all of them."""
    order: str = "added"
    """One of ORDERS: as added, by primary category, or the most takes first."""
    abstract: int = 0
    """Sentences of each paper's abstract that a digest in chat quotes."""
    untaken: str = "listed"
    """One of UNTAKEN: what becomes of papers without takes."""
    post_to: int | None = None
    """Discord's id of the channel or forum that the digest is posted in; None: this channel."""
    post_to_forum: bool = False
    forum_tags: str = ""
    """Names of the tags that a forum post gets, joined by commas."""
    pin: bool = False
    minimum_papers: int = 1
    minimum_takes: int = 0
    reminder: bool = False
    """A day before, the papers still without a take are listed in the channel."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def weekdays(self) -> tuple[str, ...]:
        return tuple(self.weekday.split(","))


def read_settings(kept: Mapping[str, Any]) -> ChannelSettings:
    """Settings as they are kept; what this version does not know of them is left out."""
    values = dict(kept)
    # Up to version 0.1 the weeks that counted were those whose number left this remainder.
    phase = values.pop("phase", None)
    if phase is not None and values.get("every", "1") not in {"1", MONTH}:
        values["anchor"] = date.fromordinal(7 * int(phase) + 1).isoformat()
    known = {field.name for field in fields(ChannelSettings)}
    return ChannelSettings(**{name: values[name] for name in values if name in known})


@dataclass(frozen=True, slots=True)
class Channel:
    """A Discord channel in which a list is kept, or an archive that exists in the database only.

    `period_start` is where the running period began, `next_digest_at` when it ends; `intro` holds
    the opening words of the running period, when it has its own.
    """

    id: int
    scope: int
    discord_id: int | None
    guild_id: int | None
    name: str
    forum: bool
    settings: ChannelSettings
    period_start: datetime
    next_digest_at: datetime
    intro: str | None = None
    arranged: tuple[int, ...] = ()
    """Entries in the order that a manager wants for the next digest; those not named come last."""
    left_out: tuple[int, ...] = ()
    """Entries that a manager has left out of the next digest; they come in the one after it."""


def parse_time_zone(typed: str) -> str:
    """The IANA name of a time zone typed in any case, or by its city alone.

    Raises BadTimeZone with the nearest name, if there is one.
    """
    wanted = typed.strip().casefold().replace(" ", "_")
    zones = {name.casefold(): name for name in available_timezones()}
    if wanted in zones:
        return zones[wanted]
    cities = sorted(name for key, name in zones.items() if key.rpartition("/")[2] == wanted)
    if len(cities) == 1:
        return cities[0]
    near = cities or sorted(name for key, name in zones.items() if wanted and wanted in key)
    raise BadTimeZone(typed=typed[:60], suggestion=near[0] if near else "Asia/Seoul")


def parse_weekdays(typed: str) -> str:
    """One or several weekdays, joined by commas in the week's order. Raises BadWeekday."""
    named = {parse_weekday(word) for word in re.split(r"[,\s、·/]+|\band\b", typed.strip()) if word}
    if not named:
        raise BadWeekday(typed=typed[:60])
    return ",".join(name for name in WEEKDAYS if name in named)


def parse_weekday(typed: str) -> str:
    """A weekday by its name or its first three letters, in English or Korean. Raises BadWeekday."""
    wanted = typed.strip().casefold()
    if re.fullmatch(rf"[{_KOREAN_WEEKDAYS}](요일)?", wanted):
        return WEEKDAYS[_KOREAN_WEEKDAYS.index(wanted[0])]
    for name in WEEKDAYS:
        if len(wanted) >= 3 and name.startswith(wanted):
            return name
    raise BadWeekday(typed=typed[:60])


_TIME = re.compile(
    r"(?P<before>am|pm|오전|오후)?\s*(?P<hour>\d{1,2})\s*(?::\s*(?P<minute>\d{2})|시(?:\s*(?P<분>\d{1,2})\s*분)?)?"
    r"\s*(?P<after>am|pm)?",
    re.IGNORECASE,
)


def parse_time(typed: str) -> str:
    """A time of day as "HH:MM", from `18:00`, `9`, `6pm`, `18시 30분`, `오후 6시`.

    Raises BadTime.
    """
    match = _TIME.fullmatch(typed.strip().replace(".", ""))
    if match is None:
        raise BadTime(typed=typed[:60])
    hour, minute = int(match["hour"]), int(match["minute"] or match["분"] or 0)
    half = (match["before"] or match["after"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise BadTime(typed=typed[:60])
        hour = hour % 12 + (12 if half in {"pm", "오후"} else 0)
    try:
        return time(hour, minute).strftime("%H:%M")
    except ValueError:
        raise BadTime(typed=typed[:60]) from None


def parse_language(typed: str) -> str:
    """A language that the bot speaks, by its code or its name. Raises BadLanguage."""
    names = {"english": "en", "영어": "en", "korean": "ko", "한국어": "ko"}
    wanted = typed.strip().casefold()
    code = names.get(wanted, wanted.partition("-")[0])
    if code not in LANGUAGES:
        raise BadLanguage(typed=typed[:60], languages=", ".join(LANGUAGES))
    return code


def parse_count(typed: str, low: int, high: int) -> int | None:
    """A number within the bounds, or None for `all`. Raises BadNumber."""
    wanted = typed.strip().casefold()
    if wanted in {"all", "모두", "전부"}:
        return None
    number = parse_number(wanted)
    if number is not None and low <= number <= high:
        return number
    raise BadNumber(typed=typed[:60], low=low, high=high)


def parse_every(typed: str) -> str:
    """An interval: `1` to `8` weeks (`2 weeks`, `2주`), `week`, or `month`. Raises BadInterval."""
    wanted = typed.strip().casefold()
    if wanted in {"month", "monthly", "매월", "매달", "한달"}:
        return MONTH
    if wanted in {"week", "weekly", "매주"}:
        return "1"
    match = re.fullmatch(r"(?:every\s*)?([1-9])\s*(?:weeks?|w|주(?:마다)?)?", wanted)
    if match is None or int(match[1]) > LONGEST_INTERVAL:
        raise BadInterval(typed=typed[:60], high=LONGEST_INTERVAL)
    return match[1]


def parse_choice(typed: str, choices: tuple[str, ...]) -> str:
    """One of a setting's values. Raises BadChoice."""
    wanted = typed.strip().casefold().replace(" ", "_").replace("-", "_")
    if wanted not in choices:
        raise BadChoice(typed=typed[:60], choices=", ".join(choices))
    return wanted


def parse_switch(typed: str) -> bool:
    """On or off. Raises BadChoice."""
    wanted = typed.strip().casefold()
    if wanted in {"on", "yes", "true", "1", "켜기", "켬", "예"}:
        return True
    if wanted in {"off", "no", "false", "0", "끄기", "끔", "아니요"}:
        return False
    raise BadChoice(typed=typed[:60], choices="on, off")


def fill_title(template: str, *, day: date, number: int) -> str:
    """A digest's title from its template.

    Places: `{date}` or `{date:%y%m%d}` (strftime's directives for days), `{number}` (counts the
    channel's digests), `{week}` (ISO week) and `{year}` (of that week). Doubled braces stand for
    themselves.
    Raises BadTitle: nothing but these places is read, since the template is typed by a person.
    """
    iso = day.isocalendar()
    values: dict[str, date | int] = {
        "date": day, "number": number, "week": iso.week, "year": iso.year,
    }  # fmt: skip
    filled: list[str] = []
    try:
        for literal, name, spec, conversion in Formatter().parse(template):
            filled.append(literal)
            if name is None:
                continue
            if name not in values or conversion:
                raise BadTitle(typed=template[:200])
            filled.append(_place(values[name], spec or ""))
    except ValueError:
        raise BadTitle(typed=template[:200]) from None
    title = " ".join("".join(filled).split())
    if not 1 <= len(title) <= TITLE_LIMIT:
        raise BadTitle(typed=template[:200])
    return title


_DIRECTIVE = re.compile(r"%(-?[aAbBdjmUWyYGVu%])")
_WIDTH = re.compile(r"(0?[1-9])?d?")


def _place(value: date | int, spec: str) -> str:
    """One place filled. Raises ValueError for a format that is not known to be harmless.

    Directives are filled one by one: `strftime` would take widths of any size, and words in
    another script through the encoding of the process's locale.
    """
    if isinstance(value, int):
        if not _WIDTH.fullmatch(spec):
            raise ValueError(spec)
        return format(value, spec)
    if "%" in _DIRECTIVE.sub("", spec) or "{" in spec:
        raise ValueError(spec)
    return _DIRECTIVE.sub(lambda found: value.strftime(found[0]), spec) or value.isoformat()


def parse_title(typed: str) -> str:
    """A title template that can be filled. Raises BadTitle."""
    template = " ".join(typed.split())
    fill_title(template, day=date(2020, 12, 31), number=1000)
    return template
