"""A long week through the sandbox: complete, in order, its list leading to each paper."""

from __future__ import annotations

import re

from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.reference import ArxivId
from bot.model.take import How
from bot.sandbox import Person, Sandbox
from tests.bot import Bot

PAPERS, TAKES = 200, 1000
_LINK = re.compile(r"\(<?https://discord\.com/channels/(\d+)/(\d+)/(\d+)>?\)")


async def test_two_hundred_papers_and_a_thousand_takes(
    ada: Person, sandbox: Sandbox, bot: Bot
) -> None:
    await ada.slash("/settings set", authors="2")
    await _fill(bot, sandbox)
    await ada.slash("/digest post")
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    assert thread.starter is not None
    messages = thread.messages
    said = "\n".join(message.content for message in messages)
    # A take's number in a word of its own, so that none is hidden in another.
    assert [int(number) for number in re.findall(r"take-(\d+)-", said)] == [
        number for paper in range(PAPERS) for number in range(paper, TAKES, PAPERS)
    ]
    assert all(len(message.content) <= 2000 for message in messages)
    first: dict[str, int] = {}
    for message in messages:
        if message.content.startswith("### ") and (
            found := re.search(r"Paper \d+", message.content)
        ):
            first.setdefault(found[0], message.id)
    assert list(first) == [f"Paper {paper}" for paper in range(PAPERS)]
    listed = [thread.starter.content, *(message.content for message in messages)]
    lines = [line for text in listed for line in text.split("\n") if re.match(r"\d+\. ", line)]
    assert len(lines) == PAPERS
    for number, line in enumerate(lines, start=1):
        link = _LINK.search(line)
        assert link is not None, line
        assert line.startswith(f"{number}. ")
        assert int(link[2]) == thread.id
        assert int(link[3]) == first[f"Paper {number - 1}"]


async def _fill(bot: Bot, sandbox: Sandbox) -> None:
    """The week's papers, and takes on them in turn."""
    guild = next(iter(sandbox.world.guilds))
    where = sandbox.channel("papers")
    async with bot.app.store.begin() as tx:
        channel = await tx.channels.find(Place(guild, where.id, where.name))
        assert channel is not None
        writers = [
            await tx.members.ensure(guild, Member(number, f"Writer {number}"))
            for number in range(1, 8)
        ]
        entries = []
        for number in range(PAPERS):
            arxiv_id = f"2007.{number + 1:05d}"
            data = PaperData(arxiv_id, f"Paper {number}", ("A. Author", "B. Author", "C. Author"))
            paper = await tx.papers.keep(0, ArxivId(arxiv_id).url, data)
            entry, _ = await tx.entries.add(
                channel.id, paper.id, writers[0], How.COMMAND, bot.clock()
            )
            entries.append(entry.id)
        for number in range(TAKES):
            text = f"take-{number}- " + "생각 하나. " * (number % 40)
            await tx.takes.add(entries[number % PAPERS], writers[number % 7], text, bot.clock())
