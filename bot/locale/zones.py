"""Time zones as people write them: `Asia/Seoul`, `서울`, `한국`, `KST`, `GMT+9`, `+09:00`."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from bot.errors import AmbiguousTimeZone, BadTimeZone
from bot.locale.texts import languages
from bot.locale.words import meanings, squeezed

_NEVER = {"localtime", "factory", "posixrules"}
"""Names in the database of zones that are no place's: the machine's own, or none at all."""
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-5][0-9]))?")
_POSIX = re.compile(r"etc/gmt([+-])([0-9]{1,2})")
_DASHES = str.maketrans("−–—", "---")
_FURTHEST = {"+": 14 * 60, "-": 12 * 60}
_CHOICES = 6
"""Zones that are named to choose from at most."""

# Abbreviations are no names: some are used on several continents, and who lives there means the
# time with its summer time. Where that is one place only, it is meant.
_ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "kst": ("Asia/Seoul",), "jst": ("Asia/Tokyo",), "hkt": ("Asia/Hong_Kong",),
    "sgt": ("Asia/Singapore",), "myt": ("Asia/Kuala_Lumpur",), "pht": ("Asia/Manila",),
    "ict": ("Asia/Bangkok",), "wib": ("Asia/Jakarta",), "wita": ("Asia/Makassar",),
    "wit": ("Asia/Jayapura",), "npt": ("Asia/Kathmandu",), "pkt": ("Asia/Karachi",),
    "gst": ("Asia/Dubai",), "msk": ("Europe/Moscow",), "trt": ("Europe/Istanbul",),
    "cest": ("CET",), "eest": ("EET",), "west": ("WET",), "z": ("UTC",),
    "sast": ("Africa/Johannesburg",), "eat": ("Africa/Nairobi",), "wat": ("Africa/Lagos",),
    "cat": ("Africa/Maputo",), "brt": ("America/Sao_Paulo",), "clt": ("America/Santiago",),
    "art": ("America/Argentina/Buenos_Aires",), "cot": ("America/Bogota",),
    "pet": ("America/Lima",), "nst": ("America/St_Johns",), "adt": ("America/Halifax",),
    "et": ("America/New_York",), "eastern": ("America/New_York",), "edt": ("America/New_York",),
    "ct": ("America/Chicago",), "central": ("America/Chicago",), "cdt": ("America/Chicago",),
    "mt": ("America/Denver",), "mountain": ("America/Denver",), "mdt": ("America/Denver",),
    "pt": ("America/Los_Angeles",), "pacific": ("America/Los_Angeles",),
    "pdt": ("America/Los_Angeles",), "akst": ("America/Anchorage",),
    "akdt": ("America/Anchorage",), "hst": ("Pacific/Honolulu",), "awst": ("Australia/Perth",),
    "aedt": ("Australia/Sydney",), "acdt": ("Australia/Adelaide",),
    "nzst": ("Pacific/Auckland",), "nzdt": ("Pacific/Auckland",),
    "est": ("America/New_York", "America/Panama", "Australia/Sydney"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "mst": ("America/Denver", "America/Phoenix", "Asia/Kuala_Lumpur"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "sst": ("Pacific/Pago_Pago", "Asia/Singapore"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
}  # fmt: skip


def parse_time_zone(typed: str) -> str:
    """The zone that is meant: its IANA name, or `UTC+09:00` for what is ahead by a fixed time.

    Raises BadTimeZone with the nearest name, AmbiguousTimeZone with those that can be meant.
    """
    found = meant_zones(typed)
    if len(found) > 1:
        raise AmbiguousTimeZone(typed=typed[:60], choices=", ".join(found))
    if not found:
        raise BadTimeZone(typed=typed[:60], suggestion=_nearest(squeezed(typed)))
    return found[0]


def meant_zones(typed: str) -> Sequence[str]:
    """The zones that can be meant, as `parse_time_zone` gives them: one, several, or none."""
    found = (_zones(wanted) for wanted in _readings(typed))
    return next(filter(None, found), ())[:_CHOICES]


def _readings(typed: str) -> Iterator[str]:
    """What was typed, then without a remark in parentheses, a country behind a comma, and such."""
    text = unicodedata.normalize("NFKC", typed).casefold().translate(_DASHES).strip()
    yield text
    bare = re.sub(r"\([^()]*\)", " ", text).strip()
    if bare != text:
        yield bare or text.strip("() ")
    if "," in bare:
        yield bare.partition(",")[0]
    for word in sorted(meanings("zone"), key=len, reverse=True):
        if squeezed(bare).endswith(word):
            yield squeezed(bare).removesuffix(word)


def _zones(wanted: str) -> Sequence[str]:
    """The zones that can be meant; none where it is no name of any."""
    key = squeezed(wanted.replace("_", " "))
    offset = _fixed(key)
    if offset is not None:
        return (offset,)
    if key in _NEVER:
        return ()
    name = wanted.strip().replace(" ", "_")
    for found in (_ABBREVIATIONS.get(key), _by_name().get(name), _by_city().get(key)):
        if found is not None:
            return found
    return _by_country().get(key, ())


def _fixed(key: str) -> str | None:
    """A fixed distance from UTC, as `UTC+09:00`; None if it is none that there is.

    `GMT+9` is nine hours ahead, as everybody writes it. Only in the names `Etc/GMT+9` of the
    database it is nine hours behind (POSIX counts to the west).
    """
    posix, match = _POSIX.fullmatch(key), _OFFSET.fullmatch(key)
    if posix:
        sign, hours, minutes = "-" if posix[1] == "+" else "+", int(posix[2]), 0
    elif match:
        sign, hours, minutes = match[1], int(match[2]), int(match[3] or 0)
    else:
        return None
    if hours * 60 + minutes > _FURTHEST[sign] or minutes % 15:
        return None
    return f"UTC{sign}{hours:02}:{minutes:02}" if hours or minutes else "UTC"


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    return {
        name.casefold(): (name,)
        for name in available_timezones()
        if name.casefold() not in _NEVER and not name.startswith("Etc/")
    }


@cache
def _by_city() -> Mapping[str, tuple[str, ...]]:
    """Zones by their city, in English as the database has it and in all languages of the bot."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in sorted(available_timezones()):
        if "/" in name and not name.startswith("Etc/"):
            city = squeezed(name.rpartition("/")[2].replace("_", " "))
            found[city][name] = None
            if name in get_global("zone_territories"):
                for language in languages():
                    location = get_timezone_location(name, locale=language, return_city=True)
                    found[squeezed(location)][name] = None
    return {city: _of_today(list(names)) for city, names in found.items()}


