"""What it tells that a paper's authors wrote papers that were noted before."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from bot.picks.words import PickPaper

FEATURES: Final = 6
Counts = tuple[int, int]
"""Of one author: papers that were noted, papers that were announced."""


class AuthorCounts:
    """For each author of a noted paper the days on which theirs were noted, and announced."""

    def __init__(self, noted: Iterable[PickPaper], announced: Iterable[PickPaper]) -> None:
        self._noted: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
        for paper in noted:
            for name in {name.casefold() for name in paper.authors}:
                self._noted[name].append((paper.day, paper.id))
        self._announced: dict[str, list[date]] = {name: [] for name in self._noted}
        for paper in announced:
            for name in {name.casefold() for name in paper.authors} & self._noted.keys():
                self._announced[name].append(paper.day)
        for days in self._announced.values():
            days.sort()

    def of(self, paper: PickPaper) -> list[Counts]:
        """Each author's counts before the paper's own day, without the paper itself: so that what
        is learnt holds for papers yet to come."""
        return [self._before(name.casefold(), paper) for name in paper.authors]

    def known(self) -> dict[str, Counts]:
        """All counts, by the names in lower case."""
        return {name: (len(days), len(self._announced[name])) for name, days in self._noted.items()}

    def _before(self, name: str, paper: PickPaper) -> Counts:
        if name not in self._noted:
            return 0, 0
        noted = sum(day < paper.day and id_ != paper.id for day, id_ in self._noted[name])
        return noted, bisect_left(self._announced[name], paper.day)


def counts_of(paper: PickPaper, known: Mapping[str, Counts]) -> list[Counts]:
    """Each author's counts, as they are known."""
    return [known.get(name.casefold(), (0, 0)) for name in paper.authors]


def features(counts: Sequence[Counts]) -> list[float]:
    """Of a paper's authors in order: `FEATURES` numbers, or none where nobody was noted before.

    They are: that somebody was; how often the one noted most was, and all together; the highest
    part of somebody's papers that was noted; the part of authors who were; how often the last was.
    """
    noted = [count for count, _ in counts]
    if not any(noted):
        return []
    return [
        1.0,
        math.log1p(max(noted)),
        math.log1p(sum(noted)),
        2 * max(count / (count + announced + 2) for count, announced in counts),
        sum(map(bool, noted)) / len(noted),
        math.log1p(noted[-1]),
    ]
