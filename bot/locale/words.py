"""The words that people may type: `typed.*` of the catalogues are lists of them, with commas.

They are understood in all languages at once: who writes Korean may well have an English client.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from bot.locale.texts import languages, texts


def squeezed(typed: str) -> str:
    """What was typed without blanks, in small letters and in the usual forms of signs.

    Full-width letters and digits are the narrow ones then (NFKC).
    """
    return "".join(unicodedata.normalize("NFKC", typed).casefold().split())


@cache
def meanings(family: str) -> Mapping[str, str]:
    """What each word of a family stands for: those of `typed.period.last` for `last`.

    The words are squeezed.
    """
    head = f"typed.{family}."
    found: dict[str, str] = {}
    for language in languages():
        for key, listed in texts(language).messages.items():
            if key.startswith(head) and isinstance(listed, str):
                for word in listed.split(","):
                    found.setdefault(squeezed(word), key.removeprefix(head))
    return found


def meaning(family: str, typed: str) -> str | None:
    """What a word of a family stands for, however it is written; None if it is none of them."""
    return meanings(family).get(squeezed(typed))
