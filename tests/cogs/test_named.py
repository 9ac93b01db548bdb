"""Papers and takes that are named by words of them: understood, asked about, or refused."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from tests.bot import Bot

RIGHT = "Right for the Right Reason"


@pytest.fixture
async def listed(ada: Person) -> None:
    await ada.slash("/paper add", reference="2007.10909 2007.10396 2007.12099")


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("typed", ["sliceout", "slicout", "notin", "Notin 2020", "gomez slice"])
async def test_a_paper_is_named_by_words_an_author_a_year_a_wrong_letter(
    ada: Person, grace: Person, typed: str
) -> None:
    for command in ("/paper show", "/paper cite", "/paper related", "/subscribe why"):
        shown = await grace.slash(command, paper=typed)
        assert "SliceOut" in shown.text, command
    offered = await grace.autocomplete("/paper show", "paper", typed=typed)
    assert [choice.value for choice in offered] == ["2007.10909"]
    taken = await grace.slash("/take", paper=typed, text="said")
    assert "SliceOut" in taken.text
    gone = await ada.slash("/paper remove", paper=typed)
    assert "SliceOut" in gone.text


@pytest.mark.usefixtures("listed")
async def test_several_papers_are_asked_about(ada: Person, grace: Person) -> None:
    asked = await grace.slash("/take", paper="2020", text="which one")
    assert asked.private
    assert "3 papers fit “2020”. Which one?" in asked.text
    [menu] = asked.post.components()
    slices = next(one for one in menu.options if "SliceOut" in one["label"])
    said = await grace.choose(asked, "Choose a paper", [slices["value"]])
    await said.until(lambda seen: "which one" in seen.text)
    assert "SliceOut" in said.text
    removed = await ada.slash("/paper remove", paper="2020")
    assert "Which one?" in removed.text
    assert "3 papers" in (await ada.slash("/paper list")).text


@pytest.mark.usefixtures("listed")
async def test_what_fits_no_paper_is_refused_with_what_is_close(grace: Person) -> None:
    refused = await grace.slash("/paper show", paper="slicing transformers zebra")
    assert refused.text.startswith("⚠️")
    assert "Close to it:\n- SliceOut" in refused.text
    refused = await grace.slash("/paper show", paper="zebra")
    assert refused.text.startswith("⚠️")
    assert "Close to it" not in refused.text


@pytest.mark.usefixtures("listed")
async def test_a_whole_title_is_not_taken_for_another_paper_that_has_its_words(
    grace: Person,
) -> None:
    asked = await grace.slash("/take", paper="Training CNNs with less memory", text="hm")
    assert asked.private
    assert "may be this paper of the list" in asked.text
    assert "SliceOut" not in "".join(post.text for post in grace.sees() if "hm" in post.text)


@pytest.mark.usefixtures("listed")
async def test_takes_are_named_by_their_paper_and_by_their_words(
    ada: Person, grace: Person, bot: Bot
) -> None:
    await grace.slash("/take", paper="2007.10909", text="first words")
    await grace.slash("/take", paper="2007.10396", text="other words")
    await ada.slash("/take", paper="2007.10909", text="mine")
    edited = await grace.slash("/takes edit", take="slicout", text="new words")
    assert "SliceOut" in edited.text
    offered = await grace.autocomplete("/takes edit", "take", typed="notin")
    assert len(offered) == 1
    asked = await grace.slash("/takes edit", take="words", text="both?")
    assert "2 takes fit “words”. Which one?" in asked.text
    refused = await grace.slash("/takes edit", take="zebra", text="none")
    assert refused.text.startswith("⚠️")
    theirs = await ada.slash("/takes edit", take=await _take(grace), text="mine now")
    assert "only its writer can change it" in theirs.text
    asked = await ada.slash("/takes delete", take="sliceout")
    assert "2 takes fit “sliceout”" in asked.text, "hers and Grace's: she manages the channel"
    gone = await grace.slash("/takes delete", take="2007.10396")
    assert "deleted" in gone.text
    assert "other words" not in (await grace.slash("/takes list")).text


async def _take(person: Person) -> str:
    """The newest of a member's takes, as the completion offers it."""
    return str((await person.autocomplete("/takes edit", "take", typed=""))[0].value)
