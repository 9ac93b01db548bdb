"""`/take` and `/takes`: writing about papers, and what becomes of what was typed."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from bot.sandbox.arxiv import LoopbackArxiv
from tests.bot import Bot

HOSTILE = {
    "everyone": "@everyone @here <@529448671641600001> <@&529448671641600004>",
    "fences": "```python\nprint('left open')",
    "links": "[masked](https://evil.example) [[Wiki]] <https://example.com>",
    "right to left": "abc \u202e txet \u2066 never closed",
    "zero width": "a\u200bb\u200cc\u2060d",
    "controls": "bell\x07 null\x00 line\r\nends",
    "emphasis": "**bold _and ~~more ||spoiler",
}


async def test_a_take_on_an_unlisted_paper_lists_it_first(ada: Person, grace: Person) -> None:
    reply = await ada.slash("/take", paper="2007.10909", text="channel **slicing**")
    assert not reply.private
    assert "Added by Ada" in reply.text
    assert "channel **slicing**" in reply.text
    assert "SliceOut" in (await grace.slash("/paper list")).text


async def test_a_take_is_seen_by_the_channel(ada: Person, grace: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    reply = await grace.slash("/take", paper="2007.10909", text="channel slicing")
    assert not reply.private
    assert "**Grace** on [SliceOut" in reply.text
    assert "channel slicing" in reply.text
    assert reply.buttons == ["Add take"]
    shown = await ada.choose(reply, "More…", ["All takes on this paper"])
    assert "channel slicing" in shown.text


async def test_without_text_a_form_opens_in_the_persons_language(minji: Person) -> None:
    asked = await minji.slash("/코멘트", 논문="2007.10909")
    assert asked.modal is not None
    assert asked.modal.title == "코멘트 쓰기"
    field = asked.modal.fields[0]
    assert (field.label, field.long, field.max_length) == ("코멘트 (마크다운)", True, 4000)
    reply = await minji.submit(asked.modal, {"text": "가" * 4000})
    assert "민지" in reply.text
    assert "the rest follows in the digest" in reply.text
    shown = await minji.slash("/paper show", paper="2007.10909")
    await shown.until(lambda seen: "다음" in seen.buttons)


async def test_a_form_names_the_listed_paper(grace: Person) -> None:
    await grace.slash("/paper add", reference="2007.10909")
    asked = await grace.slash("/take", paper="SliceOut")
    assert asked.modal is not None
    assert asked.modal.title.startswith("Add take: SliceOut")
    assert len(asked.modal.title) <= 45


@pytest.mark.parametrize("paper", ["2013.12345", "!!!", "paper:7", "paper:x"])
async def test_no_form_opens_for_what_can_be_no_paper(grace: Person, paper: str) -> None:
    reply = await grace.slash("/take", paper=paper)
    assert reply.modal is None
    assert reply.private
    assert reply.text.startswith("⚠️")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_kept_and_pings_nobody(ada: Person, grace: Person, text: str) -> None:
    reply = await grace.slash("/take", paper="2007.10909", text=text)
    assert not reply.failed
    assert not reply.private
    assert not reply.post.pings.everyone
    assert not reply.post.pings.users
    assert not reply.post.pings.roles
    shown = await ada.slash("/digest preview")
    assert not shown.failed


@pytest.mark.parametrize("text", ["   ", "\u200b\u200b", "\u2800", "\n\t\n", "\u202e"])
async def test_a_blank_take_is_refused(ada: Person, grace: Person, text: str) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    reply = await grace.slash("/take", paper="2007.10909", text=text)
    assert reply.private
    assert "nothing to read" in reply.text
    assert "0 takes" in (await ada.slash("/paper list")).text


async def test_a_form_with_nothing_to_see_is_refused(ada: Person, grace: Person) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    asked = await grace.press(card, "Add take")
    assert asked.modal is not None
    reply = await grace.submit(asked.modal, {"text": "\u200b\u2060"})
    assert reply.private
    assert "nothing to read" in reply.text


async def test_a_take_over_the_limit_comes_back_whole(ada: Person, grace: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    text = "word " * 1100
    reply = await grace.slash("/take", paper="2007.10909", text=text)
    assert reply.private
    assert "5499 characters; the limit is 4000" in reply.text
    assert len(reply.text) < 1000
    assert [file.filename for file in reply.post.attachments] == ["text.md"]
    form = (await grace.press(reply, "Edit and send again")).modal
    assert form is not None
    assert form.fields[0].value == text[:4000]
    assert "0 takes" in (await ada.slash("/paper list")).text


async def test_a_refused_form_gives_back_what_was_typed(grace: Person) -> None:
    asked = await grace.slash("/take", paper="2007.99999")
    assert asked.modal is not None
    refused = await grace.submit(asked.modal, {"text": "an hour's work"})
    assert refused.private
    assert "arXiv has no paper `2007.99999`" in refused.text
    assert "an hour's work" in refused.text
    form = (await grace.press(refused, "Edit and send again")).modal
    assert form is not None
    assert form.fields[0].value == "an hour's work"


async def test_a_form_whose_paper_was_removed_gives_back_what_was_typed(grace: Person) -> None:
    card = await grace.slash("/paper add", reference="2007.10909")
    asked = await grace.press(card, "Add take")
    await grace.slash("/paper remove", paper="2007.10909")
    assert asked.modal is not None
    refused = await grace.submit(asked.modal, {"text": "an hour's work"})
    assert refused.private
    assert "taken off the list" in refused.text
    assert "an hour's work" in refused.text


async def test_a_take_on_an_unknown_page_asks_for_its_title_too(grace: Person) -> None:
    asked = await grace.slash("/take", paper="https://example.com/blog")
    assert asked.modal is not None
    assert [field.custom_id for field in asked.modal.fields] == ["title", "text"]
    reply = await grace.submit(asked.modal, {"title": "A post", "text": "read this"})
    assert "A post" in reply.text
    assert "read this" in reply.text

    asked = await grace.slash("/take", paper="https://example.com/other", text="and this")
    assert asked.modal is not None
    assert [field.value for field in asked.modal.fields] == [None, "and this"]


async def test_takes_of_all_and_of_one_member(ada: Person, grace: Person) -> None:
    assert "Nobody has written" in (await ada.slash("/takes list")).text
    await ada.slash("/take", paper="2007.10909", text="mine")
    await grace.slash("/take", paper="2007.10909", text="hers")
    everybody = await ada.slash("/takes list")
    assert everybody.private
    assert "2 takes" in everybody.text
    assert everybody.text.index("hers") < everybody.text.index("mine")
    assert "mine" not in (await ada.slash("/takes list", member="Grace")).text


async def test_editing_ones_own_take(ada: Person, grace: Person) -> None:
    await grace.slash("/take", paper="2007.10909", text="first try")
    choice = (await grace.autocomplete("/takes edit", "take", typed=""))[0]
    assert "SliceOut" in choice.name
    assert "first try" in choice.name
    asked = await grace.slash("/takes edit", take=choice.value)
    assert asked.modal is not None
    assert asked.modal.fields[0].value == "first try"
    reply = await grace.submit(asked.modal, {"text": "second try"})
    assert reply.private
    await grace.slash("/takes edit", take=choice.value, text="third try")
    assert "third try" in (await ada.slash("/paper show", paper="2007.10909")).text
    refused = await ada.slash("/takes edit", take=choice.value, text="not mine")
    assert "That take is Grace's" in refused.text
    assert await ada.autocomplete("/takes edit", "take", typed="") == []


async def test_deleting_ones_own_take_or_as_a_manager(
    ada: Person, grace: Person, minji: Person
) -> None:
    for text in ("one", "two"):
        await grace.slash("/take", paper="2007.10909", text=text)
    choices = {choice.name[-3:]: choice.value for choice in
               await grace.autocomplete("/takes delete", "take", typed="")}  # fmt: skip
    refused = await minji.slash("/takes delete", take=choices["one"])
    assert refused.private
    assert "Grace" in refused.text
    assert (await grace.slash("/takes delete", take=choices["one"])).private
    assert len(await ada.autocomplete("/takes delete", "take", typed="")) == 1
    assert not (await ada.slash("/takes delete", take=choices["two"])).text.startswith("⚠️")
    assert "Nobody has written" in (await grace.slash("/takes list")).text


@pytest.mark.parametrize("choice", ["1", "take:", "take:99", "take:²", "take:" + "9" * 90, "x"])
async def test_what_is_no_take_is_refused(grace: Person, choice: str) -> None:
    for command in ("/takes edit", "/takes delete"):
        reply = await grace.slash(command, take=choice)
        assert reply.private
        assert "no such take" in reply.text


async def test_takes_of_another_channel_cannot_be_reached(grace: Person) -> None:
    await grace.slash("/take", paper="2007.10909", text="here")
    reply = await grace.slash("/takes delete", channel="ml-papers", take="take:1")
    assert "no such take" in reply.text


async def test_two_papers_in_one_post_of_a_forum_belong_to_the_forum(
    ada: Person, arxiv: LoopbackArxiv
) -> None:
    first = await ada.open_thread("SliceOut", channel="reading-room", text="Read this")
    await ada.slash("/paper add", channel=first, reference="2007.10909")
    second = await ada.open_thread("Another", channel="reading-room", text="And this")
    listed = await ada.slash("/paper list", channel=second)
    assert "SliceOut" in listed.text


async def test_a_form_opened_before_a_restart_still_works(
    ada: Person, grace: Person, bot: Bot
) -> None:
    card = await ada.slash("/paper add", reference="2007.10909")
    asked = [
        (await grace.press(card, "Add take")).modal,
        (await grace.slash("/take", paper="2007.10396")).modal,
        (await grace.slash("/take", paper="so many words " * 20)).modal,
    ]
    await bot.stop()
    await bot.start()
    replies = [await grace.submit(form, {"text": "an hour's work"}) for form in asked if form]
    assert "**Grace** on [SliceOut" in replies[0].text
    assert "Added by Grace" in replies[1].text
    assert replies[2].private
    assert "an hour's work" in replies[2].text
    assert "2 takes" in (await ada.slash("/takes list")).text
