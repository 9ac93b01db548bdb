"""Digests that Discord does not take: what is said of them, and that they go on within seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import Permission, Person, Sandbox
from tests.bot import Bot

HOUR = datetime(2020, 7, 26, 18, tzinfo=UTC)
SEND = Permission.SEND_MESSAGES


async def posted(bot: Bot, sandbox: Sandbox, where: str = "papers") -> list[str]:
    """What the thread holds, once the bot has heard what happened and had its seconds."""
    async with asyncio.timeout(10):
        while True:
            bot.clock.advance(seconds=1)
            await bot.settle()
            for thread in sandbox.channel(where).threads:
                if texts := [post.content for post in thread.messages]:
                    return texts
            await asyncio.sleep(0.02)


@pytest.fixture
async def taken(ada: Person, grace: Person) -> None:
    await grace.slash("/take", paper="2007.10909", text="Worth waiting for.")


def overwrite(sandbox: Sandbox) -> Callable[[], None]:
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=SEND)
    return lambda: sandbox.admin.clear_overwrites("papers")


def role(sandbox: Sandbox) -> Callable[[], None]:
    sandbox.admin.grant("moderator", SEND)
    for name in ("@everyone", "Papertakes"):
        sandbox.admin.withdraw(name, SEND)
    return lambda: sandbox.admin.grant("Papertakes", SEND)


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize("withdraw", [overwrite, role])
async def test_a_permission_that_is_given_back_lets_it_go_on(
    ada: Person,
    sandbox: Sandbox,
    bot: Bot,
    withdraw: Callable[[Sandbox], Callable[[], None]],
) -> None:
    give_back = withdraw(sandbox)
    await bot.at(HOUR)
    for command in ("/digest history", "/settings show"):
        said = (await ada.slash(command)).text
        assert "**200726 Papers** has been waiting" in said
        assert f"in <#{sandbox.channel('papers').id}> since Jul 26, 2020 18:00" in said
        assert "Send Messages" in said
    bot.clock.advance(minutes=1)
    give_back()
    assert "Worth waiting for." in (await posted(bot, sandbox))[0]
    assert bot.clock() < HOUR + timedelta(minutes=1, seconds=30)
    assert "waiting" not in (await ada.slash("/digest history")).text


@pytest.mark.usefixtures("taken")
async def test_an_unlocked_thread_lets_it_go_on(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    await bot.at(HOUR)
    [thread] = sandbox.channel("papers").threads
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.MANAGE_THREADS)
    sandbox.admin.archive(thread.id)
    sandbox.admin.lock(thread.id)
    [choice] = await ada.autocomplete("/takes delete", "take", typed="")
    await ada.slash("/takes delete", take=choice.value)
    await bot.settle()
    assert "Its thread is locked" in (await ada.slash("/settings show")).text
    bot.clock.advance(minutes=1)
    sandbox.admin.lock(thread.id, False)
    async with asyncio.timeout(10):
        while "waiting" in (await ada.slash("/settings show")).text:
            bot.clock.advance(seconds=1)
            await bot.settle()
    assert bot.clock() < HOUR + timedelta(minutes=2)


@pytest.mark.usefixtures("taken")
async def test_a_forum_that_wants_a_tag_says_so_and_gets_it(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    sandbox.admin.set_tags("reading-room", ["Weekly", "Papers"], required=True)
    reading_room = f"<#{sandbox.channel('reading-room').id}>"
    said = (await ada.slash("/settings set", post_to="reading-room")).text
    assert f"{reading_room} takes no post without a tag" in said
    assert "There are: Weekly, Papers" in said
    said = (await ada.slash("/settings set", forum_tags="wekly")).text
    assert f"{reading_room} has no tag wekly. There are: Weekly, Papers" in said
    assert "has no tag wekly" in (await ada.slash("/settings show")).text
    await bot.at(HOUR)
    said = (await ada.slash("/digest post")).text
    assert "nothing new since **200726 Papers**. The next" in said
    assert "has been waiting" in said
    assert "The forum takes no post without a tag" in said
    said = (await ada.slash("/settings set", forum_tags="weekly")).text
    assert "⚠️" not in said
    await bot.settle()
    [post] = sandbox.channel("reading-room").threads
    assert "Worth waiting for." in post.messages[-1].content
    assert "waiting" not in (await ada.slash("/settings show")).text


@pytest.mark.usefixtures("taken")
async def test_a_forum_that_no_longer_wants_a_tag_gets_it_too(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", post_to="reading-room")
    sandbox.admin.set_tags("reading-room", ["Weekly"], required=True)
    await bot.at(HOUR)
    assert sandbox.channel("reading-room").threads == []
    bot.clock.advance(minutes=1)
    sandbox.admin.set_tags("reading-room", ["Weekly"], required=False)
    assert "Worth waiting for." in (await posted(bot, sandbox, "reading-room"))[-1]


@pytest.mark.usefixtures("taken")
async def test_what_was_not_sent_goes_to_the_channel_that_is_chosen_instead(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", post_to="ml-papers", closing_tag="#then")
    sandbox.admin.delete_channel("ml-papers")
    await bot.at(HOUR)
    said = (await ada.slash("/settings show")).text
    assert "The channel is gone" in said
    await ada.slash("/settings set", post_to="reading-room", closing_tag="#now")
    await bot.settle()
    [post] = sandbox.channel("reading-room").threads
    assert post.name == "200726 Papers"
    assert post.messages[-1].content.endswith("Worth waiting for.\n\n#then")
    assert "waiting" not in (await ada.slash("/digest history")).text
