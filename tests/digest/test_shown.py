"""A take's message is noted while the take is being changed."""

from __future__ import annotations

import asyncio

import pytest

from bot.model.take import MessageKind
from bot.store import Store
from tests.clock import Clock
from tests.digest.clubs import GRACE, PLACE, Club

ROUNDS = 20


@pytest.fixture
def club(store: Store, clock: Clock) -> Club:
    return Club(store, clock)


async def test_a_change_made_while_the_message_is_noted_reaches_it(club: Club) -> None:
    takes = club.services.takes
    await club.take(1, "first", GRACE)
    for number in range(ROUNDS):
        added = await takes.add(PLACE, "2007.00001", GRACE, f"words {number}")
        choice = f"take:{added.take.id}"
        if number % 2:
            change = takes.edit(PLACE, choice, GRACE, f"mended {number}")
        else:
            change = takes.delete(PLACE, choice, GRACE)
        await asyncio.gather(takes.shown(added.take, MessageKind.TAKE, 5, 100 + number), change)
    changed = {row.message_id for row in await club.rows()}
    assert changed == {100 + number for number in range(ROUNDS)}
