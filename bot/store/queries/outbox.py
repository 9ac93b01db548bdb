"""The outbox: messages that are owed to Discord. What its sender asks is in `sending`."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, delete, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model.outbox import Draft, OutboxKind, OutboxState, Row
from bot.store.queries.insert import insert
from bot.store.schema import Moment, OutboxRow

OPEN = (OutboxState.PENDING.value, OutboxState.SENDING.value, OutboxState.FAILED.value)


def plain(row: OutboxRow) -> Row:
    """A row as plain data."""
    return Row(
        id=row.id,
        draft=Draft(
            lane=row.lane,
            seq=row.seq,
            key=row.key,
            kind=OutboxKind(row.kind),
            text=row.text,
            target_id=row.target_id,
            message_id=row.message_id,
            edits=row.edits,
            entry_id=row.entry_id,
            digest_id=row.digest_id,
            take_counts=row.take_counts,
        ),
        state=OutboxState(row.state),
        attempts=row.attempts,
        message_id=row.message_id,
        not_before=row.not_before,
        error=row.error,
        sending_since=row.sending_since,
        tried_at=row.tried_at,
        failed_since=row.failed_since,
        salt=row.salt,
    )


class OutboxRepository:
    """Messages that are owed to Discord."""

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
                "edits": draft.edits,
                "entry_id": draft.entry_id,
                "digest_id": draft.digest_id,
                "take_counts": draft.take_counts,
                "state": OutboxState.PENDING.value,
                "attempts": 0,
                "salt": secrets.token_hex(8),
            }
            for draft in drafts
        ]
        # Not so many rows a statement that writing it keeps others waiting.
        for at in range(0, len(values), 100):
            await self.session.execute(
                insert(self.session, OutboxRow)
                .values(values[at : at + 100])
                .on_conflict_do_nothing(index_elements=["key"])
            )

    async def replace_unsent(self, drafts: Sequence[Draft]) -> bool:
        """Put these rows in the place of their lane's. False if one of those was ever asked for."""
        lane = drafts[0].lane
        rows = await self.session.scalars(
            select(OutboxRow).where(OutboxRow.lane == lane).with_for_update()
        )
        untouched = (OutboxState.PENDING.value, OutboxState.FAILED.value)
        if any(row.state not in untouched or row.tried_at is not None for row in rows):
            return False
        await self.session.execute(delete(OutboxRow).where(OutboxRow.lane == lane))
        await self.put(drafts)
        return True

    async def append(
        self,
        lane: str,
        kind: OutboxKind,
        text: str = "",
        *,
        target_id: int | None = None,
        message_id: int | None = None,
        edits: str | None = None,
        entry_id: int | None = None,
        digest_id: int | None = None,
        take_counts: str | None = None,
    ) -> None:
        """Add a row behind the last one of its lane, keyed by its place there."""
        seq = await self.next_seq(lane)
        draft = Draft(
            lane=lane,
            seq=seq,
            key=f"{lane}:{seq}",
            kind=kind,
            text=text,
            target_id=target_id,
            message_id=message_id,
            edits=edits,
            entry_id=entry_id,
            digest_id=digest_id,
            take_counts=take_counts,
        )
        await self.put([draft])

    async def next_seq(self, lane: str) -> int:
        last = await self.session.scalar(
            select(func.max(OutboxRow.seq)).where(OutboxRow.lane == lane)
        )
        return 0 if last is None else last + 1

    async def of_lane(self, lane: str) -> Sequence[Row]:
        """The rows of a lane, in the order in which they go out."""
        rows = await self.session.scalars(
            select(OutboxRow).where(OutboxRow.lane == lane).order_by(OutboxRow.seq)
        )
        return [plain(row) for row in rows]

    async def by_keys(self, keys: Collection[str]) -> Mapping[str, Row]:
        """Rows by their keys."""
        rows = await self.session.scalars(select(OutboxRow).where(OutboxRow.key.in_(keys)))
        return {row.key: plain(row) for row in rows}

    async def of_section(self, digest_id: int, entry_id: int) -> Sequence[Row]:
        """The messages of a digest that speak of an entry, in order; those taken back left out."""
        deleted = select(OutboxRow.edits).where(
            OutboxRow.digest_id == digest_id,
            OutboxRow.kind == OutboxKind.DELETE.value,
            OutboxRow.edits.is_not(None),
        )
        rows = await self.session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.digest_id == digest_id,
                OutboxRow.entry_id == entry_id,
                OutboxRow.kind == OutboxKind.MESSAGE.value,
                OutboxRow.state != OutboxState.CANCELLED.value,
                OutboxRow.key.not_in(deleted),
            )
            .order_by(OutboxRow.seq)
        )
        return [plain(row) for row in rows]

    async def spoken_of(self, digest_id: int, until: int) -> tuple[int, int] | None:
        """The entry that a digest's thread speaks of at a message, and the message that says so.

        That is the nearest message about a paper which is not younger.
        """
        row = (
            await self.session.execute(
                select(OutboxRow.entry_id, OutboxRow.message_id)
                .where(
                    OutboxRow.digest_id == digest_id,
                    OutboxRow.kind == OutboxKind.MESSAGE.value,
                    OutboxRow.entry_id.is_not(None),
                    OutboxRow.message_id <= until,
                )
                .order_by(OutboxRow.message_id.desc())
                .limit(1)
            )
        ).first()
        if row is None or row[0] is None or row[1] is None:
            return None
        return row[0], row[1]

    async def reword(
        self, row_id: int, text: str, *, only: OutboxState, take_counts: str | None = None
    ) -> bool:
        """Note another text for a row, if it is still in that state. True if it was noted."""
        result = await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row_id, OutboxRow.state == only.value)
            .values(text=text, take_counts=take_counts)
            .returning(OutboxRow.id)
        )
        return result.scalar_one_or_none() is not None

    async def forget_edits(self, digest_id: int, entry_id: int) -> None:
        """Blank the words of edits that have been made."""
        await self.session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.digest_id == digest_id,
                OutboxRow.entry_id == entry_id,
                OutboxRow.kind == OutboxKind.EDIT.value,
                OutboxRow.state == OutboxState.SENT.value,
            )
            .values(text="")
        )

    async def get(self, row_id: int) -> Row | None:
        """A row by its id."""
        row = await self.session.get(OutboxRow, row_id, populate_existing=True)
        return plain(row) if row else None

    async def cancel_lane(self, lane: str) -> None:
        """Nothing more of a lane is sent. A request that is on its way is still recorded."""
        await self.session.execute(
            update(OutboxRow)
            .where(OutboxRow.lane == lane, OutboxRow.state.in_(OPEN))
            .values(state=OutboxState.CANCELLED.value)
        )

    async def oldest(self) -> float:
        """Seconds for which the row that waits longest has been the next one of its lane.

        Rows that are held by a refusal are left aside: their channels' managers know.
        """
        row, earlier = aliased(OutboxRow), aliased(OutboxRow)
        first = (
            select(OutboxRow.lane, func.min(OutboxRow.seq).label("seq"))
            .where(OutboxRow.state.in_(OPEN))
            .group_by(OutboxRow.lane)
            .subquery()
        )
        went_before = (
            select(func.max(earlier.sending_since))
            .where(earlier.lane == row.lane, earlier.state == OutboxState.SENT.value)
            .correlate(row)
            .scalar_subquery()
        )
        now = type_coerce(func.now(), Moment)
        heads = await self.session.execute(
            select(now, func.coalesce(row.created_at, now), went_before)
            .join(first, and_(first.c.lane == row.lane, first.c.seq == row.seq))
            .where(row.state != OutboxState.FAILED.value)
        )
        ages = ((at - max(made, before or made)).total_seconds() for at, made, before in heads)
        return max((0.0, *ages))

    async def open_rows(self) -> int:
        """How many rows are still owed, those that are held by a refusal left aside."""
        count = await self.session.scalar(
            select(func.count()).where(OutboxRow.state.in_((OPEN[0], OPEN[1])))
        )
        return count or 0
