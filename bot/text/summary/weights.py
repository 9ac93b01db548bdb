"""What the features of a sentence count, as learnt from summaries that people wrote.

`weights.json` holds a number a feature. It is made anew by `python -m tests.bench.learn_summaries`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def weights() -> dict[str, float]:
    """The weight of each feature that counts, by its name."""
    text = (files(__package__) / "weights.json").read_text("utf-8")
    return {str(name): float(weight) for name, weight in json.loads(text).items()}


def score(features: dict[str, float]) -> float:
    """How much speaks for a sentence; only the order of such numbers has a meaning."""
    known = weights()
    return sum(known.get(name, 0.0) * value for name, value in features.items())
