"""What Discord has refused: held in the outbox until something changes, or time has passed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.digest import HeldDigest
from bot.model.outbox import OutboxState
from bot.store.queries.sending import Sending
from bot.store.schema import DigestRow, OutboxRow

_HELD = OutboxRow.state == OutboxState.FAILED.value


class HeldRows:
    """Rows of the outbox that Discord refuses for now."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def digests(self, channel_id: int) -> Sequence[HeldDigest]:
        """The digests of a paper channel that wait for something, the oldest first."""
        rows = await self.session.execute(
            select(OutboxRow, DigestRow.title)
            .join(DigestRow, OutboxRow.digest_id == DigestRow.id)
            .where(DigestRow.channel_id == channel_id, _HELD)
            .order_by(OutboxRow.id)
        )
        sending = Sending(self.session)
        return [
            HeldDigest(
                digest_id=row.digest_id or 0,
                title=title,
                since=row.failed_since,
                reason=row.held_for,
                place_id=(await sending.home(row.lane)).channel_id,
            )
            for row, title in rows.all()
        ]

    async def try_again(self, channel_id: int) -> None:
        """What held up the digests of a paper channel may have been changed: try them now."""
        digests = select(DigestRow.id).where(DigestRow.channel_id == channel_id)
        await self.session.execute(
            update(OutboxRow).where(_HELD, OutboxRow.digest_id.in_(digests)).values(not_before=None)
        )

    async def any_for(self, target_ids: Collection[int]) -> bool:
        """Whether something for one of these channels of Discord's is held."""
        lanes = select(OutboxRow.lane).where(OutboxRow.target_id.in_(target_ids))
        found = select(OutboxRow.id).where(_HELD, OutboxRow.lane.in_(lanes)).limit(1)
        return await self.session.scalar(found) is not None

    async def revive(self, target_ids: Collection[int], now: datetime, spacing: timedelta) -> int:
        """Channels are reachable again: their refused rows are tried now. Returns how many.

        Not within `spacing` of the last refusal, though: events may come in hundreds.
        """
        lanes = select(OutboxRow.lane).where(OutboxRow.target_id.in_(target_ids))
        rows = await self.session.scalars(
            select(OutboxRow).where(_HELD, OutboxRow.lane.in_(lanes), OutboxRow.not_before > now)
        )
        count = 0
        for row in rows:
            earliest = max(now, (row.sending_since or now - spacing) + spacing)
            row.not_before = min(row.not_before or earliest, earliest)
            count += 1
        return count
