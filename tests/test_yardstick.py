"""The yardstick: a real weekly post, played through the bot, comes out as it was written."""

from __future__ import annotations

import re
from pathlib import Path

from bot.sandbox import Sandbox
from bot.sandbox.player import play
from bot.sandbox.sample import SAMPLE_WEEK
from bot.sandbox.script import load
from bot.verbs import digest_text
from tests.bot import Bot

POST = Path(__file__).parent / "data/ml-papers/reviews/200726 Thoughts on recent papers.md"


def plain(text: str) -> str:
    """Without blanks at line ends, and with runs of blank lines as one."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE))


async def test_the_real_post_comes_out_character_for_character(bot: Bot, sandbox: Sandbox) -> None:
    script = load(SAMPLE_WEEK)
    await play(script, sandbox, bot.at, settle=bot.settle)
    channel = str(sandbox.channel(script.steps[0].where).id)
    printed = await digest_text(bot.settings, channel, None, as_messages=False)
    assert plain(printed) == plain(POST.read_text("utf-8"))


async def test_the_thread_holds_the_same_words_in_order(bot: Bot, sandbox: Sandbox) -> None:
    script = load(SAMPLE_WEEK)
    await play(script, sandbox, bot.at, settle=bot.settle)
    channel = sandbox.channel(script.steps[0].where)
    [thread] = channel.threads
    assert thread.name == "200726 최근 논문들에 대한 생각"
    starter = next(post for post in channel.messages if post.id == thread.id)
    assert "이번에는 좀 놀아서 분량이 적다." in starter.content
    said = words("\n".join(post.content for post in thread.messages if post.content))
    # The file gives each address on a line of its own, the thread as the title's link.
    written = [
        word
        for line in POST.read_text("utf-8").split("\n\n")[2:]
        if not re.fullmatch(r"https?://\S+", line.strip())
        for word in words(line)
    ]
    assert said == written
    for post in thread.messages:
        assert len(post.content) <= 2000
        assert not post.pings.users


def words(text: str) -> list[str]:
    """The words that a reader sees: no addresses behind titles, no marks."""
    text = re.sub(r"\]\(<https?://[^>]*>\)", "", text).replace("\\", "")
    return re.findall(r"[\w#.&/:%-]*\w", text)
