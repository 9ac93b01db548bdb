"""`/paper search`, `/paper related` and `/tag`: what a person sees."""

from __future__ import annotations

import pytest

from bot.sandbox import Person, Sandbox
from tests.bot import Bot

SLICEOUT = "SliceOut"
TAKE = "메타러닝을 써 봄. few shot learning의 결과 #few-shot"


async def test_papers_and_takes_are_found_with_the_words_shown(ada: Person, grace: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    await grace.slash("/take", paper="2007.10909", text=TAKE)
    found = await ada.slash("/paper search", query="메타러닝")
    assert found.private
    assert "**[SliceOut" in found.text
    assert "> **Grace**: **메타러닝**을 써 봄" in found.text
    assert SLICEOUT in (await ada.slash("/paper search", query="sliceout")).text
    assert "**speedups**" in (await ada.slash("/paper search", query="speedups")).text
    assert "Nothing here" in (await ada.slash("/paper search", query="unheard-of")).text
    assert "Grace" in (await ada.slash("/paper search", query="tag:few-shot by:grace")).text
    assert "Nothing here" in (await ada.slash("/paper search", query="unheard-of by:grace")).text
    assert "Nobody" in (await ada.slash("/paper search", query="메타러닝 by:nobody")).text


async def test_words_of_a_file_that_belong_to_no_paper(ada: Person) -> None:
    post = "# 200726 Thoughts\n\n*intro* 산문\n\nhttps://arxiv.org/abs/2007.10909\n\nA take.\n"
    await ada.slash("/settings import", file=("200726 Thoughts.md", post.encode()))
    found = await ada.slash("/paper search", query="산문")
    assert found.private
    assert "**200726 Thoughts**" in found.text
    assert "in the archive: 200726 Thoughts.md" in found.text
    assert "intro **산문**" in found.text


async def test_a_paper_is_shown_once_with_its_takes_below_as_text(
    ada: Person, grace: Person
) -> None:
    await ada.slash("/paper add", reference="2007.10909 2007.10396")
    await grace.slash("/take", paper="2007.10909", text="# Title\n**bold *speedups*** `code`")
    await ada.slash("/take", paper="2007.10909", text="[speedups](https://example.com) again")
    found = (await ada.slash("/paper search", query="speedups")).text
    assert found.startswith("## 🔎 speedups · 1\n")
    assert found.count("[SliceOut") == 1
    assert "> **Grace**: Title bold **speedups** code" in found
    assert "> **Ada**: **speedups** again" in found


@pytest.mark.parametrize("query", ["x" * 4000, "-without", "*** && ( ) -", '"', "before:yesterday"])
async def test_a_query_that_cannot_be_is_refused(ada: Person, query: str) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    reply = await ada.slash("/paper search", query=query)
    assert reply.private
    assert reply.text.startswith("⚠️")
    assert len(reply.text) < 1000


async def test_many_hits_come_in_pages(ada: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    for number in range(14):
        await ada.slash("/take", paper="2007.10909", text=f"common words {number}")
        page = f"https://example.com/{number}"
        await ada.slash("/paper add", reference=page, title=f"A common page {number}")
    found = await ada.slash("/paper search", query="common")
    assert "Next" in found.buttons
    turned = await ada.press(found, "Next")
    assert "Page 2 of 2" in (turned.buttons or found.buttons)
    assert "and 6 more takes on it" in (turned.text or found.text)
    long = await ada.slash("/paper search", query="common " * 20)
    assert not long.failed
    assert "Next" not in long.buttons


async def test_a_link_in_a_take_leads_back(ada: Person, grace: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    text = "cf. https://arxiv.org/abs/2007.10909v1를 보면 #slicing"
    await grace.slash("/take", paper="2007.10396", text=text)
    shown = await ada.slash("/paper show", paper="2007.10909")
    assert "Mentioned in" in shown.text
    assert "2007.10396" in shown.text
    related = await ada.slash("/paper related", paper="2007.10396")
    assert "Mentioned in its takes" in related.text
    assert SLICEOUT in related.text
    refused = await ada.slash("/paper related", paper="2007.99999")
    assert refused.text.startswith("⚠️")


async def test_series_notes_and_tags_make_neighbours(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="robustness와 transferability 2. 앞 이야기")
    await ada.slash("/take", paper="2007.10396", text="robustness와 transferability 3. 뒷이야기")
    related = await ada.slash("/paper related", paper="2007.10909")
    assert "In the same series" in related.text
    assert "2007.10396" in related.text
    shown = await ada.slash("/paper show", paper="2007.10396")
    below = shown.text.partition("In the same series")[2]
    assert SLICEOUT in below
    assert "2007.10396" not in below


async def test_tags_are_listed_renamed_and_merged(ada: Person, grace: Person) -> None:
    assert (await ada.slash("/tag list")).text.startswith("⚠️")
    await grace.slash("/take", paper="2007.10909", text="one #Few-Shot and #old")
    await ada.slash("/take", paper="2007.10396", text="two #few-shot")
    listed = await grace.slash("/tag list")
    assert "few-shot · 2 takes" in listed.text
    assert (await grace.slash("/tag rename", tag="old", to="new")).text.startswith("⚠️")
    assert (await ada.slash("/tag rename", tag="old", to="few-shot")).text.startswith("⚠️")
    assert (await ada.slash("/tag rename", tag="none", to="new")).text.startswith("⚠️")
    assert (await ada.slash("/tag rename", tag="old", to="not one")).text.startswith("⚠️")
    assert "1 take" in (await ada.slash("/tag rename", tag="#old", to="new")).text
    shown = await ada.slash("/paper show", paper="2007.10909")
    assert "one #Few-Shot and #new" in shown.text
    assert "1 take" in (await ada.slash("/tag merge", tag="new", into="few-shot")).text
    assert "new" not in (await ada.slash("/tag list")).text
    one = (await ada.slash("/tag merge", tag="few-shot", into="#Few-Shot")).text
    assert "“few-shot” is one tag already" in one
    choices = await ada.autocomplete("/tag rename", "tag", typed="few")
    assert [choice.value for choice in choices] == ["few-shot"]


async def test_a_posted_digest_follows_a_renamed_tag(
    ada: Person, bot: Bot, sandbox: Sandbox
) -> None:
    await ada.slash("/take", paper="2007.10909", text="tagged #before")
    await ada.slash("/digest post")
    await bot.settle()
    assert "1 take" in (await ada.slash("/tag rename", tag="before", to="after")).text
    await bot.settle()
    [thread] = sandbox.channel("papers").threads
    said = "\n".join(post.content for post in thread.messages)
    assert "#after" in said
    assert "#before" not in said


async def test_another_channel_finds_nothing(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="secret words")
    await ada.slash("/paper add", channel="ml-papers", reference="2007.10396")
    found = await ada.slash("/paper search", channel="ml-papers", query="secret")
    assert "Nothing here" in found.text


async def test_a_tag_as_takes_have_it_finds_what_has_that_tag(ada: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="tagged #memory")
    await ada.slash("/take", paper="2007.12099", text="only the word memory")
    assert (await ada.slash("/paper search", query="memory")).text.count("](<https") == 2
    tagged = (await ada.slash("/paper search", query="#memory")).text
    assert "[SliceOut" in tagged
    assert "PP-YOLO" not in tagged
