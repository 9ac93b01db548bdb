"""Telling apart the takes among the lines that follow a paper's head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.archive.parser.lexer import Look, Unit
from bot.archive.parser.lines import Lines
from bot.archive.parser.titles import has_cjk, read_titled, unnumbered

_LEADS_ON = re.compile(r"!?\[\[[^\[\]]*\]\]|<?https?://\S+|(?<=\])\([^\s()]*\)")
"""Wiki links, addresses, the addresses of links."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*$")
_ENGLISH_WORDS = 8
"""Words of a paragraph that is a take in another language whatever it looks like."""
_LINKS = re.compile(
    r"(?:links?|references?|related(?: \w+)?|see also|further reading|tags?|backlinks?|sources?"
    r"|링크|참고(?: ?(?:문헌|자료))?|관련(?: ?(?:글|논문|링크))?|태그)[*_]*\s*:?",
    re.IGNORECASE,
)
"""Headings of what only leads on."""

Line = tuple[int, Unit]


class TakeLines(NamedTuple):
    """The lines of a take, by their places, and its language if it is told."""

    lines: list[int]
    language: str | None


class Parted(NamedTuple):
    """The takes among the lines of a section, and the lines that are of none."""

    takes: list[TakeLines]
    apart: list[int]


def takes_of(lines: Lines, said: Sequence[int]) -> Parted:
    """The takes: what stands in `<english>` is one of its own, the rest is the main one.

    Without such marks, English paragraphs after Korean (or Japanese, Chinese) ones are a take of
    their own. Tags belong to the main take. What has no words of anybody's is no take.
    """
    kept, apart = _without_links([(at, lines.units[at]) for at in said])
    main, others = _by_language(kept)
    if not others:
        main, english = _english_below(lines, main)
        if english:
            others.append(TakeLines(english, "en"))
    takes = []
    if any(_has_words(unit) for _, unit in main):
        takes.append(TakeLines([at for at, _ in main], None))
    else:
        apart += [at for at, _ in main]
    return Parted(takes + others, sorted(apart))


def _without_links(said: Sequence[Line]) -> tuple[list[Line], list[int]]:
    """The lines without sections that only lead on (`# Links`), and the lines of these."""
    kept: list[Line] = []
    apart: list[int] = []
    section: list[Line] | None = None
    for line in [*said, None]:
        heading = line is not None and line[1].look is Look.HEADING
        links = line is not None and _begins_links(line[1])
        if section is not None and (line is None or heading):
            apart += [at for at, _ in section]
            section = None
        if line is None:
            break
        if links and section is None:
            section = [line]
        elif section is None:
            kept.append(line)
        else:
            section.append(line)
            if _has_words(line[1]):
                kept += section
                section = None
    return kept, apart


def _begins_links(unit: Unit) -> bool:
    """`# Links`, `**Links**`, `Links:`: what stands above what only leads on."""
    text = unit.title if unit.look is Look.HEADING else unit.text
    return (
        unit.look in (Look.HEADING, Look.TEXT) and _LINKS.fullmatch(text.strip("*_ ")) is not None
    )


def _has_words(unit: Unit) -> bool:
    """Whether a line says something, not only where to go on."""
    if unit.look in (Look.TAGS, Look.OPEN, Look.CLOSE, Look.REFERENCE, Look.TITLED):
        return False
    return any(map(str.isalnum, _LEADS_ON.sub("", unit.text)))


def _by_language(said: Sequence[Line]) -> tuple[list[Line], list[TakeLines]]:
    """The main take's lines, and what stands between marks of a language.

    A mark that is not closed holds until the end; one that stands there again closes it.
    """
    main: list[Line] = []
    others: list[TakeLines] = []
    inside: TakeLines | None = None
    for at, unit in said:
        if unit.look in (Look.OPEN, Look.CLOSE):
            if inside is not None and inside.lines:
                others.append(inside)
            again = inside is not None and inside.language == unit.language
            inside = None if unit.look is Look.CLOSE or again else TakeLines([], unit.language)
        elif inside is not None and unit.look is not Look.TAGS:
            inside.lines.append(at)
        else:
            main.append((at, unit))
    if inside is not None and inside.lines:
        others.append(inside)
    return main, others


def _english_below(lines: Lines, said: list[Line]) -> tuple[list[Line], list[int]]:
    """Split off the English paragraphs that end a text which began in another script."""
    if not said or not has_cjk(said[0][1].text):
        return said, []
    last = len(said)
    while last and said[last - 1][1].look is Look.TAGS:
        last -= 1
    begin = last
    while begin and not has_cjk(said[begin - 1][1].text):
        begin -= 1
    while begin < last and not (
        _has_words(said[begin][1]) and lines.begins_paragraph(said[begin][0])
    ):
        begin += 1  # what leads on right below the other text is of that
    english = said[begin:last]
    if begin in {0, last} or not _is_take(english):
        return said, []
    return said[:begin] + said[last:], [at for at, _ in english]


def _is_take(english: Sequence[Line]) -> bool:
    """Whether these lines are somebody's words, not code, a quotation, a list or a title."""
    looks = {unit.look for _, unit in english}
    if Look.CODE in looks or looks == {Look.QUOTE}:
        return False
    texts = [unit.text for _, unit in english]
    words = _WORD.findall(_LEADS_ON.sub("", " ".join(texts)))
    if len(words) >= _ENGLISH_WORDS:
        return True
    if not words or all(text != unnumbered(text) for text in texts):
        return False
    if (titled := read_titled(texts[0])) is not None and titled.sure:
        return False
    return len(words) > 2 or _SENTENCE_END.search(texts[-1]) is not None
