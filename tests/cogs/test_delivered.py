"""How a digest is posted as the channel's settings say, and who hears when it cannot be."""

from __future__ import annotations

import pytest

from bot.sandbox import Permission, Person, Sandbox
from tests.bot import Bot


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    """A guild that Grace owns."""
    guild = next(iter(sandbox.world.guilds.values()))
    guild.owner_id = sandbox.person("Grace").user.id
    return sandbox


@pytest.fixture
async def taken(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")


def told(sandbox: Sandbox, place: str | int) -> list[str]:
    """What the managers were told in a place."""
    return [post.text for post in sandbox.channel(place).messages if post.text.startswith("⚠️")]


def owner_told(sandbox: Sandbox) -> list[str]:
    """The same in the direct messages to the guild's owner."""
    guild = next(iter(sandbox.world.guilds.values()))
    return told(sandbox, sandbox.world.direct(sandbox.world.users[guild.owner_id]).id)


@pytest.mark.usefixtures("taken")
async def test_a_digest_is_pinned_where_that_is_wanted(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", pin=True)
    await ada.slash("/digest post")
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    assert thread.starter is not None
    assert thread.starter.pinned
    assert told(sandbox, "papers") == []


@pytest.mark.usefixtures("taken")
async def test_without_the_permission_to_pin_all_is_posted_and_told_once(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.PIN_MESSAGES)
    await ada.slash("/settings set", pin=True)
    await ada.slash("/digest post")
    await bot.settle()
    bot.clock.advance(days=7)
    await ada.slash("/take", paper="2007.10396", text="two")
    await bot.at(bot.clock())
    bot.clock.advance(days=7)
    await bot.at(bot.clock())
    threads = sandbox.channel("papers").threads
    assert len(threads) == 2
    assert all(thread.starter and not thread.starter.pinned for thread in threads)
    [text] = told(sandbox, "papers")
    assert "Pin Messages" in text


@pytest.mark.usefixtures("taken")
async def test_a_forum_post_gets_its_tags_and_is_pinned(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    sandbox.admin.create_channel("posts", forum=True, tags=["Weekly", "papers", "other"])
    await ada.slash("/settings set", post_to="posts", forum_tags="weekly, gone, papers", pin=True)
    await ada.slash("/digest post")
    await bot.settle()
    [post] = sandbox.channel("posts").threads
    assert post.tags == ["Weekly", "papers"]
    assert post.record.flags & 2


@pytest.mark.usefixtures("taken")
async def test_the_owner_is_told_when_the_channel_does_not_let_the_bot_post(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    sandbox.admin.set_overwrite("papers", "Papertakes", deny=Permission.SEND_MESSAGES)
    await bot.at(bot.clock().replace(hour=18, minute=1))
    bot.clock.advance(minutes=20)
    await bot.settle()
    [text] = owner_told(sandbox)
    assert "is stuck in <#" in text
    assert "I'm missing these permissions there: Send Messages." in text
    sandbox.admin.clear_overwrites("papers")
    bot.clock.advance(hours=1)
    await bot.settle()
    assert len(sandbox.channel("papers").threads) == 1
    assert owner_told(sandbox) == []  # it is no longer true: the link stands there now


@pytest.mark.usefixtures("taken")
async def test_the_paper_channel_is_told_when_another_one_fails(
    ada: Person, minji: Person, sandbox: Sandbox, bot: Bot
) -> None:
    place = sandbox.admin.create_channel("posts", forum=True)
    await ada.slash("/settings set", post_to="posts", language="ko")
    sandbox.admin.delete_channel(place)
    await bot.at(bot.clock().replace(hour=18, minute=1))
    [text] = told(sandbox, "papers")
    assert "채널이 사라졌어요" in text
    assert owner_told(sandbox) == []


@pytest.mark.usefixtures("taken")
async def test_a_deleted_thread_is_told_in_its_channel(
    ada: Person, grace: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/digest post")
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    sandbox.admin.delete_channel(thread)
    # A take that has outgrown its message goes on at the end of the thread.
    takes = await ada.autocomplete("/takes edit", "take", typed="")
    await ada.slash("/takes edit", take=takes[0].value, text="word " * 790)
    await bot.settle()
    [text] = told(sandbox, "papers")
    assert "Its thread was deleted" in text
