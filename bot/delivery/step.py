"""One row's next step: settle it if it was asked for before, ask for it, note what became of it.

Each note is a transaction of its own. An error of the database is let through: the row stays as
it is in the database, and is settled from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.delivery import reconcile
from bot.delivery.context import Desk, Held
from bot.delivery.port import (
    Lost,
    Made,
    NotDone,
    RateLimited,
    Refused,
    Unauthorised,
    Unknown,
    Unreachable,
)
from bot.delivery.reconcile import place_of
from bot.delivery.record import again, record
from bot.delivery.refusal import not_drawn, refuse
from bot.delivery.requests import ask
from bot.model.outbox import MESSAGES, Home, OutboxKind, OutboxState, Row

log = structlog.get_logger()

_THREADS = (OutboxKind.THREAD, OutboxKind.FORUM_POST)


async def advance(desk: Desk, row: Row) -> float:
    """Take a row as far as it goes now; returns how many seconds its lane should rest.

    Raises Unauthorised (the row is as it was before its request), and what the database raises.
    """
    async with desk.store.read() as tx:
        home = await tx.sending.home(row.draft.lane)
    if row.state is OutboxState.SENDING:
        taken = await _take(desk, row)
        if taken is None:
            return 0.0
        row = taken
    held = Held(desk, row)
    try:
        return await _settle_and_ask(desk, held, home)
    except Lost:
        log.info("delivery.lost", row=row.id, lane=row.draft.lane)
    except Refused as refused:
        desk.throttle.fair()
        await refuse(desk, held.row, home, refused, tried=row.tried_at)
    except RateLimited as limited:
        if limited.everywhere:
            desk.throttle.hold(limited.retry_after)
        wait = timedelta(seconds=limited.retry_after)
        await again(desk, held.row, limited, wait, tried=row.tried_at)
    except Unauthorised as error:
        await again(desk, held.row, error, desk.pace.look_after, tried=row.tried_at)
        raise
    except NotDone as error:
        _mind(desk, error)
        wait = desk.pace.unknown(held.row.attempts + 1)
        await again(desk, held.row, error, wait, tried=row.tried_at)
    except Unknown as error:
        log.warning("delivery.unknown", row=row.id, lane=row.draft.lane, error=str(error))
        _mind(desk, error)
        if not await _unsettled(desk, held.row, str(error)):
            desk.suspect(row)
    except Exception as error:
        if held.row is not row:
            # Asked for already, or about to be: it is settled from there.
            raise
        await not_drawn(desk, row, home, error)
    return 0.0


def _mind(desk: Desk, error: NotDone | Unknown) -> None:
    """Where something else than Discord answers, other requests would fare no better."""
    if isinstance(error, Unreachable | Unknown) and error.everywhere:
        desk.throttle.weather()


async def _take(desk: Desk, row: Row) -> Row | None:
    """Become the owner of a row whose request's outcome is not known."""
    async with desk.store.begin() as tx:
        lease_until = await desk.now(tx) + desk.pace.lease
        if not await desk.owner.is_good(tx):
            return None
        if not await tx.sending.take(row, desk.owner.name, lease_until):
            return None
    return replace(row, attempts=row.attempts + 1)


async def _settle_and_ask(desk: Desk, held: Held, home: Home) -> float:
    row = held.row
    if row.tried_at is not None:
        found = await reconcile.look(desk, row, home)
        desk.throttle.fair()
        if found is not None:
            log.info("delivery.settled", row=row.id, lane=row.draft.lane, message=found)
            await record(desk, row, home, found)
            return 0.0
        if await _too_early(desk, row):
            raise Unknown("not there yet")
        if row.draft.kind in _THREADS:
            desk.suspect(row)
    if place_of(row, home) is None and row.draft.kind in MESSAGES:
        # The thread's row was sent without an id, or cancelled: there is nowhere to post to.
        raise Refused(404, 10003, "the lane has no thread")
    made = await _answer_or_echo(desk, row, ask(held, home))
    if made is None:
        async with desk.store.begin() as tx:
            await tx.sending.cancel(held.row, "nothing to draw")
        return 0.0
    desk.throttle.fair()
    await record(desk, held.row, home, made.id)
    return made.pause


async def _too_early(desk: Desk, row: Row) -> bool:
    """A thread that is missing may still come: nothing would tell a second one apart."""
    if row.draft.kind not in _THREADS or row.sending_since is None:
        return False
    async with desk.store.read() as tx:
        now = await desk.now(tx)
    return row.sending_since <= now < row.sending_since + desk.pace.quiet


async def _answer_or_echo(desk: Desk, row: Row, asking: Awaitable[Made | None]) -> Made | None:
    """The request's answer, or the gateway's echo if that comes first and the answer hangs."""
    request = asyncio.ensure_future(asking)
    shown = desk.echoes.expect(row.nonce)
    echo = asyncio.ensure_future(shown.wait())
    try:
        await asyncio.wait({request, echo}, return_when=asyncio.FIRST_COMPLETED)
        if not request.done():
            await asyncio.wait({request}, timeout=desk.pace.echo_grace)
        echoed = desk.echoes.of(row.nonce)
        if echoed is None or (request.done() and not request.exception()):
            return await request
        return Made(echoed)
    finally:
        for task in (request, echo):
            task.cancel()
        await asyncio.gather(request, echo, return_exceptions=True)
        desk.echoes.forget(row.nonce)


async def _unsettled(desk: Desk, row: Row, error: str) -> bool:
    async with desk.store.begin() as tx:
        wait = desk.pace.unknown(row.attempts)
        return await tx.sending.unsettled(row, await desk.now(tx) + wait, error)
