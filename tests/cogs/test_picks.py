"""`/picks`: a day's papers, those first that are like what stands on the channel's list."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.sandbox import Person
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version
from tests.bot import Bot
from tests.cogs.test_subscribe import MAILING, MORNING, announce

TREES = "We measure how oak trees in old forests grow under drought, with a census of leaves."
RIVERS = "We model the sediment of river deltas, and the flow of water at their mouths."


def paper(number: int, title: str, abstract: str, author: str) -> Paper:
    return Paper(
        id=f"2007.{80_000 + number:05}",
        title=title,
        authors=(Author(author, "Anna"),),
        categories=("cs.CV",),
        abstract=abstract,
        versions=(Version(datetime(2020, 7, 28, 9, tzinfo=UTC)),),
    )


async def test_what_is_like_the_list_comes_first_with_its_reason(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    oaks = paper(1, "Oak forests", TREES, "Baum")
    papers = [
        paper(2, "Deltas of rivers", RIVERS, "Fluss"),
        paper(3, "Sediment at the mouth", RIVERS, "Fluss"),
        paper(4, "Leaves of oak trees", TREES, "Wald"),
        paper(5, "On nothing else", "A remark.", "Baum"),
    ]
    arxiv.announce(*[Announcement(MAILING, "new", one) for one in (oaks, *papers)])
    await grace.slash("/subscribe add", query="cat:cs.CV", delivery="daily")
    assert "no paper on this channel's list yet" in (await ada.slash("/picks")).text
    await bot.at(MORNING)
    await ada.slash("/paper add", reference=oaks.id)

    told = await grace.slash("/picks")
    assert told.private
    assert "Picks of Jul 29, 2020" in told.text
    assert "Learnt from 1 paper on the list so far" in told.text
    assert "Oak forests](" not in told.text
    titles = ("Leaves of oak trees", "On nothing else", "Deltas of rivers")
    assert sorted(titles, key=told.text.index) == list(titles)
    assert "like *Oak forests*, noted in Jul 2020" in told.text
    assert "by Anna Baum, noted before" in told.text
    assert told.buttons == ["Add to this week"] * 4

    await grace.press(told, "Add to this week")
    assert titles[0] in (await ada.slash("/paper list")).text
    assert titles[0] not in (await grace.slash("/picks", day="2020-07-29")).text


async def test_where_there_is_nothing_to_pick_it_is_said_plainly(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    arxiv.announce(Announcement(MAILING, "new", paper(1, "Oak forests", TREES, "Baum")))
    announce(arxiv, 1, date(2020, 7, 30))
    await ada.slash("/paper add", reference="https://example.org/oaks", title="Oaks")
    assert "subscribes to nothing" in (await ada.slash("/picks")).text
    await grace.slash("/subscribe add", query="cat:cs.CV", delivery="daily")
    assert "No announcement of arXiv has been taken in yet" in (await ada.slash("/picks")).text
    await bot.at(MORNING)
    assert "isn't a date" in (await ada.slash("/picks", day="soon")).text
    none = (await ada.slash("/picks", day="2020-07-25")).text
    assert "is known of 2020-07-25. The newest announcement is that of 2020-07-29" in none
