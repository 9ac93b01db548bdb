"""A paper's title and abstract as a vector of its words and pairs of words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_TERMS: Final = 20_000
_PAPERS_AT_LEAST: Final = 5
_PART_AT_MOST: Final = 0.1
_FEW: Final = 500
"""Of fewer papers than these any term may be told apart that stands in at most half of them."""
_BUCKETS: Final = 1 << 20

Vector = dict[int, float]
"""Weights by a term's index in the vocabulary; of length 1, or empty."""


@dataclass(frozen=True, slots=True)
class PickPaper:
    """What is known of a paper. `id`: any text that names it; `day`: when it was announced, or
    noted."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    day: date


class Vocabulary:
    """The terms that tell papers apart: words and pairs of words that stand in at least five
    papers and in at most a tenth of them, the 20,000 most frequent of these."""

    def __init__(self, rarity: dict[str, float]) -> None:
        """`rarity`: for each term the logarithm of papers in all by papers that have it."""
        self.index = {term: index for index, term in enumerate(rarity)}
        self.rarity = list(rarity.values())

    @classmethod
    def of(cls, papers: Callable[[], Iterable[PickPaper]]) -> Vocabulary:
        """The vocabulary of these papers, which are asked for twice.

        Nearly all pairs of words stand in one paper. At first only a count by hash is kept of them,
        so that memory stays small; the terms whose hash is frequent are then counted themselves.
        """
        hashes = bytearray(_BUCKETS)
        total = 0
        for paper in papers():
            total += 1
            for bucket in {hash(term) % _BUCKETS for term in terms(paper)}:
                if hashes[bucket] < _PAPERS_AT_LEAST:
                    hashes[bucket] += 1
        few = total < _FEW
        least = 1 if few else _PAPERS_AT_LEAST
        most = total * (0.5 if few else _PART_AT_MOST)
        counts: Counter[str] = Counter()
        for paper in papers():
            counts.update(
                term for term in set(terms(paper)) if hashes[hash(term) % _BUCKETS] >= least
            )
        usual = [term for term, seen in counts.items() if least <= seen <= most]
        usual.sort(key=lambda term: (-counts[term], term))
        return cls({term: math.log(total / counts[term]) for term in usual[:_TERMS]})

    def __len__(self) -> int:
        return len(self.rarity)

    def vector(self, paper: PickPaper) -> Vector:
        """(1 + log of how often) times the rarity of each known term, normalised."""
        index, rarity = self.index, self.rarity
        counts = Counter([index[term] for term in terms(paper) if term in index])
        weights = {term: (1 + math.log(count)) * rarity[term] for term, count in counts.items()}
        length = math.sqrt(sum([weight * weight for weight in weights.values()]))
        return {term: weight / length for term, weight in weights.items()} if length else {}


def terms(paper: PickPaper) -> list[str]:
    """The words of title and abstract in lower case, and each pair of neighbours."""
    words = _WORD.findall(f"{paper.title} . {paper.abstract}".lower())
    return words + [f"{one} {next_}" for one, next_ in pairwise(words)]


def likeness(one: Vector, other: Vector) -> float:
    """The cosine of two vectors: 0, nothing in common, to 1."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large[term] for term, weight in small.items() if term in large)
