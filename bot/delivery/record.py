"""Notes of what became of a row, each a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.delivery.context import Desk
from bot.delivery.port import Lost, NotDone, Refused, Unknown
from bot.delivery.reconcile import forum_parts, place_at, place_of
from bot.delivery.solved import tell_solved
from bot.digest.amend import tell_posted
from bot.isolation import RecordKind, isolated
from bot.model.outbox import MESSAGES, Home, OutboxKind, OutboxState, Row

log = structlog.get_logger()

_THREADS = (OutboxKind.THREAD, OutboxKind.FORUM_POST)
CHANGES = (OutboxKind.EDIT, OutboxKind.DELETE, OutboxKind.CARD, OutboxKind.TAKE, OutboxKind.PIN)


async def record(desk: Desk, row: Row, home: Home, made: int | None) -> None:
    """Note that Discord has it, and what follows from that for its digest: one transaction."""
    if made is not None:
        # Known from here on, should the database refuse the note.
        _remember(desk, row, home, made)
    draft = row.draft
    async with desk.store.begin() as tx:
        first = await tx.sending.sent(row.id, None if draft.kind in CHANGES else made)
        if first and draft.digest_id is not None and draft.kind not in CHANGES:
            if draft.kind in _THREADS and made is not None:
                starter = made if draft.kind is OutboxKind.FORUM_POST else home.starter_id
                await tx.digests.set_place(draft.digest_id, message_id=starter, thread_id=made)
            # Posted it is when its words stand there: what only changes them may come later.
            if not await tx.sending.owed(draft.lane):
                await tx.digests.posted(draft.digest_id, await desk.now(tx))
                with isolated(RecordKind.DIGEST, draft.digest_id):
                    await tell_posted(tx, draft.digest_id)
        if first and row.failed_since is not None and draft.kind not in CHANGES:
            await tell_solved(tx, row, place_of(row, home))
    if not first and made is not None and draft.kind not in CHANGES:
        await _undo_double(desk, row, home, made)


def _remember(desk: Desk, row: Row, home: Home, made: int) -> None:
    if row.draft.kind in MESSAGES:
        desk.echoes.message(row.nonce, made)
    elif row.draft.kind is OutboxKind.FORUM_POST and row.draft.target_id is not None:
        title, _ = forum_parts(row.draft.text)
        desk.echoes.thread(row.draft.target_id, title, made)
    elif row.draft.kind is OutboxKind.THREAD and made != home.starter_id:
        parent = row.draft.target_id or home.channel_id
        if parent is not None:
            desk.echoes.thread(parent, row.draft.text, made)


async def again(
    desk: Desk, row: Row, error: Exception, wait: timedelta, *, tried: datetime | None
) -> None:
    """This request surely had no effect; `tried`: when an earlier one may have had."""
    log.info("delivery.again", row=row.id, lane=row.draft.lane, error=str(error))
    async with desk.store.begin() as tx:
        await tx.sending.again(row, await desk.now(tx) + wait, str(error), tried)


async def _undo_double(desk: Desk, row: Row, home: Home, made: int) -> None:
    """Another process has recorded the row: if with another message, then ours is one too many.

    It takes a process that was frozen between its claim and its request, and for longer than
    Discord remembers a nonce.
    """
    async with desk.store.read() as tx:
        now = await tx.outbox.get(row.id)
    if now is None or now.state is not OutboxState.SENT or now.message_id in (None, made):
        return
    log.warning("delivery.double", row=row.id, kept=now.message_id, removed=made)
    await remove(desk, row, home, made)


async def remove(desk: Desk, row: Row, home: Home, made: int) -> None:
    """Delete a double. Where Discord does not let us, it stays, and the log says so."""
    try:
        place = await place_at(desk, row, home)
        if row.draft.kind in _THREADS:
            await desk.port.remove_thread(made)
        elif place is not None:
            await desk.port.delete(place, made, _always)
    except (NotDone, Unknown) as error:
        level = log.info if isinstance(error, (Refused, Lost)) else log.error
        level("delivery.double_stays", row=row.id, message=made, error=str(error))


async def _always() -> bool:
    return True
