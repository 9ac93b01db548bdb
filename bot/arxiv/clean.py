"""arXiv's texts as they are kept: on one line, accents decoded, nothing that cannot be shown."""

from __future__ import annotations

from functools import lru_cache

from bot.text import tex

_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE], " ")


def line(text: str | None) -> str:
    """Blanks and line breaks collapsed to single blanks, control characters removed.

    `text` comes from XML, which has no others of ASCII's than are looked for here
    (https://www.w3.org/TR/xml/#charsets).
    """
    if not text:
        return ""
    if text.isascii() and "\x7f" not in text:
        # Most of what arXiv says, and quickly told.
        if "  " in text or "\n" in text or "\t" in text or "\r" in text:
            return " ".join(text.split())
        return text.strip()
    return " ".join(text.translate(_CONTROLS).split())


def words(text: str | None) -> str:
    """As `line`, of what people wrote: accents and letters that stand there as TeX are decoded."""
    return tex.decode(line(text))


def optional_words(text: str | None) -> str | None:
    """As `words`; nothing if nothing is left."""
    return words(text) or None


@lru_cache(maxsize=1024)
def word(text: str | None) -> str:
    """As `line`, of what says the same again and again: names of categories, dates."""
    return line(text)


def optional_line(text: str | None) -> str | None:
    """As `line`; nothing if nothing is left."""
    return line(text) or None


def first_doi(text: str | None) -> str | None:
    """The first of the DOIs in the field, which authors may fill with several."""
    return next(iter(line(text).replace(",", " ").split()), None) if text else None
