"""Years of a made-up arXiv, a bot that is down at random, and what its channels received."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.model.channel import ChannelSettings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.query.match import matches
from bot.model.query.parse import parse
from bot.model.query.reach import categories
from bot.model.subscription import ArrivalKind, Delivery, canonical
from bot.sandbox.arxiv import Announcement, Calendar, simulate
from bot.store import Store
from bot.subscriptions.poller import Poller
from tests.clock import Clock
from tests.subscriptions.arxiv_in_process import InProcess, Killed

FIRST = date(2026, 1, 5)
QUIET = timedelta(days=21)


@dataclass(frozen=True)
class Wish:
    """One subscription of the simulation."""

    channel: int
    query: str
    kinds: tuple[ArrivalKind, ...] = (ArrivalKind.NEW, ArrivalKind.CROSS)
    delivery: Delivery = Delivery.ONCE


WISHES = (
    Wish(1, "cat:cs.LG"),
    Wish(1, "cat:cs.CV AND detection"),
    Wish(2, "cat:stat.ML", (ArrivalKind.CROSS,), Delivery.DAILY),
    Wish(2, 'cat:math.NA ANDNOT ti:"proof search"', (ArrivalKind.NEW,), Delivery.LIST),
    Wish(3, "cat:hep-th OR cat:gr-qc", (ArrivalKind.NEW, ArrivalKind.CROSS, ArrivalKind.REPLACE)),
    Wish(3, "cat:eess.SY AND au:Müller"),
    Wish(4, "attention OR cat:quant-ph", delivery=Delivery.LIST),
)


@dataclass
class Result:
    """The figures of a run."""

    days: int = 0
    outages: int = 0
    longest_outage: timedelta = timedelta(0)
    kills: int = 0
    mailings: int = 0
    papers: int = 0
    lines: int = 0
    requests: int = 0
    wanted: int = 0
    received: int = 0
    missed: list[tuple[int, str]] = field(default_factory=list)
    stray: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[tuple[int, str]] = field(default_factory=list)
    seconds: float = 0.0


def due(lines: Sequence[Announcement], wishes: Sequence[Wish]) -> Counter[tuple[int, str]]:
    """What channels are to receive, by the calendar alone, and how often at most.

    By (channel, arXiv id). A paper comes once, and again with each new version if these are wanted.
    """
    asked = [(wish, parse(wish.query)) for wish in wishes]
    found: dict[tuple[int, str], set[date]] = {}
    for line in lines:
        if line.kind == "touch":
            continue
        paper = line.paper
        data = PaperData(
            arxiv_id=paper.id,
            title=" ".join(paper.title.split()),
            authors=tuple(author.name for author in paper.authors),
            abstract=" ".join(paper.abstract.split()),
            categories=paper.categories,
        )
        for wish, query in asked:
            if _wanted(line, wish, categories(query)) and matches(query, data):
                days = found.setdefault((wish.channel, paper.id), set())
                if line.kind == "replace" or not days:
                    days.add(line.mailing)
    return Counter({key: len(days) for key, days in found.items()})


def _wanted(line: Announcement, wish: Wish, within: frozenset[str] | None) -> bool:
    primary = canonical(line.paper.categories)[0]
    at_home = within is None or primary in within
    if line.kind == "new":
        return (ArrivalKind.NEW if at_home else ArrivalKind.CROSS) in wish.kinds
    if line.kind == "cross":
        added = canonical((line.category or "",))[0]
        return ArrivalKind.CROSS in wish.kinds and (within is None or added in within)
    return ArrivalKind.REPLACE in wish.kinds and (at_home or ArrivalKind.CROSS in wish.kinds)


async def run(
    store: Store,
    *,
    seed: int,
    days: int,
    rate: float = 3.0,
    faults: float = 0.06,
    kills: float = 0.01,
    wishes: Sequence[Wish] = WISHES,
) -> Result:
    """Let `days` days pass; the last of them (QUIET) without trouble, for all to be made good."""
    random = Random(seed)
    began = time.monotonic()
    holidays = frozenset(
        FIRST + timedelta(days=n) for n in range(days) if random.random() < 0.02
    )  # fmt: skip
    calendar = Calendar(holidays)
    lines = simulate(seed, days - QUIET.days, rate, first=FIRST, calendar=calendar)
    clock = Clock(datetime(2026, 1, 4, 12, tzinfo=UTC))
    arxiv = InProcess(lines, clock, random=random, faults=faults)
    await subscribe(store, clock(), wishes)
    result = Result(days=days, lines=len(lines), papers=len({line.paper.id for line in lines}))
    result.mailings = len({line.mailing for line in lines})
    poller = Poller(store, arxiv, clock)
    end = datetime.combine(FIRST + timedelta(days=days), datetime.min.time(), UTC)
    quiet = end - QUIET
    while clock() < end:
        if clock() > quiet:
            arxiv.faults = arxiv.kills = 0.0
        else:
            arxiv.kills = kills
        if clock() < quiet and random.random() < 0.006:
            outage = timedelta(hours=random.choice([2, 6, 20, 40, 100, 24 * 8, 24 * 25]))
            outage *= random.uniform(0.5, 1.5)
            result.outages += 1
            result.longest_outage = max(result.longest_outage, outage)
            clock.now += outage
            # However long it was: time enough to make it good.
            end = max(end, clock.now + QUIET)
            poller = Poller(store, arxiv, clock)
        try:
            await poller.poll_once()
        except Killed:
            result.kills += 1
            poller = Poller(store, arxiv, clock)
        clock.now += timedelta(minutes=random.choice([10, 60, 150, 240, 400]))
    result.requests = len(arxiv.asked)
    received = await received_by(store)
    wanted = due(lines, wishes)
    result.wanted, result.received = len(wanted), sum(received.values())
    result.missed = sorted(wanted.keys() - received.keys())
    result.stray = sorted(received.keys() - wanted.keys())
    result.doubled = sorted(key for key, count in received.items() if count > wanted[key] > 0)
    result.seconds = time.monotonic() - began
    return result


async def subscribe(store: Store, now: datetime, wishes: Sequence[Wish]) -> None:
    """Make the channels and their subscriptions, from the first mailing on."""
    async with store.begin() as tx:
        member = await tx.members.ensure(1, Member(7, "Ada"))
        numbers = {}
        for channel in sorted({wish.channel for wish in wishes}):
            made = await tx.channels.add(
                Place(1, channel, f"c{channel}"),
                ChannelSettings(),
                period_start=now,
                next_digest_at=now + timedelta(days=7),
                now=now,
            )
            numbers[channel] = made.id
        for wish in wishes:
            await tx.subscriptions.add(
                numbers[wish.channel],
                member,
                query=wish.query,
                kinds=wish.kinds,
                delivery=wish.delivery,
                cap=None,
                since=FIRST,
                now=now,
            )


async def received_by(store: Store) -> Counter[tuple[int, str]]:
    """How often each channel got each paper: in a message of the outbox, or on its list."""
    found: Counter[tuple[int, str]] = Counter()
    async with store.read() as tx:
        for channel in await tx.channels.every():
            rows = await tx.outbox.of_lane(f"arxiv:{channel.id}")
            ids = [number for row in rows for number in json.loads(row.draft.text)["papers"]]
            papers = await tx.papers.by_ids(list(set(ids)))
            assert channel.discord_id is not None
            for number in ids:
                found[channel.discord_id, papers[number].data.arxiv_id or ""] += 1
            for entry in await tx.entries.matching(channel.id, "", limit=100_000):
                found[channel.discord_id, entry.paper.data.arxiv_id or ""] += 1
    return found
