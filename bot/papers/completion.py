"""Papers of a list while somebody types one: in the order in which a search finds them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from bot.isolation import RecordKind, either
from bot.model.channel import Channel
from bot.model.take import Entry
from bot.papers.find import names_of
from bot.papers.known_names import named
from bot.papers.related import in_order
from bot.store import Transaction
from bot.text.bigrams import Phrase, query, stems
from bot.text.find import holds
from bot.text.names import beginnings, key

_NEWEST: Final = 2_000
"""Papers of a list that are gone through for a year, or a word with a letter wrong."""
_SHORTEST_KEY: Final = 2
"""Letters of a name by which it is offered."""


async def completed(tx: Transaction, channel: Channel, typed: str, limit: int) -> Sequence[Entry]:
    """Papers that are called so, that have the words in their titles, then among their authors;
    those with these letters; those of that year, or with a letter wrong."""
    phrases = query(typed, unfinished=True)
    begun = key(stems(typed))
    found: list[Entry] = []
    if len(begun) >= _SHORTEST_KEY:
        found += await tx.titles.called(channel.id, begun, limit)
    found += await tx.titles.headed(channel.id, phrases, limit)
    found = sorted(_each_once(found), key=lambda entry: _rank(entry, begun, phrases))
    if len(found) < limit:
        found = _each_once([*found, *await tx.titles.with_letters(channel.id, typed, limit)])
    if len(found) < limit:
        names = await names_of(tx, channel, _NEWEST)
        numbers = await asyncio.to_thread(named, typed, names, typos=not found)
        found = _each_once([*found, *await in_order(tx, numbers[:limit])])
    return found[:limit]


def _each_once(entries: Iterable[Entry]) -> list[Entry]:
    return list({entry.id: entry for entry in entries}.values())


def _rank(entry: Entry, begun: str, phrases: Sequence[Phrase]) -> int:
    """How well a title fits what was typed so far."""

    def ranked() -> int:
        title = entry.paper.shown_title
        words = stems(title)
        if key(words) == begun:
            return 0
        if begun in (key(stems(title.partition(":")[0])), entry.paper.reference):
            return 1
        if begun in beginnings(words):
            return 2
        if key(words).startswith(begun):
            return 3
        return 4 if all(holds(title, phrases)) else 5

    return either(RecordKind.CHOICE, f"entry {entry.id}", ranked, lambda: 5)
