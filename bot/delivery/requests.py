"""The request that a row stands for, with the turns that need no new decision.

A thread whose starter is gone is made on no message; an archived thread is reopened first (posting
reopens one that is not locked by itself; editing does not); a thread that is there is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.delivery.context import Held
from bot.delivery.port import Made, Refused
from bot.delivery.reconcile import forum_parts, place_at, place_of
from bot.delivery.refusal_codes import TOO_MANY_PINNED_POSTS, Ending, ending
from bot.isolation import RecordKind, isolated
from bot.model.digest import message_url
from bot.model.outbox import LINK, Home, OutboxKind, OutboxState, Row


async def ask(held: Held, home: Home) -> Made | None:
    """Ask for the row. None: there is nothing to ask for any more. Raises as `port` says."""
    draft = held.row.draft
    if draft.kind is OutboxKind.THREAD:
        return await _thread(held, home)
    try:
        return await _once(held, home)
    except Refused as refused:
        place = place_of(held.row, home)
        if place is None or ending(draft.kind, refused, tried=False) is not Ending.REOPEN:
            raise
        try:
            await held.desk.port.reopen(place)
        except Refused:
            # Why it cannot be reopened says less than that it is locked.
            raise refused from None
    return await _once(held, home)


async def _once(held: Held, home: Home) -> Made | None:
    row, port, before = held.row, held.desk.port, held.before
    draft, place = row.draft, place_of(row, home)
    if draft.edits is not None:
        return await _change(held, home)
    assert place is not None
    if draft.kind is OutboxKind.MESSAGE:
        return await port.post(place, draft.filled, row.nonce, before, digest=draft.opens_digest)
    if draft.kind is OutboxKind.FORUM_POST:
        title, content = forum_parts(draft.filled)
        tags = await _tags(held)
        return await port.forum_post(place, title, content, tags, before, digest=draft.opens_digest)
    if draft.kind is OutboxKind.DIRECT:
        return await port.direct(place, draft.text, row.nonce, before)
    if draft.kind is OutboxKind.ANNOUNCEMENT:
        return await port.announce(place, draft.text, row.nonce, before)
    assert draft.message_id is not None
    if draft.kind is OutboxKind.EDIT:
        return await port.edit(place, draft.message_id, draft.text, before)
    if draft.kind is OutboxKind.DELETE:
        return await port.delete(place, draft.message_id, before)
    if draft.kind is OutboxKind.TAKE:
        return await port.edit_take(place, draft.message_id, int(draft.text), before)
    if draft.entry_id is None and draft.text:
        return await port.edit_announcement(place, draft.message_id, draft.text, before)
    if draft.entry_id is None:
        # The entry was removed.
        return None
    return await port.edit_card(place, draft.message_id, draft.entry_id, before)


async def _change(held: Held, home: Home) -> Made | None:
    """An edit or a deletion of the message that an earlier row of the lane has made."""
    draft, port = held.row.draft, held.desk.port
    assert draft.edits is not None
    async with held.desk.store.read() as tx:
        rows = await tx.outbox.by_keys({draft.edits, *LINK.findall(draft.text)})
        guild_id = await tx.digests.guild_of(draft.digest_id) if draft.digest_id else None
    meant = rows.get(draft.edits)
    if meant is None or meant.message_id is None or meant.state is OutboxState.CANCELLED:
        return None
    if meant.draft.kind is OutboxKind.FORUM_POST:
        # A forum post's first message has the post's own id.
        place: int | None = meant.message_id
    else:
        place = await place_at(held.desk, meant, home)
    if place is None:
        return None
    if draft.kind is OutboxKind.DELETE:
        return await port.delete(place, meant.message_id, held.before)
    if draft.kind is OutboxKind.PIN:
        return await _pin(held, meant, place)

    def address(found: re.Match[str]) -> str:
        target = rows.get(found[1])
        if target is None or target.message_id is None or home.thread_id is None:
            return message_url(guild_id, home.thread_id or 0, None)
        return message_url(guild_id, home.thread_id, target.message_id)

    text = LINK.sub(address, draft.filled)
    return await port.edit(place, meant.message_id, text, held.before)


async def _pin(held: Held, meant: Row, place: int) -> Made:
    port, number, forum = held.desk.port, meant.message_id, meant.draft.target_id
    assert number is not None
    if meant.draft.kind is not OutboxKind.FORUM_POST or forum is None:
        return await port.pin(place, number, held.before)
    try:
        return await port.pin_post(number, True, held.before)
    except Refused as refused:
        if refused.code != TOO_MANY_PINNED_POSTS:
            raise
    # A forum has one pinned post: the one of the last digest makes room.
    for earlier in await port.my_pinned_posts(forum):
        await port.pin_post(earlier, False, held.before)
    return await port.pin_post(number, True, held.before)


async def _tags(held: Held) -> Sequence[str]:
    """The names of the tags that the post of a digest gets."""
    digest_id = held.row.draft.digest_id
    if digest_id is None:
        return ()
    async with held.desk.store.read() as tx:
        digest = await tx.digests.get(digest_id)
        channel = await tx.channels.get(digest.channel_id) if digest else None
    with isolated(RecordKind.CHANNEL, digest_id):
        return channel.settings.forum_tags if channel else ()
    return ()


async def _thread(held: Held, home: Home) -> Made:
    port, draft = held.desk.port, held.row.draft
    parent = draft.target_id or home.channel_id
    assert parent is not None
    if home.starter_id is not None:
        try:
            return await port.open_thread(parent, home.starter_id, draft.text, held.before)
        except Refused as refused:
            match ending(OutboxKind.THREAD, refused, tried=False):
                case Ending.NO_STARTER:
                    pass
                case Ending.HAS_THREAD if await port.exists(home.starter_id):
                    return Made(home.starter_id)
                case _:
                    raise
    return await port.open_thread(parent, None, draft.text, held.before)
