"""What a query would have brought, by the newest mailings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.isolation import RecordKind, each
from bot.model.paper import Paper
from bot.model.query import Query
from bot.model.query_match import matches
from bot.model.query_reach import categories
from bot.model.subscription import Announced, Kind, wanted
from bot.store import Store

LOOK_BACK = 5
"""Mailings that a query is tried on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the newest mailings taken in would have brought; `days` 0: none is known yet."""

    papers: int
    days: int

    @property
    def a_day(self) -> float:
        return self.papers / self.days if self.days else 0.0


async def tried(store: Store, query: Query, kinds: Sequence[Kind]) -> tuple[list[Paper], int]:
    """The papers of the newest mailings that match, each once; and how many mailings those are."""
    async with store.read() as tx:
        dates = await tx.mailings.newest_dates(LOOK_BACK)
        lines = await tx.mailings.of_days(dates)
    # Thousands of papers take a while: not on the event loop.
    found = await asyncio.to_thread(_match, lines, query, kinds, categories(query))
    return list({paper.id: paper for paper in found}.values()), len(dates)


async def estimated(store: Store, query: Query, kinds: Sequence[Kind]) -> Estimate:
    """How many papers that would have been."""
    found, days = await tried(store, query, kinds)
    return Estimate(len(found), days)


def _match(
    lines: Sequence[tuple[Announced, Paper]],
    query: Query,
    kinds: Sequence[Kind],
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
