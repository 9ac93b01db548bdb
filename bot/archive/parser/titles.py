"""Telling a paper's title, and its authors in brackets, from running text."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 20_000
"""Characters of a line that may be a title with its authors (big collaborations fill pages)."""
LONGEST_NAME = 60

_CJK = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
_NAME = re.compile(r"[^\W\d_][^\d_!?;:@#%&*=<>\[\]{}|\\/\"+~^$…。]*")
_COMMA = re.compile(r",|，|\band\b(?= )")
_SENTENCE_END = re.compile(r"[.!…。~;,]$")
_PLAIN_NAME = r"[A-Z][A-Za-z'’.-]*(?: [A-Z][A-Za-z'’.-]*){0,4} [A-Z][A-Za-z'’.-]*[A-Za-z]"
_PLAIN_NAMES = re.compile(rf"{_PLAIN_NAME}(?:, {_PLAIN_NAME})+")
"""Two or more full names in Latin letters, as nearly all authors are: what `_is_name` would say."""


class Titled(NamedTuple):
    """A title with its authors.

    `sure`: two or more names, or a title in italics, which running text seldom has.
    """

    title: str
    authors: tuple[str, ...]
    sure: bool


def has_cjk(text: str) -> bool:
    """Whether there is Hangul, Kana or Han in the text."""
    return _CJK.search(text) is not None


def plain_title(text: str) -> str:
    """A title on one line, without the asterisks or underscores around it."""
    return _bare(" ".join(text.split()))


def _bare(title: str) -> str:
    if title[:1] not in ("*", "_"):
        return title
    for mark in ("***", "**", "*", "__", "_"):
        if len(title) > 2 * len(mark) and title.startswith(mark) and title.endswith(mark):
            return title[len(mark) : -len(mark)].strip()
    return title


def read_titled(text: str) -> Titled | None:
    """`Title (Author, Author)`, the title perhaps in italics; None if the text is not of it.

    The text has no blanks around.
    """
    if not text.endswith(")") or len(text) > LONGEST:
        return None
    line = " ".join(text.split())
    opening = _opening(line)
    if opening < 1:
        return None
    written, inside = line[:opening].rstrip(), line[opening + 1 : -1]
    title = _bare(written)
    if title and _PLAIN_NAMES.fullmatch(inside):
        authors = tuple(inside.split(", "))
        if max(map(len, authors)) <= LONGEST_NAME:
            return Titled(title, authors, sure=True)
    authors = tuple([part.strip() for part in _COMMA.split(inside) if part.strip()])
    if not title or not authors or not all(map(_is_name, authors)):
        return None
    full = sum(len(author.split()) > 1 or has_cjk(author) for author in authors)
    if len(authors) > 1:
        sure = full * 2 >= len(authors) and not (has_cjk(inside) and has_cjk(title))
        return Titled(title, authors, sure)
    if has_cjk(title) or len(inside) > 60 or inside[0].islower():
        return None
    return Titled(title, authors, sure=title != written)


def is_title_like(line: str) -> bool:
    """Whether a line without authors could be a title: one that is no sentence, in Latin."""
    text = line.strip()
    if not 3 <= len(text) <= 300 or has_cjk(text) or "://" in text:
        return False
    return not _SENTENCE_END.search(text) and (
        text[0].isupper() or text[0].isdigit() or text[0] in "*_α-ω$"
    )


def _opening(line: str) -> int:
    """Where the bracket that the line's last one closes was opened, or -1."""
    last = line.rfind("(")
    if line.find(")", last) == len(line) - 1:
        return last
    depth = 0
    for at in range(len(line) - 1, -1, -1):
        if line[at] == ")":
            depth += 1
        elif line[at] == "(":
            depth -= 1
            if depth == 0:
                return at
    return -1


def _is_name(text: str) -> bool:
    if len(text) > LONGEST_NAME or len(text.split()) > 7:
        return False
    if len(text) < 2:
        return text.isupper()
    if not _NAME.fullmatch(text) or text.endswith("."):
        return text.casefold() in {"et al.", "et al"} or bool(
            re.fullmatch(r"[^\W\d_].* (?:Jr|Sr|[A-Z])\.", text) and _NAME.fullmatch(text)
        )
    words = text.split()
    return text[0].isupper() or not text[0].islower() or any(word[0].isupper() for word in words)
