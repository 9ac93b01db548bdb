"""A member's Markdown as the words that it shows."""

from __future__ import annotations

import re

_URL = re.compile(r"(https?://[^\s<>]+)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$\n?", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*(?:(?:#{1,6}|-#|>>>|>)[ \t]+)+", re.MULTILINE)
_LINKS = (
    (re.compile(r"!?\[([^\[\]]+)\]\(\s*<?[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*>?\s*\)"), r"\1"),
    (re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]"), r"\1"),
    (re.compile(r"<(https?://[^\s<>]+)>"), r"\1"),
)
_MARKS = (
    re.compile(r"(\*\*|__|~~|\|\||``?)(?=\S)(.{1,400}?)(?<=\S)\1", re.DOTALL),
    re.compile(r"(?<![\w*])(\*)(?=[^\s*])(.{1,400}?)(?<=[^\s*])\*(?!\*)", re.DOTALL),
    re.compile(r"(?<!\w)(_)(?=[^\s_])(.{1,400}?)(?<=[^\s_])_(?!\w)", re.DOTALL),
)
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_KEPT = 0xF0000
"""Where signs after a backslash wait, in a private part of Unicode, until the marks are gone."""
_WAITING = re.compile("[\U000f0000-\U000ffffd]")
_DEEPEST = 4
"""Marks within marks."""


def unmarked(text: str) -> str:
    """The words of `text` without the signs that Markdown makes looks of; addresses stay."""
    text = _LINE.sub("", _FENCE.sub("", text))
    for link, label in _LINKS:
        text = link.sub(label, text)
    # Every second piece is an address.
    pieces = _URL.split(text)
    return "".join(piece if at % 2 else _without_marks(piece) for at, piece in enumerate(pieces))


def _without_marks(text: str) -> str:
    text = _BACKSLASH.sub(lambda found: chr(_KEPT + ord(found[1])), text)
    for _ in range(_DEEPEST):
        before = text
        for mark in _MARKS:
            text = mark.sub(r"\2", text)
        if text == before:
            break
    return _WAITING.sub(lambda found: chr(ord(found[0]) - _KEPT), text)
