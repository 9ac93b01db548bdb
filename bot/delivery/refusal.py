"""What is done about a refusal: wait, end, or hold the lane and tell the managers, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.delivery.context import Desk, Notice
from bot.delivery.port import NotDone, Refused
from bot.delivery.record import CHANGES, again, record
from bot.delivery.refusal_codes import BAD_FORM, TOO_MANY_OLD_EDITS, Ending, Reason, ending, reason
from bot.isolation import RecordKind, failures, is_of_record, isolated
from bot.model.outbox import Home, OutboxKind, Row
from bot.store import Transaction

log = structlog.get_logger()


async def refuse(
    desk: Desk, row: Row, home: Home, refused: Refused, *, tried: datetime | None
) -> None:
    """Note that Discord refused the row; `tried`: when an earlier request may have had effect."""
    match ending(row.draft.kind, refused, tried=tried is not None):
        case Ending.LATER:
            minutes = 5 if refused.code == TOO_MANY_OLD_EDITS else 1
            await again(desk, row, refused, timedelta(minutes=minutes), tried=tried)
        case Ending.POSTED:
            await record(desk, row, home, None)
        case Ending.NOTHING_LEFT if row.draft.kind is OutboxKind.DELETE:
            await record(desk, row, home, None)
        case Ending.NOTHING_LEFT:
            await _cancel(desk, row, refused)
        case Ending.HAS_THREAD:
            # It is not there, or `ask` had taken it: somebody has deleted it.
            await _cancel_lane(desk, row, home, Reason.THREAD_GONE)
        case _ if row.draft.kind is OutboxKind.PIN:
            await _not_pinned(desk, row, home, refused)
        case Ending.NO_CHANNEL if row.draft.target_id is None:
            await _without_thread(desk, row, home, refused, tried)
        case _ if row.draft.kind in (OutboxKind.CARD, OutboxKind.TAKE, OutboxKind.DIRECT):
            # What is only brought up to date nobody waits for; and who takes no direct messages
            # cannot be told in another way.
            await _cancel(desk, row, refused)
        case _ if row.draft.kind is OutboxKind.ANNOUNCEMENT and refused.code == BAD_FORM:
            # It will not be taken another time either, and the next ones must not wait for it.
            await not_drawn(desk, row, home, refused)
        case _:
            await _hold(desk, row, home, refused, tried, reason(refused))


async def not_drawn(desk: Desk, row: Row, home: Home, error: Exception) -> None:
    """No request can be made of the row: it is kept, and what its lane owes after it goes on.

    A digest waits for its message instead. Raises the error where it is not the row's fault.
    """
    if not is_of_record(error):
        raise error
    said = f"not drawn: {failures.note(RecordKind.DELIVERY, row.id, error)}"
    if row.draft.digest_id is not None and row.draft.kind not in CHANGES:
        await _hold(desk, row, home, said, row.tried_at, Reason.NOT_DRAWN)
        return
    async with desk.store.begin() as tx:
        if await tx.sending.cancel(row, said) and row.draft.kind not in (
            OutboxKind.CARD,
            OutboxKind.TAKE,
        ):
            await _tell(desk, tx, _notice(row, home, Reason.NOT_DRAWN))


async def _without_thread(
    desk: Desk, row: Row, home: Home, refused: Refused, tried: datetime | None
) -> None:
    """The lane's thread is gone: deleted by somebody, or with its channel.

    A new thread is not opened: whoever deleted this one did not want the rest of it.
    """
    try:
        alive = home.channel_id is not None and await desk.port.exists(home.channel_id)
    except Refused as why:
        await _hold(desk, row, home, why, tried, reason(why))
    except NotDone as error:
        await again(desk, row, error, desk.pace.unknown(row.attempts + 1), tried=tried)
    else:
        if alive:
            await _cancel_lane(desk, row, home, Reason.THREAD_GONE)
        else:
            await _hold(desk, row, home, refused, tried, reason(refused))


async def _hold(
    desk: Desk, row: Row, home: Home, error: object, tried: datetime | None, why: Reason
) -> None:
    async with desk.store.begin() as tx:
        now = await desk.now(tx)
        held_for = now - (row.failed_since or now)
        if held_for > desk.pace.give_up:
            log.warning("delivery.given_up", row=row.id, lane=row.draft.lane, error=str(error))
            await tx.outbox.cancel_lane(row.draft.lane)
            return
        log.warning("delivery.refused", row=row.id, lane=row.draft.lane, error=str(error))
        mine = await tx.sending.failed(
            row, now, now + desk.pace.refusal(held_for), str(error), tried, why.value
        )
        if mine and row.failed_since is None:
            await _tell(desk, tx, _notice(row, home, why))


async def _cancel_lane(desk: Desk, row: Row, home: Home, why: Reason) -> None:
    log.warning("delivery.lane_cancelled", lane=row.draft.lane, reason=why.value)
    async with desk.store.begin() as tx:
        if await tx.sending.cancel(row, why.value):
            await tx.outbox.cancel_lane(row.draft.lane)
            await _tell(desk, tx, _notice(row, home, why))


async def _not_pinned(desk: Desk, row: Row, home: Home, refused: Refused) -> None:
    """A digest that cannot be pinned is posted all the same, and what follows it too."""
    log.warning("delivery.not_pinned", row=row.id, lane=row.draft.lane, error=str(refused))
    async with desk.store.begin() as tx:
        if await tx.sending.cancel(row, str(refused)):
            await _tell(desk, tx, _notice(row, home, Reason.NOT_PINNED))


async def _cancel(desk: Desk, row: Row, refused: Refused) -> None:
    log.info("delivery.cancelled", row=row.id, lane=row.draft.lane, error=str(refused))
    async with desk.store.begin() as tx:
        await tx.sending.cancel(row, str(refused))


async def _tell(desk: Desk, tx: Transaction, notice: Notice) -> None:
    """The managers not being told must not keep the row from being held."""
    with isolated(RecordKind.DELIVERY, notice.lane):
        await desk.notify(tx, notice)


def _notice(row: Row, home: Home, why: Reason) -> Notice:
    channel = home.channel_id if home.channel_id is not None else row.draft.target_id
    return Notice(row.id, row.draft.lane, channel, row.draft.digest_id, why)
