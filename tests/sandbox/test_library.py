"""The rest of what a simple discord.py bot does, through discord.py."""

import io

import discord
import pytest

from bot.sandbox import Person, RateLimits, Sandbox
from tests.sandbox.bots import running
from tests.sandbox.club import Club


@pytest.fixture
def papers(club: Club, sandbox: Sandbox) -> discord.TextChannel:
    channel = club.get_channel(sandbox.channel("papers").id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_fetching(club: Club, papers: discord.TextChannel, ada: Person) -> None:
    guild = await club.fetch_guild(papers.guild.id)
    assert guild.name == "Paper club"
    assert [c.name for c in await guild.fetch_channels()] == ["papers", "ml-papers", "reading-room"]
    assert (await guild.fetch_member(ada.id)).display_name == "Ada"
    assert "moderator" in [role.name for role in await guild.fetch_roles()]
    assert (await club.fetch_user(ada.id)).name == "ada"
    assert (await club.application_info()).name == "Papertakes"
    assert [g.name async for g in club.fetch_guilds()] == ["Paper club"]
    assert (await club.fetch_channel(papers.id)) == papers
    with pytest.raises(discord.NotFound) as missing:
        await club.fetch_channel(123456)
    assert missing.value.code == 10003
    found = await papers.guild.query_members("gr")
    assert [member.name for member in found] == ["grace"]


async def test_history_in_every_direction(papers: discord.TextChannel) -> None:
    sent = [await papers.send(str(n)) for n in range(7)]
    assert [m.content async for m in papers.history(limit=2)] == ["6", "5"]
    assert [m.content async for m in papers.history(before=sent[2])] == ["1", "0"]
    assert [m.content async for m in papers.history(after=sent[4])] == ["5", "6"]
    around = [m.content async for m in papers.history(around=sent[3], limit=3)]
    assert sorted(around) == ["2", "3", "4"]
    everything = [m.content async for m in papers.history(limit=None, oldest_first=True)]
    assert everything == list("0123456")


async def test_messages_by_the_way(
    club: Club, sandbox: Sandbox, papers: discord.TextChannel, ada: Person
) -> None:
    file = discord.File(io.BytesIO("본문".encode()), "week 1.md", description="the digest")
    message = await papers.send("with a file", file=file)
    assert await message.attachments[0].read() == "본문".encode()
    answer = await message.reply("an answer", mention_author=False)
    assert answer.reference is not None
    assert answer.reference.message_id == message.id
    await message.add_reaction("📌")
    await message.remove_reaction("📌", club.user)  # type: ignore[arg-type]
    edited = await message.edit(content="no file", attachments=[], suppress=True)
    assert (edited.content, edited.attachments) == ("no file", [])
    async with papers.typing():
        await answer.delete()
    direct = await (await club.fetch_user(ada.id)).send("hello")
    assert direct.guild is None
    assert [post.text for post in ada.sees("@bot")] == ["hello"]
    assert [post.text for post in ada.sees("papers")] == ["no file"]


async def test_threads_by_the_way(
    club: Club, sandbox: Sandbox, papers: discord.TextChannel, ada: Person
) -> None:
    made = await papers.create_thread(name="loose", type=discord.ChannelType.public_thread)
    await made.leave()
    await made.join()
    await made.add_user(discord.Object(ada.id))
    assert {member.id for member in await made.fetch_members()} >= {ada.id}
    await made.edit(name="tight", archived=True)
    assert (await papers.guild.active_threads()) == []
    await made.edit(archived=False)
    assert [t.name for t in await papers.guild.active_threads()] == ["tight"]
    await made.delete()
    assert sandbox.channel("papers").threads == []


async def test_commands_work_in_threads(
    club: Club, sandbox: Sandbox, papers: discord.TextChannel, ada: Person
) -> None:
    message = await papers.send("starter")
    thread = await message.create_thread(name="talk")
    reply = await ada.slash("/card", channel="talk", title="in a thread")
    assert reply.post.channel_id == thread.id
    sandbox.admin.archive("talk")
    assert (await ada.press(reply, "Takes")).text == "no takes yet"
    assert not sandbox.channel("talk").archived


async def test_two_bots_of_one_token_hear_the_same_and_one_answers() -> None:
    sandbox = Sandbox(limits=RateLimits.off())
    await sandbox.start()
    first, second = Club(), Club()
    async with running(sandbox, first), running(sandbox, second):
        await sandbox.ready()
        reply = await sandbox.person("Ada").slash("/card", title="once")
        assert len(sandbox.channel("papers").messages) == 1
        assert reply.text.startswith("**once**")
    await sandbox.stop()
