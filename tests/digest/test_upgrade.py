"""What becomes of digests that an earlier version posted."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import text

from bot.store import Store, upgrade
from bot.store.migrate import config
from tests.clock import Clock
from tests.digest.clubs import ADA, PLACE, Club

BEFORE = "0006"


async def test_a_digest_posted_by_hand_closes_its_period(store: Store, clock: Clock) -> None:
    """Up to version 0.1 its period went on, and what was written then came a week later."""
    club = Club(store, clock)
    await club.set(closing_tag="#then", every="2")
    await club.take(1, "early")
    await club.services.digests.post(PLACE, ADA)
    clock.advance(hours=1)
    await club.take(2, "later")
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), BEFORE))
        await connection.execute(
            text(
                "UPDATE channels SET period_start = "
                "(SELECT period_start FROM digests WHERE digests.channel_id = channels.id)"
            )
        )
        await connection.execute(
            text(
                "UPDATE digests SET period_end = "
                "(SELECT next_digest_at FROM channels WHERE digests.channel_id = channels.id)"
            )
        )
    await upgrade(store)
    await club.set(closing_tag="#now")
    assert (await club.markdown("last")).endswith("early\n\n#then")
    clock.set(datetime(2020, 7, 26, 18, tzinfo=UTC))
    assert await club.services.planner.run_due() == 1
    assert (await club.markdown("last")).endswith("later\n\n#now")
    second, first = await club.services.digests.history(PLACE)
    assert first.period_end == second.period_start
