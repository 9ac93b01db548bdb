"""TeX accents and Greek letters to Unicode, as the query API does with titles, abstracts and names.

Only what the recorded answers show: everything else of TeX stays.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_COMBINING: Final = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "c": "\u0327",
    "k": "\u0328",
}
_LETTERS: Final = {
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "ss": "ß", "i": "ı",
}  # fmt: skip
_GREEK: Final = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")
    for name in [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "phi",
        "chi",
        "psi",
        "omega",
    ]
} | {"lambda": "λ"}

_SIGN_ACCENT: Final = re.compile(
    r"""\\([`'^~=."])\s*(?:\{\\?([A-Za-z])\}|\\([ij])\s?|([A-Za-z]))"""
)
_WORD_ACCENT: Final = re.compile(r"\\([uvHckr])(?:\s*\{([A-Za-z])\}|\s+([A-Za-z])(?![A-Za-z]))")
_LETTER: Final = re.compile(r"\{?\\(aa|AA|ae|AE|oe|OE|ss|[oOlLi])(?![A-Za-z])(?:\{\}|\s)?\}?")
_GREEK_WORD: Final = re.compile(r"\\(" + "|".join(_GREEK) + r")(?![A-Za-z])\s?")


def to_unicode(text: str) -> str:
    """The text with accents, special letters and small Greek letters as characters."""

    def accented(match: re.Match[str]) -> str:
        letter = next(group for group in match.groups()[1:] if group)
        return unicodedata.normalize("NFC", letter + _COMBINING[match[1]])

    text = re.sub(r"\{(\\[`'^~=.\"]\{?\\?[A-Za-z]\}?)\}", r"\1", text)
    text = _SIGN_ACCENT.sub(accented, text)
    text = _WORD_ACCENT.sub(accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    return _GREEK_WORD.sub(lambda match: _GREEK[match[1]], text)


def folded(text: str) -> str:
    """The text for comparing: lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", to_unicode(text).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
