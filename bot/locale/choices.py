"""Settings that are chosen, as people write them: a language, a number or all, on or off."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale

from bot.errors import BadChoice, BadLanguage, BadNumber
from bot.locale.texts import language_of, languages, texts
from bot.locale.words import meaning, meanings, squeezed
from bot.model.numbers import parse_number


def parse_language(typed: str) -> str:
    """A language that the bot speaks, by its code or its name. Raises BadLanguage."""
    wanted = squeezed(typed)
    code = _languages().get(wanted) or language_of(wanted)
    if code is None:
        raise BadLanguage(typed=typed[:60], languages=", ".join(languages()))
    return code


@cache
def _languages() -> Mapping[str, str]:
    """Each language by its own name, and by its name in each of the languages."""
    in_others = {
        squeezed(Locale(code).get_display_name(other) or code): code
        for code in languages()
        for other in languages()
    }
    return in_others | {squeezed(texts(code)("language")): code for code in languages()}


def parse_count(typed: str, low: int, high: int) -> int | None:
    """A number within the bounds, or None for `all`. Raises BadNumber."""
    if meaning("amount", typed) == "all":
        return None
    number = parse_number(_without_unit(squeezed(typed)))
    if number is None or not low <= number <= high:
        raise BadNumber(typed=typed[:60], low=low, high=high)
    return number


def _without_unit(word: str) -> str:
    """A number without what it counts: `5명`, `3 papers`."""
    units = sorted(meanings("counted"), key=len, reverse=True)
    return next((word.removesuffix(unit) for unit in units if word.endswith(unit)), word)


def parse_choice(name: str, typed: str, choices: tuple[str, ...]) -> str:
    """One of the values of a setting of that name, by itself, as it is shown in any language, or
    in other words for it (`typed.NAME.VALUE`). Raises BadChoice."""
    wanted = typed.strip().casefold().replace(" ", "_").replace("-", "_")
    if wanted in choices:
        return wanted
    shown = {
        squeezed(texts(language)(f"choice.{name}.{value}")): value
        for language in languages()
        for value in choices
    }
    value = shown.get(squeezed(typed)) or meaning(name, typed)
    if value is None:
        raise BadChoice(typed=typed[:60], choices=", ".join(choices))
    return value


def parse_switch(typed: str) -> bool:
    """On or off. Raises BadChoice."""
    word = meaning("switch", typed)
    if word is None:
        raise BadChoice(typed=typed[:60], choices="on, off")
    return word == "on"


def is_none(typed: str) -> bool:
    """Whether a setting is to be taken away."""
    return not squeezed(typed) or meaning("amount", typed) == "none"
