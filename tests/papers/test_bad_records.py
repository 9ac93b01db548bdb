"""One bad record costs only itself: papers that are looked up, completed and reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.arxiv.lookup import Lookup
from bot.config import Settings
from bot.model.paper import Metadata, PaperData
from bot.model.reference import ArxivId
from bot.services import wire
from bot.store import Store
from tests.clock import Clock
from tests.digest.clubs import ADA, GRACE, OTHER_GUILD, PLACE, Club
from tests.poison import MARK, poisoned

GOOD, ODD, GONE, LOST = (ArxivId(f"2007.0000{number}") for number in range(1, 5))
TOLD = {GOOD: PaperData(str(GOOD), "A good paper"), ODD: PaperData(str(ODD), f"{MARK} paper")}


class Away:
    """arXiv, which tells nothing at first."""

    def __init__(self) -> None:
        self.answers = False

    async def lookup(
        self, ids: Sequence[ArxivId], *, person: bool, deadline: float, guild: int = 0
    ) -> Lookup:
        if not self.answers:
            return Lookup({}, frozenset())
        found = {item: TOLD[item] for item in ids if item in TOLD}
        return Lookup(found, frozenset(ids) - found.keys())

    async def search_title(
        self, text: str, *, limit: int, deadline: float, guild: int = 0
    ) -> Sequence[PaperData]:
        return []


async def states(store: Store) -> list[Metadata]:
    async with store.read() as tx:
        kept = await tx.papers.by_arxiv_ids([str(item) for item in (GOOD, ODD, GONE, LOST)])
    return [kept[str(item)].metadata for item in (GOOD, ODD, GONE, LOST)]


@pytest.mark.parametrize(
    ("target", "mark", "owed"),
    [
        ("bot.papers.complete.refresh_cards", MARK, ODD),
        ("bot.store.queries.papers.PaperRepository.keep", MARK, ODD),
        ("bot.papers.complete.refresh_cards", str(LOST), LOST),
    ],
)
async def test_the_completer(
    store: Store, clock: Clock, target: str, mark: str, owed: ArxivId
) -> None:
    arxiv = Away()
    services = wire(Settings(), store, arxiv, clock)
    typed = " ".join(map(str, (GOOD, ODD, GONE, LOST)))
    await services.papers.add(PLACE, typed, GRACE)
    assert await states(store) == [Metadata.PENDING] * 4
    arxiv.answers = True
    with poisoned(target, mark):
        assert await services.completer.run_once() == 3
    told = [Metadata.COMPLETE, Metadata.COMPLETE, Metadata.UNKNOWN, Metadata.UNKNOWN]
    seen = dict(zip((GOOD, ODD, GONE, LOST), told, strict=True))
    assert await states(store) == list({**seen, owed: Metadata.PENDING}.values())
    clock.advance(minutes=5)
    assert await services.completer.run_once() == 1
    assert await states(store) == told


async def test_the_resolver(store: Store, clock: Clock) -> None:
    """Of several references one fails: it is refused with the id, the others are listed."""
    club = Club(store, clock)
    first, second = await club.paper(1), await club.paper(2)
    page = f"https://example.org/{MARK}"
    with poisoned("bot.papers.resolve.page_title_here", MARK):
        added = await club.services.papers.add(PLACE, f"{first} {page} {second}", GRACE)
    assert [entry.paper.data.arxiv_id for entry in added.entries] == [first, second]
    [refused] = added.refused
    assert refused.key == "error.unexpected"
    assert refused.params["id"]


async def test_reminders(store: Store, clock: Clock) -> None:
    """One channel's cannot be put together; the other one's comes."""
    club = Club(store, clock)
    for place in (PLACE, OTHER_GUILD):
        await club.services.settings.set(place, ADA, time_zone="UTC", reminder="on")
        await club.add(1, place=place)
    await club.set(title=MARK)
    async with store.read() as tx:
        due = min(channel.next_digest_at for channel in await tx.channels.every())
    clock.set(due - timedelta(days=1) + timedelta(minutes=1))
    with poisoned("bot.digest.notices.compile_period"):
        assert await club.services.planner.remind() == 1
    assert [row.target_id for row in await club.rows()] == [OTHER_GUILD.channel_id]
    assert await club.services.planner.remind() == 1
