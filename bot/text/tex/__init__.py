"""TeX in titles and abstracts, as arXiv has it, to readable Unicode."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.text.tex.accents import decode, decode_name
from bot.text.tex.entities import untag
from bot.text.tex.prose import Prose
from bot.text.tex.spans import spans
from bot.text.tex.tree import parse

__all__ = ["convert", "decode", "decode_name", "name", "readable"]

# Each begins with a sign that is quick to look for.
_TEX: Final = re.compile(r"\\|\$|`|--|~|\{|''|&[#A-Za-z]|</?[A-Za-z]|[´¨˝ˇ˘\u0300-\u036f]")
_PROSE: Final = Prose()


def readable(text: str) -> str:
    """`text` with its TeX as Unicode, on one line.

    `$\\alpha$` is α, `\\'e` é, `$10^{-3}$` 10⁻³, `$\\mathbb{R}^n$` ℝⁿ. What Unicode has no form
    for is written piece by piece: `$p_T$` p_T, `$n^{1/2}$` n^(1/2). A formula whose braces do not
    match and commands that nobody knows stay as they were written, and so does what is no TeX:
    `100% of 3$`, `C:\\path`, `A & B`; nothing in an address is changed. Line breaks and runs of
    blanks become one blank. Never raises, and takes time in proportion to the text's length.
    """
    text = " ".join(text.split())
    if not _TEX.search(text):
        return text
    try:
        return _converted(text)
    except Exception:  # what this trips over all the same costs no more than its own TeX
        return text


@lru_cache(maxsize=1024)
def _converted(text: str) -> str:
    return convert(text)


def convert(text: str) -> str:
    """As `readable`, without its net."""
    text = untag(decode(text))
    return " ".join(_PROSE.shown(parse(spans(text))).split())


def name(written: str) -> str:
    """A person's or a team's name as it is read, without TeX."""
    return " ".join(re.sub(r"[{}]", "", readable(decode_name(" ".join(written.split())))).split())
