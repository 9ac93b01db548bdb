"""How a digest looks, as Markdown and as Discord's messages."""

from __future__ import annotations

import re

import pytest

from bot.archive.contents import contents
from bot.digest import discord_messages, markdown
from bot.model.people import Place
from bot.store import Store
from tests.clock import Clock
from tests.digest.clubs import ADA, GRACE, MINJI, PLACE, Club


@pytest.fixture
def club(store: Store, clock: Clock) -> Club:
    return Club(store, clock)


async def test_one_writer_is_not_named_in_the_file(club: Club) -> None:
    await club.set(title="{date:%y%m%d} Notes", closing_tag="review", intro="Hello.")
    await club.take(1, "First paragraph.\n\nSecond.")
    await club.take(2, "Another.")
    assert await club.markdown() == (
        "# 200726 Notes\n\nHello.\n\n"
        "https://arxiv.org/abs/2007.00001\n\nPaper 1 (A. Author)\n\nFirst paragraph.\n\nSecond.\n\n"
        "https://arxiv.org/abs/2007.00002\n\nPaper 2 (A. Author)\n\nAnother.\n\n#review"
    )


async def test_several_writers_are_named_once_in_a_row(club: Club) -> None:
    await club.take(1, "one", GRACE)
    await club.take(1, "two", GRACE)
    await club.take(1, "three", MINJI)
    await club.take(1, "four", GRACE)
    text = await club.markdown()
    assert text.endswith("**Grace**\n\none\n\ntwo\n\n**민지**\n\nthree\n\n**Grace**\n\nfour")


async def test_papers_without_takes_stand_at_the_end(club: Club) -> None:
    await club.add(1)
    await club.take(2, "taken")
    text = await club.markdown()
    assert text.index("taken") < text.index("2007.00001")


async def test_the_starter_lists_the_papers_and_a_paper_starts_a_message(club: Club) -> None:
    await club.take(1, "one", GRACE)
    await club.take(2, "two", MINJI)
    await club.add(3)
    preview = await club.services.digests.preview(PLACE)
    starter, first, second, third = preview.messages
    assert [f"Paper {n}" in starter for n in (1, 2, 3)] == [True] * 3
    assert first.startswith("### [Paper 1](<https://arxiv.org/abs/2007.00001>)\nA. Author")
    assert "**Grace**\none" in first
    assert "**민지**\ntwo" in second
    assert "Paper 3" in third


async def test_authors_past_the_setting_are_counted_exactly(club: Club) -> None:
    authors = [f"Author {n}" for n in range(12)]
    await club.paper(1, "Many hands", *authors)
    await club.services.takes.add(PLACE, "2007.00001", GRACE, "a take")
    await club.set(authors="5")
    _, message = (await club.services.digests.preview(PLACE)).messages
    assert "Author 4" in message
    assert "Author 5" not in message
    assert "7" in message.splitlines()[1]
    assert "Author 11" in await club.markdown()


async def test_every_message_is_within_the_limit_and_every_word_is_there(club: Club) -> None:
    long = "\n\n".join(f"문단 {n}: " + "가나다 라마바. " * 80 for n in range(8))[:3990]
    for number in range(1, 30):
        await club.take(number, f"{long} w{number}")
    preview = await club.services.digests.preview(PLACE)
    assert all(0 < len(text) <= discord_messages.MESSAGE_LIMIT for text in preview.messages)
    joined = " ".join(preview.messages)
    for number in range(1, 30):
        assert f"w{number}" in joined
    words = [word for word in re.findall(r"\w+", await club.markdown()) if "문단" in word]
    assert len([word for word in re.findall(r"\w+", joined) if "문단" in word]) == len(words)


async def test_papers_in_the_channels_order(club: Club) -> None:
    for number, categories in ((1, ("stat.ML",)), (2, ("cs.CV",)), (3, ())):
        await club.paper(number, categories=categories)
        await club.take(number, "a take")
        club.clock.advance(minutes=5)
    await club.take(2, "another")

    async def order() -> list[str]:
        return re.findall(r"Paper (\d)", await club.markdown())

    assert await order() == ["1", "2", "3"]
    await club.set(order="category")
    assert await order() == ["2", "1", "3"]
    await club.set(order="takes")
    assert await order() == ["2", "1", "3"]
    preview = (await club.services.digests.listing(PLACE, None)).compiled
    last = preview.sections[-1].entry
    await club.services.digests.move_up(PLACE, ADA, last.id)
    assert await order() == ["2", "3", "1"]
    await club.services.digests.post(PLACE, ADA)
    assert await order() == ["2", "3", "1"]
    async with club.store.read() as tx:
        channel = await tx.channels.find(PLACE)
        assert channel is not None
        [(_, post)] = (await contents(tx, channel)).posts
    assert [section.entry.paper.title for section in post.sections] == [
        "Paper 2", "Paper 3", "Paper 1",
    ]  # fmt: skip


