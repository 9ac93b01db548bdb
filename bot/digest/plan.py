"""Planning: in one transaction a period's takes are frozen and its messages put into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.digest.compile import Asked, compile_period
from bot.digest.discord import Rendered, render
from bot.digest.notices import remind, tell_late
from bot.model.channel import Channel
from bot.model.digest import Compiled, DigestState
from bot.model.outbox import Draft, Kind
from bot.model.schedule import next_end
from bot.model.span import Span
from bot.papers.channels import Clock
from bot.store import Store, Transaction

log = structlog.get_logger()


async def plan(
    tx: Transaction,
    channel: Channel,
    *,
    end: datetime,
    before: datetime,
    day: date,
    now: datetime,
    scheduled: bool,
) -> int | None:
    """Freeze the channel's running period, up to and without `before`, and plan its messages.

    A scheduled digest must be worth posting by the channel's minimum; one that a manager asks for
    need only say something. Returns the digest's number in the database; None if there was nothing
    to plan, which is noted, or if the period was planned (or skipped) already: the first one
    stands.
    """
    span = Span(channel.period_start, before, None, open=True)
    compiled = await compile_period(tx, channel, Asked(span, None, running=True), day=day)
    empty = not (compiled.worth_posting if scheduled else compiled.says_something)
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
    )
    if digest_id is None or empty:
        return None
    await tx.takes.freeze(channel.id, before, digest_id)
    if channel.settings.untaken == "carried":
        await tx.entries.freeze_taken(channel.id, before, digest_id)
    else:
        await tx.entries.freeze(channel.id, before, digest_id)
    await tx.outbox.put(drafts(digest_id, channel, compiled))
    # The period's own opening words are said; those written from now on are for the next digest.
    await tx.channels.set_intro(channel.id, None)
    return digest_id


def drafts(digest_id: int, channel: Channel, compiled: Compiled) -> Sequence[Draft]:
    """The outbox rows of a digest, in order: the starter, its thread, the messages in it."""
    settings = channel.settings
    forum = channel.forum if settings.post_to is None else settings.post_to_forum
    target = settings.post_to or channel.discord_id
    rendered = render(compiled)
    rows = _opening(rendered, forum=forum)
    rows += [(Kind.MESSAGE, message.text, message.entry_id) for message in rendered.messages]
    lane = f"digest:{digest_id}"
    opening = 1 if forum else 2
    return [
        Draft(
            lane=lane,
            seq=seq,
            key=f"{lane}:{seq}",
            kind=kind,
            text=text,
            # What follows the opening goes into the thread that the opening makes.
            target_id=target if seq < opening else None,
            entry_id=entry_id,
            digest_id=digest_id,
        )
        for seq, (kind, text, entry_id) in enumerate(rows)
    ]


def _opening(rendered: Rendered, *, forum: bool) -> list[tuple[Kind, str, int | None]]:
    if forum:
        return [(Kind.FORUM_POST, f"{rendered.thread_name}\n{rendered.starter}", None)]
    return [
        (Kind.MESSAGE, rendered.starter, None),
        (Kind.THREAD, rendered.thread_name, None),
    ]


class Planner:
    """Closes the periods that have ended. Running it twice, or two of them, changes nothing."""

    def __init__(self, store: Store, clock: Clock, overdue: timedelta) -> None:
        self.store = store
        self.clock = clock
        self.overdue = overdue
        """How late a digest may be posted at most; a later one is told instead."""

    async def run_due(self) -> int:
        """Plan the digests of all channels whose period is over; returns how many.

        A channel in which this fails is logged and does not hold up the others.
        """
        planned = 0
        await remind(self.store, self.clock())
        async with self.store.read() as tx:
            due = await tx.channels.due(self.clock())
        for channel in due:
            try:
                planned += await self._close_periods(channel.id)
            except Exception:
                log.exception("digest.plan_failed", channel=channel.id)
        return planned

    async def _close_periods(self, channel_id: int) -> int:
        planned = 0
        while (done := await self._close_one(channel_id)) is not None:
            planned += done
        return planned

    async def _close_one(self, channel_id: int) -> int | None:
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
                    tx, channel, end=end, before=end, day=day, now=now, scheduled=True
                )
            await tx.channels.begin_period(
                channel.id, start=end, next_digest_at=next_end(channel.settings, end)
            )
            log.info("digest.period_closed", channel=channel.id, digest=made)
            return int(made is not None)
