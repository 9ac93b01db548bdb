"""The time for what several processes compare: leases, and moments before which nothing is sent.

Hosts' clocks may be a minute apart. A process whose clock is ahead would think that another's lease
is over, and a thread that is being made missing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import func, select

from bot.store.transaction import Transaction

SharedClock: TypeAlias = Callable[[Transaction], Awaitable[datetime]]


async def database_time(tx: Transaction) -> datetime:
    """The database's own clock; on SQLite, where one process sends, the host's."""
    if tx.session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime | None = await tx.session.scalar(select(func.clock_timestamp()))
    assert moment is not None
    return moment.astimezone(UTC)


def set_by(clock: Callable[[], datetime]) -> SharedClock:
    """A clock that somebody sets (a test, the demo) and that all processes have."""

    async def as_set(_tx: Transaction) -> datetime:
        return clock()

    return as_set
