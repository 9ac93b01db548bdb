"""What the host imported for a channel that the bot has not met yet is there once it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import literal, select

from bot.archive.verbs import import_verb
from bot.model.people import Member, Place
from bot.sandbox import Person, Sandbox
from bot.store.schema import ChannelRow, MemberRow, PaperRow
from tests.bot import Bot
from tests.clock import Clock
from tests.cogs.doors import second_server

PAGE = "https://example.org/slices"
NOTES = {
    "200801 SliceOut": "https://arxiv.org/abs/2007.10909\n\nSliceOut (A. B.)\n\nchannel slicing\n",
    "200802 A page": f"{PAGE}\n\nA page about slices\n\npages are sliced as well\n",
}


async def imported(bot: Bot, clock: Clock, folder: Path, channel: int) -> str:
    for name, text in NOTES.items():
        (folder / f"{name}.md").write_text(text)
    report = await import_verb(bot.app.store, folder, str(channel), now=clock(), member="Ada L.")
    return report.as_text()


async def test_the_first_command_shows_what_was_imported(
    bot: Bot, sandbox: Sandbox, ada: Person, clock: Clock, tmp_path: Path
) -> None:
    papers = sandbox.channel("papers")
    told = await imported(bot, clock, tmp_path, papers.id)
    assert f"the bot has not met the channel {papers.id} yet" in told
    await bot.app.tick()
    assert papers.messages == []
    assert "channel slicing" in (await ada.slash("/paper show", paper="2007.10909")).text
    assert "pages are sliced" in (await ada.slash("/paper show", paper=PAGE)).text
    assert "sliced" in (await ada.slash("/paper search", query="pages")).text
    async with bot.app.store.read() as tx:
        [channel] = await tx.channels.every()
        guild = channel.guild_id
        assert guild is not None
        assert (channel.scope, channel.name) == (guild, "papers")
        assert channel.next_digest_at > clock()
        assert set(await tx.session.scalars(select(MemberRow.scope))) == {guild}
        assert set(await tx.session.scalars(select(PaperRow.scope))) == {0, guild}
    told = await imported(bot, clock, tmp_path, papers.id)
    assert "has not met" not in told
    assert "2 unchanged" in told


async def test_it_becomes_one_with_what_the_server_has(
    bot: Bot, sandbox: Sandbox, ada: Person, clock: Clock, tmp_path: Path
) -> None:
    """The same page and the same name are there already, from another channel."""
    await imported(bot, clock, tmp_path, sandbox.channel("ml-papers").id)
    await ada.slash("/paper list", channel="ml-papers")
    await imported(bot, clock, tmp_path, sandbox.channel("papers").id)
    for channel in ("papers", "ml-papers"):
        shown = await ada.slash("/paper show", paper=PAGE, channel=channel)
        assert "pages are sliced" in shown.text
        assert "Ada L." in shown.text
    async with bot.app.store.read() as tx:
        for wanted in (MemberRow.name == "Ada L.", PaperRow.url == PAGE):
            assert len((await tx.session.execute(select(literal(1)).where(wanted))).all()) == 1


@pytest.fixture
def mallory(sandbox: Sandbox) -> Person:
    """A moderator of another server."""
    return second_server(sandbox)[0]


async def test_no_other_server_gets_it(
    mallory: Person, bot: Bot, sandbox: Sandbox, clock: Clock, tmp_path: Path
) -> None:
    await imported(bot, clock, tmp_path, sandbox.channel("reading-room").id)
    for query in ("slicing", "pages"):
        assert (
            "slic"
            not in (await mallory.slash("/paper search", query=query, channel="elsewhere")).text
        )
    assert (
        "pages are sliced"
        not in (await mallory.slash("/paper show", paper=PAGE, channel="elsewhere")).text
    )
    async with bot.app.store.read() as tx:
        row = await tx.session.scalar(
            select(ChannelRow).where(ChannelRow.discord_id == sandbox.channel("reading-room").id)
        )
        assert row is not None
        assert row.guild_id is None


async def test_settings_that_came_with_an_archive_stay(
    bot: Bot, sandbox: Sandbox, ada: Person, clock: Clock
) -> None:
    channels = bot.app.services.papers.channels
    place = Place(None, sandbox.channel("papers").id, "1")
    async with bot.app.store.begin() as tx:
        made = await channels.ensure(tx, place)
        assert made.guild_unknown
        assert made.scope == place.channel_id
        await tx.members.ensure(made.scope, Member(None, "archive"))
    await ada.slash("/paper list")
    async with bot.app.store.read() as tx:
        [kept] = await tx.channels.every()
    assert (kept.settings, kept.guild_unknown) == (made.settings, False)
