"""Learns which sentences of an abstract stand for it, from summaries that people wrote.

    python -m tests.bench.learn_summaries train.jsonl.gz dev.jsonl.gz

reads files of SciTLDR (abstracts by sentence, `source`, with one-sentence summaries, `target`,
https://github.com/allenai/scitldr), learns from all but the last and prints how near the chosen
sentences come to the people's on the last, by ROUGE, beside the first sentence and the best one.
Then it learns from all of them and writes `bot/text/summary/weights.json`. The files are no part of
the project.

The model: each sentence has a score, the weighted sum of its features; the softmax over an
abstract's scores is to be near the softmax over its sentences' ROUGE (divided by `SHARPNESS`).
AdaGrad, the mean of the weights of the second half of the epochs, one seed.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bot.text.summary
from bot.text.summary.features import features
from bot.text.summary.leaning import leans, stand_alone
from tests.bench.rouge import rouge

GRAMS: Final = 300
SEEN_AT_LEAST: Final = 15
SHARPNESS: Final = 0.1
SHRINK: Final = 0.003
RATE: Final = 0.1
EPOCHS: Final = 40
BATCH: Final = 32
SEED: Final = 0

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """One abstract: its sentences as they would be shown, their features, their ROUGE-1, 2, L."""

    sentences: list[str]
    features: list[dict[str, float]]
    rouge: list[tuple[float, float, float]]


def examples(path: Path) -> list[Example]:
    """What one file teaches."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_example(json.loads(line)) for line in lines]


def _example(row: dict[str, Any]) -> Example:
    shown = [stand_alone(" ".join(sentence.split())) for sentence in row["source"]]
    gold = [rouge(sentence, row["target"]) for sentence in shown]
    return Example(shown, features(shown, row.get("title") or ""), gold)


def learn(known: list[Example]) -> Weights:
    """The weights that choose as people would have."""
    kept = _grams(known)
    rows = [[_kept(values, kept) for values in one.features] for one in known]
    wanted = [_softmax([sum(each) / 3 / SHARPNESS for each in one.rouge]) for one in known]
    weights: Weights = {}
    steps: Weights = {}
    sums: Weights = {}
    order = list(range(len(known)))
    shuffled = random.Random(SEED)
    for epoch in range(EPOCHS):
        shuffled.shuffle(order)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            _step(weights, steps, [(rows[i], wanted[i]) for i in batch])
        if epoch >= EPOCHS // 2:
            for name, weight in weights.items():
                sums[name] = sums.get(name, 0.0) + weight
    return {name: total / (EPOCHS - EPOCHS // 2) for name, total in sums.items()}


def _step(
    weights: Weights, steps: Weights, batch: list[tuple[list[dict[str, float]], list[float]]]
) -> None:
    gradient: Weights = {name: -SHRINK * weight for name, weight in weights.items()}
    for rows, wanted in batch:
        given = _softmax([_score(row, weights) for row in rows])
        for row, target, now in zip(rows, wanted, given, strict=True):
            for name, value in row.items():
                gradient[name] = gradient.get(name, 0.0) + (target - now) * value / len(batch)
    for name, slope in gradient.items():
        steps[name] = steps.get(name, 1e-8) + slope * slope
        weights[name] = weights.get(name, 0.0) + RATE * slope / math.sqrt(steps[name])


def _grams(known: list[Example]) -> set[str]:
    """The n-grams that tell most about a sentence's ROUGE."""
    seen: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for one in known:
        means = [sum(each) / 3 for each in one.rouge]
        middle = sum(means) / len(means)
        for values, mean in zip(one.features, means, strict=True):
            for name in values:
                if name.startswith("gram:"):
                    seen[name] += 1
                    told[name] += mean - middle  # type: ignore[assignment]
    usual = [name for name, count in seen.items() if count >= SEEN_AT_LEAST]
    usual.sort(key=lambda name: (-abs(told[name]) / math.sqrt(seen[name]), name))
    return set(usual[:GRAMS])


def _kept(values: dict[str, float], grams: set[str]) -> dict[str, float]:
    return {
        name: value
        for name, value in values.items()
        if not name.startswith("gram:") or name in grams
    }


def _score(values: dict[str, float], weights: Weights) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in values.items())


def _softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def measured(held: list[Example], weights: Weights) -> None:
    """Print the mean ROUGE of the chosen, the first and the best sentences."""
    chosen = []
    for one in held:
        scores = [
            _score(values, weights) - 100 * leans(sentence)
            for values, sentence in zip(one.features, one.sentences, strict=True)
        ]
        chosen.append(one.rouge[scores.index(max(scores))])
    print(f"{'':8}ROUGE-1  ROUGE-2  ROUGE-L")
    for name, rows in (
        ("first", [one.rouge[0] for one in held]),
        ("chosen", chosen),
        ("best", [max(one.rouge) for one in held]),
    ):
        print(f"{name:8}" + "  ".join(f"{100 * mean:7.1f}" for mean in _means(rows)))


def _means(rows: Iterable[tuple[float, float, float]]) -> list[float]:
    columns = list(zip(*rows, strict=True))
    return [sum(column) / len(column) for column in columns]


def main() -> None:
    """Learn, measure, learn from all, write."""
    *teaching, last = [examples(Path(name)) for name in sys.argv[1:]]
    known = [one for each in teaching for one in each]
    measured(last, learn(known))
    weights = {
        name: round(weight, 3)
        for name, weight in learn([*known, *last]).items()
        if round(weight, 3)
    }
    place = Path(bot.text.summary.__path__[0]) / "weights.json"
    place.write_text(json.dumps(weights, sort_keys=True, indent=0) + "\n", "utf-8")
    print(f"{len(weights)} weights, {place.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
