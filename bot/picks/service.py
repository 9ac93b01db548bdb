"""Which of a day's papers a channel would care about, by what stands on its list."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import bot
from bot.errors import (
    BadDay,
    NoCategories,
    NothingAnnounced,
    NothingTakenIn,
    NothingToLearnFrom,
)
from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.people import Place
from bot.model.query.parse import parse_saved
from bot.model.query.reach import categories
from bot.model.subscription import Subscription
from bot.model.take import Entry
from bot.papers.channels import channel_of
from bot.picks.ranking import RankedPaper
from bot.store import Store

SHOWN: Final = 10
"""Papers that are shown of a day."""
_KEPT: Final = 100
"""Days of channels of which the order is kept in memory."""


@dataclass(frozen=True, slots=True)
class DayOfPicks:
    """The best papers of a day for a channel. `entries`: those on its list, by paper."""

    channel: Channel
    day: date
    notes: int
    """How many papers it was learnt from."""
    ranked: Sequence[RankedPaper]
    papers: Mapping[int, Paper]
    entries: Mapping[int, Entry]


class PickService:
    """Picks of channels."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._learning = asyncio.Lock()
        """One at a time: a further one would only slow down the bot."""
        self._ranked: dict[tuple[int, date, int], Sequence[RankedPaper]] = {}

    async def picks(self, place: Place, typed: str | None) -> DayOfPicks:
        """The best papers of a day (as typed; left out: of the newest mailing).

        Learnt anew when the channel's list has grown. Raises NoPapersHere, NothingToLearnFrom,
        NoCategories, BadDay, NothingTakenIn, NothingAnnounced.
        """
        asked = _day(typed) if typed else None
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            notes = len(await tx.entries.on_list(channel.id))
            subscriptions = await tx.subscriptions.of_channel(channel.id)
            newest = next(iter(await tx.mailings.newest_dates(1)), None)
        if not notes:
            raise NothingToLearnFrom
        if not subscriptions:
            raise NoCategories
        if newest is None:
            raise NothingTakenIn
        day = asked or newest
        ranked = await self._rank(channel, day, notes, _watched(subscriptions))
        if not ranked:
            raise NothingAnnounced(day=day, newest=newest)
        paper_ids = [one.paper_id for one in ranked]
        async with self.store.read() as tx:
            papers = await tx.papers.by_ids(paper_ids)
            entries = await tx.entries.of_papers(channel.id, paper_ids)
        listed = {entry.paper.id: entry for entry in entries}
        return DayOfPicks(channel, day, notes, ranked, papers, listed)

    async def _rank(
        self, channel: Channel, day: date, notes: int, within: frozenset[str] | None
    ) -> Sequence[RankedPaper]:
        key = (channel.id, day, notes)
        async with self._learning:
            if key not in self._ranked:
                while len(self._ranked) >= _KEPT:
                    del self._ranked[next(iter(self._ranked))]
                self._ranked[key] = await self._in_a_process(channel.id, day, within)
            return self._ranked[key]

    async def _in_a_process(
        self, channel_id: int, day: date, within: frozenset[str] | None
    ) -> Sequence[RankedPaper]:
        root = str(Path(bot.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.picks.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert worker.stdin is not None
        assert worker.stdout is not None
        request = {
            "database": self.store.url.render_as_string(hide_password=False),
            "channel": channel_id,
            "day": day.isoformat(),
            "categories": None if within is None else sorted(within),
            "count": SHOWN,
        }
        try:
            worker.stdin.write(json.dumps(request).encode() + b"\n")
            with suppress(ConnectionError):
                await worker.stdin.drain()
            said = await worker.stdout.read()
            if status := await worker.wait():
                raise RuntimeError(f"learning a taste ended with {status}")
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()
        return [RankedPaper.of_data(one) for one in json.loads(said.splitlines()[-1])]


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise BadDay(typed=typed) from None


def _watched(subscriptions: Iterable[Subscription]) -> frozenset[str] | None:
    """The categories in which what these ask for can stand; None for all."""
    reached = [categories(parse_saved(one.query)) for one in subscriptions]
    known = [names for names in reached if names is not None]
    return frozenset().union(*known) if len(known) == len(reached) else None
