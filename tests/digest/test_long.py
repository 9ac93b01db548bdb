"""A long digest is rendered before the transaction that plans it, and is the same as a short one's
would be."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.digest import plan
from bot.model.digest import Compiled
from bot.store import Store
from tests.clock import Clock
from tests.digest.clubs import ADA, GRACE, PLACE, Club


async def due(club: Club) -> None:
    async with club.store.read() as tx:
        [channel] = await tx.channels.every()
    club.clock.set(channel.next_digest_at + timedelta(seconds=1))


async def test_what_is_written_while_it_is_rendered_is_in_it(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever writes does not wait for the rendering."""
    club = Club(store, clock)
    await club.take(1, "First words")
    real, loop = plan.render, asyncio.get_running_loop()
    rendered: list[int] = []

    def render(compiled: Compiled) -> Any:
        rendered.append(len(compiled.sections))
        if len(rendered) == 1:
            # Ends only once it is stored: there is no transaction to wait for.
            written = asyncio.run_coroutine_threadsafe(club.take(2, "Later words"), loop)
            written.result(timeout=20)
        return real(compiled)

    monkeypatch.setattr(plan, "LONG", 0)
    monkeypatch.setattr(plan, "render", render)
    digest = await club.services.digests.post(PLACE, ADA)
    assert digest is not None
    assert rendered == [1, 2]
    said = "\n".join(await club.texts())
    assert "First words" in said
    assert "Later words" in said


@pytest.mark.parametrize("limit", [0, plan.LONG])
async def test_the_same_rows_as_of_a_short_one(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    club = Club(store, clock)
    for number in range(1, 4):
        await club.take(number, f"Words {number}", GRACE)
    monkeypatch.setattr(plan, "LONG", limit)
    await due(club)
    assert await club.services.planner.run_due() == 1
    texts = await club.texts()
    assert [text for text in texts if "Words" in text] == [
        text for number in range(1, 4) for text in texts if f"Words {number}" in text
    ]
    assert await club.services.planner.run_due() == 0
