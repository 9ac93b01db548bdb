"""A club whose week is over: papers, takes, and a digest that is due as soon as the bot is up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.arxiv.lookup import Lookup
from bot.config import DigestConfig, Settings
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.sandbox.places import Place as Channel
from bot.services import Services, wire
from bot.store import Store

MEMBERS = (Member(1, "Ada", manages=True), Member(2, "Grace"), Member(3, "민지"))


class NoArxiv:
    """All papers are in the catalogue: nobody has a reason to ask arXiv."""

    async def lookup(self, ids: Sequence[ArxivId], *, person: bool, deadline: float) -> Lookup:
        raise AssertionError(f"arXiv was asked for {ids}")

    async def search_title(self, text: str, *, limit: int, deadline: float) -> list[PaperData]:
        raise AssertionError(f"arXiv was asked for {text!r}")


async def found(store: Store, channel: Channel, rng: random.Random, *, papers: int = 4) -> None:
    """Fill the channel's list; its period ended a minute ago.

    One paper's takes are so long, and so much alike, that several messages have the same text:
    looking for a message by its text alone would take one for the other.
    """
    now = datetime.now(UTC)
    services = _services(store, now - timedelta(days=1))
    await _write(services, channel, rng, papers)
    async with store.begin() as tx:
        kept = await tx.channels.find(_place(channel))
        assert kept is not None
        await tx.channels.begin_period(
            kept.id,
            start=now - timedelta(days=7),
            next_digest_at=now - timedelta(minutes=1),
        )


async def posted_early(store: Store, channel: Channel, rng: random.Random) -> None:
    """A moderator has posted what there was before the hour; and more was written since."""
    now = datetime.now(UTC)
    await _services(store, now - timedelta(hours=2)).digests.post(_place(channel), MEMBERS[0])
    await _write(_services(store, now - timedelta(hours=1)), channel, rng, papers=2)


def _services(store: Store, now: datetime) -> Services:
    # The period after that must not end while the campaign plays.
    later = DigestConfig(weekday=f"{now + timedelta(days=3):%A}".lower())
    return wire(Settings(digest=later), store, NoArxiv(), lambda: now)


def _place(channel: Channel) -> Place:
    forum = channel.kind == "forum"
    return Place(channel.record.guild_id, channel.id, channel.name, forum, locale="ko")


async def _write(services: Services, channel: Channel, rng: random.Random, papers: int) -> None:
    numbers = rng.sample(range(10_000, 99_999), papers)
    for position, number in enumerate(numbers):
        name = f"2007.{number:05d}"
        data = PaperData(name, f"Paper {number} on $\\alpha$", ("A. Author", "B. Writer"))
        async with services.store.begin() as tx:
            await tx.papers.keep(0, ArxivId(name).url, data)
        for text in _long(rng) if position == 1 else _short(rng, number):
            await services.takes.add(_place(channel), name, MEMBERS[position % 3], text)


def _short(rng: random.Random, number: int) -> list[str]:
    return [f"What {number} says in {rng.randint(2, 9)} words." for _ in range(rng.randint(1, 2))]


def _long(rng: random.Random) -> list[str]:
    """Paragraphs of which no two fit into one message, the most of them alike."""
    same = "같은 문장이다. " * 210
    paragraphs = [same.strip()] * rng.randint(3, 4) + ["A paragraph of its own. " * 70]
    return [paragraph.strip() for paragraph in paragraphs]
