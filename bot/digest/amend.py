"""Edits the bot's notices (reminders and the like) when they are no longer true.

A notice is a lane of its own whose first row has the lane's key; its edits follow in that lane, so
that they come after it, in order, and once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.digest.compile import compile_period
from bot.digest.discord_messages import THREAD_NAME_LIMIT, reminder
from bot.digest.periods import running_period
from bot.locale import texts
from bot.model.channel import Channel
from bot.model.digest import Digest, message_url
from bot.model.outbox import OutboxKind, OutboxState, Row
from bot.model.schedule import day_of
from bot.store import Transaction
from bot.text.graphemes import shorten
from bot.text.markdown import masked_link

_DAY = timedelta(days=1)
_MOST_DAYS = 400
"""Of a period that are looked through for notices."""


def reminder_key(channel: Channel, due: datetime) -> str:
    """The lane of the reminder of the digest that is due then."""
    return f"reminder:{channel.id}:{day_of(channel.settings, due):%Y%m%d}"


def late_key(channel: Channel, day: object) -> str:
    """The lane of the notice that the digest of that day was too late to be posted."""
    return f"late:{channel.id}:{day}"


def unplanned_key(channel: Channel, start: datetime) -> str:
    """The lane of the notice that a period's digest could not be put together."""
    return f"unplanned:{channel.id}:{start:%Y%m%d%H%M%S}"


async def amend(tx: Transaction, key: str, text: str) -> None:
    """Let the notice with that key say `text`; nothing where there is none, or it does already."""
    rows = await tx.outbox.of_lane(key)
    if not rows or rows[0].state is OutboxState.CANCELLED:
        return
    last = rows[-1]
    if _body(last) == text:
        return
    said = text
    if last.draft.kind is OutboxKind.FORUM_POST:
        said = f"{shorten(text, THREAD_NAME_LIMIT)}\n{text}"
    untouched = last.state is OutboxState.PENDING and last.tried_at is None
    if untouched and await tx.outbox.reword(last.id, said, only=OutboxState.PENDING):
        return
    await tx.outbox.append(key, OutboxKind.EDIT, text, edits=key)


async def refresh_reminder(tx: Transaction, channel_id: int, now: datetime) -> None:
    """Let the running period's reminder say what is so now, if one was given."""
    channel = await tx.channels.get(channel_id)
    if channel is None:
        return
    key = reminder_key(channel, channel.next_digest_at)
    rows = await tx.outbox.of_lane(key)
    if not rows or _of_earlier_period(rows, channel):
        return
    say = texts(channel.settings.language)
    asked = await running_period(tx, channel, now)
    if asked.digest is not None:
        await amend(tx, key, say("digest.reminder.skipped"))
        return
    day = day_of(channel.settings, channel.next_digest_at)
    compiled = await compile_period(tx, channel, asked, day=day)
    today = now.astimezone(channel.settings.zone).date() >= day
    text = say("digest.reminder.done")
    if compiled.untaken:
        text = reminder(compiled, today=today)
    await amend(tx, key, text)


async def moved_reminder(tx: Transaction, before: Channel, now: Channel) -> None:
    """Say below a reminder that its digest comes at another time."""
    if before.next_digest_at == now.next_digest_at:
        return
    say = texts(now.settings.language)
    key = reminder_key(before, before.next_digest_at)
    if key != reminder_key(now, now.next_digest_at):
        await amend(tx, key, say("digest.reminder.moved", when=say.moment(now.next_digest_at)))


async def tell_none(tx: Transaction, channel: Channel) -> None:
    """The running period ends with nothing to post."""
    say = texts(channel.settings.language)
    key = reminder_key(channel, channel.next_digest_at)
    await amend(tx, key, say("digest.reminder.none"))


async def tell_posted(tx: Transaction, digest_id: int) -> None:
    """Let what was said of a digest that was still to come say where it is to be read."""
    digest = await tx.digests.get(digest_id)
    channel = await tx.channels.get(digest.channel_id) if digest is not None else None
    if digest is None or channel is None or digest.thread_id is None:
        return
    found = await tx.outbox.by_keys(_keys(channel, digest))
    if not found:
        return
    url = message_url(channel.guild_id, digest.thread_id, None)
    say = texts(channel.settings.language)
    text = say("digest.notice.posted", link=masked_link(digest.title, url))
    for key in sorted(found):
        await amend(tx, key, text)


def _keys(channel: Channel, digest: Digest) -> set[str]:
    """The lanes of all notices that speak of a digest's period."""
    zone = channel.settings.zone
    first = digest.period_start.astimezone(zone).date()
    last = max(digest.period_end.astimezone(zone).date(), digest.day)
    days = [last - _DAY * n for n in range(min((last - first).days + 1, _MOST_DAYS))]
    keys = {f"reminder:{channel.id}:{day:%Y%m%d}" for day in days}
    keys |= {late_key(channel, day) for day in days}
    # Posted by hand before its hour: the one that was reminded of is the one that is due then.
    keys.add(reminder_key(channel, channel.next_digest_at))
    keys.add(unplanned_key(channel, digest.period_start))
    return keys


def _body(row: Row) -> str:
    if row.draft.kind is OutboxKind.FORUM_POST:
        return row.draft.text.partition("\n")[2]
    return row.draft.text


def _of_earlier_period(rows: Sequence[Row], channel: Channel) -> bool:
    """Whether its digest was posted by hand since."""
    given = rows[0].sending_since
    return given is not None and given < channel.period_start
