"""What people see is the same after old rows were removed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry
from sqlalchemy import update

from bot.cleaner import RemovedKind
from bot.sandbox import Person, Sandbox
from bot.sandbox.arxiv import Announcement, LoopbackArxiv
from bot.store.schema import OutboxRow
from tests.bot import Bot
from tests.cogs.test_subscribe import MAILING, MORNING, paper, posts
from tests.cogs.test_why import why

HERE = ("2007.90001", "2007.90002")
"""What came to the channel; the second one was listed there."""
ELSEWHERE = "2007.90003"
"""What no subscription asked for."""


async def mailing(ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot) -> None:
    arxiv.announce(
        Announcement(MAILING, "new", paper(1)),
        Announcement(MAILING, "new", paper(2)),
        Announcement(MAILING, "new", paper(3, "Graph")),
        Announcement(MAILING, "new", paper(4, "Graph")),
    )
    await grace.slash("/subscribe add", query="cs.CV ti:detector")
    await bot.at(MORNING)
    await ada.slash("/take", paper=HERE[1], text="worth a look")


async def later(bot: Bot, **span: float) -> None:
    bot.clock.advance(**span)
    # What the database's own clock has noted is of another year than the test's.
    async with bot.app.store.begin() as tx:
        await tx.session.execute(update(OutboxRow).values(sending_since=MORNING))


async def known(bot: Bot) -> set[str]:
    async with bot.app.store.read() as tx:
        return set(await tx.papers.ids_of([*HERE, ELSEWHERE]))


async def test_why_says_the_same(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    await mailing(ada, grace, arxiv, bot)
    await later(bot, days=100)
    before = [await why(grace, one) for one in (*HERE, ELSEWHERE)]
    await bot.app.cleaner.clean()
    assert await known(bot) == set(HERE)
    assert [await why(grace, one) for one in (*HERE, ELSEWHERE)] == before
    found = (await grace.slash("/paper search", query="detector")).text
    assert "Made-up detector 1" in found
    assert "Made-up detector 2" in found


async def test_announcements_that_nobody_heeded_go_after_a_year(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    await mailing(ada, grace, arxiv, bot)
    await grace.slash("/subscribe add", query="cs.CV ti:tree")
    for number in (1, 2):
        day = timedelta(days=number)
        arxiv.announce(Announcement(MAILING + day, "new", paper(4 + number, "Tree")))
        await bot.at(MORNING + day)
    tree = next(post for post in posts(grace) if "Tree 5" in post.text)
    detectors = next(post for post in posts(grace) if "Made-up detector 1" in post.text)
    await later(bot, days=300)
    assert "It came to this channel" in (before := await why(grace, "2007.90005"))
    await bot.app.cleaner.clean()
    assert await why(grace, "2007.90005") == before
    await later(bot, days=100)
    await bot.app.cleaner.clean()
    # Of the detectors one was listed: their announcement is drawn anew as long as there is a bot.
    assert await known(bot) == set(HERE)
    await ada.press(detectors, "Add to this week")
    assert "Made-up detector 1" in (await grace.slash("/paper list")).text
    pressed = await ada.press(tree, "Add to this week")
    assert pressed.private
    assert "`/paper add`" in pressed.text
    # The paper is not known any more, but that it came to the channel is.
    after = await why(grace, "2007.90005")
    assert "It came to this channel with the announcement of Jul 30, 2020." in after
    assert "Matches: `cat:cs.CV`, `ti:tree`" in after


async def test_a_digest_is_edited_after_years(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/take", paper="2007.10909", text="channel slicing")
    await ada.slash("/digest post")
    await bot.settle()
    await later(bot, days=1000)
    removed = await bot.app.cleaner.clean()
    assert set(removed) <= {RemovedKind.ACT, RemovedKind.EDIT, RemovedKind.NOTICE}
    (taken,) = await ada.autocomplete("/takes edit", "take", typed="slicing")
    await ada.slash("/takes edit", take=taken.value, text="**layer** slicing")
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    shown = "\n".join(post.content for post in thread.messages)
    assert "layer" in shown
    assert "channel slicing" not in shown
    assert "layer" in (await grace.slash("/paper search", query="slicing")).text


async def test_it_is_done_at_start_and_counted(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    await mailing(ada, grace, arxiv, bot)
    await bot.stop()
    bot.clock.advance(days=100)
    await bot.start()
    duty = bot.app.supervisor.record("cleaner")
    while duty.succeeded_at is None:
        await asyncio.sleep(0.02)
    assert await known(bot) == set(HERE)
    registry = CollectorRegistry()
    registry.register(bot.app.cleaner)
    assert 'papertakes_cleaned_rows_total{kind="paper"} 1.0' in generate_latest(registry).decode()
