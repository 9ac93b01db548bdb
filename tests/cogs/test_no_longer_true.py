"""What the bot said and is no longer true is edited, once, by the outbox; private answers too,
for as long as Discord lets them be."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox import Fault, Permission, Person, Post, Sandbox
from tests.bot import Bot
from tests.clock import Clock

DAY = timedelta(days=1)
DENIED = Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS


async def until(post: Post, words: str) -> str:
    """Wait until a message says these words; all that it says then."""
    for _ in range(300):
        if words in post.text:
            break
        await asyncio.sleep(0.05)
    assert words in post.text
    return post.text


async def edits(bot: Bot, lane: str) -> int:
    """How many edits were asked for in the lanes that begin so."""
    await bot.settle()
    async with bot.app.store.read() as tx:
        found = await tx.outbox.of_lane(lane)
    return len(found) - 1


# ------------------------------------------------------------------ private answers


async def test_being_posted_becomes_the_link(ada: Person, sandbox: Sandbox, bot: Bot) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")
    reply = await ada.slash("/digest post")
    assert "is being posted" in reply.text
    await bot.settle()
    text = await until(reply.posts[-1], "https://discord.com/channels/")
    [thread] = sandbox.channel("papers").threads
    assert str(thread.id) in text
    assert "being posted" not in text


async def test_being_posted_becomes_what_holds_it_and_then_the_link(
    ada: Person, sandbox: Sandbox, bot: Bot, clock: Clock
) -> None:
    elsewhere = sandbox.channel("ml-papers")
    await ada.slash("/settings set", post_to=elsewhere)
    await ada.slash("/take", paper="2007.10909", text="one")
    sandbox.admin.set_overwrite(elsewhere, "Papertakes", deny=DENIED)
    reply = await ada.slash("/digest post")
    await bot.settle()
    text = await until(reply.posts[-1], "missing these permissions")
    assert "being posted" not in text
    sandbox.admin.clear_overwrites(elsewhere)
    await bot.at(clock() + timedelta(minutes=5))
    await until(reply.posts[-1], "https://discord.com/channels/")


async def test_a_skip_that_was_undone_says_so(ada: Person, bot: Bot) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")
    skipped = await ada.slash("/digest skip")
    assert "no digest" in skipped.text
    await ada.slash("/digest post")
    await bot.settle()
    text = await until(skipped.posts[-1], "https://discord.com/channels/")
    assert "no digest" not in text


async def test_the_preview_that_posted_becomes_the_link(ada: Person, bot: Bot) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")
    preview = await ada.slash("/digest preview")
    await ada.press(preview, "Post now")
    await bot.settle()
    await until(preview.posts[-1], "https://discord.com/channels/")


# ------------------------------------------------------------------ reminders


@pytest.fixture
async def reminded(ada: Person, sandbox: Sandbox, bot: Bot, clock: Clock) -> Post:
    """The reminder of a digest that is due in less than a day, of two papers."""
    await ada.slash("/settings set", reminder=True, weekday="sunday", time="18:00")
    await ada.slash("/paper add", reference="2007.10909 2007.10396")
    async with bot.app.store.read() as tx:
        [channel] = await tx.channels.every()
    await bot.at(channel.next_digest_at - timedelta(hours=23))
    found = sandbox.channel("papers").messages[-1]
    assert "Tomorrow's digest" in found.text
    assert "SliceOut" in found.text
    return found


async def reminder_edits(bot: Bot) -> int:
    async with bot.app.store.read() as tx:
        [channel] = await tx.channels.every()
        day = channel.next_digest_at
        if channel.period_start > bot.clock() - timedelta(hours=1):
            day = channel.period_start
    return await edits(bot, f"reminder:{channel.id}:{day:%Y%m%d}")


async def test_a_reminder_follows_takes_and_removals(
    ada: Person, grace: Person, bot: Bot, reminded: Post
) -> None:
    await grace.slash("/take", paper="2007.10909", text="one")
    await bot.settle()
    assert "SliceOut" not in reminded.text
    assert "NSGANetV2" in reminded.text
    [written] = await grace.autocomplete("/takes delete", "take", typed="")
    await grace.slash("/takes delete", take=written)
    await bot.settle()
    assert "SliceOut" in reminded.text
    await ada.slash("/paper remove", paper="2007.10909")
    await bot.settle()
    assert "SliceOut" not in reminded.text
    await grace.slash("/take", paper="2007.10396", text="two")
    await grace.slash("/take", paper="2007.10396", text="another")
    await bot.settle()
    assert reminded.text == "Every paper on the list has a take now."
    assert await reminder_edits(bot) == 4


async def test_a_reminder_of_a_digest_that_is_posted_links_to_it(
    sandbox: Sandbox, bot: Bot, reminded: Post, clock: Clock
) -> None:
    await bot.at(clock() + DAY)
    [thread] = sandbox.channel("papers").threads
    assert "The digest is posted" in reminded.text
    assert str(thread.id) in reminded.text
    assert "Tomorrow" not in reminded.text


async def test_a_reminder_of_a_digest_that_is_posted_early_or_skipped(
    ada: Person, bot: Bot, reminded: Post
) -> None:
    await ada.slash("/digest skip")
    await bot.settle()
    assert "There will be no digest this time" in reminded.text
    await ada.slash("/take", paper="2007.10909", text="one")
    assert "is being posted" in (await ada.slash("/digest post")).text
    await bot.settle()
    assert "The digest is posted" in reminded.text
    await ada.slash("/take", paper="2007.10637", text="of the next period")
    await bot.settle()
    assert "The digest is posted" in reminded.text


async def test_a_reminder_of_a_digest_on_another_day(ada: Person, bot: Bot, reminded: Post) -> None:
    await ada.slash("/settings set", weekday="wednesday")
    await bot.settle()
    assert "The next digest comes" in reminded.text
    assert "Tomorrow" not in reminded.text


async def test_a_reminder_of_a_digest_with_nothing_left_to_post(
    ada: Person, bot: Bot, reminded: Post, clock: Clock
) -> None:
    for paper in ("2007.10909", "2007.10396"):
        await ada.slash("/paper remove", paper=paper)
    await bot.at(clock() + DAY)
    assert "nothing to post" in reminded.text


async def test_an_edit_that_was_owed_over_a_restart_comes_once(
    grace: Person, bot: Bot, reminded: Post, sandbox: Sandbox, clock: Clock
) -> None:
    route = "/channels/{channel_id}/messages/{message_id}"
    sandbox.faults.add(Fault(method="PATCH", route=route, status=503, times=None))
    await grace.slash("/take", paper="2007.10909", text="one")
    await bot.kill()
    assert "SliceOut" in reminded.text
    sandbox.faults.clear()
    await bot.start()
    await bot.at(clock() + timedelta(minutes=10))
    assert "SliceOut" not in reminded.text
    assert await reminder_edits(bot) == 1


# ------------------------------------------------------------------ other notices


async def test_a_digest_too_late_is_told_where_it_is_when_it_is_posted(
    ada: Person, sandbox: Sandbox, bot: Bot, clock: Clock
) -> None:
    await ada.slash("/take", paper="2007.10909", text="one")
    await bot.at(clock() + timedelta(days=40))
    late = sandbox.channel("papers").messages[-1]
    assert "was due while the bot was away" in late.text
    await ada.slash("/digest post")
    await bot.settle()
    assert "The digest is posted" in late.text
    assert "/digest post" not in late.text


async def test_what_managers_were_told_is_edited_once_it_is_posted(
    ada: Person, sandbox: Sandbox, bot: Bot, clock: Clock
) -> None:
    elsewhere = sandbox.channel("ml-papers")
    await ada.slash("/settings set", post_to=elsewhere)
    await ada.slash("/take", paper="2007.10909", text="one")
    sandbox.admin.set_overwrite(elsewhere, "Papertakes", deny=DENIED)
    await ada.slash("/digest post")
    await bot.settle()
    told = sandbox.channel("papers").messages[-1]
    assert "is stuck" in told.text
    sandbox.admin.clear_overwrites(elsewhere)
    await bot.at(clock() + timedelta(hours=1))
    await until(told, "it is being posted again")
    await bot.settle()
    assert len(elsewhere.threads) == 1
