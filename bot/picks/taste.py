"""What a club, or a member, would note: learnt from what was noted, told with its reason."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Final

from bot.picks.authors import FEATURES, AuthorCounts, Counts, counts_of, features
from bot.picks.logistic import Sample, learn, score
from bot.picks.words import PickPaper, Vector, Vocabulary, likeness

WINDOW: Final = 365
"""Days: papers noted longer ago teach nothing, but who wrote them."""
HALF_LIFE: Final = 120
"""Days after which a noted paper counts half."""
RECENT: Final = 60
"""Days: announced papers of this time that nobody noted are what the noted ones are told from."""
OTHERS: Final = 5_000
"""At most so many of them."""
FEW: Final = 30
"""Below so many notes, likeness to them alone."""
ENOUGH: Final = 150
"""From so many notes on, what was learnt alone; in between both count half."""
_AUTHORS_LIKE: Final = 0.2
"""What an author counts beside likeness."""
_NEAR: Final = 0.1
"""The likeness from which on a noted paper is told as a reason."""
_REASONS: Final = 300
"""The newest noted papers, among which the nearest is looked for."""


@dataclass(frozen=True, slots=True)
class NotedPaper:
    """A noted paper that may be told as a reason, with its vector."""

    id: str
    title: str
    day: date
    vector: Vector


@dataclass(frozen=True, slots=True)
class PickReason:
    """Why a paper was picked: the noted paper it is most like, and an author noted before."""

    like: NotedPaper | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Taste:
    """What was learnt for one reader of noted papers. `weights`: of the vocabulary's terms and the
    authors' features, or None where too little was noted; `centre`: of the noted papers."""

    notes: int
    weights: Sequence[float] | None
    centre: Vector
    authors: Mapping[str, Counts]
    newest: Sequence[NotedPaper]

    def ranked(self, papers: Iterable[tuple[PickPaper, Vector]]) -> list[PickPaper]:
        """Papers, each with its vector, best first; the same papers come in the same order."""
        known = sorted(papers, key=lambda one: one[0].id)
        by_author = [features(counts_of(paper, self.authors)) for paper, _ in known]
        vectors = [vector for _, vector in known]
        places = [0] * len(known)
        if self.weights is None or self.notes < ENOUGH:
            _add_places(places, map(self._like, vectors, by_author))
        if self.weights is not None:
            terms = len(self.weights) - FEATURES
            both = map(_joined, vectors, by_author, [terms] * len(known))
            _add_places(places, [score(self.weights, vector) for vector in both])
        order = sorted(range(len(known)), key=places.__getitem__)
        return [known[index][0] for index in order]

    def reason(self, paper: PickPaper, vector: Vector) -> PickReason:
        """Why a paper stands where it stands."""
        near = [(likeness(vector, noted.vector), noted.day, noted) for noted in self.newest]
        best = max(near, key=lambda one: one[:2], default=None)
        like = best[2] if best is not None and best[0] >= _NEAR else None
        counts = counts_of(paper, self.authors)
        noted = [count for count, _ in counts]
        by = paper.authors[noted.index(max(noted))] if any(noted) else None
        return PickReason(like, by)

    def _like(self, vector: Vector, by_author: Sequence[float]) -> float:
        return likeness(vector, self.centre) + _AUTHORS_LIKE * (by_author[1] if by_author else 0.0)


def learn_taste(
    vocabulary: Vocabulary,
    noted: Sequence[PickPaper],
    others: Sequence[PickPaper],
    announced: Iterable[PickPaper],
    day: date,
) -> Taste:
    """What a reader would note, as of a day.

    `noted`: all that was noted before that day, the oldest first; `others`: some of the announced
    papers that were not; `announced`: all of them that are known, for how much an author writes.
    """
    taught = [paper for paper in noted if (day - paper.day).days <= WINDOW]
    counts = AuthorCounts(noted, announced)
    vectors = [vocabulary.vector(paper) for paper in taught]
    ages = [_weight(paper.day, day) for paper in taught]
    weights: list[float] | None = None
    if len(taught) >= FEW and others:

        def sample(paper: PickPaper, vector: Vector, told: int, weight: float) -> Sample:
            both = _joined(vector, features(counts.of(paper)), len(vocabulary))
            return Sample.of(both, told, weight)

        # Packed one by one: thousands of vectors at once would fill the memory.
        samples = [
            *map(sample, taught, vectors, repeat(1), ages),
            *(sample(paper, vocabulary.vector(paper), 0, 1.0) for paper in others),
        ]
        weights = learn(samples, len(vocabulary) + FEATURES)
    newest = [
        NotedPaper(paper.id, paper.title, paper.day, vector)
        for paper, vector in list(zip(taught, vectors, strict=True))[-_REASONS:]
        if paper.title
    ]
    return Taste(len(taught), weights, _centre(vectors, ages), counts.known(), newest)


def _centre(vectors: Sequence[Vector], weights: Sequence[float]) -> Vector:
    """The weighted mean of the noted papers' vectors."""
    centre: defaultdict[int, float] = defaultdict(float)
    total = sum(weights)
    for vector, weight in zip(vectors, weights, strict=True):
        for term, value in vector.items():
            centre[term] += weight / total * value
    return dict(centre)


def _weight(noted: date, day: date) -> float:
    return math.pow(0.5, (day - noted).days / HALF_LIFE)


def _joined(vector: Vector, by_author: Sequence[float], terms: int) -> Vector:
    """Both in one: the authors' features stand behind the vocabulary's terms."""
    return vector | {terms + index: value for index, value in enumerate(by_author)}


def _add_places(places: list[int], scores: Iterable[float]) -> None:
    """Add to each place what place its score has, the highest first."""
    known = list(scores)
    order = sorted(range(len(known)), key=lambda index: -known[index])
    for place, index in enumerate(order):
        places[index] += place
