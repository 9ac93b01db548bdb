"""A club's channel at the level of the services: papers in the catalogue, takes by members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from bot.arxiv.lookup import Lookup
from bot.config import Settings
from bot.model.channel import ChannelSettings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.services import Services, wire
from bot.store import Store
from bot.store.schema import OutboxRow
from tests.clock import Clock

ADA = Member(1, "Ada", manages=True)
GRACE = Member(2, "Grace")
MINJI = Member(3, "민지")
PLACE = Place(guild_id=10, channel_id=100, name="papers", locale="en-US")
OTHER_GUILD = Place(guild_id=20, channel_id=200, name="papers", locale="ko")


class NoArxiv:
    """Tests at this level have all papers in the catalogue: whoever asks arXiv is wrong."""

    async def lookup(self, ids: Sequence[ArxivId], *, person: bool, deadline: float) -> Lookup:
        raise AssertionError(f"arXiv was asked for {ids}")

    async def search_title(self, text: str, *, limit: int, deadline: float) -> list[PaperData]:
        raise AssertionError(f"arXiv was asked for {text!r}")


class Club:
    """Services on a store, with short ways to what tests do."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.services: Services = wire(Settings(), store, NoArxiv(), clock)

    async def paper(self, number: int, title: str = "", *authors: str, **more: Any) -> str:
        """Put a paper into the catalogue, unless it is there; returns its id."""
        arxiv_id = f"2007.{number:05d}"
        async with self.store.read() as tx:
            if await tx.papers.by_arxiv_ids([arxiv_id]):
                return arxiv_id
        data = PaperData(arxiv_id, title or f"Paper {number}", authors or ("A. Author",), **more)
        async with self.store.begin() as tx:
            await tx.papers.keep(0, ArxivId(arxiv_id).url, data)
        return arxiv_id

    async def add(self, number: int, member: Member = GRACE, place: Place = PLACE) -> None:
        """A listed paper."""
        await self.services.papers.add(place, await self.paper(number), member)

    async def take(
        self, number: int, text: str, member: Member = GRACE, place: Place = PLACE
    ) -> None:
        """A take, on a paper that is listed by it if need be."""
        await self.services.takes.add(place, await self.paper(number), member, text)

    async def set(self, **typed: str) -> ChannelSettings:
        return (await self.services.settings.set(PLACE, ADA, **typed)).channel.settings

    async def markdown(self, period: str | None = None) -> str:
        return (await self.services.digests.export(PLACE, period)).text

    async def rows(self) -> Sequence[Any]:
        """The outbox, in order."""
        async with self.store.engine.connect() as connection:
            return (await connection.execute(select(OutboxRow.__table__).order_by("id"))).all()

    async def mark_sent(self) -> None:
        """As if Discord had everything that is in the outbox."""
        async with self.store.engine.begin() as connection:
            await connection.execute(
                update(OutboxRow)
                .where(OutboxRow.state == "pending")
                .values(state="sent", message_id=OutboxRow.id + 1000)
            )

    async def texts(self) -> list[str]:
        return [row.text for row in await self.rows()]
