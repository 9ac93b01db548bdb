"""What a model wrote, before anybody sees it: an abstract may hold orders to it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.text.language import is_in
from bot.text.markdown import is_blank, strip_controls
from bot.text.sentences import sentences
from bot.text.tex import readable

LONGEST: Final = 800
"""Characters of a summary."""
MOST: Final = 3
"""Sentences of a summary."""
LONGEST_ANSWER: Final = 8_000
"""Characters of an answer to a question that are looked at."""
_THOUGHTS: Final = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
"""What some models say to themselves first."""
_SCHEME: Final = re.compile(r"https?://(?:www\.)?|www\.")
_LEADS: Final = re.compile(
    # Bounded, so that a long word is not gone through once for each of its letters.
    r"[a-z][a-z0-9+.-]{0,20}://[^\s<>()\[\]]*"
    r"|\bwww\.[^\s<>()\[\]]+"
    # A domain, also with its path; not `e.g.` or a decimal number.
    r"|(?<![\w@])(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}(?![\w.])(?:/[^\s<>()\[\]]*)?"
    r"|\]\([^)\s]{0,500}\)"
    r"|\bmailto:|\bjavascript:"
    r"|<(?:@[!&]?|\#|/|:|a:|t:|id:)[^>]{0,100}>"
    r"|[\w.+-]{0,64}@[\w.-]+",
    re.IGNORECASE,
)
"""What leads elsewhere, or calls somebody."""


class Unfit(Exception):
    """An answer that is not shown; the message says why, for the log."""


def summary_of(answer: str, source: str, language: str) -> str:
    """A model's answer as a summary of `source` in a language, on one line.

    Raises Unfit if it is empty, too long, in another language, or leads where `source` does not.
    """
    text = " ".join(readable(plain(answer[: 10 * LONGEST])).split())
    if is_blank(text):
        raise Unfit("empty")
    if len(answer) > 10 * LONGEST or len(text) > LONGEST or len(sentences(text)) > MOST:
        raise Unfit("too long")
    if leads := foreign(text, source):
        raise Unfit(f"{len(leads)} links or mentions that the abstract lacks")
    if not is_in(text, language):
        raise Unfit("another language")
    return text


def answer_of(answer: str, source: str) -> str:
    """A model's answer to a question as plain text; what leads where `source` does not is taken
    out. Empty if it says nothing."""
    text = without_foreign(plain(answer[: 2 * LONGEST_ANSWER])[:LONGEST_ANSWER], source, "[…]")
    return "" if is_blank(text) else text


def plain(answer: str) -> str:
    """What a model said, without its thoughts and without what cannot be seen."""
    said = answer.lstrip()
    thoughts = _THOUGHTS.match(said)
    return strip_controls(said[thoughts.end() :] if thoughts else said).strip()


def foreign(text: str, source: str) -> list[str]:
    """The links and mentions of `text` that `source` lacks."""
    known = _leads(source)
    return [lead for lead in _leads(text) if lead not in known]


def without_foreign(text: str, source: str, instead: str) -> str:
    """`text` with `instead` in the place of each link and mention that `source` lacks."""
    known = _leads(source)
    return _LEADS.sub(
        lambda one: one[0] if _bare(one[0].casefold()) in known else instead, _shown(text)
    )


def _leads(text: str) -> set[str]:
    return {_bare(one[0]) for one in _LEADS.finditer(_shown(text).casefold())}


def _shown(text: str) -> str:
    """As it is seen: full-width letters and invisible joiners hide nothing."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", seen)


def _bare(lead: str) -> str:
    return _SCHEME.sub("", lead).rstrip(".,;:!?'\")/")
