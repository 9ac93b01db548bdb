"""What a query would have brought, by the newest mailings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.isolation import RecordKind, each
from bot.model import taxonomy
from bot.model.intake import TakenMailing
from bot.model.paper import Paper
from bot.model.query.match import matches
from bot.model.query.reach import categories
from bot.model.query.tree import Query
from bot.model.subscription import Announced, ArrivalKind, wanted
from bot.store import Store

LOOK_BACK = 5
"""Mailings that a query is tried on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the newest mailings taken in would have brought; `days` 0: none is known yet.

    `only`: they were taken in for these of the query's categories alone; of the others nothing is
    known. Empty where all that the query reaches was taken in.
    """

    papers: int
    days: int
    only: tuple[str, ...] = ()

    @property
    def a_day(self) -> float:
        """Papers a day."""
        return self.papers / self.days if self.days else 0.0

    @property
    def whole(self) -> bool:
        """Whether it tells of all that the query reaches."""
        return bool(self.days) and not self.only


async def tried(
    store: Store, query: Query, kinds: Sequence[ArrivalKind]
) -> tuple[list[Paper], Estimate]:
    """The papers of the newest mailings that match, each once, and how much that tells."""
    within = categories(query)
    async with store.read() as tx:
        dates = await tx.mailings.newest_dates(LOOK_BACK)
        taken = await tx.mailings.taken(min(dates), max(dates)) if dates else {}
        days, only = _taken_in(dates, taken, within)
        lines = await tx.mailings.of_days(days)
    # Thousands of papers take a while: not on the event loop.
    found = await asyncio.to_thread(_match, lines, query, kinds, within)
    papers = list({paper.id: paper for paper in found}.values())
    return papers, Estimate(len(papers), len(days), only)


def _taken_in(
    dates: Sequence[date],
    taken: Mapping[tuple[date, str], TakenMailing],
    within: frozenset[str] | None,
) -> tuple[list[date], tuple[str, ...]]:
    """The mailings that tell something of these categories; which of these, if not all.

    Those that were taken in for all of them, if there are any.
    """
    wanted = within if within is not None else frozenset(one.id for one in taxonomy.categories())
    have = {
        day: frozenset(name for (on, name), one in taken.items() if on == day and one.is_taken)
        & wanted
        for day in dates
    }
    whole = [day for day in dates if have[day] == wanted]
    if whole:
        return whole, ()
    some = [day for day in dates if have[day]]
    return some, tuple(sorted(frozenset().union(*(have[day] for day in some))))


async def estimated(store: Store, query: Query, kinds: Sequence[ArrivalKind]) -> Estimate:
    """How many papers that would have been."""
    _, estimate = await tried(store, query, kinds)
    return estimate


def _match(
    lines: Sequence[tuple[Announced, Paper]],
    query: Query,
    kinds: Sequence[ArrivalKind],
    within: frozenset[str] | None,
) -> list[Paper]:

    def asked_for(announced: tuple[Announced, Paper]) -> bool:
        line, paper = announced
        return (
            (within is None or bool(within & set(line.categories)))
            and wanted(line, kinds, within)
            and matches(query, paper.data)
        )

    told = each(
        RecordKind.ANNOUNCED_PAPER,
        lines,
        asked_for,
        name=lambda announced: announced[1].reference,
        plainly=lambda announced: False,
    )
    return [paper for (_, paper), is_wanted in zip(lines, told, strict=True) if is_wanted]
