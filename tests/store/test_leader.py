"""Of several processes on one PostgreSQL, one asks arXiv; another takes over when it is gone."""

from __future__ import annotations

from sqlalchemy import text

from bot.store import Leader, SessionLocks, Store


async def test_one_leads_and_another_takes_over(store: Store) -> None:
    if store.sqlite:
        assert await Leader(None).leads()
        return
    second = Store(store.url.render_as_string(hide_password=False))
    first_locks, second_locks = SessionLocks(store), SessionLocks(second)
    one, two = Leader(first_locks), Leader(second_locks)
    assert await one.leads()
    assert await one.leads()
    assert not await two.leads()
    await first_locks.close()
    assert await two.leads()
    assert not await one.leads()
    await end_other_sessions(store)
    assert await one.leads()
    assert not await two.leads()
    await first_locks.close()
    await second_locks.close()
    await second.close()


async def end_other_sessions(store: Store) -> None:
    """As when the server goes away for a moment."""
    async with store.begin() as tx:
        await tx.session.execute(
            text(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
