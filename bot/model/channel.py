"""A channel's settings: what it says, when, in which language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import Enum, auto
from string import Formatter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.errors import BadTitle
from bot.text.markdown import is_blank, strip_controls

TITLE_LIMIT = 100
"""Characters of a thread's name at Discord."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTH = "month"
"""How a monthly interval is written."""
LONGEST_INTERVAL = 8
"""Weeks between two digests, at most."""
INTRO_LIMIT = 4000
"""Characters of a digest's opening words: what a Discord form holds."""
CLOSING_TAG_LIMIT = 100

T = TypeVar("T")


class SettingKind(Enum):
    """What a setting is: how it is typed, and which option it has in Discord."""

    TIME_ZONE = auto()
    WEEKDAYS = auto()
    TIME = auto()
    INTERVAL = auto()
    LANGUAGE = auto()
    TITLE = auto()
    INTRO = auto()
    CLOSING_TAG = auto()
    FORUM_TAGS = auto()
    CHANNEL = auto()
    CHOICE = auto()
    """One of `choices`."""
    COUNT = auto()
    """A number from `low` to `high`."""
    COUNT_OR_ALL = auto()
    """The same, or None for all."""
    SWITCH = auto()


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings, beside its name, type and default."""

    kind: SettingKind
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0


def _row(
    default: T, kind: SettingKind, choices: tuple[str, ...] = (), low: int = 0, high: int = 0
) -> T:
    """A field of ChannelSettings that people can set."""
    return field(default=default, metadata={"setting": Setting(kind, choices, low, high)})


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How one channel keeps its list and posts its digest: the table of its settings.

    The options of `/settings set` are made of the rows, in this order; see `SETTINGS`.
    """

    time_zone: str = _row("UTC", SettingKind.TIME_ZONE)
    """IANA's name, or a fixed distance such as "UTC+09:00"."""
    weekday: tuple[str, ...] = _row(("sunday",), SettingKind.WEEKDAYS)
    """One or several names of WEEKDAYS, in the week's order."""
    time: dt.time = _row(dt.time(18), SettingKind.TIME)  # noqa: RUF009
    """On the wall clock of the time zone, in whole minutes."""
    every: int | None = _row(1, SettingKind.INTERVAL)
    """Weeks from one digest to the next; None: the month's first such weekday."""
    anchor: date | None = None
    """The day of a digest, from which the weeks are counted; None before the first one."""
    language: str = _row("en", SettingKind.LANGUAGE)
    title: str | None = _row(None, SettingKind.TITLE)
    """A template (see `fill_title`); None: the language's own."""
    intro: str = _row("", SettingKind.INTRO)
    closing_tag: str = _row("", SettingKind.CLOSING_TAG)
    authors: int | None = _row(None, SettingKind.COUNT_OR_ALL, low=1, high=100)
    """Authors that a digest in chat shows of each paper; None: all of them."""
    order: str = _row("added", SettingKind.CHOICE, ("added", "category", "takes"))
    """As added, by primary category, or the most takes first."""
    abstract: int = _row(0, SettingKind.COUNT, high=10)
    """Sentences of each paper's abstract that a digest in chat quotes."""
    untaken: str = _row("listed", SettingKind.CHOICE, ("listed", "carried", "left_out"))
    """What becomes of papers without takes."""
    post_to: int | None = _row(None, SettingKind.CHANNEL)
    """Discord's id of the channel or forum that the digest is posted in; None: this channel."""
    post_to_forum: bool = False
    forum_tags: tuple[str, ...] = _row((), SettingKind.FORUM_TAGS)
    """Names of the tags that a forum post gets."""
    pin: bool = _row(False, SettingKind.SWITCH)
    minimum_papers: int = _row(1, SettingKind.COUNT, high=1000)
    minimum_takes: int = _row(0, SettingKind.COUNT, high=1000)
    reminder: bool = _row(False, SettingKind.SWITCH)
    """A day before, the papers still without a take are listed in the channel."""

    @property
    def zone(self) -> tzinfo:
        """The time zone itself. Raises ZoneInfoNotFoundError."""
        return zone_of(self.time_zone)


SETTINGS: Mapping[str, Setting] = {
    one.name: one.metadata["setting"]
    for one in fields(ChannelSettings)
    if "setting" in one.metadata
}
"""What people can set, by name."""


_FIXED = re.compile(r"UTC([+-])([0-9]{2}):([0-9]{2})")


def zone_of(name: str) -> tzinfo:
    """A time zone as ChannelSettings has it. Raises ZoneInfoNotFoundError."""
    match = _FIXED.fullmatch(name)
    if match is None:
        return ZoneInfo(name)
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(ahead if match[1] == "+" else -ahead, name)


_WRITE: Mapping[str, Callable[[Any], Any]] = {
    "weekday": ",".join,
    "time": lambda value: f"{value:%H:%M}",
    "every": lambda value: MONTH if value is None else str(value),
    "anchor": lambda value: "" if value is None else value.isoformat(),
    "forum_tags": ",".join,
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "weekday": lambda text: tuple(text.split(",")),
    "time": dt.time.fromisoformat,
    "every": lambda text: None if text == MONTH else int(text),
    "anchor": lambda text: date.fromisoformat(text) if text else None,
    "forum_tags": lambda text: tuple(filter(None, text.split(","))),
}


def write_settings(settings: ChannelSettings) -> dict[str, Any]:
    """Settings as the database and exports have them: JSON's own types."""
    return {name: write_setting(name, value) for name, value in asdict(settings).items()}


def write_setting(name: str, value: Any) -> Any:
    """One of them."""
    return _WRITE[name](value) if name in _WRITE else value


def read_settings(written: Mapping[str, Any]) -> ChannelSettings:
    """What `write_settings` gave; what this version does not know of it is left out.

    Raises ValueError and its like for what it cannot have given.
    """
    values = dict(written)
    # Up to version 0.1 the weeks that counted were those whose number left this remainder.
    phase = values.pop("phase", None)
    if phase is not None and values.get("every", "1") not in {"1", MONTH}:
        values["anchor"] = date.fromordinal(7 * int(phase) + 1).isoformat()
    known = {field.name for field in fields(ChannelSettings)}
    return ChannelSettings(
        **{
            name: _READ[name](value) if name in _READ else value
            for name, value in values.items()
            if name in known
        }
    )


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

    @property
    def guild_unknown(self) -> bool:
        """Whether it is a channel of Discord's of which the id alone is known, by an import."""
        return self.discord_id is not None and self.guild_id is None


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
    if is_blank(title) or len(title) > TITLE_LIMIT:
        raise BadTitle(typed=template[:200])
    return title


_DIRECTIVE = re.compile(r"%(-?[aAbBdjmUWyYGVu%])")
_STRAY = re.compile(r"(?<!\d)%-?[aAbBdjmUWyYGVu](?![a-z])")
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
    """A title template that can be filled. Raises BadTitle, also for a directive of strftime's
    that stands by itself: the digest would be called `%y%m%d Papers`."""
    template = " ".join(strip_controls(typed).split())
    fill_title(template, day=date(2020, 12, 31), number=1000)
    if any(_STRAY.search(literal) for literal, *_ in Formatter().parse(template)):
        raise BadTitle(typed=template[:200])
    return template
