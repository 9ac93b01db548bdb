"""Was it posted? What settles the outcome of an earlier request.

In this order: the gateway's echo; then what stands at Discord, by author and text (a message), by
id (a thread on a message), by author and name (a forum post). Only what was really looked for and
is not there is asked for again, a message with the same nonce as before.

A message that a moderator deleted before it was settled is not in the history. Asked for again
within the minutes in which Discord knows the nonce, Discord answers "Unknown Message" and the row
counts as sent (`endings.POSTED`); after that nobody can tell, and it is posted again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.delivery.answers import squeezed
from bot.delivery.context import Desk
from bot.delivery.port import SeenMessage
from bot.model.outbox import MESSAGES, Home, OutboxKind, Row, announcement_mark

EPOCH_MS = 1_420_070_400_000
# How far back from the request a busy channel is read.
SKEW = timedelta(minutes=15)
# How far our clock may have been wrong: what is older is not looked at. What stands for another
# row is left out anyway, so this may be generous.
WRONG = timedelta(days=3)
# So long after a request nothing comes of it any more.
LATE = timedelta(hours=1)


def snowflake(moment: datetime) -> int:
    """The smallest id that Discord gives at a moment."""
    return max(0, int(moment.timestamp() * 1000) - EPOCH_MS) << 22


def first_match(seen: Iterable[SeenMessage], row: Row, recorded: set[int]) -> int | None:
    """The oldest message that can be this row's and stands for no other."""
    for message in sorted(seen, key=lambda message: message.id):
        if message.id not in recorded and _same(message, row):
            return message.id
    return None


def _same(message: SeenMessage, row: Row) -> bool:
    """By its text; an announcement, which has none, by what its buttons are about."""
    if row.draft.kind is OutboxKind.ANNOUNCEMENT:
        mark = announcement_mark(row.draft.text)
        return any(found.startswith(mark) for found in message.marks)
    return squeezed(message.text) == squeezed(row.draft.filled)


def forum_parts(text: str) -> tuple[str, str]:
    """A forum post's title and content: the first line, and what follows its end."""
    title, _, content = text.partition("\n")
    return title, content


def place_of(row: Row, home: Home) -> int | None:
    """The channel or thread that a row's message belongs into."""
    return row.draft.target_id if row.draft.target_id is not None else home.thread_id


async def place_at(desk: Desk, row: Row, home: Home) -> int | None:
    """The same as a channel in any case: direct messages to a person have one of their own."""
    place = place_of(row, home)
    if row.draft.kind is OutboxKind.DIRECT and place is not None:
        return await desk.port.direct_channel(place)
    return place


async def look(desk: Desk, row: Row, home: Home) -> int | None:
    """What an earlier request for the row has made, or None if it has made nothing.

    Raises `Refused` and its like where that cannot be seen.
    """
    if row.draft.kind in MESSAGES:
        return await _message(desk, row, home)
    if row.draft.kind is OutboxKind.THREAD:
        if home.starter_id is not None and await desk.port.exists(home.starter_id):
            return home.starter_id
        parent = row.draft.target_id or home.channel_id
        return await _thread(desk, row, parent, row.draft.text)
    if row.draft.kind is OutboxKind.FORUM_POST:
        return await _thread(desk, row, row.draft.target_id, forum_parts(row.draft.text)[0])
    # Edits and deletions are simply done again: the second time changes nothing.
    return None


async def _message(desk: Desk, row: Row, home: Home) -> int | None:
    if (echoed := desk.echoes.of(row.nonce)) is not None:
        return echoed
    place = await place_at(desk, row, home)
    assert place is not None
    async with desk.store.read() as tx:
        anchor = await tx.sending.last_posted(row) or 0
    # In a thread of our own ids alone bound the search; in a channel, for its first message, time.
    after, until = max(anchor, home.thread_id or 0), None
    if row.draft.target_id is not None:
        after, until = max(anchor, _earliest(desk, row)), _latest(desk, row)
    floor = max(anchor, home.thread_id or 0, _floor(desk, row) if until is not None else 0)
    return await _unrecorded(desk, row, place, (floor, after, until))


async def _thread(desk: Desk, row: Row, parent: int | None, name: str) -> int | None:
    assert parent is not None
    after = _floor(desk, row)
    wanted = squeezed(name)
    threads = await desk.port.my_threads(parent, after)
    ids = [thread.id for thread in threads if squeezed(thread.name) == wanted]
    echoed = desk.echoes.thread_of(parent, name)
    if echoed is not None and echoed > after:
        # It may have been deleted since: posted it was.
        ids.append(echoed)
    async with desk.store.read() as tx:
        recorded = await tx.sending.recorded(ids)
    return min((number for number in ids if number not in recorded), default=None)


def _earliest(desk: Desk, row: Row, margin: timedelta = SKEW) -> int:
    tried = row.tried_at or row.sending_since or desk.clock()
    return snowflake(min(tried, desk.clock()) - margin)


def _floor(desk: Desk, row: Row) -> int:
    return _earliest(desk, row, WRONG)


def _latest(desk: Desk, row: Row) -> int:
    return snowflake((row.sending_since or row.tried_at or desk.clock()) + LATE)


async def double(desk: Desk, row: Row, home: Home) -> int | None:
    """A second message or post for a row that is recorded already, if that is sure."""
    async with desk.store.read() as tx:
        if await tx.sending.has_twin(row):
            return None
    if row.draft.kind is OutboxKind.FORUM_POST:
        name = forum_parts(row.draft.text)[0]
        return await _thread(desk, row, row.draft.target_id, name)
    if row.draft.kind is OutboxKind.THREAD:
        parent = row.draft.target_id or home.channel_id
        return await _thread(desk, row, parent, row.draft.text)
    place = await place_at(desk, row, home)
    if row.draft.kind not in MESSAGES or place is None:
        return None
    after = _earliest(desk, row)
    return await _unrecorded(desk, row, place, (after, after, None))


async def _unrecorded(
    desk: Desk, row: Row, place: int, bounds: tuple[int, int, int | None]
) -> int | None:
    """`bounds`: the id below which nothing counts, and those between which to read."""
    floor, after, until = bounds
    seen = await desk.port.mine(place, after, until)
    same = [message for message in seen if message.id > floor and _same(message, row)]
    async with desk.store.read() as tx:
        recorded = await tx.sending.recorded([message.id for message in same])
    return first_match(same, row, recorded)
