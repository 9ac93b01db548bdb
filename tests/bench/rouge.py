"""ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004) of one sentence against several that people wrote."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("porter")
_WORD = re.compile(r"[a-z0-9]+")


def rouge(said: str, wanted: list[str]) -> tuple[float, float, float]:
    """For each measure the best F over `wanted`, 0 to 1. Words of more than three
    letters count by their stems (Porter)."""
    own = _words(said)
    scores = [_against(own, _words(target)) for target in wanted]
    first, second, longest = (max(column) for column in zip(*scores, strict=True))
    return first, second, longest


def _words(text: str) -> list[str]:
    return [
        _STEMMER.stemWord(word) if len(word) > 3 else word for word in _WORD.findall(text.lower())
    ]


def _against(own: list[str], target: list[str]) -> tuple[float, float, float]:
    common = _common(own, target)
    return (
        _shared(Counter(own), Counter(target)),
        _shared(Counter(pairwise(own)), Counter(pairwise(target))),
        _f(common, len(own), len(target)),
    )


def _shared(own: Counter, target: Counter) -> float:  # type: ignore[type-arg]
    return _f((own & target).total(), own.total(), target.total())


def _f(hits: int, given: int, wanted: int) -> float:
    return 2 * hits / (given + wanted) if hits else 0.0


def _common(own: list[str], target: list[str]) -> int:
    """The length of the longest common subsequence."""
    before = [0] * (len(target) + 1)
    for word in own:
        row = [0]
        for index, other in enumerate(target):
            row.append(before[index] + 1 if word == other else max(row[-1], before[index + 1]))
        before = row
    return before[-1]
