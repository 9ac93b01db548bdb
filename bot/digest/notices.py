"""What the bot says in a paper channel by itself: reminders, and a digest that is too late."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.digest.amend import late_key, reminder_key, unplanned_key
from bot.digest.compile import compile_period
from bot.digest.discord_messages import THREAD_NAME_LIMIT, reminder
from bot.digest.periods import AskedPeriod, running_period
from bot.isolation import RecordKind, isolated
from bot.locale import texts
from bot.model.channel import Channel
from bot.model.outbox import Draft, OutboxKind
from bot.model.schedule import day_of, next_end, reminded_between
from bot.model.span import DigestSpan
from bot.store import Store, Transaction
from bot.text.graphemes import shorten

_AHEAD = timedelta(days=3)
"""How long before a digest its reminder is due at most, however clocks are set meanwhile."""


async def remind(store: Store, now: datetime) -> int:
    """Leave a reminder of the papers without takes where one is wanted; returns how many."""
    reminded = 0
    async with store.read() as tx:
        soon = await tx.channels.to_remind(now, now + _AHEAD)
    for channel in soon:
        with isolated(RecordKind.REMINDER, channel.id):
            begin, end = reminded_between(channel.settings, channel.next_digest_at)
            if begin <= now < end:
                reminded += await _remind(store, channel, now)
    return reminded


async def _remind(store: Store, channel: Channel, now: datetime) -> bool:
    day = day_of(channel.settings, channel.next_digest_at)
    key = reminder_key(channel, channel.next_digest_at)
    async with store.begin() as tx:
        asked = await running_period(tx, channel, now)
        if asked.digest is not None or await tx.outbox.of_lane(key):
            # Skipped, or reminded already: once a day, whatever hour was set since.
            return False
        compiled = await compile_period(tx, channel, asked, day=day)
        if not compiled.untaken:
            return False
        await tx.outbox.put([notice(channel, key, reminder(compiled))])
        return True


async def tell_late(tx: Transaction, channel: Channel, now: datetime) -> bool:
    """Say in the channel that a digest is too late to be posted, if there was one to post."""
    end = channel.next_digest_at
    day = end.astimezone(channel.settings.zone).date()
    span = DigestSpan(channel.period_start, end, None, open=True)
    compiled = await compile_period(tx, channel, AskedPeriod(span, None, running=True), day=day)
    if not compiled.worth_posting:
        return False
    following = next_end(channel.settings, now).astimezone(channel.settings.zone).date()
    say = texts(channel.settings.language)
    text = say("digest.late", day=day, days=(now - end).days, next=following)
    await tx.outbox.put([notice(channel, late_key(channel, day), text)])
    return True


async def tell_unplanned(store: Store, channel_id: int, failure: str) -> None:
    """Say in the channel, once a period, that its digest could not be put together.

    `failure` is the id in the log. Where this cannot be posted either, whoever manages the channel
    is told elsewhere, as of all that is held up.
    """
    async with store.begin() as tx:
        channel = await tx.channels.get(channel_id)
        if channel is None:
            return
        say = texts(channel.settings.language)
        key = unplanned_key(channel, channel.period_start)
        await tx.outbox.put([notice(channel, key, say("digest.unplanned", id=failure))])


def notice(channel: Channel, key: str, text: str) -> Draft:
    """A message of the bot's own in a paper channel, said once for ever under its key."""
    kind = OutboxKind.MESSAGE
    if channel.forum:
        # A forum takes posts only: the first line is the title.
        kind, text = OutboxKind.FORUM_POST, f"{shorten(text, THREAD_NAME_LIMIT)}\n{text}"
    return Draft(lane=key, seq=0, key=key, kind=kind, text=text, target_id=channel.discord_id)
