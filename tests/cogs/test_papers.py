"""`/paper`: what a person sees when papers are added, shown, listed and removed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox import Person
from bot.sandbox.arxiv import Author, Fault, LoopbackArxiv, Paper, Version
from tests.bot import Bot
from tests.clock import Clock

SLICEOUT = "SliceOut: Training Transformers and CNNs faster while using less memory"


@pytest.mark.parametrize(
    "reference",
    [
        "https://arxiv.org/abs/2007.10909",
        "2007.10909",
        "arXiv:2007.10909v1",
        "https://arxiv.org/pdf/2007.10909.pdf",
        "10.48550/arXiv.2007.10909",
        "<https://huggingface.co/papers/2007.10909>",
        SLICEOUT,
    ],
)
async def test_a_paper_gets_a_card_by_any_of_its_names(ada: Person, reference: str) -> None:
    reply = await ada.slash("/paper add", reference=reference)
    assert not reply.private
    assert f"[{SLICEOUT}](<https://arxiv.org/abs/2007.10909>)" in reply.text
    assert "Pascal Notin, Aidan N. Gomez, Joanna Yoo, Yarin Gal" in reply.text
    assert "arXiv:2007.10909 · cs.LG, stat.ML · Jul 21, 2020" in reply.text
    assert "We demonstrate 10-40% speedups and memory reduction" in reply.text
    assert "Added by Ada · Jul 26, 2020 12:00" in reply.text
    assert reply.buttons == ["Add take", "Takes", "Abstract", "Save", "Cite", "arXiv"]


async def test_a_card_speaks_the_channels_language(ada: Person, minji: Person) -> None:
    await ada.slash("/settings set", language="ko", time_zone="Asia/Seoul")
    reply = await ada.slash("/paper add", reference="2007.10909")
    assert "추가: Ada · Jul 26, 2020 12:00" in reply.text
    assert reply.buttons == ["코멘트 쓰기", "코멘트 보기", "초록", "저장", "인용", "arXiv"]
    # What is said to one person speaks that person's.
    refused = await ada.slash("/paper add", reference="2007.10909")
    assert "is on the list already" in refused.text


async def test_a_listed_paper_tells_who_added_it_and_offers_a_take(
    ada: Person, minji: Person
) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    reply = await minji.slash("/paper add", reference="arxiv.org/abs/2007.10909v2")
    assert reply.private
    assert SLICEOUT in reply.text
    assert "Ada 님" in reply.text
    assert "2020. 7. 26." in reply.text
    form = (await minji.press(reply, "코멘트 쓰기")).modal
    assert form is not None
    assert "SliceOut" in form.title


async def test_several_at_once_share_one_card_and_tell_what_was_wrong(grace: Person) -> None:
    reply = await grace.slash(
        "/paper add", reference="2007.10909 2007.10396\n2007.99999, 2013.12345"
    )
    await reply.until(lambda seen: len(seen.posts) == 2)
    card, refusals = reply.posts
    assert not card.private
    assert "**Grace** added 2 papers" in card.text
    assert card.buttons == ["Add take", "Add take"]
    assert refusals.private
    assert "`2013.12345` isn't a valid arXiv id" in refusals.text
    assert "`2007.99999`" in refusals.text


async def test_twenty_papers_fit_in_one_message_with_a_menu(
    grace: Person, arxiv: LoopbackArxiv, clock: Clock
) -> None:
    for number in range(1, 21):
        arxiv.collection.add(paper(f"2007.{number:05}", "Very long title " * 15, authors=80))
    ids = " ".join(f"2007.{number:05}" for number in range(1, 21))
    reply = await grace.slash("/paper add", reference=ids)
    await reply.until(lambda seen: "added 20 papers" in seen.text, timeout=20)
    card = reply.posts[-1]
    menu = next(item for item in card.components() if item.kind == "select")
    assert len(menu.options) == 20
    chosen = await grace.choose(card, "Choose a paper", [menu.options[3]["value"]])
    assert chosen.modal is not None
    assert "Very long title" in chosen.modal.title


async def test_a_card_of_a_crowd_counts_those_it_leaves_out(
    grace: Person, arxiv: LoopbackArxiv
) -> None:
    arxiv.collection.add(paper("2007.00001", "Many hands", authors=2900))
    reply = await grace.slash("/paper add", reference="2007.00001")
    await reply.until(lambda seen: "Author 12 and 2888 more" in seen.text, timeout=20)


async def test_a_hostile_title_stays_text_and_pings_nobody(
    grace: Person, arxiv: LoopbackArxiv
) -> None:
    title = "@everyone [free](https://evil.example) `code` **bold** <@529448671641600001>"
    arxiv.collection.add(paper("2007.00002", title))
    reply = await grace.slash("/paper add", reference="2007.00002")
    assert not reply.post.pings.everyone
    assert not reply.post.pings.users
    assert "[free](" not in reply.text
    assert "(<https://arxiv.org/abs/2007.00002>)" in reply.text


async def test_a_withdrawn_paper_says_so(grace: Person, arxiv: LoopbackArxiv) -> None:
    arxiv.collection.add(paper("2007.00003", "Too good to be true", withdrawn=True))
    asked = await grace.slash("/paper add", reference="2007.00003 2007.10909")
    assert asked.post is not None
    assert "SliceOut" in asked.post.text
    asked = await grace.slash("/paper add", reference="2007.00003")
    assert asked.private
    assert "has been withdrawn by the author" in asked.text
    assert "SliceOut" in (await grace.slash("/paper list")).text
    assert "Too good" not in (await grace.slash("/paper list")).text
    reply = await grace.press(asked, "List 2007.00003 all the same")
    assert not reply.private
    assert "Withdrawn:" in reply.text
    assert "has been withdrawn by the author" in reply.text
    assert "Too good" in (await grace.slash("/paper list")).text
    again = await grace.slash("/paper add", reference="2007.00003")
    assert "on the list already" in again.text


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("2007.99999", "arXiv has no paper `2007.99999`"),
        ("2013.12345", "`2013.12345` isn't a valid arXiv id"),
        ("https://arxiv.org/abs/9713.123", "isn't a valid arXiv id"),
        ("   ", "No paper is named"),
        ("!!!", "isn't an arXiv id, a link or a title"),
        ("no such title anywhere", "found no paper called"),
        ("https://user:secret@example.com/", "can't be used"),
        (" ".join(f"2007.{n:05}" for n in range(1, 40)), "the limit is 20"),
        ("x" * 5900, "isn't an arXiv id, a link or a title"),
    ],
)
async def test_what_cannot_be_added_is_refused_shortly_and_privately(
    grace: Person, ada: Person, reference: str, hint: str
) -> None:
    reply = await grace.slash("/paper add", reference=reference)
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert hint in reply.text
    assert len(reply.text) < 1000
    assert (await ada.slash("/paper list")).text.startswith("⚠️ This channel has no list yet")


async def test_each_of_several_mistakes_is_told(grace: Person) -> None:
    await grace.slash("/paper add", reference="2007.10909")
    reply = await grace.slash("/paper add", reference="2007.10909 2007.99999 2013.12345")
    assert reply.private
    assert "None of these could be added" in reply.text
    for hint in ("on the list already", "`2007.99999`", "`2013.12345`"):
        assert hint in reply.text
    crowd = " ".join(f"20{year}.12345" for year in range(13, 99))
    assert len((await grace.slash("/paper add", reference=crowd)).text) < 1000


async def test_a_page_is_asked_for_its_title(grace: Person) -> None:
    asked = await grace.slash("/paper add", reference="https://example.com/blog?utm_source=x")
    assert asked.modal is not None
    assert [field.label for field in asked.modal.fields] == ["Title of the page"]
    reply = await grace.submit(asked.modal, {"title": "A post"})
    assert "[A post](<https://example.com/blog>)" in reply.text
    assert reply.buttons == ["Add take", "Takes", "Save", "Cite", "Open"]
    again = await grace.slash("/paper add", reference="https://example.com/blog")
    assert again.private
    assert "on the list already" in again.text


async def test_what_is_no_paper_says_what_to_paste_instead(grace: Person, minji: Person) -> None:
    for typed in (
        "https://huggingface.co/papers/trending",
        "https://arxiv.org/abs/",
        "https://arxiv.org/list/cs.LG/recent",
    ):
        asked = await grace.slash("/paper add", reference=typed)
        assert asked.modal is None
        assert asked.private
        assert "2007.10909" in asked.text
    told = await minji.slash("/paper add", reference="https://arxiv.org/list/cs.LG/recent")
    assert "주소나 번호" in told.text
    other = await grace.slash("/paper add", reference="bioRxiv: 2007.10909")
    assert other.private
    assert "isn't an arXiv number" in other.text
    vixra = await grace.slash("/paper add", reference="viXra:2007.10909")
    assert vixra.modal is not None, "a page as any other: its title is asked for"


async def test_two_ids_in_one_word_are_two_papers(grace: Person) -> None:
    reply = await grace.slash("/paper add", reference="2007.10909/2007.10396")
    assert "SliceOut" in reply.text
    listed = await grace.slash("/paper list")
    assert "2007.10909" in listed.text
    assert "2007.10396" in listed.text


async def test_a_page_with_its_title_needs_no_form(grace: Person) -> None:
    reply = await grace.slash(
        "/paper add", reference="https://example.com/a", title="The  *best*\npost"
    )
    assert "example.com" in reply.text
    assert "](<https://example.com/a>)" in reply.text


async def test_a_blank_title_is_refused(grace: Person) -> None:
    reply = await grace.slash("/paper add", reference="https://example.com/a", title="\u200b")
    assert reply.private
    assert "title" in reply.text


async def test_show_has_the_takes_and_is_private(ada: Person, grace: Person) -> None:
    await ada.slash("/take", paper="2007.10909", text="first")
    await grace.slash("/take", paper="2007.10909", text="second")
    reply = await ada.slash("/paper show", paper="SliceOut")
    assert reply.private
    assert "**Ada**\nfirst" in reply.text
    assert "**Grace**\nsecond" in reply.text
    unknown = await ada.slash("/paper show", paper="2007.10396")
    assert unknown.private
    assert "isn't on this channel's list" in unknown.text


async def test_a_long_list_comes_in_pages_that_turn_after_a_restart(
    ada: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    for number in range(1, 41):
        arxiv.collection.add(paper(f"2007.{number:05}", f"Paper {number} " + "long " * 30))
    for start in (1, 21):
        ids = " ".join(f"2007.{number:05}" for number in range(start, start + 20))
        await ada.slash("/paper add", reference=ids)
    reply = await ada.slash("/paper list")
    assert reply.private
    assert "40 papers · 0 takes" in reply.text
    assert "Paper 1 " in reply.text
    assert reply.buttons == ["Back", "Page 1 of 4", "Next"]
    await bot.stop()
    await bot.start()
    seen = reply.text
    for page in (2, 3, 4):
        await ada.press(reply.post, "Next")
        assert f"Page {page} of 4" in reply.post.buttons
        seen += reply.post.text
    assert all(f"Paper {number} long" in seen for number in range(1, 41))


async def test_only_who_added_it_or_manages_may_remove_a_paper(
    ada: Person, grace: Person, minji: Person
) -> None:
    await grace.slash("/paper add", reference="2007.10909 2007.10396")
    refused = await minji.slash("/paper remove", paper="2007.10909")
    assert refused.private
    assert "Grace 님" in refused.text
    assert SLICEOUT in (await minji.slash("/paper list")).text
    assert "Off the list" in (await grace.slash("/paper remove", paper="2007.10909")).text
    assert "Off the list" in (await ada.slash("/paper remove", paper="2007.10396")).text
    assert "Nothing is on the list" in (await ada.slash("/paper list")).text


async def test_the_card_of_a_removed_paper_says_so(grace: Person, bot: Bot) -> None:
    card = await grace.slash("/paper add", reference="2007.10909")
    await grace.slash("/paper remove", paper="2007.10909")
    await bot.settle()
    assert "SliceOut" in card.post.text
    assert "taken off the list" in card.post.text
    assert card.post.buttons == []


async def test_buttons_work_after_a_restart(grace: Person, bot: Bot) -> None:
    card = await grace.slash("/paper add", reference="2007.10909")
    await bot.stop()
    await bot.start()
    form = (await grace.press(card.post, "Add take")).modal
    assert form is not None
    said = await grace.submit(form, {"text": "still here"})
    assert "still here" in said.text


async def test_autocompletion_offers_this_channels_papers(ada: Person, grace: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    await ada.slash("/paper add", reference="https://example.com/" + "x" * 200, title="👩‍👩‍👧" * 40)
    choices = await grace.autocomplete("/take", "paper", typed="slice")
    assert [(choice.name, choice.value) for choice in choices] == [
        (f"Notin 2020 · {SLICEOUT}", "2007.10909")
    ]
    page = (await grace.autocomplete("/take", "paper", typed="example"))[0]
    assert str(page.value).startswith("paper:")
    assert page.name.endswith("👩‍👩‍👧…")
    assert "👩‍👩‍👧" in (await grace.slash("/paper show", paper=page.value)).text
    assert await grace.autocomplete("/take", "paper", channel="ml-papers", typed="") == []
    assert await grace.autocomplete("/take", "paper", channel="@bot", typed="") == []


async def test_arxiv_down_keeps_the_paper_and_completes_it_later(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot, clock: Clock
) -> None:
    arxiv.faults.append(Fault("reset", times=None))
    reply = await grace.slash("/paper add", reference="2007.10909")
    await reply.until(lambda seen: any(not post.private for post in seen.posts), timeout=20)
    card = next(post for post in reply.posts if not post.private)
    assert "[2007.10909](<https://arxiv.org/abs/2007.10909>)" in card.text
    assert "arXiv isn't answering" in card.text
    arxiv.faults.clear()
    await bot.at(clock() + timedelta(hours=1))
    await bot.app.services.completer.run_once()
    await bot.at(clock())
    assert SLICEOUT in grace.post(card.id).text


def paper(id_: str, title: str, *, authors: int = 1, withdrawn: bool = False) -> Paper:
    """A paper of the loopback arXiv."""
    from tests.conftest import SUNDAY_NOON

    first = Version(SUNDAY_NOON - timedelta(days=5))
    last = Version(SUNDAY_NOON - timedelta(days=1), "0kb", "I")
    return Paper(
        id=id_,
        title=title,
        authors=tuple(Author.of(f"Author {number}") for number in range(1, authors + 1)),
        categories=("cs.LG",),
        abstract="An abstract.",
        versions=(first, last) if withdrawn else (first,),
        comment="This paper has been withdrawn by the author" if withdrawn else None,
    )


async def test_a_summary_is_a_few_sentences_of_the_abstract(grace: Person, minji: Person) -> None:
    await grace.slash("/paper add", reference="2007.10909")
    reply = await minji.slash("/paper summary", paper="SliceOut")
    assert reply.private
    assert "SliceOut" in reply.text
    assert "We demonstrate 10" in reply.text
    assert "초록의 문장" in reply.text


async def test_without_a_model_nothing_is_explained(grace: Person, minji: Person) -> None:
    await grace.slash("/paper add", reference="2007.10909")
    said = await grace.slash("/paper explain", paper="2007.10909", question="Why?")
    assert said.private
    assert "`base_url` and `model` in the section `[summaries]`" in said.text
    said = await minji.slash("/paper explain", paper="2007.10909", question="왜?")
    assert "`[summaries]`에 `base_url`과 `model`" in said.text
