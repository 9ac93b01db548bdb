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
_THOUGHTS: Final = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
"""What some models say to themselves first."""
_LEADS: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://[^\s<>()\[\]]*"
    r"|\bwww\.[^\s<>()\[\]]+"
    # A domain, also with its path; not `e.g.` or a decimal number.
    r"|(?<![\w@])(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w.])(?:/[^\s<>()\[\]]*)?"
    r"|\]\([^)\s]*\)"
    r"|\bmailto:|\bjavascript:"
    r"|<(?:@[!&]?|\#|/|:|a:|t:|id:)[^>]*>"
    r"|[\w.+-]*@[\w.-]+",
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
    return strip_controls(_THOUGHTS.sub("", answer, count=1)).strip()


def foreign(text: str, source: str) -> list[str]:
    """The links and mentions of `text` that `source` lacks."""
    known = _folded(source)
    return [lead for one in _LEADS.finditer(_folded(text)) if (lead := _bare(one[0])) not in known]


def without_foreign(text: str, source: str, instead: str) -> str:
    """`text` with `instead` in the place of each link and mention that `source` lacks."""
    known = _folded(source)
    return _LEADS.sub(
        lambda one: one[0] if _bare(_folded(one[0])) in known else instead,
        unicodedata.normalize("NFKC", text),
    )


def _folded(text: str) -> str:
    """As links and mentions are compared: full-width letters and invisible joiners hide nothing."""
    shown = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", shown).casefold()


def _bare(lead: str) -> str:
    return lead.rstrip(".,;:!?'\")")
