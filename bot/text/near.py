"""Whether a word is another one with a letter wrong."""

from __future__ import annotations

import unicodedata

LEAST = 5
"""Letters of a word in which one may be wrong: of shorter ones too many are alike."""
_LONG = 10
"""Letters of a word in which two may be wrong."""


def is_near(typed: str, word: str, least: int = LEAST) -> bool:
    """Whether `typed` is `word` with a letter left out, added, wrong, or changed places with the
    next one; in a long word two. Numbers are what they are."""
    if len(typed) < least or not typed.isalpha():
        return False
    most = 2 if len(typed) >= _LONG else 1
    if abs(len(typed) - len(word)) > most or len({*typed} ^ {*word}) > 2 * most:
        return False  # told at once, of nearly all words
    return _distance(typed, word) <= most


def is_near_syllable(one: str, other: str) -> bool:
    """Whether two syllables of Hangul differ in one of their letters: 렌 and 랜."""
    apart = [unicodedata.normalize("NFD", syllable) for syllable in (one, other)]
    return one != other and _distance(*apart) == 1


def _distance(one: str, other: str) -> int:
    """Letters to be changed (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for there, match in enumerate(other, start=1):
            cost = min(before[there] + 1, row[-1] + 1, before[there - 1] + (letter != match))
            swapped = at > 1 and there > 1 and letter == other[there - 2] and one[at - 2] == match
            row.append(min(cost, older[there - 2] + 1) if swapped else cost)
    return row[-1]
