"""Reading the catalogues. Messages have keys for msgids; English is a catalogue like the others.

A language is a folder of this package, `<code>/LC_MESSAGES/papertakes.po`; whatever lies there is
spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import c2py
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton, get_day_names
from babel.messages.pofile import read_po

DEFAULT = "en"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    language: str
    messages: dict[str, str | tuple[str, ...]]
    plural: Callable[[int], int]
    """Which of a message's forms a number takes: the catalogue's Plural-Forms."""

    def __call__(self, key: str, **params: Any) -> str:
        """The message `key` with its places filled.

        A plural message is chosen by the parameter `count`. Raises KeyError for an unknown key,
        so that a missing text is found by the tests and not by a reader.
        """
        message = self.messages[key]
        if isinstance(message, tuple):
            message = message[self.plural(params["count"])]
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
def catalogues() -> Mapping[str, Path]:
    """The catalogue of each language that the bot speaks, English first."""
    package = import_module("bot.locale")  # by its name: it is made of this module
    found = {
        file.parts[-3]: file
        for root in package.__path__
        for file in Path(root).glob("*/LC_MESSAGES/papertakes.po")
    }
    return {code: found[code] for code in sorted(found, key=lambda code: (code != DEFAULT, code))}


def languages() -> tuple[str, ...]:
    """The codes of the languages that the bot speaks, English first."""
    return tuple(catalogues())


@cache
def texts(language: str) -> Texts:
    """The texts of one of the `languages`."""
    with catalogues()[language].open("rb") as file:
        catalogue = read_po(file, locale=language)
    messages: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string
        messages[key] = said if isinstance(said, str) else tuple(said or ())
    return Texts(language, messages, c2py(catalogue.plural_expr))


def speak(*locales: str | None) -> Texts:
    """The texts of the first locale (such as `ko` or `en-GB`) that the bot speaks, else English."""
    for locale in locales:
        if code := language_of(locale or ""):
            return texts(code)
    return texts(DEFAULT)


@cache
def language_of(locale: str) -> str | None:
    """The language of a locale: `pt_BR` of `pt-BR` if there is one, else `pt`; None if neither."""
    known = {code.casefold(): code for code in languages()}
    whole = locale.replace("-", "_").casefold()
    return known.get(whole) or known.get(whole.partition("_")[0])
