"""The outbox: messages that are owed to Discord. See `docs/decisions` on why it is a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model.outbox import Draft, Kind, Row, State
from bot.store.insert import insert
from bot.store.schema import OutboxRow

_OPEN = (State.PENDING.value, State.SENDING.value, State.FAILED.value)


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

    async def heads(self, now: datetime, limit: int) -> Sequence[Row]:
        """The first unfinished row of each lane that may be worked on now."""
        earlier = aliased(OutboxRow)
        rows = await self.session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.state.in_((State.PENDING.value, State.SENDING.value)),
                or_(OutboxRow.not_before.is_(None), OutboxRow.not_before <= now),
                ~select(earlier.id)
                .where(
                    earlier.lane == OutboxRow.lane,
                    earlier.seq < OutboxRow.seq,
                    earlier.state.in_(_OPEN),
                )
                .exists(),
            )
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return [plain(row) for row in rows]

    async def next_moment(self) -> datetime | None:
        """When the earliest row that is held back may be tried again."""
        return await self.session.scalar(
            select(func.min(OutboxRow.not_before)).where(
                OutboxRow.state.in_((State.PENDING.value, State.SENDING.value))
            )
        )

    async def of_lane(self, lane: str) -> Sequence[Row]:
        rows = await self.session.scalars(
            select(OutboxRow).where(OutboxRow.lane == lane).order_by(OutboxRow.seq)
        )
        return [plain(row) for row in rows]

    async def get(self, number: int) -> Row | None:
        row = await self.session.get(OutboxRow, number, populate_existing=True)
        return plain(row) if row else None

    async def claim(self, number: int, state: State, now: datetime) -> bool:
        """Mark a row as being sent, if it is still in `state`: False if another was quicker."""
        result = await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == number, OutboxRow.state == state.value)
            .values(state=State.SENDING.value, sending_since=now, attempts=OutboxRow.attempts + 1)
            .returning(OutboxRow.id)
        )
        return result.scalar_one_or_none() is not None

    async def sent(self, number: int, message_id: int | None) -> None:
        """Discord has it."""
        values: dict[str, object] = {"state": State.SENT.value, "error": None, "not_before": None}
        if message_id is not None:
            values["message_id"] = message_id
        await self._change(number, **values)

    async def again(self, number: int, not_before: datetime, error: str) -> None:
        """Surely not sent: to be tried again."""
        await self._change(
            number, state=State.PENDING.value, not_before=not_before, error=error[:500]
        )

    async def unsettled(self, number: int, not_before: datetime, error: str) -> None:
        """Perhaps sent: to be looked for before it is tried again."""
        await self._change(number, not_before=not_before, error=error[:500])

    async def failed(self, number: int, error: str) -> None:
        await self._change(number, state=State.FAILED.value, error=error[:500])

    async def cancel_lane(self, lane: str) -> None:
        await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.lane == lane, OutboxRow.state.in_(_OPEN))
            .values(state=State.CANCELLED.value)
        )

    async def revive(self, target_id: int) -> int:
        """Failed rows of a channel are pending again, since it is reachable again."""
        lanes = select(OutboxRow.lane).where(OutboxRow.target_id == target_id)
        result = await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == State.FAILED.value, OutboxRow.lane.in_(lanes))
            .values(state=State.PENDING.value, not_before=None)
            .returning(OutboxRow.id)
        )
        return len(result.all())

    async def open_rows(self) -> int:
        """How many rows are still owed."""
        count = await self.session.scalar(
            select(func.count()).where(OutboxRow.state.in_((_OPEN[0], _OPEN[1])))
        )
        return count or 0

    async def _change(self, number: int, **values: object) -> None:
        await self.session.execute(update(OutboxRow).where(OutboxRow.id == number).values(**values))
