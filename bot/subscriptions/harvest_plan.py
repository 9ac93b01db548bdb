"""Which of OAI-PMH's lists are to be fetched: of which days, categories and sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.model import taxonomy
from bot.model.intake import OaiHarvest
from bot.model.mailing import DAY, days, eastern_date, expected, feed_opens, last_complete
from bot.model.subscription import Watch
from bot.store import Transaction

LONGEST = 7
"""Days in one list: one that has to be begun anew loses no more."""
SETS = 3
"""Lists of single categories, or archives, before one of everything is cheaper."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Lists that are of no use any more, watches counted on, lists to begin."""

    idle: list[int]
    moved: list[Watch]
    new: list[OaiHarvest]

    @property
    def anything(self) -> bool:
        """Whether something has changed."""
        return bool(self.idle or self.moved or self.new)


async def plan(tx: Transaction, now: datetime, watches: Mapping[str, Watch]) -> Plan:
    """What is to be asked for now, and what not any more."""
    if not watches:
        return Plan([], [], [])
    over, today = last_complete(now), eastern_date(now)
    first = min(watch.complete for watch in watches.values()) + DAY
    taken = await tx.mailings.taken(first, max(over, today))
    under_way, idle = [], []
    for one in await tx.mailings.harvests():
        unwanted = not any(name in watches for name in one.categories)
        if unwanted or (not one.final and one.last <= over):
            idle.append(one.id)
        else:
            under_way.append(one)
    counted = [_moved(watch, taken, over) for watch in watches.values()]
    moved = [watch for watch in counted if watch != watches[watch.category]]
    busy = {
        (day, name, one.final)
        for one in under_way
        for day in days(one.first, one.last)
        for name in one.categories
    }
    owed: dict[tuple[date, date, bool], list[str]] = defaultdict(list)
    for name, watch in sorted(watches.items()):
        missing = [
            day
            for day in days(watch.complete + DAY, over)
            if (day, name, True) not in busy
            and not ((have := taken.get((day, name))) and have.done_at)
        ]
        for run in _runs(missing):
            owed[*run, True].append(name)
    for name in await _early(tx, now, watches):
        if (today, name, False) not in busy:
            owed[today, today, False].append(name)
    new = [
        OaiHarvest(0, oai_set, tuple(inside), start, end, final)
        for (start, end, final), names in sorted(owed.items())
        for oai_set, inside in sets(names)
    ]
    return Plan(idle, moved, new)


async def _early(tx: Transaction, now: datetime, watches: Mapping[str, Watch]) -> Sequence[str]:
    """The categories whose list of today can be fetched: when the feed is in, or useless."""
    today = eastern_date(now)
    if not expected(today) or now < feed_opens(today) or today <= last_complete(now):
        return []
    mailing = await tx.mailings.get(today)
    taken = await tx.mailings.taken(today, today)
    found = []
    for name, watch in sorted(watches.items()):
        have = taken.get((today, name))
        if watch.since > today or (have and (have.listed_at or have.done_at)):
            continue
        if (have and have.feed_at) or mailing.asked >= 2:
            found.append(name)
    return found


def _moved(watch: Watch, taken: Mapping[tuple[date, str], object], over: date) -> Watch:
    """The watch with its complete days counted on."""
    complete = watch.complete
    while complete < over:
        have = taken.get((complete + DAY, watch.category))
        if have is None or getattr(have, "done_at", None) is None:
            break
        complete += DAY
    return replace(watch, complete=complete)


def _runs(missing: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days in a row, as lists of at most LONGEST days."""
    start = before = None
    for day in missing:
        if start is None or before is None:
            start = day
        elif day != before + DAY or (day - start).days >= LONGEST:
            yield start, before
            start = day
        before = day
    if start is not None and before is not None:
        yield start, before


def sets(names: Collection[str]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The sets to ask for, each with the categories that it holds; "" is everything."""
    found = [one for name in sorted(names) if (one := taxonomy.category(name)) is not None]
    if len(found) <= SETS:
        return [(one.oai_set, (one.id,)) for one in found]
    by_archive: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_archive[one.archive].append(one.id)
    archives = {one.id: one for one in taxonomy.archives()}
    if len(by_archive) <= SETS and all(name in archives for name in by_archive):
        return [(archives[name].oai_set, tuple(own)) for name, own in by_archive.items()]
    return [("", tuple(one.id for one in found))]
