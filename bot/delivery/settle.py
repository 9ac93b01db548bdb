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

from bot.delivery.desk import Desk
from bot.delivery.port import Seen
from bot.model.outbox import MESSAGES, Home, Kind, Row

EPOCH_MS = 1_420_070_400_000
# How far our clock and Discord's may be apart.
SKEW = timedelta(minutes=15)
# So long after a request nothing comes of it any more.
LATE = timedelta(hours=1)


def snowflake(moment: datetime) -> int:
    """The smallest id that Discord gives at a moment."""
    return max(0, int(moment.timestamp() * 1000) - EPOCH_MS) << 22


def squeezed(text: str) -> str:
    """What two texts have in common if Discord has only tidied up the spaces of one of them."""
    return "".join(text.split())


def first_match(seen: Iterable[Seen], text: str, recorded: set[int]) -> int | None:
    """The oldest message with this text that stands for no other row."""
    wanted = squeezed(text)
    for message in sorted(seen, key=lambda message: message.id):
        if message.id not in recorded and squeezed(message.text) == wanted:
            return message.id
    return None


def forum_parts(text: str) -> tuple[str, str]:
    """A forum post's title and content: the first line, and what follows its end."""
    title, _, content = text.partition("\n")
    return title, content


def place_of(row: Row, home: Home) -> int | None:
    """The channel or thread that a row's message belongs into."""
    return row.draft.target_id if row.draft.target_id is not None else home.thread_id


async def look(desk: Desk, row: Row, home: Home) -> int | None:
    """What an earlier request for the row has made, or None if it has made nothing.

    Raises `Refused` and its like where that cannot be seen.
    """
    if row.draft.kind in MESSAGES:
        return await _message(desk, row, home)
    if row.draft.kind is Kind.THREAD:
        if home.starter_id is not None and await desk.port.exists(home.starter_id):
            return home.starter_id
        parent = row.draft.target_id or home.channel_id
        return await _thread(desk, row, parent, row.draft.text)
    if row.draft.kind is Kind.FORUM_POST:
        return await _thread(desk, row, row.draft.target_id, forum_parts(row.draft.text)[0])
    # Edits and deletions are simply done again: the second time changes nothing.
    return None


async def _message(desk: Desk, row: Row, home: Home) -> int | None:
    if (echoed := desk.echoes.of(row.nonce)) is not None:
        return echoed
    place = place_of(row, home)
    assert place is not None
    async with desk.store.read() as tx:
        anchor = await tx.sending.last_posted(row) or 0
    # In a thread of our own ids alone bound the search; in a channel, for its first message, time.
    after, until = max(anchor, home.thread_id or 0), None
    if row.draft.target_id is not None:
        after, until = max(anchor, _earliest(desk, row)), _latest(desk, row)
    return await _unrecorded(desk, row, place, after, until)


async def _thread(desk: Desk, row: Row, parent: int | None, name: str) -> int | None:
    assert parent is not None
    after = _earliest(desk, row)
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


def _earliest(desk: Desk, row: Row) -> int:
    tried = row.tried_at or row.sending_since or desk.clock()
    return snowflake(min(tried, desk.clock()) - SKEW)


def _latest(desk: Desk, row: Row) -> int:
    return snowflake((row.sending_since or row.tried_at or desk.clock()) + LATE)


async def double(desk: Desk, row: Row, home: Home) -> int | None:
    """A second message or post for a row that is recorded already, if that is sure."""
    if row.draft.kind is Kind.FORUM_POST:
        name = forum_parts(row.draft.text)[0]
        return await _thread(desk, row, row.draft.target_id, name)
    if row.draft.kind is Kind.THREAD:
        parent = row.draft.target_id or home.channel_id
        return await _thread(desk, row, parent, row.draft.text)
    place = place_of(row, home)
    if row.draft.kind not in MESSAGES or place is None:
        return None
    async with desk.store.read() as tx:
        if await tx.sending.has_twin(row):
            return None
    return await _unrecorded(desk, row, place, _earliest(desk, row), None)


async def _unrecorded(
    desk: Desk, row: Row, place: int, after: int, until: int | None
) -> int | None:
    seen = await desk.port.mine(place, after, until)
    wanted = squeezed(row.draft.text)
    same = [message for message in seen if squeezed(message.text) == wanted]
    async with desk.store.read() as tx:
        recorded = await tx.sending.recorded([message.id for message in same])
    return first_match(same, row.draft.text, recorded)
