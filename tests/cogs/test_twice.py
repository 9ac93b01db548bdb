"""What is delivered twice is done once: two clients that both hear, an answer that got lost, an
action that Discord delivers once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.chat.connection import Connection
from bot.chat.shutdown import finished
from bot.ops.supervisor import Supervisor
from bot.sandbox import Fault, Person, Reply, Sandbox
from bot.sandbox.arxiv import LoopbackArxiv
from bot.store.owner import Owner
from bot.store.queries.acts import KEPT
from bot.store.schema import ActRow, Base
from cogs import add_cogs
from tests.bot import Bot
from tests.cogs.doors import Club, fill

CALLBACK = "/interactions/{interaction_id}/{token}/callback"
COUNTED = ("takes", "entries", "subscriptions", "digests", "channels", "members", "documents")


@pytest.fixture
async def second(bot: Bot) -> AsyncIterator[None]:
    """A second client with the same token, on the same database."""
    services = replace(bot.app.services, owner=Owner())
    connection = Connection(bot.settings.discord, services, add_cogs, Supervisor())
    stop = asyncio.Event()
    running = asyncio.create_task(connection.run(stop))
    while connection.disconnected != 0.0:
        await asyncio.sleep(0.01)
    yield
    stop.set()
    await running


@pytest.fixture
async def club(
    bot: Bot, sandbox: Sandbox, arxiv: LoopbackArxiv, ada: Person, grace: Person
) -> Club:
    made = Club(sandbox, bot, ada, grace)
    await fill(made, arxiv)
    return made


async def both_answered(sandbox: Sandbox, reply: Reply, times: int = 2) -> None:
    """Waits until so many first answers were tried, and for what comes after them."""
    path = f"/interactions/{reply.interaction.id}/"
    for _ in range(1000):
        tried = [r for r in sandbox.requests if r.route == CALLBACK and path in r.path]
        if len(tried) >= times:
            break
        await asyncio.sleep(0.01)
    # Who loses may try again with what it had to say next; Discord takes one first answer.
    assert len(tried) >= times
    assert sum(r.status is not None and r.status < 300 for r in tried) == 1
    await finished()


async def counts(club: Club) -> dict[str, int]:
    async with club.bot.app.store.read() as tx:
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name in COUNTED:
                counted = await tx.session.scalar(select(func.count()).select_from(table))
                found[table.name] = counted or 0
        return found


def no_refusal(reply: Reply) -> bool:
    return not reply.failed and not reply.text.startswith("⚠️")


@pytest.mark.usefixtures("second")
async def test_two_clients_that_both_hear_do_each_action_once(club: Club) -> None:
    """Whichever answers, its answer is that of an action that was done."""
    ada, grace, sandbox = club.ada, club.grace, club.sandbox
    steps: list[tuple[str, Callable[[], Awaitable[Reply]], dict[str, int]]] = []

    def step(name: str, act: Callable[[], Awaitable[Reply]], **made: int) -> None:
        steps.append((name, act, made))

    async def form() -> Reply:
        opened = await grace.slash("/take", paper="2007.10909")
        await both_answered(sandbox, opened)
        return await grace.submit(opened.modal, {"text": "by a form"})

    async def add_papers() -> Reply:
        return await ada.menu(await grace.say("2007.12099 is good"), "Add its papers")

    async def make_take() -> Reply:
        post = next(post for post in grace.sees() if "Takes" in post.buttons)
        said = await grace.say("as I said", reply_to=post, ping=False)
        return await grace.menu(said, "Make this my take")

    async def pause() -> Reply:
        number = club.numbers["subscription"]
        return await grace.slash("/subscribe pause", subscription=f"subscription:{number}")

    async def edit_take() -> Reply:
        return await grace.slash("/takes edit", take=f"take:{club.numbers['take']}", text="#a new")

    async def list_it() -> Reply:
        post = next(p for p in ada.sees() if "Add to this week" in p.buttons)
        return await ada.press(post, "Add to this week")

    async def move_up() -> Reply:
        preview = await ada.slash("/digest preview")
        await both_answered(sandbox, preview)
        menu = next(c for c in preview.post.components() if "up" in (c.custom_id or ""))
        return await ada.choose(preview, menu.label, [menu.options[-1]["value"]])

    async def erase() -> Reply:
        asked = await grace.slash("/privacy erase")
        await both_answered(sandbox, asked)
        return await grace.press(asked, "Erase everything")

    step("take", lambda: grace.slash("/take", paper="2007.10909", text="once"), takes=1)
    step("take on a new paper", lambda: ada.slash("/take", paper="2007.11978", text="x"),
         takes=1, entries=1)  # fmt: skip
    step("form", form, takes=1)
    step("paper add", lambda: ada.slash("/paper add", reference="https://example.com/y", title="Y"),
         entries=1)  # fmt: skip
    step("add its papers", add_papers, entries=1)
    step("make this my take", make_take, takes=1)
    step("takes edit", edit_take)
    step("tag rename", lambda: ada.slash("/tag rename", tag="a", to="b"))
    step("announced", list_it, entries=1)
    step("subscribe add", lambda: ada.slash("/subscribe add", query="ti:cats"), subscriptions=1)
    step("pause", pause)
    step("remove", lambda: ada.slash("/subscribe remove", subscription="ti:cats"))
    step("intro", lambda: ada.slash("/digest intro", text="words"))
    step("settings", lambda: ada.slash("/settings set", authors="3"))
    step("move up", move_up)
    step("paper remove", lambda: ada.slash("/paper remove", paper="2007.12099"))
    step("digest post", lambda: ada.slash("/digest post"), digests=1)
    step("takes delete", lambda: ada.slash("/takes delete", take=f"take:{club.numbers['take']}"),
         takes=-1)  # fmt: skip
    for name, act, made in steps:
        before = await counts(club)
        reply = await act()
        await both_answered(sandbox, reply)
        after = await counts(club)
        changed = {table: after[table] - before[table] for table in after}
        assert {t: n for t, n in changed.items() if n} == made, name
        assert no_refusal(reply), (name, reply)
    async with club.bot.app.store.read() as tx:
        paused = await tx.subscriptions.by_id(club.numbers["subscription"])
    assert paused.paused
    reply = await erase()
    await both_answered(sandbox, reply)
    assert no_refusal(reply), reply
    assert (await counts(club))["takes"] < before["takes"]


@pytest.mark.usefixtures("second")
async def test_a_reply_to_a_card_is_marked_once_and_kept_once(
    ada: Person, grace: Person, sandbox: Sandbox
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    await both_answered(sandbox, card)
    reply = await grace.say("well said", reply_to=card.post)
    for _ in range(500):
        if len([r for r in sandbox.requests if r.method == "PUT" and "reactions" in r.route]) >= 2:
            break
        await asyncio.sleep(0.01)
    assert {emoji: len(people) for emoji, people in reply.reactions.items()} == {"📝": 1}
    kept = await grace.menu(reply, "Make this my take")
    await both_answered(sandbox, kept)
    assert "well said" in kept.text
    assert "1 take" in (await ada.slash("/paper list")).text


async def test_an_answer_that_got_lost_is_given_again(
    ada: Person, grace: Person, sandbox: Sandbox
) -> None:
    """The first attempts reach Discord, or do not: the person has one answer, and one take."""
    await ada.slash("/paper add", reference="2007.10909")
    for drop in ("before", "after"):
        sandbox.faults.add(Fault("POST", CALLBACK, drop=drop, times=1))
        reply = await grace.slash("/take", paper="2007.10909", text=f"lost {drop}")
        assert f"lost {drop}" in reply.text
        assert not reply.private
        await finished()
        choices = await grace.autocomplete("/takes edit", "take", typed=f"lost {drop}")
        # Its message is known, so that it follows the take.
        await grace.slash("/takes edit", take=choices[0].value, text=f"found {drop}")
    assert "2 takes" in (await ada.slash("/takes list")).text


async def test_what_is_delivered_again_after_no_answer_is_answered_and_not_done_again(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    sandbox.core.interactions.respond_within = 60.0
    await ada.slash("/paper add", reference="2007.10909")
    fault = sandbox.faults.add(Fault("POST", CALLBACK, drop="before", times=None))
    waiting = asyncio.create_task(grace.slash("/take", paper="2007.10909", text="only once"))
    while fault.hits < 6:
        await asyncio.sleep(0.01)
    sandbox.faults.clear()
    await bot.stop()
    await bot.start()
    asked = sandbox.core.interactions.latest
    sandbox.core.interactions.deliver(asked)
    reply = await waiting
    assert "only once" in reply.text
    assert not reply.private
    sandbox.admin.deliver_again(reply)
    await both_answered(sandbox, reply)
    assert "1 take" in (await ada.slash("/takes list")).text


async def test_actions_are_forgotten_after_a_day(ada: Person, bot: Bot) -> None:
    for number in range(3):
        await ada.slash("/take", paper="2007.10909", text=f"take {number}")
    bot.clock.advance(seconds=(KEPT + timedelta(seconds=1)).total_seconds())
    await ada.slash("/take", paper="2007.10909", text="a day later")
    await bot.app.cleaner.clean()
    async with bot.app.store.read() as tx:
        assert await tx.session.scalar(select(func.count()).select_from(ActRow)) == 1
