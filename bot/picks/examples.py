"""What a taste is learnt from, and when it is time to learn anew."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from bot.picks.taste import OTHERS, RECENT
from bot.picks.words import PickPaper

DAYS: Final = 7
NEW_NOTES: Final = 10


def due(learnt: date | None, notes_then: int, today: date, notes_now: int) -> bool:
    """Whether to learn anew: after a week, or ten new notes. `learnt`: the day of the last time."""
    return (
        learnt is None
        or today - learnt >= timedelta(days=DAYS)
        or notes_now - notes_then >= NEW_NOTES
    )


def others(
    announced: Iterable[PickPaper], noted: Collection[str], day: date, count: int = OTHERS
) -> list[PickPaper]:
    """At most so many of the papers announced lately that nobody noted, picked at random, the same
    ones each time; `noted` are ids. Goes through the papers once and keeps no more than it gives.
    """
    first = day - timedelta(days=RECENT)
    chance = random.Random(day.toordinal())
    kept: list[PickPaper] = []
    seen = 0
    for paper in announced:
        if first <= paper.day < day and paper.id not in noted:
            seen += 1
            if len(kept) < count:
                kept.append(paper)
            elif (place := chance.randrange(seen)) < count:
                kept[place] = paper
    return kept
