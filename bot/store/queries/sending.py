"""What the outbox's sender asks of the table: whose turn it is, and what became of a row.

A row's count of attempts is its version: whoever takes hold of a row raises it, and every change
but `sent` is made only to the version that was read. So of two processes that work on one row,
the slower one's word is lost, not the quicker one's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.outbox import MESSAGES, Home, OutboxKind, OutboxState, Row
from bot.store.queries.outbox import OPEN, plain
from bot.store.schema import OutboxRow

# A moment further off than this was written by a clock that has been set back since.
LEASE_BOUND = timedelta(hours=1)
WAIT_BOUND = timedelta(days=1)

_MAKES_THREAD = (OutboxKind.THREAD.value, OutboxKind.FORUM_POST.value)
_MESSAGES = tuple(kind.value for kind in MESSAGES)
_POSTS = (*_MESSAGES, *_MAKES_THREAD)


class Sending:
    """The outbox as its sender sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def lanes_due(
        self, now: datetime, owner: str, limit: int, skip: Collection[str] = ()
    ) -> Sequence[str]:
        """Lanes whose first unfinished row is due, the ones in `skip` left out, oldest first.

        Another process's row is due when its lease is over.
        """
        first = (
            select(OutboxRow.lane, func.min(OutboxRow.seq).label("seq"))
            .where(OutboxRow.state.in_(OPEN))
            .group_by(OutboxRow.lane)
            .subquery()
        )
        lanes = await self.session.scalars(
            select(OutboxRow.lane)
            .join(first, and_(first.c.lane == OutboxRow.lane, first.c.seq == OutboxRow.seq))
            .where(OutboxRow.lane.not_in(skip), _due(now, owner))
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return lanes.all()

    async def head(self, lane: str, now: datetime, owner: str) -> Row | None:
        """The lane's first unfinished row, if it is due."""
        first = (
            select(OutboxRow.id)
            .where(OutboxRow.lane == lane, OutboxRow.state.in_(OPEN))
            .order_by(OutboxRow.seq)
            .limit(1)
            .scalar_subquery()
        )
        row = await self.session.scalar(
            select(OutboxRow).where(OutboxRow.id == first, _due(now, owner))
        )
        return plain(row) if row else None

    async def next_moment(self, now: datetime, owner: str) -> datetime | None:
        """When the earliest row that waits for a moment or for the end of a lease is due."""
        rows = await self.session.execute(
            select(
                OutboxRow.state, OutboxRow.owner, OutboxRow.not_before, OutboxRow.lease_until
            ).where(
                OutboxRow.state.in_(OPEN),
                or_(
                    OutboxRow.not_before.is_not(None), OutboxRow.state == OutboxState.SENDING.value
                ),
            )
        )
        moments = []
        for state, holder, not_before, lease_until in rows:
            waits = [not_before] if not_before else []
            if state == OutboxState.SENDING.value and holder != owner and lease_until:
                waits.append(lease_until)
            if waits and max(waits) > now:
                moments.append(max(waits))
        return min(moments, default=None)

    async def owners(self, now: datetime, but: str) -> Sequence[str]:
        """Who, other than `but`, has rows that are being sent and a lease on them."""
        names = await self.session.scalars(
            select(OutboxRow.owner)
            .where(
                OutboxRow.state == OutboxState.SENDING.value,
                OutboxRow.owner != but,
                OutboxRow.lease_until > now,
            )
            .distinct()
        )
        return [name for name in names if name is not None]

    async def end_leases(self, owner: str) -> int:
        """There is no such process any more: its rows are anybody's. How many."""
        return await self._hand_over(owner, owner=None, lease_until=None)

    async def rename_owner(self, before: str, after: str) -> int:
        """The process goes by another name."""
        return await self._hand_over(before, owner=after)

    async def _hand_over(self, holder: str, **values: Any) -> int:
        rows = await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == OutboxState.SENDING.value, OutboxRow.owner == holder)
            .values(**values)
            .returning(OutboxRow.id)
        )
        return len(rows.all())

    async def home(self, lane: str) -> Home:
        """Where the lane's messages stand, from its first row and the one that made its thread."""
        first = (
            await self.session.execute(
                select(OutboxRow.kind, OutboxRow.target_id, OutboxRow.message_id)
                .where(OutboxRow.lane == lane)
                .order_by(OutboxRow.seq)
                .limit(1)
            )
        ).one_or_none()
        thread_id = await self.session.scalar(
            select(OutboxRow.message_id)
            .where(
                OutboxRow.lane == lane,
                OutboxRow.kind.in_(_MAKES_THREAD),
                OutboxRow.state == OutboxState.SENT.value,
            )
            .order_by(OutboxRow.seq)
            .limit(1)
        )
        if first is None:
            return Home(None, None, None)
        kind, target_id, message_id = first
        return Home(target_id, message_id if kind == OutboxKind.MESSAGE.value else None, thread_id)

    async def place_of(self, row: Row) -> int | None:
        """The channel or thread that a row's message stands in, as far as it is known."""
        if row.draft.target_id is not None:
            return row.draft.target_id
        return (await self.home(row.draft.lane)).thread_id

    async def claim(self, row: Row, owner: str, now: datetime, lease_until: datetime) -> bool:
        """Mark the row as asked for, right before the request. False: another has it; don't ask."""
        return await self._take(row, owner, lease_until, sending_since=now, tried_at=now)

    async def take(self, row: Row, owner: str, lease_until: datetime) -> bool:
        """Become the owner of a row that is being sent, in order to settle it."""
        return await self._take(row, owner, lease_until)

    async def _take(self, row: Row, owner: str, lease_until: datetime, **moments: datetime) -> bool:
        values: dict[str, Any] = {
            "state": OutboxState.SENDING.value,
            "owner": owner,
            "lease_until": lease_until,
            "attempts": row.attempts + 1,
            **moments,
        }
        if "tried_at" in moments:
            values["tried_at"] = func.coalesce(OutboxRow.tried_at, moments["tried_at"])
        return await self._change(row, **values)

    async def sent(self, row_id: int, message_id: int | None) -> bool:
        """Discord has it, whoever owns the row now. False if it was recorded as sent already."""
        values: dict[str, Any] = {
            "state": OutboxState.SENT.value,
            "error": None,
            "not_before": None,
            "owner": None,
            "lease_until": None,
        }
        if message_id is not None:
            values["message_id"] = message_id
        result = await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row_id, OutboxRow.state != OutboxState.SENT.value)
            .values(**values)
            .returning(OutboxRow.id)
        )
        return result.scalar_one_or_none() is not None

    async def again(
        self, row: Row, not_before: datetime, error: str, tried_at: datetime | None
    ) -> bool:
        """This request surely had no effect; `tried_at` is of an earlier one that may have had."""
        return await self._change(
            row,
            state=OutboxState.PENDING.value,
            not_before=not_before,
            error=error[:500],
            tried_at=tried_at,
            owner=None,
            lease_until=None,
        )

    async def unsettled(self, row: Row, not_before: datetime, error: str) -> bool:
        """Perhaps sent: to be looked for before it is asked for again."""
        return await self._change(row, not_before=not_before, error=error[:500])

    async def failed(
        self,
        row: Row,
        now: datetime,
        not_before: datetime,
        error: str,
        tried_at: datetime | None,
        held_for: str,
    ) -> bool:
        """Refused, and to be tried again at `not_before`. False if another has the row."""
        return await self._change(
            row,
            state=OutboxState.FAILED.value,
            failed_since=row.failed_since or now,
            held_for=held_for,
            not_before=not_before,
            error=error[:500],
            tried_at=tried_at,
            owner=None,
            lease_until=None,
        )

    async def cancel(self, row: Row, error: str) -> bool:
        """It cannot have its effect any more."""
        return await self._change(row, state=OutboxState.CANCELLED.value, error=error[:500])

    async def recorded(self, ids: Collection[int]) -> set[int]:
        """Those of Discord's ids that stand for a row already."""
        found = await self.session.scalars(
            select(OutboxRow.message_id).where(
                OutboxRow.message_id.in_(ids), OutboxRow.kind.in_(_POSTS)
            )
        )
        return {row_id for row_id in found if row_id is not None}

    async def last_posted(self, row: Row) -> int | None:
        """The newest message before `row` of the same lane in the same place."""
        return await self.session.scalar(
            select(func.max(OutboxRow.message_id)).where(
                OutboxRow.lane == row.draft.lane,
                OutboxRow.seq < row.draft.seq,
                OutboxRow.kind.in_(_MESSAGES),
                OutboxRow.target_id.is_not_distinct_from(row.draft.target_id),
                OutboxRow.state == OutboxState.SENT.value,
            )
        )

    async def has_twin(self, row: Row) -> bool:
        """Whether what the row makes could be taken for another row's.

        The lane holds the same text twice, or something of the kind is owed to the same place.
        """
        rival = and_(
            OutboxRow.target_id == row.draft.target_id,
            OutboxRow.kind == row.draft.kind.value,
            OutboxRow.state.in_(OPEN),
        )
        same = and_(OutboxRow.lane == row.draft.lane, OutboxRow.text == row.draft.text)
        twin = await self.session.scalar(
            select(OutboxRow.id).where(OutboxRow.id != row.id, or_(same, rival)).limit(1)
        )
        return twin is not None

    async def owed(self, lane: str) -> bool:
        """Whether something of the lane is still to be posted."""
        left = await self.session.scalar(
            select(OutboxRow.id)
            .where(OutboxRow.lane == lane, OutboxRow.state.in_(OPEN), OutboxRow.kind.in_(_POSTS))
            .limit(1)
        )
        return left is not None

    async def _change(self, row: Row, **values: Any) -> bool:
        result = await self.session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == row.id,
                OutboxRow.attempts == row.attempts,
                OutboxRow.state.in_(OPEN),
            )
            .values(**values)
            .returning(OutboxRow.id)
        )
        return result.scalar_one_or_none() is not None


def _due(now: datetime, owner: str) -> ColumnElement[bool]:
    ready = or_(
        OutboxRow.not_before.is_(None),
        OutboxRow.not_before <= now,
        OutboxRow.not_before > now + WAIT_BOUND,
    )
    free = or_(
        OutboxRow.state != OutboxState.SENDING.value,
        OutboxRow.owner == owner,
        OutboxRow.lease_until.is_(None),
        OutboxRow.lease_until <= now,
        OutboxRow.lease_until > now + LEASE_BOUND,
    )
    return and_(ready, free)