async def test_papers_without_takes_are_listed_left_out_or_carried_over(club: Club) -> None:
    await club.take(1, "taken")
    await club.add(2)
    assert "Paper 2" in await club.markdown()
    await club.set(untaken="left out")
    assert "Paper 2" not in await club.markdown()
    await club.set(untaken="carried")
    await club.services.digests.post(PLACE, ADA)
    assert "Paper 2" not in await club.markdown("2020-07-26")
    await club.take(2, "at last")
    club.clock.advance(days=7, hours=7)
    await club.services.planner.run_due()
    [second, first] = await club.services.digests.history(PLACE)
    assert second.number == first.number + 1
    assert "at last" in await club.markdown(second.day.isoformat())


async def test_the_abstracts_best_sentences_are_quoted(club: Club) -> None:
    await club.paper(
        1, abstract="Trees, i.e. these, are old. However, we propose a new one. We show it grows."
    )
    await club.take(1, "a take")
    await club.set(abstract="2")
    _, message = (await club.services.digests.preview(PLACE)).messages
    assert "> We propose a new one. We show it grows.\n" in message


async def test_a_digest_below_the_minimum_waits_for_the_next_period(club: Club) -> None:
    await club.set(minimum_takes="2")
    await club.take(1, "alone")
    club.clock.advance(days=7, hours=7)
    assert await club.services.planner.run_due() == 0
    await club.take(1, "not alone")
    club.clock.advance(days=7, hours=7)
    assert await club.services.planner.run_due() == 1
    [digest] = await club.services.digests.history(PLACE)
    assert "alone" in await club.markdown(digest.day.isoformat())


async def test_a_digest_can_be_posted_elsewhere(club: Club) -> None:
    forum = Place(guild_id=10, channel_id=101, name="digests", forum=True)
    await club.services.settings.set(PLACE, ADA, post_to=forum)
    await club.take(1, "a take")
    await club.services.digests.post(PLACE, ADA)
    [row, *rest] = await club.rows()
    assert (row.kind, row.target_id) == ("forum_post", 101)
    assert {row.target_id for row in rest} == {None}
    undone = await club.services.settings.set(PLACE, ADA, post_to=PLACE)
    assert undone.channel.settings.post_to is None


async def test_the_files_name_begins_with_its_date(club: Club) -> None:
    await club.take(1, "one")
    await club.set(title="{date:%y%m%d} a/b: c?")
    listing = await club.services.digests.listing(PLACE)
    assert markdown.file_name(listing.compiled) == "200726 a b c.md"
    await club.set(title="Weekly #{number}")
    listing = await club.services.digests.listing(PLACE)
    assert markdown.file_name(listing.compiled) == "200726 Weekly #1.md"


async def test_a_fence_takes_in_no_other_paper(club: Club) -> None:
    """Neither in chat nor in the archive's file, however it was written or left open."""
    await club.paper(1)
    await club.services.takes.add(PLACE, "2007.00001", ADA, "````\n```\na_b\n```\n````\nend")
    await club.services.takes.add(PLACE, "2007.00001", ADA, "````\nleft open")
    await club.take(2, "after")
    _, first, second = (await club.services.digests.preview(PLACE)).messages
    assert "\\" not in first
    assert "\na_b\n" in first
    assert first.count("```") == 4
    assert second.endswith("after")
    listing = await club.services.digests.listing(PLACE)
    text = markdown.render(listing.compiled)
    assert "````\nleft open\n````\n\nhttps://arxiv.org/abs/2007.00002" in text


async def test_hostile_text_pings_and_breaks_nothing(club: Club) -> None:
    await club.paper(1, "A [title](https://x.example) with `ticks` @everyone", "*A* _B_")
    await club.services.takes.add(PLACE, "2007.00001", ADA, "```py\nopen fence")
    await club.take(2, "after")
    _, first, second = (await club.services.digests.preview(PLACE)).messages
    assert first.count("```") == 2
    assert second.endswith("after")
    assert first.splitlines()[0].endswith("](<https://arxiv.org/abs/2007.00001>)")
