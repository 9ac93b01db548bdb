r"""Accents and letters of TeX in running text: `Erd{\H o}s` is Erdős, `na\"\i ve` naïve."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.text.tex.entities import unescape
from bot.text.tex.spans import outside

_SIGNS: Final = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307",
}  # fmt: skip
_NAMED: Final = {
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a",
    "b": "\u0331", "d": "\u0323", "t": "\u0361", "cb": "\u0326", "textcommabelow": "\u0326",
    "textcedilla": "\u0327", "textogonek": "\u0328", "ogonek": "\u0328",
}  # fmt: skip
_MARKS: Final = _SIGNS | _NAMED
_LETTERS: Final = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ",
    "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "ij": "ĳ", "IJ": "Ĳ",
}  # fmt: skip

_LETTER: Final = r"[^\W\d_]"
_ACCENT: Final = re.compile(
    rf"""(?<!\\)\\(?:
      (?P<sign>['"`^~=.])\ *
      (?:\{{\s*(?:\\(?P<dotless>[ij])(?![A-Za-z])\s*|(?P<braced>{_LETTER})(?P<more>[A-Za-z]*)\s*)\}}
        |\\(?P<bare_dotless>[ij])(?![A-Za-z])(?:\{{\}}|\ +)?
        |(?P<bare>{_LETTER}))
    | (?P<name>cb|textcommabelow|textcedilla|t?extogonek|ogonek|[cvuHkrbdt])(?![A-Za-z])\ *
      (?:\{{\s*(?:\\(?P<dotless2>[ij])(?![A-Za-z])\s*|(?P<braced2>{_LETTER})(?P<more2>[A-Za-z]*)\s*)\}}
        |\\(?P<bare_dotless2>[ij])(?![A-Za-z])(?:\{{\}}|\ +)?
        |(?P<bare2>{_LETTER}))
    )""",
    re.X,
)
# A letter's own blank is swallowed, as TeX does; but `\L_2` and `\O(n)` are macros of an author's.
_LETTER_MACRO: Final = re.compile(
    rf"(?<!\\)\\(?P<name>{'|'.join(sorted(_LETTERS, key=len, reverse=True))})"
    r"(?![A-Za-z(_^])(?P<after>\{\}|\ +)?"
)
_UNIT: Final = re.compile(r"\d[\s}$)~]*(?:\\,)?$")  # 10 \AA wide
_BRACED: Final = re.compile(r"\{([^\x00-\x7f][\u0300-\u036f\u0323-\u0331]*)\}")
# The English apostrophe, written as if it needed a backslash: Einstein\'s, don\'t, authors\' names
_APOSTROPHE: Final = re.compile(
    r"(?<=[A-Za-z])\\'(?=(?:s|t|d|m|re|ve|ll)(?![A-Za-z{\\]))|(?<=s)\\'(?=\ )"
)
_ESCAPED_QUOTES: Final = re.compile(
    r"""(?<![\w\\}])\\"(?=[\w$\\])([^"\\]{1,200}?(?:\\[a-z]+[^"\\]{0,100}?)?[\w.,!?)$}])\\"(?=[\s.,;:!?)\]-]|$)"""
)
# Accents that stand beside their letter, as copied from a PDF: Poincar´e, Schr¨odinger
_SPACING: Final = {"´": "\u0301", "¨": "\u0308", "˝": "\u030b", "ˇ": "\u030c", "˘": "\u0306"}
_BESIDE: Final = re.compile(r"(?:(?<=[^\W\d_]{2})´(?=[aeiouyAEIOU])|(?<=[^\W\d_])[¨˝ˇ˘])([^\W\d_])")
# `{ő}` is what arXiv's query API makes of `{\\H o}`.
_ANY: Final = re.compile(r"[\\&´¨˝ˇ˘\u0300-\u036f]|\{[^\x00-\x7f]")


def decode(text: str) -> str:
    """`text` with its accents, letters and character references as Unicode, all else as it is.

    Formulas and addresses are left alone, and so is TeX of any other kind: what is kept of a
    paper is decoded so. Never raises; to decode what is decoded changes nothing.
    """
    if not _ANY.search(text):
        return text
    return unicodedata.normalize("NFC", outside(unescape(text), _decoded))


def decode_name(name: str) -> str:
    """The same of a person's name, in which each `\\'` is an accent and `"o` is German's ö."""
    if not _ANY.search(name) and '"' not in name:
        return name
    text = letters(re.sub(r"(?<=[A-Za-z])\"([aouAOU])(?=[a-z])", r'\\"\1', unescape(name)))
    return unicodedata.normalize("NFC", text)


def _decoded(text: str) -> str:
    if "\\" not in text:
        return _BRACED.sub(r"\1", _BESIDE.sub(_beside, text))
    text = _ESCAPED_QUOTES.sub(r'"\1"', _APOSTROPHE.sub("'", text))
    return letters(text)


def letters(text: str) -> str:
    """`text` with TeX's accents and letters as Unicode, wherever they stand."""
    for _ in range(4):  # accents on accents, braces around braces
        before = text
        text = _LETTER_MACRO.sub(_letter, _ACCENT.sub(_accented, text))
        text = _BESIDE.sub(_beside, _BRACED.sub(r"\1", text))
        if text == before:
            break
    return text


def _accented(match: re.Match[str]) -> str:
    mark = _MARKS.get(match["sign"] or match["name"], "")
    dotless = (
        match["dotless"] or match["bare_dotless"] or match["dotless2"] or match["bare_dotless2"]
    )
    braced = match["braced"] or match["braced2"]
    letter = dotless or braced or match["bare"] or match["bare2"]
    more = match["more"] or match["more2"] or ""
    if match["name"] == "t":  # a tie above two letters
        return f"{letter}{mark}{more}" if more or not braced else match[0]
    made = unicodedata.normalize("NFC", letter + mark)
    if len(made) > 1 and not braced:
        # `\d w`, `\.com`: no such letter, so no accent was meant. O\'Brien has an apostrophe.
        return f"'{letter}" if match[0].startswith("\\'") else match[0]
    return made + more


def _letter(match: re.Match[str]) -> str:
    letter, after = _LETTERS[match["name"]], match["after"] or ""
    if letter == "Å" and after.isspace() and _UNIT.search(match.string, 0, match.start()):
        return "Å "
    return letter


def _beside(match: re.Match[str]) -> str:
    made = unicodedata.normalize("NFC", match[1] + _SPACING[match[0][0]])
    return made if len(made) == 1 else match[0]
