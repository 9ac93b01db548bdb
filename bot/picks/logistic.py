"""Logistic regression on sparse vectors, by AdaGrad; plain Python is fast enough."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.picks.words import Vector

_EPOCHS: Final = 6
_RATE: Final = 0.3
_FIRST_SLOPE: Final = 0.05
"""Keeps the first steps small."""
_SURE: Final = 0.001
"""A step smaller than this changes nothing that would be seen."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A vector, packed; `noted`: 1 or 0; `weight`: how much it counts."""

    terms: array[int]
    values: array[float]
    noted: int
    weight: float

    @classmethod
    def of(cls, vector: Vector, noted: int, weight: float) -> Sample:
        """Packed, since thousands of dicts would fill the memory."""
        return cls(array("i", vector), array("f", vector.values()), noted, weight)


def learn(samples: Iterable[Sample], size: int, seed: int = 0) -> list[float]:
    """Weights that tell the noted from the others, one for each of `size` terms: the sum of weights
    times values is the logarithm of the odds, but for a constant. The same samples in the same
    order give the same."""
    order = list(samples)
    weights, slopes = [0.0] * size, [_FIRST_SLOPE] * size
    bias, bias_slopes = 0.0, _FIRST_SLOPE
    shuffled = random.Random(seed)
    for _ in range(_EPOCHS):
        shuffled.shuffle(order)
        for sample in order:
            pairs = list(zip(sample.terms, sample.values, strict=True))
            score = bias + sum([weights[term] * value for term, value in pairs])
            given = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
            error = (given - sample.noted) * sample.weight
            if abs(error) < _SURE:
                continue
            for term, value in pairs:
                slope = error * value
                slopes[term] += slope * slope
                weights[term] -= _RATE * slope / math.sqrt(slopes[term])
            bias_slopes += error * error
            bias -= _RATE * error / math.sqrt(bias_slopes)
    return weights


def score(weights: Sequence[float], vector: Vector) -> float:
    """How much speaks for a paper; only the order of scores has a meaning."""
    return sum([weights[term] * value for term, value in vector.items()])
