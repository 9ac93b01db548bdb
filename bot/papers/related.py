"""What hangs together with a paper: by links, series and tags, and by what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.isolation import RecordKind, isolated
from bot.model.channel import Channel
from bot.model.connection import LeadKind
from bot.model.paper import Paper
from bot.model.take import Entry
from bot.papers.likeness import like
from bot.store import Transaction

NEIGHBOURS: Final = 8
"""Papers of each sort that are shown as related."""
_TAGGED: Final = 5
"""Papers with the same tags that are shown."""
_ALIKE: Final = 50
"""Papers that are put in the order of their likeness."""


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What a take leads to that is not on the list; `paper` where the catalogue knows it."""

    url: str
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class Related:
    """The neighbours of a paper on its channel's list, each entry once, nearest sort first."""

    entry: Entry
    mentioned_in: tuple[Entry, ...] = ()
    """Their takes lead here."""
    leads_to: tuple[Entry, ...] = ()
    """The takes here lead there."""
    unlisted: tuple[Unlisted, ...] = ()
    series: tuple[Entry, ...] = ()
    """Other parts of the series that a take here belongs to, in order."""
    tagged: tuple[Entry, ...] = ()
    alike: tuple[Entry, ...] = ()
    """By the words of their titles, abstracts and takes."""

    @property
    def by_reason(self) -> Mapping[str, Sequence[Entry]]:
        """The neighbours by why they are related, in English, nearest sort first; programs read
        them so."""
        return {
            "their takes lead here": self.mentioned_in,
            "the takes here lead there": self.leads_to,
            "parts of the same series of takes": self.series,
            "the same tags": self.tagged,
            "alike by their words": self.alike,
        }


@dataclass(frozen=True, slots=True)
class Around:
    """The entries next to one: whose takes lead to it, and other parts of its series, in order."""

    mentioned_in: tuple[Entry, ...] = ()
    series: tuple[Entry, ...] = ()


async def around(tx: Transaction, channel: Channel, entry_id: int) -> Around:
    """The entries next to one: whose takes lead to it, and other parts of its series."""
    mentions = await tx.connections.mentions(channel.id, entry_id, NEIGHBOURS)
    series: list[int] = []
    for lead in await tx.connections.leads(entry_id):
        if lead.kind is LeadKind.SERIES:
            series += await _in_series(tx, channel.id, lead.target, entry_id)
    numbers = [one for one in dict.fromkeys(series) if one != entry_id]
    return Around(await in_order(tx, mentions), await in_order(tx, numbers[:NEIGHBOURS]))


async def related(
    tx: Transaction, channel: Channel, entry: Entry, most: int = NEIGHBOURS
) -> Related:
    """The neighbours of an entry, at most `most` of each sort."""
    mentions = await tx.connections.mentions(channel.id, entry.id, most)
    leads = await tx.connections.leads(entry.id)
    urls = [
        lead.target
        for lead in leads
        if lead.kind is LeadKind.URL and lead.target != entry.paper.url
    ]
    known = {paper.url: paper for paper in await tx.connections.papers_at(channel.scope, urls)}
    forward: list[int] = []
    unlisted: list[Unlisted] = []
    for url in urls:
        paper = known.get(url)
        listed = await tx.entries.of_paper(channel.id, paper.id) if paper else None
        if listed is not None:
            forward.append(listed.id)
        else:
            unlisted.append(Unlisted(url, paper))
    series: list[int] = []
    for lead in leads:
        with isolated(RecordKind.LINK, entry.id):
            if lead.kind is LeadKind.NOTE:
                forward += await tx.connections.of_note(channel.id, lead.target)
            elif lead.kind is LeadKind.SERIES:
                series += await _in_series(tx, channel.id, lead.target, entry.id)
    alike = await like(tx, channel.id, entry, _ALIKE)
    # Of the many that share a common tag those that are also alike.
    tagged = list(await tx.connections.sharing_tags(channel.id, entry.id, _ALIKE))
    tagged.sort(key=lambda number: alike.index(number) if number in alike else _ALIKE)
    del tagged[_TAGGED:]
    sorts = _each_once(entry.id, mentions, forward, series, tagged, alike)
    groups = [await in_order(tx, numbers[:most]) for numbers in sorts]
    return Related(
        entry, groups[0], groups[1], tuple(unlisted[:most]), groups[2], groups[3], groups[4]
    )


async def _in_series(tx: Transaction, channel_id: int, name: str, entry_id: int) -> Sequence[int]:
    # The entry itself is one of them, and left out later.
    return await tx.connections.in_series(channel_id, name, entry_id, NEIGHBOURS + 1)


def _each_once(itself: int, *sorts: Sequence[int]) -> list[list[int]]:
    seen = {itself}
    kept: list[list[int]] = []
    for numbers in sorts:
        kept.append([number for number in dict.fromkeys(numbers) if number not in seen])
        seen.update(kept[-1])
    return kept


async def in_order(tx: Transaction, numbers: Sequence[int]) -> tuple[Entry, ...]:
    by_id = await tx.searches.entries_with(numbers)
    return tuple(by_id[number] for number in numbers if number in by_id)
