"""A channel's settings, as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import BadNumber, TextTooLong
from bot.locale.choices import is_none, parse_choice, parse_count, parse_language, parse_switch
from bot.locale.clock import parse_every, parse_time, parse_weekdays
from bot.locale.zones import parse_time_zone
from bot.model.channel import (
    CLOSING_TAG_LIMIT,
    INTRO_LIMIT,
    SETTINGS,
    SettingKind,
    parse_title,
)
from bot.text.markdown import strip_controls

FORUM_TAGS_LIMIT = 5
"""Tags that Discord takes on one forum post."""
FORUM_TAG_LIMIT = 20
"""Characters of a forum tag's name at Discord."""


def parse_setting(name: str, value: Any) -> Any:
    """The value of a setting of the table, from what was typed or chosen.

    Raises BadTimeZone, BadTime, BadWeekday, BadInterval, BadLanguage, BadTitle, BadNumber,
    BadChoice, TextTooLong.
    """
    setting, typed = SETTINGS[name], str(value)
    if setting.kind is SettingKind.SWITCH:
        return value if isinstance(value, bool) else parse_switch(typed)
    if setting.kind is SettingKind.CHOICE:
        return parse_choice(name, typed, setting.choices)
    if setting.kind is SettingKind.COUNT:
        return parse_count(typed, setting.low, setting.high) or 0
    if setting.kind is SettingKind.COUNT_OR_ALL:
        return parse_count(typed, setting.low, setting.high)
    return _PARSERS[setting.kind](typed)


def _title(typed: str) -> str | None:
    return None if is_none(typed) else parse_title(typed)


def _intro(typed: str) -> str:
    text = strip_controls(typed).strip()
    if len(text) > INTRO_LIMIT:
        raise TextTooLong(length=len(text), limit=INTRO_LIMIT)
    return "" if is_none(text) else text


def _closing_tag(typed: str) -> str:
    tags = strip_controls(typed).split()
    if is_none(" ".join(tags)):
        return ""
    text = " ".join(tag if tag.startswith("#") else f"#{tag}" for tag in tags)
    if len(text) > CLOSING_TAG_LIMIT:
        raise TextTooLong(length=len(text), limit=CLOSING_TAG_LIMIT)
    return text


def _forum_tags(typed: str) -> tuple[str, ...]:
    names = [" ".join(name.split()) for name in strip_controls(typed).split(",")]
    kept = [name for name in names if name]
    if is_none(" ".join(kept)):
        return ()
    if len(kept) > FORUM_TAGS_LIMIT:
        raise BadNumber(typed=str(len(kept)), low=0, high=FORUM_TAGS_LIMIT)
    longest = max(map(len, kept), default=0)
    if longest > FORUM_TAG_LIMIT:
        raise TextTooLong(length=longest, limit=FORUM_TAG_LIMIT)
    return tuple(kept)


_PARSERS: Mapping[SettingKind, Callable[[str], Any]] = {
    SettingKind.TIME_ZONE: parse_time_zone,
    SettingKind.WEEKDAYS: parse_weekdays,
    SettingKind.TIME: parse_time,
    SettingKind.INTERVAL: parse_every,
    SettingKind.LANGUAGE: parse_language,
    SettingKind.TITLE: _title,
    SettingKind.INTRO: _intro,
    SettingKind.CLOSING_TAG: _closing_tag,
    SettingKind.FORUM_TAGS: _forum_tags,
}
