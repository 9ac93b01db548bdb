"""What a digest says: the entries and takes of a channel's period, put in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.digest.periods import AskedPeriod
from bot.isolation import RecordKind, either, isolated
from bot.locale import texts
from bot.model.channel import TITLE_LIMIT, Channel, ChannelSettings, fill_title
from bot.model.digest import Compiled, DigestSection
from bot.model.summary import WrittenSummary
from bot.model.take import Entry, Take
from bot.store import Transaction
from bot.text.graphemes import shorten

_A_WEEK = timedelta(days=6)
"""Days back in which no other digest may have the same title."""


async def compile_period(
    tx: Transaction, channel: Channel, asked: AskedPeriod, *, day: date
) -> Compiled:
    """The compiled takes of a period.

    `day` is the date of a digest that has not been posted; a posted one keeps its own title, day
    and opening words. A handful of statements, however many papers and takes there are.
    """
    entries = await tx.entries.of_span(channel.id, asked.span)
    takes: dict[int, list[Take]] = defaultdict(list)
    for take in await tx.takes.of_span(channel.id, asked.span):
        takes[take.entry_id].append(take)
    head = await _head(tx, channel, asked, day)
    arranged, left_out = _arrangement(channel, asked)
    out = [entry for entry in entries if entry.id in left_out]
    entries = [entry for entry in entries if entry.id not in left_out]
    taken = [entry for entry in entries if entry.id in takes]
    written = await written_for(tx, channel.scope, head.settings, taken)
    sections = [
        DigestSection(entry, tuple(takes[entry.id]), written.get(entry.paper.id)) for entry in taken
    ]
    sections = either(
        RecordKind.DIGEST,
        channel.id,
        partial(in_order, sections, head.settings.order, arranged, asked.span.digest_id),
        lambda: sections,
    )
    places = {number: place for place, number in enumerate(arranged)}
    untaken = [entry for entry in entries if entry.id not in takes]
    untaken.sort(key=lambda entry: places.get(entry.id, len(places)))
    shown = [entry.id for entry in entries if entry.digest_id not in {None, asked.span.digest_id}]
    return replace(
        head,
        earlier=await tx.digests.earlier(shown, asked.span.digest_id) if shown else {},
        sections=tuple(sections),
        untaken=tuple(untaken),
        left_out=tuple(DigestSection(entry, tuple(takes.get(entry.id, ()))) for entry in out),
    )


async def written_for(
    tx: Transaction, scope: int, settings: ChannelSettings, entries: Sequence[Entry]
) -> Mapping[int, WrittenSummary]:
    """What a model wrote of these papers, by the paper's number, if the digest shows summaries."""
    if not settings.abstract:
        return {}
    return await tx.summaries.of(scope, [entry.paper for entry in entries], settings.language)


def _arrangement(channel: Channel, asked: AskedPeriod) -> tuple[Sequence[int], Collection[int]]:
    """The order that a manager gave the entries, and those that were left out.

    A digest that is planned keeps its own; what was left out of it is the next one's.
    """
    if asked.digest is not None and asked.digest.has_text:
        return asked.digest.arranged, ()
    return (channel.arranged, channel.left_out) if asked.running else ((), ())


def in_order(
    sections: Sequence[DigestSection], order: str, arranged: Sequence[int], digest_id: int | None
) -> list[DigestSection]:
    """Sections as a manager arranged them, the others behind in the channel's order.

    Where that says nothing, as their papers were added; one that an earlier digest showed comes in
    where it was taken up again.
    """
    here = {None, digest_id}

    def came_up(section: DigestSection) -> datetime:
        entry = section.entry
        if entry.digest_id in here:
            return entry.added_at
        return max(entry.added_at, section.takes[0].created_at)

    found = sorted(sections, key=came_up)
    if order == "category":
        found.sort(key=lambda section: section.entry.paper.data.categories[:1] or ("~",))
    if order == "takes":
        found.sort(key=lambda section: -len(section.takes))
    places = {number: place for place, number in enumerate(arranged)}
    return sorted(found, key=lambda section: places.get(section.entry.id, len(places)))


async def _head(tx: Transaction, channel: Channel, asked: AskedPeriod, day: date) -> Compiled:
    digest = asked.digest
    if digest is not None and digest.has_text:
        settings = digest.settings or channel.settings
        return Compiled(digest.title, digest.day, digest.number, digest.intro, (), (), settings)
    if not asked.running:
        # There was no digest, and so there is no title.
        zone = channel.settings.zone
        first, last = (
            moment.astimezone(zone).date() for moment in (asked.span.start, asked.span.end)
        )
        return Compiled(f"{first} – {last}", last, 0, "", (), (), channel.settings)
    number = await tx.digests.next_number(channel.id)
    intro = channel.settings.intro if channel.intro is None else channel.intro
    taken = await tx.digests.titles_since(channel.id, day - _A_WEEK)
    title = unlike(title_of(channel, day, number), taken)
    return Compiled(title, day, number, intro, (), (), channel.settings)


def title_of(channel: Channel, day: date, number: int) -> str:
    """The title by the channel's template, or by its language's where that cannot be filled."""
    own = texts(channel.settings.language)("digest.title.default")
    with isolated(RecordKind.CHANNEL, channel.id):
        return fill_title(channel.settings.title or own, day=day, number=number)
    return fill_title(own, day=day, number=number)


def unlike(title: str, taken: Collection[str]) -> str:
    """The title, with a number behind it where another digest of the week has the same."""
    made, count = title, 1
    while made in taken:
        count += 1
        made = f"{shorten(title, TITLE_LIMIT - 5)} ({count})"
    return made
