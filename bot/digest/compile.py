"""What a digest says: the entries and takes of a channel's period, put in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from bot.isolation import RecordKind, either, isolated
from bot.locale import texts
from bot.model.channel import Channel, fill_title
from bot.model.digest import Compiled, Digest, DigestState, Section
from bot.model.schedule import last_end, next_end, parse_period
from bot.model.span import Span
from bot.model.take import Take
from bot.store import Transaction

_KEPT = (DigestState.PLANNED, DigestState.POSTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that a person asked for, with its digest if it has one."""

    span: Span
    digest: Digest | None
    running: bool


async def asked_period(
    tx: Transaction, channel: Channel, period: str | None, now: datetime
) -> Asked:
    """The running period, or the one in which the day lies that `period` names.

    Raises BadPeriod.
    """
    if period is not None and period.strip():
        day = parse_period(period, channel.settings, now)
        zone = channel.settings.zone
        # The last moment of the day: on the day of a digest its evening counts already to the
        # next period, but whoever names that day means the digest.
        moment = datetime.combine(day, time(12), zone).astimezone(UTC)
        digest = await tx.digests.of_date(channel.id, day) or await tx.digests.of_day(
            channel.id, moment
        )
        if digest is not None:
            span = Span(digest.period_start, digest.period_end, digest.id, open=False)
            return Asked(span, digest, running=False)
        if not channel.period_start <= moment < channel.next_digest_at:
            start, end = last_end(channel.settings, moment), next_end(channel.settings, moment)
            return Asked(Span(start, end, None, open=False), None, running=False)
    digest = await tx.digests.of_period(channel.id, channel.period_start)
    # A bot that was off may not have closed the period yet: what is there now belongs to it.
    end = max(channel.next_digest_at, now + timedelta(microseconds=1))
    span = Span(channel.period_start, end, digest.id if digest else None, open=True)
    return Asked(span, digest, running=True)


def asked_next(channel: Channel, asked: Asked) -> Asked:
    """What is asked for, or the next digest where that of the running period is planned already."""
    if not asked.running or asked.digest is None or asked.digest.state not in _KEPT:
        return asked
    end = max(next_end(channel.settings, channel.next_digest_at), asked.span.end)
    return Asked(Span(channel.period_start, end, None, open=True), None, running=True)


async def compile_period(tx: Transaction, channel: Channel, asked: Asked, *, day: date) -> Compiled:
    """The compiled takes of a period.

    `day` is the date of a digest that has not been posted; a posted one keeps its own title, day
    and opening words. A handful of statements, however many papers and takes there are.
    """
    entries = await tx.entries.of_span(channel.id, asked.span)
    takes: dict[int, list[Take]] = defaultdict(list)
    for take in await tx.takes.of_span(channel.id, asked.span):
        takes[take.entry_id].append(take)
    head = await _head(tx, channel, asked.digest, day)
    arranged, left_out = _arrangement(channel, asked)
    out = [entry for entry in entries if entry.id in left_out]
    entries = [entry for entry in entries if entry.id not in left_out]
    sections = [Section(entry, tuple(takes[entry.id])) for entry in entries if entry.id in takes]
    sections = either(
        RecordKind.DIGEST,
        channel.id,
        partial(in_order, sections, channel.settings.order, arranged, asked.span.digest_id),
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
        left_out=tuple(Section(entry, tuple(takes.get(entry.id, ()))) for entry in out),
    )


def _arrangement(channel: Channel, asked: Asked) -> tuple[Sequence[int], Collection[int]]:
    """The order that a manager gave the entries, and those that were left out.

    A digest that is planned keeps its own; what was left out of it is the next one's.
    """
    if asked.digest is not None and asked.digest.state in _KEPT:
        return asked.digest.arranged, ()
    return (channel.arranged, channel.left_out) if asked.running else ((), ())


def in_order(
    sections: Sequence[Section], order: str, arranged: Sequence[int], digest_id: int | None
) -> list[Section]:
    """Sections as a manager arranged them, the others behind in the channel's order.

    Where that says nothing, as their papers were added; one that an earlier digest showed comes in
    where it was taken up again.
    """
    here = {None, digest_id}

    def came_up(section: Section) -> datetime:
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


async def _head(tx: Transaction, channel: Channel, digest: Digest | None, day: date) -> Compiled:
    if digest is not None and digest.state in _KEPT:
        title, day, number, intro = digest.title, digest.day, digest.number, digest.intro
    else:
        number = await tx.digests.next_number(channel.id)
        intro = channel.settings.intro if channel.intro is None else channel.intro
        title = title_of(channel, day, number)
    return Compiled(title, day, number, intro, (), (), channel.settings)


def title_of(channel: Channel, day: date, number: int) -> str:
    """The title by the channel's template, or by its language's where that cannot be filled."""
    own = texts(channel.settings.language)("digest.title.default")
    with isolated(RecordKind.CHANNEL, channel.id):
        return fill_title(channel.settings.title or own, day=day, number=number)
    return fill_title(own, day=day, number=number)
