"""A file's text cut into lines (at times less), each told apart by its look alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.archive.parser.linked_lines import linked
from bot.archive.parser.model import PaperReference
from bot.archive.parser.tasks import TASK

LANGUAGES = {
    "english": "en",
    "korean": "ko",
    "japanese": "ja",
    "chinese": "zh",
    "german": "de",
    "french": "fr",
    "spanish": "es",
}
"""Words that name a take's language in `<english>` and `</english>`."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_UNSEEN = "\ufeff\u00ad\u200b\u200c\u200d\u200e\u200f\u2060"
_AROUND = _UNSEEN + "".join(char for char in map(chr, range(0x3001)) if char.isspace())
"""What is no part of a line's text at its ends: blanks, and characters that nobody sees."""
_OPEN = re.compile(rf"[\s{_UNSEEN}]*<[ \t]*({'|'.join(LANGUAGES)})[ \t]*/?[ \t]*>", re.IGNORECASE)
_CLOSE = re.compile(rf"<[ \t]*/[ \t]*({'|'.join(LANGUAGES)})[ \t]*>[\s{_UNSEEN}]*$", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")
"""Backticks that stand again in the same line are no fence: ```x``` is code in a line."""
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_RULE = re.compile(r"#{1,6}|(?:[-*_][ \t]*){3,}")
_TAGS = re.compile(r"(?:(?:tags?|태그)\s*[:：]\s*)?(?:#[^\s#,]+[\s,]*)+", re.IGNORECASE)
_MARK = re.compile(r"(?:[-*+•]|\d{1,3}[.)]|\|)[ \t]+" + f"{TASK}{{0,3}}")
_MARKS = "-*+•|"


class Look(Enum):
    """What a line looks like, before its neighbours are asked."""

    BLANK = auto()
    CODE = auto()
    HEADING = auto()
    RULE = auto()
    TAGS = auto()
    OPEN = auto()
    CLOSE = auto()
    QUOTE = auto()
    REFERENCE = auto()
    """Nothing but a reference."""
    TITLED = auto()
    """A title with its URL."""
    TEXT = auto()


@dataclass(slots=True)
class Unit:
    """A line, its end included. `text` is without blanks and list marks around."""

    start: int
    end: int
    text: str
    look: Look
    reference: PaperReference | None = None
    title: str = ""
    """Of a TITLED or HEADING line."""
    authors: tuple[str, ...] = ()
    masked: bool = False
    """A TITLED line of the form `[title](URL)`."""
    numbered: bool = False
    """It began `1.` or the like."""
    language: str | None = None


def cut(text: str, start: int = 0) -> list[Unit]:
    """The lines of `text` from `start` on. They follow one another and cover all of it."""
    units: list[Unit] = []
    fence = ""
    end = start
    for line in _LINE.findall(text, start):
        start, end = end, end + len(line)
        stripped = line.strip(_AROUND)
        if not (stripped or fence):
            units.append(Unit(start, end, "", Look.BLANK))
            continue
        mark = _FENCE.match(stripped) if stripped[:1] in ("`", "~") else None
        if fence:
            units.append(Unit(start, end, stripped, Look.CODE))
            if mark and mark[1].startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
            units.append(Unit(start, end, stripped, Look.CODE))
        elif "<" in stripped and (_OPEN.match(line) or _CLOSE.search(line)):
            units += _languages(text, start, end)
        else:
            units.append(_unit(start, end, stripped))
    return units


def _languages(text: str, start: int, end: int) -> list[Unit]:
    """A line with `<english>` before or `</english>` behind it, cut there."""
    units: list[Unit] = []
    if opening := _OPEN.match(text, start, end):
        units.append(_mark(start, opening.end(), Look.OPEN, opening[1]))
        start = opening.end()
    closing = _CLOSE.search(text[start:end])
    middle = start + closing.start() if closing else end
    if middle > start:
        inner = text[start:middle]
        units.append(_unit(start, middle, inner.strip(_AROUND)))
    if closing:
        units.append(_mark(middle, end, Look.CLOSE, closing[1]))
    return units


def _mark(start: int, end: int, look: Look, word: str) -> Unit:
    return Unit(start, end, "", look, language=LANGUAGES[word.lower()])


def _unit(start: int, end: int, stripped: str) -> Unit:
    made = Unit(start, end, stripped, Look.TEXT)
    first = stripped[:1]
    if not first:
        made.look = Look.BLANK
    elif first == "#":
        if heading := _HEADING.fullmatch(stripped):
            made.look, made.title = Look.HEADING, heading[2].strip()
        elif _RULE.fullmatch(stripped):
            made.look = Look.RULE
        elif _TAGS.fullmatch(stripped):
            made.look = Look.TAGS
    elif first == ">":
        made.look = Look.QUOTE
    elif first in "-*_" and _RULE.fullmatch(stripped):
        made.look = Look.RULE
    elif "#" in stripped and _TAGS.fullmatch(stripped):
        made.look = Look.TAGS
    else:
        _look_for_paper(made)
    return made


def _look_for_paper(unit: Unit) -> None:
    line = unit.text
    if (line[0] in _MARKS or line[0].isdecimal()) and (mark := _MARK.match(line)):
        unit.numbered = line[0].isdecimal()
        line = line[mark.end() :]
    found = linked(line)
    if found is not None:
        unit.look = Look.TITLED if found.title else Look.REFERENCE
        unit.reference, unit.title = found.reference, found.title
        unit.authors, unit.masked = found.authors, found.masked
