"""Stores a feed or a page of a list: its papers, how they were announced, and what matches.

All of it in the caller's one transaction, so that what is marked as taken has arrived.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from bot.isolation import RecordKind, all_or_each, each, is_of_record
from bot.model.paper import Paper, PaperData
from bot.model.subscription import (
    Announced,
    ArrivalKind,
    ArrivalState,
    Delivery,
    Item,
    Subscription,
    Watch,
    canonical,
    classify,
)
from bot.papers.complete import refresh_cards
from bot.store import Store, Transaction
from bot.subscriptions.deliver import refresh_announcements
from bot.subscriptions.index import Looked, Roll

SOONEST = tuple(Delivery)
_IN_TURN = 4
"""Papers that are handed to their subscriptions between two pauses."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of it: papers announced, and arrivals in channels."""

    announced: int = 0
    arrivals: int = 0


@dataclass(frozen=True, slots=True)
class ItemBatch:
    """Items of watched categories, and which subscriptions' queries they match."""

    items: tuple[Item, ...]
    looked: Looked


async def prepare(
    store: Store, roll: Roll, watches: Collection[str], items: Sequence[Item]
) -> ItemBatch:
    """What takes its time, before the transaction and off the event loop."""
    watched = frozenset(watches)

    def is_watched(item: Item) -> bool:
        return bool(item.paper.arxiv_id) and not watched.isdisjoint(
            canonical(item.paper.categories)
        )

    told = each(
        RecordKind.ANNOUNCED_PAPER, items, is_watched, name=_named, plainly=lambda item: True
    )
    wanted = tuple(item for item, is_wanted in zip(items, told, strict=True) if is_wanted)
    async with store.read() as tx:
        await roll.refresh(tx)
    looked = await asyncio.to_thread(roll.look, [item.paper for item in wanted])
    return ItemBatch(wanted, looked)


Finish = Callable[[Transaction, int], Awaitable[None]]
"""Notes what was taken in; told how many items could not be kept."""


async def take_in_all(
    store: Store,
    roll: Roll,
    watches: Mapping[str, Watch],
    batch: ItemBatch,
    *,
    exact: bool,
    now: datetime,
    finish: Finish,
) -> Intake:
    """Keep a batch and note that, in one transaction.

    If that fails, each item is kept in one of its own, so that one which cannot be kept costs only
    itself: then it is noted that they were not all.
    """
    try:
        async with store.begin() as tx:
            intake = await take_in(tx, roll, watches, batch, exact=exact, now=now)
            await finish(tx, 0)
            return intake
    except Exception as error:
        if not batch.items or not is_of_record(error):
            raise

    async def keep(items: Sequence[Item]) -> Intake:
        async with store.begin() as tx:
            some = ItemBatch(tuple(items), batch.looked)
            return await take_in(tx, roll, watches, some, exact=exact, now=now)

    made, failed = await all_or_each(
        RecordKind.ANNOUNCED_PAPER, batch.items, keep, name=_named, raw=lambda item: item.paper
    )
    async with store.begin() as tx:
        await finish(tx, len(failed))
    return Intake(sum(one.announced for one in made), sum(one.arrivals for one in made))


def _named(item: Item) -> str | None:
    return item.paper.arxiv_id


async def take_in(
    tx: Transaction,
    roll: Roll,
    watches: Mapping[str, Watch],
    batch: ItemBatch,
    *,
    exact: bool,
    now: datetime,
) -> Intake:
    """Keep the items, and note for whom they are. `exact`: they are OAI-PMH's."""
    items = batch.items
    if not items:
        return Intake()
    ids = [item.paper.arxiv_id or "" for item in items]
    there = await tx.papers.ids_of(ids)
    before = await tx.papers.shown(there.values())
    numbers = await tx.papers.keep_many([item.paper for item in items], exact=exact, known=there)
    known = dict(await tx.mailings.newest_of(numbers.values()))
    events: list[tuple[Announced, PaperData]] = []
    brought: Counter[date] = Counter()
    for item in items:
        number = numbers[item.paper.arxiv_id or ""]
        last = known.get(number)
        if last is not None and last.mailing > item.mailing:
            continue
        event = classify(item, number, last, watches)
        events.append((event, item.paper))
        known[number] = event
        if event.kind is not ArrivalKind.SEEN:
            brought[event.mailing] += 1
        if last is not None and last.mailing == event.mailing and last.kind is not ArrivalKind.SEEN:
            brought[event.mailing] -= 1  # another source has brought it
    await tx.mailings.announce([event for event, _ in events])
    await roll.refresh(tx)
    looked = batch.looked
    if not roll.up_to_date(looked):
        looked = roll.look([item.paper for item in items])
    arrivals = await _arrive(tx, roll, looked, events, exact=exact)
    await _refresh(tx, before)
    await tx.mailings.count_taken(brought, now)
    count = sum(event.kind is not ArrivalKind.SEEN for event, _ in events)
    return Intake(count, arrivals)


