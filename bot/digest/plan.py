"""Planning: in one transaction a period's takes are frozen and its messages put into the outbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import structlog

from bot.digest.amend import tell_none
from bot.digest.compile import compile_period
from bot.digest.discord_messages import Rendered, render
from bot.digest.notices import remind, tell_late, tell_unplanned
from bot.digest.periods import AskedPeriod, asked_digest
from bot.isolation import RecordKind, isolated
from bot.model.channel import Channel
from bot.model.digest import Compiled, DigestState
from bot.model.outbox import LINK, TAKE_COUNTS, Draft, OutboxKind, link_to
from bot.model.schedule import anchored, next_end
from bot.model.span import DigestSpan
from bot.papers.channels import Clock
from bot.store import Store, Transaction

log = structlog.get_logger()

R = TypeVar("R")


LONG: Final = 200
"""Papers and takes of a digest that is rendered within the transaction that plans it."""
_TIMES: Final = 3
"""Times that a long digest is rendered ahead, until nothing changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A digest as it was compiled a moment ago, and what is said of it."""

    compiled: Compiled
    rendered: Rendered


class LongDigest(Exception):
    """To be rendered outside of the transaction: whoever writes would wait for seconds."""

    def __init__(self, compiled: Compiled) -> None:
        super().__init__("a long digest")
        self.compiled = compiled


async def rendered_ahead(work: Callable[[Ahead | None, bool], Awaitable[R]]) -> R:
    """Do what plans a digest in a transaction: once more where it is long, with what was rendered
    in between. `work` gets that, and whether LongDigest may be raised."""
    ahead: Ahead | None = None
    for _ in range(_TIMES):
        try:
            return await work(ahead, True)
        except LongDigest as long:
            compiled = long.compiled
            ahead = Ahead(compiled, await asyncio.to_thread(render, compiled))
    return await work(ahead, False)


async def plan(
    tx: Transaction,
    channel: Channel,
    *,
    end: datetime,
    day: date,
    now: datetime,
    scheduled: bool,
    ahead: Ahead | None = None,
    may_wait: bool = False,
) -> int | None:
    """Freeze the channel's running period, up to and without `end`, and plan its messages.

    A scheduled digest must be worth posting by the channel's minimum; one that a manager asks for
    need only say something. Returns the digest's number in the database; None if there was nothing
    to plan, which is noted, or if the period was planned (or skipped) already: the first one
    stands. With `may_wait` raises LongDigest for one that is to be rendered ahead first.
    """
    span = DigestSpan(channel.period_start, end, None, open=True)
    compiled = await compile_period(tx, channel, AskedPeriod(span, None, running=True), day=day)
    empty = not (compiled.worth_posting if scheduled else compiled.says_something)
    at_hand = ahead.rendered if ahead is not None and ahead.compiled == compiled else None
    if may_wait and at_hand is None and not empty and _is_long(compiled):
        raise LongDigest(compiled)
    shown = [section.entry for section in compiled.sections]
    digest_id = await tx.digests.add(
        channel.id,
        channel.period_start,
        end,
        DigestState.EMPTY if empty else DigestState.PLANNED,
        now,
        number=0 if empty else compiled.number,
        title=compiled.title,
        day=day,
        intro=compiled.intro,
        arranged=[entry.id for entry in (*shown, *compiled.untaken)],
        settings=channel.settings,
    )
    if digest_id is None:
        return None
    # Leaving papers out and arranging them is for one digest.
    await tx.channels.arrange(channel.id, arranged=(), left_out=())
    if empty:
        if scheduled:
            await tell_none(tx, channel)
        return None
    out = channel.left_out
    await tx.takes.freeze(channel.id, end, digest_id, out)
    if channel.settings.untaken == "carried":
        await tx.entries.freeze_taken(channel.id, end, digest_id, out)
    else:
        await tx.entries.freeze(channel.id, end, digest_id, out)
    made = await asyncio.to_thread(drafts, digest_id, channel, compiled, at_hand)
    await tx.outbox.put(made)
    # The period's own opening words are said; those written from now on are for the next digest.
    await tx.channels.set_intro(channel.id, None)
    return digest_id


async def move_unsent(tx: Transaction, channel: Channel) -> None:
    """Let digests of which nothing was sent go where the channel's digests are posted now."""
    for digest in await tx.digests.planned(channel.id):
        compiled = await compile_period(tx, channel, asked_digest(digest), day=digest.day)
        made = await asyncio.to_thread(drafts, digest.id, channel, compiled)
        await tx.outbox.replace_unsent(made)


async def close_period(
    tx: Transaction, channel: Channel, end: datetime, *, due: datetime | None
) -> None:
    """Let the running period end and the next one begin, whatever became of its digest.

    `due`: the moment at which a digest was due by the calendar, from which the weeks are counted
    on; None where the next one is due when it was anyway, since this one is early.
    """
    settings, following = channel.settings, channel.next_digest_at
    if due is not None:
        settings = anchored(settings, due)
        following = next_end(settings, end)
    await tx.digests.end_period(channel.id, channel.period_start, end)
    await tx.channels.begin_period(
        channel.id, start=end, next_digest_at=following, settings=settings
    )


def _is_long(compiled: Compiled) -> bool:
    return sum(1 + len(section.takes) for section in compiled.sections) > LONG


