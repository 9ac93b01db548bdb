"""A member adds a paper while a list of arXiv's takes its minute."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from bot.sandbox import Person
from bot.sandbox.arxiv import LoopbackArxiv
from bot.sandbox.posts import Post
from tests.bot import Bot

NIGHT = datetime(2020, 7, 29, 5, tzinfo=UTC)
ONE = "https://arxiv.org/abs/2007.10909"


async def listing(bot: Bot, arxiv: LoopbackArxiv, seconds: float) -> asyncio.Task[None]:
    """A poller that waits for a page of OAI-PMH, which comes after so long."""
    arxiv.misbehave("slow", "oai", times=1, delay=seconds)
    polling = asyncio.create_task(bot.at(NIGHT))
    while not any(request.route == "oai" for request in arxiv.requests):
        await asyncio.sleep(0.01)
    return polling


def card(person: Person) -> Post:
    (post,) = person.place("papers").messages
    return post


async def titled(person: Person, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while "SliceOut" not in card(person).text:
            await asyncio.sleep(0.05)


async def test_a_long_list_gives_way_to_the_member(
    ada: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    await ada.slash("/subscribe add", query="cat:cs.CV")
    polling = await listing(bot, arxiv, 60)
    began = time.monotonic()
    await ada.slash("/paper add", reference=ONE)
    assert time.monotonic() - began < 3
    assert "SliceOut" in card(ada).text
    async with asyncio.timeout(20):
        await polling
    pages = [request for request in arxiv.requests if request.route == "oai"]
    assert pages[0].parameters == pages[1].parameters


async def test_while_a_long_list_has_its_turn_the_card_comes_at_once_and_its_title_after(
    ada: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    await ada.slash("/subscribe add", query="cat:cs.CV")
    turns = bot.app.arxiv.gate.turns
    turns.patience, turns.endurance = 0, 0
    polling = await listing(bot, arxiv, 6)
    began = time.monotonic()
    reply = await ada.slash("/paper add", reference=ONE)
    assert not reply.private
    assert "2007.10909" in card(ada).text
    assert "SliceOut" not in card(ada).text
    assert time.monotonic() - began < 3
    assert not polling.done()
    await titled(ada, 15)
    async with asyncio.timeout(20):
        await polling