async def _arrive(
    tx: Transaction,
    roll: Roll,
    looked: Looked,
    events: Sequence[tuple[Announced, PaperData]],
    *,
    exact: bool,
) -> int:
    matched: dict[tuple[int, int], tuple[Announced, list[Subscription]]] = {}
    for place, (event, paper) in enumerate(events):
        if place % _IN_TURN == 0:
            await asyncio.sleep(0)  # thousands of subscriptions may want each: others are answered
        numbers = looked.matched.get(paper.arxiv_id or "")
        if numbers is None or event.kind is ArrivalKind.SEEN:
            continue
        for one in roll.takers(event, numbers, exact=exact):
            matched.setdefault((one.channel_id, event.paper_id), (event, []))[1].append(one)
    if not matched:
        return 0
    had = await tx.arrivals.known(
        {channel for channel, _ in matched}, {paper for _, paper in matched}
    )
    new = []
    for key, (event, found) in matched.items():
        takers = found
        if key in had:  # it comes again for a new version alone, to those who ask for these
            is_later = event.kind is ArrivalKind.REPLACE and event.mailing > had[key]
            takers = [one for one in found if is_later and ArrivalKind.REPLACE in one.kinds]
        if takers:
            new.append((key, event, takers))
    rows = []
    by_day = attrgetter("mailing")
    for day, group in groupby(sorted(new, key=lambda one: by_day(one[1])), lambda o: o[1].mailing):
        rows += await _capped(tx, day, list(group))
    await tx.arrivals.add(rows)
    return len(rows)


async def _capped(
    tx: Transaction,
    day: date,
    new: Sequence[tuple[tuple[int, int], Announced, list[Subscription]]],
) -> list[dict[str, object]]:
    """The rows for one mailing, each subscription kept under its cap."""
    limited = {one.channel_id for _, _, found in new for one in found if one.cap is not None}
    counts = dict(await tx.arrivals.counts(limited, day)) if limited else {}
    rows: list[dict[str, object]] = []
    for place, ((channel, paper), _, found) in enumerate(new):
        if place % _IN_TURN == 0:
            await asyncio.sleep(0)
        room = [one for one in found if one.cap is None or counts.get(one.id, 0) < one.cap]
        for one in room:
            counts[one.id] = counts.get(one.id, 0) + 1
        takers = room or found
        delivery = min((one.delivery for one in takers), key=SOONEST.index)
        rows.append(
            {
                "channel_id": channel,
                "paper_id": paper,
                "mailing": day,
                "reasons": [one.id for one in found],
                "delivery": delivery.value,
                "state": (ArrivalState.PENDING if room else ArrivalState.CAPPED).value,
            }
        )
    return rows


async def _refresh(tx: Transaction, before: Mapping[int, Paper]) -> None:
    """Draw the cards anew of papers that have a new version, DOI, reference or withdrawal."""
    if not before:
        return
    after = await tx.papers.shown(before)
    changed = [
        after[number] for number, paper in before.items() if _face(after[number]) != _face(paper)
    ]
    for paper in changed:
        await refresh_cards(tx, paper)
    await refresh_announcements(tx, [paper.id for paper in changed])


def _face(paper: Paper) -> tuple[object, ...]:
    """What of a paper is shown on its card."""
    data = paper.data
    return (
        data.title, data.authors, data.abstract, data.categories, data.published, data.version,
        data.updated and data.updated.date(), data.doi, data.journal_ref, data.withdrawn,
    )  # fmt: skip