def _of_today(names: Sequence[str]) -> tuple[str, ...]:
    """Of several names of a place the one that is in use."""
    today = {zone for zones in _countries().values() for zone in zones}
    return tuple(name for name in names if name in today) or tuple(names[:1])


@cache
def _countries() -> Mapping[str, Sequence[str]]:
    """The zones of each country, by its code (ISO 3166-1)."""
    zones: dict[str, list[str]] = defaultdict(list)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            zones[code].append(zone)
    return zones


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    """Zones by the country's name, in all languages: of those that go alike the best known."""
    names = {word: code.upper() for word, code in meanings("country").items()}
    for language in languages():
        for code, name in Locale(language).territories.items():
            names.setdefault(squeezed(name), code)
    zones = {code: _unlike(several) for code, several in _countries().items()}
    return {name: zones[code] for name, code in names.items() if code in zones}


def _unlike(zones: Sequence[str]) -> tuple[str, ...]:
    known = [zone for several in _ABBREVIATIONS.values() for zone in several]
    alike: dict[tuple[object, ...], str] = {}
    for zone in sorted(zones, key=lambda zone: zone not in known):
        clock = ZoneInfo(zone)
        offsets = (datetime(2026, month, 15, tzinfo=UTC).astimezone(clock) for month in (1, 7))
        alike.setdefault(tuple(moment.utcoffset() for moment in offsets), zone)
    return tuple(alike.values())


def _nearest(key: str) -> str:
    """The zone whose name is most like what was typed."""
    names = {name: zones[0] for name, zones in _by_name().items() if "/" in name}
    within = sorted(name for name in names if key and key in squeezed(name.replace("_", " ")))
    if found := within or get_close_matches(key, names, n=1, cutoff=0.7):
        return names[found[0]]
    cities = get_close_matches(key, _by_city(), n=1, cutoff=0.7)
    return _by_city()[cities[0]][0] if cities else "Asia/Seoul"
