"""Telling apart the takes among the lines that follow a paper's head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.archive.parser.lexer import CLOSE, CODE, OPEN, TAGS, Unit
from bot.archive.parser.titles import has_cjk

_WORD = re.compile(r"[A-Za-z]{2,}")
_URL = re.compile(r"https?://\S+")
_ENGLISH_WORDS = 8
"""Words that a paragraph must have to count as a take in another language."""

Said = tuple[list[int], str | None]
"""The lines of a take, by their places, and its language if it is told."""


def takes_of(lines: Sequence[tuple[int, Unit]]) -> list[Said]:
    """The takes: what stands in `<english>` is one of its own, the rest is the main one.

    Without such marks, English paragraphs after Korean (or Japanese, Chinese) ones are a take of
    their own. Tags belong to the main take.
    """
    main: list[tuple[int, Unit]] = []
    others: list[Said] = []
    inside: Said | None = None
    for at, unit in lines:
        if unit.look is OPEN:
            inside = ([], unit.language)
        elif unit.look is CLOSE:
            if inside and inside[0]:
                others.append(inside)
            inside = None
        elif inside is not None and unit.look is not TAGS:
            inside[0].append(at)
        else:
            main.append((at, unit))
    if inside and inside[0]:
        others.append(inside)
    if not others:
        main, english = _bare(main)
        if english:
            others.append((english, "en"))
    first: list[Said] = [([at for at, _ in main], None)] if main else []
    return first + others


def _bare(lines: list[tuple[int, Unit]]) -> tuple[list[tuple[int, Unit]], list[int]]:
    """Split off the English paragraphs that end a text which began in another script."""
    if not lines or not has_cjk(lines[0][1].text):
        return lines, []
    last = len(lines)
    while last and lines[last - 1][1].look is TAGS:
        last -= 1
    begin = last
    while begin and not has_cjk(lines[begin - 1][1].text):
        begin -= 1
    words = " ".join(_URL.sub("", unit.text) for _, unit in lines[begin:last])
    if begin in {0, last} or len(_WORD.findall(words)) < _ENGLISH_WORDS:
        return lines, []
    if any(unit.look is CODE for _, unit in lines[begin:last]):
        return lines, []
    return lines[:begin] + lines[last:], [at for at, _ in lines[begin:last]]
