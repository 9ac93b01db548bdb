"""What HTML has left in a text: references to characters, and the tags of plain formatting."""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import Final

_REFERENCE: Final = re.compile(
    r"\\?&(?:#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6})|[A-Za-z][A-Za-z0-9]{1,31});"
)
_TWICE: Final = 2  # `&amp;lt;` is what was escaped twice
_PAIR: Final = re.compile(
    r"<(i|b|u|em|strong|sub|sup|tt|code|italic|bold|sc|scp|span|inline-formula|tex-math"
    r"|jats:[a-z]+|mml:[a-z]+|p)(?:\s[^<>]{0,100})?>((?:(?!</?\1\b)[^\n]){0,1000}?)</\1\s*>",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"\s*<(?:br|p)\s*/\s*>\s*|\s*<br>\s*", re.IGNORECASE)
_SHIFTED: Final = {"sub": "textsubscript", "sup": "textsuperscript"}


def unescape(text: str) -> str:
    """`text` with references such as `&amp;`, `&#x27;`, `&ouml;` as the characters they name."""
    for _ in range(_TWICE):
        if "&" not in text:
            break
        text = _REFERENCE.sub(_character, text)
    return text


def untag(text: str) -> str:
    """`text` without tags of plain formatting that come in pairs; `<sub>` and `<sup>` as TeX."""
    if "<" not in text:
        return text
    text = _BREAK.sub(" ", text)
    for _ in range(4):  # tags within tags
        text, changed = _PAIR.subn(_content, text)
        if not changed:
            break
    return text


def _character(match: re.Match[str]) -> str:
    reference = match[0].lstrip("\\")
    if reference[1] != "#" and reference[1:] not in html5:
        return match[0]
    made = html.unescape(reference)
    # A number that names no character becomes nothing, or a sign for it: leave such as they are.
    return made if made.isprintable() or made.isspace() else match[0]


def _content(match: re.Match[str]) -> str:
    shifted = _SHIFTED.get(match[1].lower())
    return f"\\{shifted}{{{match[2]}}}" if shifted else match[2]
