"""Who asks for too much is told when to try again; what one server sends holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from bot.chat.shutdown import finished
from bot.chat.turns import WORKED_ON
from bot.model.allowance import ALLOWANCES, Cost
from bot.sandbox import Person, Reply, Sandbox
from bot.store.schema import TakeRow
from tests.bot import Bot
from tests.cogs.doors import second_server

FLOOD = 60


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    second_server(sandbox)
    return sandbox


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_who_asks_too_often_is_told_when_to_try_again(
    ada: Person, grace: Person, bot: Bot, sandbox: Sandbox
) -> None:
    """For each kind of what costs: the others, and other members, are not touched."""
    clock = bot.app.services.spending.clock = Clock()
    guild = grace.place("papers").record.guild_id
    await ada.slash("/paper add", reference="2007.10909")
    form = (await grace.slash("/take", paper="2007.10909")).modal
    card = next(post for post in grace.sees() if "Takes" in post.buttons)

    async def search() -> Reply:
        return await grace.slash("/paper search", query="slices")

    async def press() -> Reply:
        return await grace.press(card, "Takes")

    async def add() -> Reply:
        return await grace.slash("/paper add", reference="2007.10396")

    async def submit() -> Reply:
        return await grace.submit(form, {"text": "an hour's work"})

    async def export() -> Reply:
        return await grace.slash("/privacy export")

    async def import_() -> Reply:
        return await grace.slash("/settings import", file=("x.md", b"x"))

    steps: list[tuple[Cost, Callable[[], Awaitable[Reply]]]] = [
        (Cost.READ, search),
        (Cost.READ, press),
        (Cost.LOOKUP, add),
        (Cost.FORM, submit),
        (Cost.EXPORT, export),
        (Cost.IMPORT, import_),
    ]
    spending = bot.app.services.spending
    for cost, act in steps:
        clock.now += 1000
        for _ in range(ALLOWANCES[cost].at_once):
            assert not spending.spend((guild, grace.id), cost)
        reply = await act()
        seconds = ALLOWANCES[cost].seconds
        assert reply.private
        assert f"⚠️ You are asking for a lot at once. Try again in {seconds:.0f} s" in reply.text
        assert ("an hour's work" in reply.text) == (cost is Cost.FORM)
        assert not (await ada.slash("/paper search", query="slices")).text.startswith("⚠️")
        clock.now += seconds
        assert "a lot at once" not in (await act()).text
    clock.now += 1000
    for _ in range(ALLOWANCES[Cost.COMPLETION].at_once):
        spending.spend((guild, grace.id), Cost.COMPLETION)
    assert await grace.autocomplete("/paper show", "paper", typed="") == []
    assert await ada.autocomplete("/paper show", "paper", typed="") != []


async def test_a_flood_of_one_server_holds_up_no_other(bot: Bot, sandbox: Sandbox) -> None:
    """Takes, all at once: that of another server, asked for last, is stored among the first."""
    mallory, ada = sandbox.person("Mallory"), sandbox.person("Ada")
    await ada.slash("/paper add", reference="2007.10909")
    await mallory.slash("/paper add", channel="elsewhere", reference="2007.10909")
    await finished()
    sandbox.core.interactions.respond_within = 120.0
    asked = [
        asyncio.create_task(ada.slash("/take", paper="2007.10909", text=f"flood {number}"))
        for number in range(FLOOD)
    ]
    await asyncio.sleep(0)
    await mallory.slash("/take", channel="elsewhere", paper="2007.10909", text="another server's")
    await asyncio.gather(*asked)
    await finished()
    async with bot.app.store.read() as tx:
        texts = (await tx.session.scalars(select(TakeRow.text).order_by(TakeRow.id))).all()
    assert len(texts) == FLOOD + 1
    assert texts.index("another server's") <= 2 * WORKED_ON


async def test_more_than_waits_its_turn_is_refused(
    bot: Bot, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the text that came with it is given back."""
    monkeypatch.setattr("bot.chat.turns.WAITING", 10)
    ada = sandbox.person("Ada")
    await ada.slash("/paper add", reference="2007.10909")
    sandbox.core.interactions.respond_within = 120.0
    asked = [ada.slash("/take", paper="2007.10909", text=f"take {n}") for n in range(40)]
    replies = await asyncio.gather(*asked)
    refused = [reply for reply in replies if reply.text.startswith("⚠️")]
    assert len(refused) >= 10
    assert all(reply.private and "take " in reply.text for reply in refused)
    await finished()
    async with bot.app.store.read() as tx:
        stored = await tx.session.scalar(select(func.count(TakeRow.id)))
    assert stored == len(replies) - len(refused)
