"""Reading the catalogues. Messages have keys for msgids; English is a catalogue like the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.messages.pofile import read_po

LANGUAGES = ("en", "ko")
DEFAULT = "en"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    language: str
    messages: dict[str, str | tuple[str, ...]]

    def __call__(self, key: str, **params: Any) -> str:
        """The message `key` with its places filled.

        A plural message is chosen by the parameter `count`. Raises KeyError for an unknown key,
        so that a missing text is found by the tests and not by a reader.
        """
        message = self.messages[key]
        if isinstance(message, tuple):
            index = Locale.parse(self.language).plural_form(params["count"]) != "one"
            message = message[min(int(index), len(message) - 1)]
        return message.format(**params) if params else message

    def moment(self, at: datetime) -> str:
        """A moment that each reader sees on the clock of their own zone, in their language.

        https://discord.com/developers/docs/reference#message-formatting-timestamp-styles
        """
        return f"<t:{int(at.timestamp())}:f>"

    def distance(self, at: datetime) -> str:
        """How far off a moment is, as each reader sees it: "in 6 days"."""
        return f"<t:{int(at.timestamp())}:R>"

    def day(self, day: date) -> str:
        """A date as people of this language write it."""
        return format_date(day, "medium", locale=self.language)

    def month(self, day: date) -> str:
        """The month and year of a day as people of this language write them."""
        return str(format_skeleton("yMMM", day, locale=self.language))

    def weekday(self, name: str) -> str:
        """A weekday, by its English name, in this language."""
        names = get_day_names("wide", locale=self.language)
        return str(names[_WEEKDAYS.index(name)])


@cache
def texts(language: str) -> Texts:
    """The texts of a language code of LANGUAGES."""
    source = files("bot.locale").joinpath(language, "LC_MESSAGES", "papertakes.po")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    messages: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string
        messages[key] = said if isinstance(said, str) else tuple(said or ())
    return Texts(language, messages)


def speak(*locales: str | None) -> Texts:
    """The texts of the first locale (such as `ko` or `en-GB`) that the bot speaks, else English."""
    for locale in locales:
        code = (locale or "").partition("-")[0].casefold()
        if code in LANGUAGES:
            return texts(code)
    return texts(DEFAULT)
