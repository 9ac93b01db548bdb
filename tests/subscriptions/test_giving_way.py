"""A list that gives way to people again and again keeps its place."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.store import Store
from bot.subscriptions.oai_harvest import GIVING_WAY
from tests.subscriptions.test_poller import new, paper, world


async def test_a_list_that_only_gives_way_goes_on_where_it_was(store: Store) -> None:
    made = await world(store, [new(paper(n)) for n in range(1, 500)])
    made.clock.set(datetime(2026, 1, 8, 3, tzinfo=UTC))
    # One page, and then people for hours; in the evening the feed is not asked.
    made.arxiv.next = [""] + ["gave way"] * (4 * GIVING_WAY)
    for _ in range(3):
        await made.poller.poll_once()
    async with store.read() as tx:
        begun = [one for one in await tx.mailings.harvests() if one.token]
    assert [(one.pages, one.failures) for one in begun] == [(1, 0)]
    (beginning,) = {path for _, path in made.arxiv.asked if "from=" in path}
    await made.through(datetime(2026, 1, 8, 12, tzinfo=UTC), hours=1)
    assert len(await made.got()) == 499
    assert [path for _, path in made.arxiv.asked].count(beginning) == 1
