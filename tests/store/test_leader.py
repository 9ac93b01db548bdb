"""Of several processes on one PostgreSQL, one asks arXiv; another takes over when it is gone."""

from __future__ import annotations

from bot.store import Leader, Store


async def test_one_leads_and_another_takes_over(store: Store) -> None:
    second = Store(store.url.render_as_string(hide_password=False))
    one, two = Leader(store), Leader(second)
    assert await one.leads()
    assert await one.leads()
    assert await two.leads() is store.sqlite
    await one.close()
    assert await two.leads()
    await two.close()
    await second.close()
