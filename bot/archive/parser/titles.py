"""Telling a paper's title, and its authors in brackets, from running text."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.archive.parser.authors import (
    could_be_names,
    is_name,
    plain_names,
    split_names,
    without_remark,
)
from bot.archive.parser.tasks import TASK

LONGEST = 20_000
"""Characters of a line that may be a title with its authors (big collaborations fill pages)."""
_LONGEST_TITLE = 300

_CJK = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]")
_SENTENCE_END = re.compile(r"[.!…。~;,]$")
_SENTENCE = re.compile(r"[.!?…。] +\S|[!…。]|(?:다|요|음|듯|네|함|임|됨|군)(?:[.?!~]|$)")
_NUMBER = re.compile(r"(?:\(?\d{1,3}[.)]|[-*+•])[ \t]+" + rf"{TASK}{{0,3}}(?=\S)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_VENUE_BEHIND = re.compile(r"(?<=\))[,.;]? ?[\[(]?[A-Z][A-Za-z&' /-]{1,30}['’ ]\d{2,4}[\])]?\.?$")
"""*Title (Authors), CVPR 2020*: what stands behind the authors."""
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_NAMED = re.compile(r"[\w.+*-]{2,30}(?: [\w.+*-]{1,20}){0,3}: +\S")
"""*word2vec: …*, *BERT 2: …*: a name before a colon, as titles have it."""
_SMALL = frozenset(
    """
    a an and are as at but by can do does for from how in into is it its like nor not of off on
    only or over per so than that the their then to under up using via vs we what when where why
    with without you your
    """.split()  # noqa: SIM905
)
_WHERE = (
    r"link|url|doi|pdf|html|arxiv|paper|article|preprint|code|source|repo(?:sitory)?|github"
    r"|implementation|project|homepage|website|web|page|site|demo|blog|post|slides|video|talk"
    r"|poster|dataset|data|models?|weights|here|this|링크|논문|코드|원문"
)
"""Words that say where something is."""
_PART = (
    r"introduction|abstract|summary|overview|background|notes?|links?|references?|related"
    r"|related (?:work|papers)|conclusions?|methods?|results|discussion|experiments|appendix"
    r"|contents|tl;?dr|see also|comments?|review|readme|index|untitled|title|소개|서론|요약|초록"
    r"|참고|참고 ?문헌|정리|메모|제목 ?없음"
)
"""Words that name a part of a text."""
_BEFORE_WHERE = (
    r"read|see|here is|check out|view|download|full|the|this|official|original|my|our|your"
)
_NO_TITLE = re.compile(
    rf"(?:(?:{_BEFORE_WHERE})\s+)*(?:{_WHERE}|{_PART})"
    rf"(?:\s+(?:(?:to|of|for|on|from|in|at)\s+)?(?:(?:the|this|its)\s+)?(?:{_WHERE}|papers|links))*",
    re.IGNORECASE,
)
_PROPERTY = re.compile(
    r"[*_]*(?:authors?|tags?|date(?: \w+)?|published|publication|year|venue|journal|conference"
    r"|keywords?|status|types?|read by|reader|source|rating|score|url|link|doi|arxiv|created"
    r"|updated|category|categories|topics?|affiliations?|저자|태그|날짜|학회|키워드)[*_]*\s*::?[*_]*\s",
    re.IGNORECASE,
)
"""*Authors: …*, *tags:: …*: a line that is a property, not a title."""


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


def unnumbered(text: str) -> str:
    """A line without the number or the bullet before it."""
    return _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text


def _bare(title: str) -> str:
    if title[:1] not in ("*", "_"):
        return title
    for mark in ("***", "**", "*", "__", "_"):
        if len(title) > 2 * len(mark) and title.startswith(mark) and title.endswith(mark):
            return title[len(mark) : -len(mark)].strip()
    return title


def read_titled(text: str, *, placed: bool = False) -> Titled | None:
    """`Title (Author, Author)`, the title perhaps in italics; None if the text is not of it.

    Where a title is to be expected (`placed`), teams and unusual names are authors too. The text
    has no blanks around.
    """
    if len(text) > LONGEST or ")" not in text[-80:]:
        return None
    line = _VENUE_BEHIND.sub("", without_remark(" ".join(text.split())))
    whole = _bare(line)
    if not whole.endswith(")"):
        return None
    opening = _opening(whole)
    if opening < 1:
        return None
    written, inside = whole[:opening].rstrip(), whole[opening + 1 : -1]
    title = _bare(written)
    in_italics = title != written or whole != line
    if not title or "://" in title:
        return None
    if authors := plain_names(inside):
        return Titled(title, authors, sure=True)
    if (strict := _strict(title, inside, in_italics=in_italics)) is not None:
        return strict
    if placed and _may_be_placed(title, inside, in_italics=in_italics):
        return Titled(title, split_names(inside), sure=True)
    return None


def _strict(title: str, inside: str, *, in_italics: bool) -> Titled | None:
    """What is a title with authors wherever it stands."""
    authors = split_names(inside, tidy=False)
    if not authors or not all(map(is_name, authors)):
        return None
    full = sum(len(author.split()) > 1 or has_cjk(author) for author in authors)
    if len(authors) > 1:
        sure = full * 2 >= len(authors) and not (has_cjk(inside) and has_cjk(title))
        return Titled(title, split_names(inside), sure)
    if has_cjk(title) or len(inside) > 60 or inside[0].islower():
        return None
    return Titled(title, authors, sure=in_italics)


def _may_be_placed(title: str, inside: str, *, in_italics: bool) -> bool:
    if not could_be_names(inside):
        return False
    return in_italics or (not has_cjk(title) and not is_sentence(title))


def is_sentence(text: str) -> bool:
    """Whether this is a sentence of somebody's, not a name of something."""
    return _SENTENCE.search(text) is not None or _SENTENCE_END.search(text.strip()) is not None


def is_no_title(text: str) -> bool:
    """Whether these words say where to look, or name a part of a text: *Link*, *Introduction*."""
    bare = re.sub(r"[\W_]+", " ", text).strip()
    return not bare or _NO_TITLE.fullmatch(bare) is not None


def is_title_like(line: str) -> bool:
    """Whether a line without authors could be a title: one that is no sentence, in Latin."""
    text = line.strip()
    if not 3 <= len(text) <= _LONGEST_TITLE or has_cjk(text) or "://" in text:
        return False
    if _SENTENCE_END.search(text) or is_no_title(text) or _PROPERTY.match(text):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in "*_α-ω$" or is_titled_case(text)


def is_titled_case(line: str) -> bool:
    """Whether a line is written as titles are: in capitals, or with a name before a colon."""
    text = plain_title(line)
    if not 3 <= len(text) <= _LONGEST_TITLE or has_cjk(text) or is_sentence(text):
        return False
    if is_no_title(text) or _PROPERTY.match(text) or "[[" in text:
        return False
    if _NAMED.match(text):
        return True
    plain = _IN_BRACKETS.sub("", text)
    words = [word for word in _WORD.findall(plain) if word.lower() not in _SMALL]
    capitals = sum(not word.islower() for word in words)
    return len(words) > 1 and capitals * 10 >= len(words) * 7


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
