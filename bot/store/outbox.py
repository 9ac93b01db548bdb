"""The outbox: messages that are owed to Discord. What its sender asks is in `sending`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.outbox import Draft, Kind, Row, State
from bot.store.insert import insert
from bot.store.schema import OutboxRow

OPEN = (State.PENDING.value, State.SENDING.value, State.FAILED.value)


def plain(row: OutboxRow) -> Row:
    return Row(
        id=row.id,
        draft=Draft(
            lane=row.lane,
            seq=row.seq,
            key=row.key,
            kind=Kind(row.kind),
            text=row.text,
            target_id=row.target_id,
            message_id=row.message_id,
            entry_id=row.entry_id,
            digest_id=row.digest_id,
        ),
        state=State(row.state),
        attempts=row.attempts,
        message_id=row.message_id,
        not_before=row.not_before,
        error=row.error,
        sending_since=row.sending_since,
        tried_at=row.tried_at,
        failed_since=row.failed_since,
    )


class Outbox:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def put(self, drafts: Sequence[Draft]) -> None:
        """Add rows; one whose key is there already is left as it is."""
        values = [
            {
                "lane": draft.lane,
                "seq": draft.seq,
                "key": draft.key,
                "kind": draft.kind.value,
                "text": draft.text,
                "target_id": draft.target_id,
                "message_id": draft.message_id,
                "entry_id": draft.entry_id,
                "digest_id": draft.digest_id,
                "state": State.PENDING.value,
                "attempts": 0,
            }
            for draft in drafts
        ]
        # A few hundred rows a statement: SQLite binds 32,766 values at most.
        for at in range(0, len(values), 500):
            await self.session.execute(
                insert(self.session, OutboxRow)
                .values(values[at : at + 500])
                .on_conflict_do_nothing(index_elements=["key"])
            )

    async def next_seq(self, lane: str) -> int:
        last = await self.session.scalar(
            select(func.max(OutboxRow.seq)).where(OutboxRow.lane == lane)
        )
        return 0 if last is None else last + 1

    async def of_lane(self, lane: str) -> Sequence[Row]:
        rows = await self.session.scalars(
            select(OutboxRow).where(OutboxRow.lane == lane).order_by(OutboxRow.seq)
        )
        return [plain(row) for row in rows]

    async def get(self, number: int) -> Row | None:
        row = await self.session.get(OutboxRow, number, populate_existing=True)
        return plain(row) if row else None

    async def cancel_lane(self, lane: str) -> None:
        """Nothing more of a lane is sent. A request that is on its way is still recorded."""
        await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.lane == lane, OutboxRow.state.in_(OPEN))
            .values(state=State.CANCELLED.value)
        )

    async def open_rows(self) -> int:
        """How many rows are still owed, those that are held by a refusal left aside."""
        count = await self.session.scalar(
            select(func.count()).where(OutboxRow.state.in_((OPEN[0], OPEN[1])))
        )
        return count or 0
