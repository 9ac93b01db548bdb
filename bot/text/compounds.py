"""Words that are written as one or as two: *FlashAttention*, *flash attention*, *flash-attention*.

Each way is another way of asking for the others. Where one is typed in small letters alone, only
the keys of a paper tell that it is two words (`bot.text.names`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.text.bigrams import Phrase

_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_WORD: Final = re.compile(r"[A-Za-z]+[0-9]*|[0-9]+[A-Za-z]+")
_NUMBERED: Final = re.compile(r"([A-Za-z]{2,})([0-9]+)|([0-9]+)([A-Za-z]{2,})")
_HYPHEN: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]+-[A-Za-z0-9]+")
_MOST: Final = 4
_SHORTEST: Final = 2
"""Letters of a word that is written together with another one."""


def parted(word: str) -> Phrase | None:
    """What is typed as one word with capitals or digits inside, as several: *GPT4* as *GPT 4*."""
    if not _WORD.fullmatch(word):
        return None
    parts = [part.lower() for part in _PARTS.findall(word)]
    if not 1 < len(parts) <= _MOST or "".join(parts) != word.lower():
        return None
    if not any(len(part) < _SHORTEST and part.isalpha() for part in parts):
        return Phrase(tuple(parts))
    # LLaMA2 is no phrase of l, la and ma, but one of llama and 2.
    numbered = _NUMBERED.fullmatch(word.lower())
    return Phrase(tuple(filter(None, numbered.groups()))) if numbered else None


def united(phrase: Phrase) -> Phrase | None:
    """What is typed as two words with a hyphen, as one: *flash-attention*."""
    return Phrase(("".join(phrase.pieces),)) if len(phrase.pieces) == 2 else None


def with_others(word: str, phrase: Phrase) -> Phrase:
    """A word that was typed, and its phrase, which will do as well in its other ways."""
    if not _is_plain(phrase):
        return phrase
    other = united(phrase) if _HYPHEN.fullmatch(word) else parted(word)
    return phrase if other is None else replace(phrase, others=(*phrase.others, other))


def with_neighbours(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Words that were typed one after another, each of which will do as well as a part of one word
    with the one before it or behind it."""
    found = list(phrases)
    for at in range(len(phrases) - 1):
        one, other = phrases[at], phrases[at + 1]
        if _is_word(one) and _is_word(other):
            both = Phrase((one.pieces[0] + other.pieces[0],))
            for here in (at, at + 1):
                found[here] = replace(found[here], others=(*found[here].others, both))
    return found


def _is_word(phrase: Phrase) -> bool:
    piece = phrase.pieces[0]
    letters = len(piece) >= _SHORTEST or piece.isdigit()
    return len(phrase.pieces) == 1 and _is_plain(phrase) and piece.isascii() and letters


def _is_plain(phrase: Phrase) -> bool:
    return not (phrase.prefix or phrase.exact)
