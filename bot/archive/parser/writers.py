"""Who wrote which take, in a file where Papertakes told it: `**Ada**` on a line above each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.archive.parser.head_lines import Section
from bot.archive.parser.lexer import Look
from bot.archive.parser.lines import Lines
from bot.archive.parser.model import PaperForm
from bot.archive.parser.properties import NO_TITLES, TEXT_KEYS, plain_key

_NAME: Final = re.compile(r"\*\*([^*\n]{1,40})\*\*")
_PARTS: Final = """
strength strengths weakness weaknesses pros cons method methods result results experiment
experiments limitation limitations conclusion conclusions contribution contributions background
motivation main discussion problem approach model models training data evaluation setup details
key why how what future important update
장점 단점 방법 결과 실험 한계 결론 배경 문제 정리 총평 핵심 내용 추가 느낀점
"""
_OF_TEXTS: Final = NO_TITLES | TEXT_KEYS | frozenset(_PARTS.split())
"""Words that begin what stands in bold above a part of a text."""
_WORDS: Final = 4


def writer_lines(lines: Lines, sections: Sequence[Section]) -> dict[int, str]:
    """The lines that name a writer; none in a file that was not written so.

    In one that was, the takes of each paper begin with a name, there are two names or more, and
    every head is an address with the title below it.
    """
    written = [section for section in sections if section.said]
    found = {at: name for section in written for at, name in _names(lines, section.said)}
    firsts = all(section.said[0] in found for section in written)
    heads = all(section.form in (PaperForm.URL, PaperForm.URL_TITLE) for section in written)
    names = set(found.values())
    return (
        found
        if written and firsts and heads and len(names) > 1 and all(map(_is_name, names))
        else {}
    )


def parts_of(said: Sequence[int], writers: Mapping[int, str]) -> Iterator[tuple[str, list[int]]]:
    """The lines of a paper's takes, those of each writer in a row together."""
    writer, part = "", list[int]()
    for at in said:
        if at in writers:
            if part:
                yield writer, part
            writer, part = writers[at], []
        else:
            part.append(at)
    if part:
        yield writer, part


def _names(lines: Lines, said: Sequence[int]) -> Iterator[tuple[int, str]]:
    units = lines.units
    for at in said:
        match = _NAME.fullmatch(units[at].text)
        above = at == 0 or units[at - 1].look is Look.BLANK
        below = at + 1 < len(units) and units[at + 1].look is Look.BLANK
        if match and above and below:
            yield at, match[1].strip()


def _is_name(name: str) -> bool:
    words = plain_key(name).split()
    plain = not name.endswith((":", ".", "?", "!")) and len(words) <= _WORDS
    return bool(words) and plain and plain_key(name) not in _OF_TEXTS and words[0] not in _OF_TEXTS
