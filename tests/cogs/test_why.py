"""`/subscribe why`: what is known of one paper's way to a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.sandbox import Person
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version
from tests.bot import Bot

MAILING = date(2020, 7, 29)
MORNING = datetime(2020, 7, 29, 5, tzinfo=UTC)


def paper(number: int, title: str, categories: tuple[str, ...] = ("cs.CV", "cs.LG")) -> Paper:
    return Paper(
        id=f"2007.{90_000 + number:05}",
        title=title,
        authors=(Author("Beispiel", "Anna"),),
        categories=categories,
        abstract="We propose something.",
        versions=(Version(datetime(2020, 7, 28, 9, tzinfo=UTC)),),
    )


async def why(person: Person, reference: str) -> str:
    reply = await person.slash("/subscribe why", paper=reference)
    assert reply.private
    return reply.text


async def test_why_papers_came_or_did_not(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    arxiv.announce(
        Announcement(MAILING, "new", paper(1, "Detection Transformers")),
        Announcement(MAILING, "new", paper(2, "A Survey of Detection Transformers")),
        Announcement(MAILING, "new", paper(3, "Graphs")),
        Announcement(MAILING, "new", paper(4, "More Graphs")),
    )
    await grace.slash("/subscribe add", query="cs.CV transformer -survey")
    await grace.slash("/subscribe add", query="ti:graph cat:cs.CV", cap=1)
    await grace.slash("/subscribe add", query="cat:cs.LG (detr OR yolo)")
    await grace.slash("/subscribe add", query="cs.CV detection", kinds="replace")
    (paused,) = await grace.autocomplete("/subscribe pause", "subscription", typed="detr")
    await grace.slash("/subscribe pause", subscription=paused.value)

    await bot.at(MORNING)
    came = await why(grace, "2007.90001")
    assert "Announced as new on Jul 29, 2020 in cs.CV, cross-listed to cs.LG." in came
    assert "It came to this channel with [the announcement of Jul 29, 2020](https://" in came
    assert "Matches: `cat:cs.CV`, `transformer`" in came
    assert "Missing: `ti:graph`." in came
    assert "None of these: `detr`, `yolo`." in came
    assert "But the paper came as *new*, and this brings only: replaced." in came

    left_out = await why(grace, "https://arxiv.org/abs/2007.90002v1")
    assert "Has what it leaves out: `survey`." in left_out

    capped = [await why(grace, "2007.90003"), await why(grace, "2007.90004")]
    assert sum("Its limit of 1 a day was reached" in text for text in capped) == 1

    await grace.slash("/subscribe add", query="ti:transformers")
    assert "But it's for announcements from Jul 30, 2020 on" in await why(grace, "2007.90001")
    await ada.slash("/paper add", reference="2007.90001")
    assert "It's on this channel's list: Ada, Jul" in await why(grace, "2007.90001")


async def test_why_a_cross_list_did_not_come(grace: Person, arxiv: LoopbackArxiv, bot: Bot) -> None:
    """It had come as new; of papers older than the subscription nobody can tell."""
    new = paper(1, "Detection Transformers", ("cs.CV",))
    old = replace(
        paper(2, "Proof Search", ("math.LO",)),
        id="1903.00001",
        versions=(Version(datetime(2019, 3, 1, tzinfo=UTC)),),
    )
    arxiv.add(old)
    arxiv.announce(Announcement(MAILING, "new", new))
    for known in (new, old):
        listed = replace(known, categories=(*known.categories, "stat.ML"))
        arxiv.announce(Announcement(MAILING + timedelta(days=1), "cross", listed, "stat.ML"))
    await grace.slash("/subscribe add", query="cs.CV")
    await grace.slash("/subscribe add", query="cat:stat.ML")
    await bot.at(MORNING)
    assert "Missing: `cat:stat.ML`" in await why(grace, "2007.90001")
    await bot.at(MORNING + timedelta(days=5))  # the feed of that day is gone
    said = await why(grace, "2007.90001")
    assert "Announced as a cross-list on Jul 30, 2020: stat.ML" in said
    assert "Matches: `cat:stat.ML`. But the paper had come to this channel before." in said
    said = await why(grace, "1903.00001")
    assert (
        "A cross-list that arXiv adds to so old a paper while the bot is off can't be told" in said
    )


async def test_why_papers_that_no_announcement_had(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    old = replace(paper(1, "An older one"), versions=(Version(datetime(2020, 3, 1, tzinfo=UTC)),))
    arxiv.add(old, paper(2, "Elsewhere", ("hep-th",)), paper(3, "Not out yet"))
    arxiv.announce(Announcement(MAILING, "new", paper(4, "Announced")))
    await grace.slash("/subscribe add", query="cs.CV")
    before = await why(grace, "2007.90003")
    assert "No announcement has been taken in yet" in before
    assert "It will bring the paper when it's announced" in before
    await bot.at(MORNING + timedelta(hours=1))
    assert "it was announced before that" in await why(grace, "2007.90001")
    assert "No subscription reaches hep-th" in await why(grace, "2007.90002")
    assert "aren't taken in" in await why(grace, "2007.90002")
    assert "It came to this channel" in await why(grace, "2007.90004")
    page = await grace.slash("/subscribe why", paper="https://openreview.net/forum?id=abc")
    assert page.private


async def test_a_page_that_arxiv_does_not_have_is_not_asked_for_its_title(
    ada: Person, grace: Person
) -> None:
    await ada.slash("/paper add", reference="2007.10909")
    for page in ("https://github.com/example/model", "https://doi.org/10.1145/3292500.3330701"):
        assert "bring papers of arXiv; this page isn't one of them" in await why(grace, page)
