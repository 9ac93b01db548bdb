"""Picks: how many of the papers that a reader noted stand at the head of their day, and the cost.

    python -m tests.bench.bench_picks [--listings FILE --noted FILE --from DATE --until DATE]

Without files the cost alone: learning from 4,000 notes and 5,000 other papers, its seconds of CPU
and the memory of the process, and ranking a day of 1,000 papers. With files (see `papertakes
picks`) a table of the recall: right are the papers noted within 14 days after their listing.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.picks.replay import read_papers, replayed
from bot.picks.taste import learn_taste
from bot.picks.words import PickPaper, Vocabulary
from tests.bench.table import table

TODAY = date(2025, 6, 2)
WORDS = [f"word{number}" for number in range(30_000)]
SOON = timedelta(days=14)


def papers(count: int, days: int, seed: int) -> Iterator[PickPaper]:
    """Made-up papers of 170 words, frequent and rare ones as in real abstracts."""
    chance = random.Random(seed)
    for number in range(count):
        words = [WORDS[int(30_000 ** chance.random()) - 1] for _ in range(170)]
        yield PickPaper(
            id=f"{seed}.{number:05}",
            title=" ".join(words[:10]),
            abstract=" ".join(words[10:]),
            authors=tuple(f"Author {chance.randrange(8_000)}" for _ in range(5)),
            day=TODAY - timedelta(days=1 + chance.randrange(days)),
        )


def cost() -> str:
    """The table of what learning and ranking take."""
    noted = sorted(papers(4_000, 365, 1), key=lambda paper: paper.day)
    others = list(papers(5_000, 60, 2))
    started = time.process_time()
    vocabulary = Vocabulary.of(lambda: [*noted, *others])
    taste = learn_taste(vocabulary, noted, others, others, TODAY)
    learnt = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    day = list(papers(1_000, 1, 3))
    ready = time.process_time()
    vectors = [(paper, vocabulary.vector(paper)) for paper in day]
    read = time.process_time()
    ranked = taste.ranked(vectors)
    done = time.process_time()
    for paper in ranked[:10]:
        taste.reason(paper, vocabulary.vector(paper))
    told = time.process_time()
    return table(
        ["", "takes"],
        [
            ["learning from 4,000 notes and 5,000 others", f"{learnt - started:.1f} s"],
            ["memory of the process", f"{memory:.0f} MB"],
            ["ranking 1,000 papers", f"{done - ready:.2f} s"],
            ["of this for a further channel", f"{done - read:.3f} s"],
            ["reasons of ten", f"{told - done:.3f} s"],
        ],
    )


def recall(
    listings: Sequence[PickPaper], noted: Sequence[PickPaper], first: date, last: date
) -> str:
    """The table of how early the noted papers stand."""
    known = {paper.id: paper.day for paper in noted}
    rows = []
    for most in (None, 10, 60):
        places: list[int] = []
        best: list[float] = []
        for one in replayed(listings, noted, first, last, most):
            right = [
                place
                for place, id_ in enumerate(one.ids, 1)
                if id_ in known and one.day <= known[id_] <= one.day + SOON
            ]
            places += right
            best += [1 / min(right)] if right else []
        if places:
            parts = [sum(place <= head for place in places) / len(places) for head in (10, 20, 50)]
            rows.append(
                [most or "all", len(places), *map("{:.3f}".format, [*parts, sum(best) / len(best)])]
            )
    return table(["notes", "right", "recall at 10", "at 20", "at 50", "mean reciprocal rank"], rows)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=Path)
    parser.add_argument("--noted", type=Path)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date.min)
    parser.add_argument("--until", dest="last", type=date.fromisoformat, default=date.max)
    asked = parser.parse_args()
    if asked.listings is None or asked.noted is None:
        print(cost())
        return
    listings, noted = read_papers(asked.listings, "day"), read_papers(asked.noted, "known")
    print(recall(listings, noted, asked.first, asked.last))


if __name__ == "__main__":
    main()