def drafts(
    digest_id: int, channel: Channel, compiled: Compiled, rendered: Rendered | None = None
) -> Sequence[Draft]:
    """The outbox rows of a digest, in order; `rendered` if it is at hand.

    The starter, its thread (or both as a forum post), the messages in it, and last the edits that
    give the list of papers the addresses of their messages, and the pin.
    """
    settings = channel.settings
    forum = channel.forum if settings.post_to is None else settings.post_to_forum
    rendered = rendered or render(compiled)
    starter, *more = [
        _Words(OutboxKind.MESSAGE, message.text, take_counts=message.take_counts)
        for message in rendered.contents
    ]
    name = rendered.thread_name.replace(TAKE_COUNTS, "")
    rows: list[_Words] = (
        [replace(starter, kind=OutboxKind.FORUM_POST, text=f"{name}\n{starter.text}")]
        if forum
        else [starter, _Words(OutboxKind.THREAD, name)]
    )
    opening = len(rows)
    rows += more
    rows += [_Words(OutboxKind.MESSAGE, one.text, one.entry_id) for one in rendered.messages]
    lane = f"digest:{digest_id}"
    rows += _links(rendered, rows, lane, opening)
    if settings.pin:
        rows.append(_Words(OutboxKind.PIN, "", edits=f"{lane}:0"))
    target = settings.post_to or channel.discord_id
    return [
        Draft(
            lane=lane,
            seq=seq,
            key=f"{lane}:{seq}",
            kind=words.kind,
            text=words.text,
            # What follows the opening goes into the thread that the opening makes.
            target_id=target if seq < opening else None,
            edits=words.edits,
            entry_id=words.entry_id,
            digest_id=digest_id,
            take_counts=words.take_counts,
        )
        for seq, words in enumerate(rows)
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """What is particular to a row of a digest's lane."""

    kind: OutboxKind
    text: str
    entry_id: int | None = None
    edits: str | None = None
    take_counts: str | None = None


def _links(rendered: Rendered, rows: Sequence[_Words], lane: str, opening: int) -> Iterator[_Words]:
    """The edits of the list of papers, with marks for the addresses that are not known yet."""
    first = {
        words.entry_id: f"{lane}:{seq}"
        for seq, words in reversed(list(enumerate(rows)))
        if words.entry_id is not None
    }
    for number, message in enumerate(rendered.contents):
        if message.linked != message.text:
            text = LINK.sub(lambda found: _row_of(found, first), message.linked)
            seq = 0 if number == 0 else opening + number - 1
            edits = f"{lane}:{seq}"
            yield _Words(OutboxKind.EDIT, text, edits=edits, take_counts=message.take_counts)


def _row_of(mark: re.Match[str], first: Mapping[int, str]) -> str:
    """The mark of the row that an entry's part begins with. What else looks like a mark was typed
    by somebody, and is left out."""
    number = mark[1].removeprefix("entry:")
    row = first.get(int(number)) if number.isdecimal() else None
    return link_to(row) if row is not None else ""


class Planner:
    """Closes the periods that have ended. Running it twice, or two of them, changes nothing."""

    def __init__(self, store: Store, clock: Clock, overdue: timedelta) -> None:
        self.store = store
        self.clock = clock
        self.overdue = overdue
        """How late a digest may be posted at most; a later one is told instead."""

    async def run_due(self) -> int:
        """Plan the digests of all channels whose period is over; returns how many.

        A channel in which this fails does not hold up the others: it is told there, once, and
        tried again.
        """
        planned = 0
        async with self.store.read() as tx:
            due = await tx.channels.due(self.clock())
        for number in due:
            with isolated(RecordKind.CHANNEL, number) as attempt:
                planned += await self._close_periods(number)
            if attempt.failed is not None:
                with isolated(RecordKind.CHANNEL, number):
                    await tell_unplanned(self.store, number, attempt.failed)
        return planned

    async def remind(self) -> int:
        """Leave the reminders that are due; returns how many."""
        return await remind(self.store, self.clock())

    async def _close_periods(self, channel_id: int) -> int:
        planned = 0
        while True:
            done = await rendered_ahead(partial(self._close_one, channel_id))
            if done is None:
                return planned
            planned += done

    async def _close_one(self, channel_id: int, ahead: Ahead | None, may_wait: bool) -> int | None:
        """Close one period: 1 if a digest was planned, 0 if there was none, None if none is over.

        Periods are closed one by one, so that a bot that was off for a month posts each missed
        digest that has something to say, and once.
        """
        now = self.clock()
        async with self.store.begin() as tx:
            channel = await tx.channels.lock(channel_id)
            if channel is None or channel.next_digest_at > now:
                return None
            end = channel.next_digest_at
            day = end.astimezone(channel.settings.zone).date()
            digest = await tx.digests.of_period(channel.id, channel.period_start)
            made = None
            if digest is None and now - end > self.overdue and await tell_late(tx, channel, now):
                await tx.channels.begin_period(
                    channel.id,
                    start=channel.period_start,
                    next_digest_at=next_end(channel.settings, now),
                )
                return 0
            if digest is None:
                made = await plan(
                    tx, channel, end=end, day=day, now=now, scheduled=True,
                    ahead=ahead, may_wait=may_wait,
                )  # fmt: skip
            await close_period(tx, channel, end, due=end)
            log.info("digest.period_closed", channel=channel.id, digest=made)
            return int(made is not None)
