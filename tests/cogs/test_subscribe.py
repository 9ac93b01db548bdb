"""`/subscribe`: from a query to papers in the channel, on the list and in the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model.channel import ChannelSettings
from bot.model.people import Member, Place
from bot.model.subscription import DEFAULT_KINDS, Delivery
from bot.sandbox import Person
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version
from bot.sandbox.posts import Post
from tests.bot import Bot
from tests.clock import Clock

MAILING = date(2020, 7, 29)
MORNING = datetime(2020, 7, 29, 5, tzinfo=UTC)
"""Five past one in the night of that Wednesday, US Eastern."""
ABSTRACT = (
    "Detectors are slow, e.g. on phones. "
    "We propose a detector that sees $\\alpha$ objects at once. "
    "Our method reaches 41.2 points in 3 ms. Code will be there one day."
)


def paper(number: int, title: str = "Made-up detector", **rest: object) -> Paper:
    return Paper(
        id=f"2007.{90_000 + number:05}",
        title=f"{title} {number}",
        authors=(Author("Beispiel", "Anna"), Author("Müller", "José")),
        categories=rest.get("categories", ("cs.CV", "cs.LG")),  # type: ignore[arg-type]
        abstract=ABSTRACT,
        versions=(Version(datetime(2020, 7, 28, 9, tzinfo=UTC)),),
    )


def posts(person: Person) -> list[Post]:
    """What stands in the channel, as a person sees it."""
    return person.place("papers").messages


def announce(arxiv: LoopbackArxiv, count: int, day: date = MAILING) -> None:
    arxiv.announce(*[Announcement(day, "new", paper(n)) for n in range(1, count + 1)])


async def test_from_a_subscription_to_the_digest(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot, clock: Clock
) -> None:
    announce(arxiv, 2)
    reply = await grace.slash("/subscribe add", query='cat:cs.CV AND ti:"made-up detector"')
    assert reply.private
    assert 'Understood as `cat:cs.CV AND ti:"made-up detector"`' in reply.text
    assert "No announcement has been taken in yet" in reply.text
    assert "new, cross-listed · at once" in reply.text

    await bot.at(MORNING)
    (post,) = posts(grace)
    assert "arXiv, Jul 29, 2020 · 2 papers" in post.text
    assert "Made-up detector 1" in post.text
    assert "Anna Beispiel, José Müller" in post.text
    assert "We propose a detector that sees α objects at once." in post.text
    assert "Our method reaches 41.2 points in 3 ms." in post.text
    assert post.buttons == ["Add to this week", "Add take", "Abstract"] * 2

    noted = await ada.press(post, "Add to this week")
    await noted.until(lambda seen: len(seen.posts) == 2)
    assert noted.posts[1].private
    assert "1 paper is on this week's list now" in noted.posts[1].text
    assert "on the list (Ada)" in posts(grace)[0].text
    assert posts(grace)[0].buttons[:2] == ["Add take", "Abstract"]
    form = (await grace.press(posts(grace)[0], "Add take")).modal
    assert form is not None
    await grace.submit(form, {"text": "Does it see cats?"})
    assert "Made-up detector 1" in (await grace.slash("/paper list")).text

    await bot.at(datetime(2020, 8, 2, 18, tzinfo=UTC))
    (thread,) = bot.sandbox.channel("papers").threads
    said = "\n".join(message.content for message in thread.messages)
    assert "Made-up detector 1" in said
    assert "Does it see cats?" in said
    assert "Made-up detector 2" not in said


async def test_a_mailing_arrives_once_whatever_is_asked_again(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 3)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await grace.slash("/subscribe add", query="au:Müller")
    for hours in (0, 1, 6, 20, 30):
        await bot.at(MORNING + timedelta(hours=hours))
    (post,) = posts(grace)
    assert post.text.count("Made-up detector") == 3
    assert "for cat:cs.CV, au:Müller" in post.text


async def test_many_papers_come_as_lists_with_menus(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 20)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await bot.at(MORNING)
    first, second = posts(grace)
    assert "20 papers · 1/2" in first.text
    assert "Made-up detector 20" in second.text
    menu = next(item for item in first.components() if item.kind == "select")
    chosen = [menu.options[0]["value"], menu.options[4]["value"]]
    reply = await grace.choose(first, "Add to this week", chosen)
    await reply.until(lambda seen: len(seen.posts) == 2)
    assert "☑ **[Made-up detector 5]" in posts(grace)[0].text
    assert "2 papers are on this week's list now" in reply.posts[1].text
    assert "Made-up detector 5" in (await grace.slash("/paper list")).text


async def test_one_list_a_day_and_a_cap(grace: Person, arxiv: LoopbackArxiv, bot: Bot) -> None:
    announce(arxiv, 5)
    await grace.slash("/subscribe add", query="cat:cs.CV", delivery="daily", cap=3)
    await bot.at(MORNING)
    assert posts(grace) == []
    for hours in (8, 9, 30):
        await bot.at(MORNING + timedelta(hours=hours))
    (post,) = posts(grace)
    assert "3 papers" in post.text
    assert "2 more matched, above the limit a day" in post.text


async def test_silently_onto_the_list(grace: Person, arxiv: LoopbackArxiv, bot: Bot) -> None:
    announce(arxiv, 2)
    await grace.slash("/subscribe add", query="cat:cs.CV", delivery="list")
    await bot.at(MORNING)
    assert posts(grace) == []
    listed = (await grace.slash("/paper list")).text
    assert "Made-up detector 1" in listed
    assert "Made-up detector 2" in listed


async def test_a_query_that_brings_everything_is_asked_about(grace: Person) -> None:
    asked = await grace.slash("/subscribe add", query="all:*")
    assert asked.private
    assert "hundreds of papers a day" in asked.text
    assert "None yet" in (await grace.slash("/subscribe list")).text
    made = await grace.press(asked, "At most 10 a day")
    assert "at most 10 a day" in made.text
    assert "`all:*`" in (await grace.slash("/subscribe list")).text


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("cat:cs.XX", "Did you mean `cs.*`?"),
        ("cat:cs.CB", "Did you mean `cs."),
        ('ti:""', '`""` has no letter'),
        ("tit:detr", "ti"),
        ('ti:"open', "quotation mark at character 4"),
        ("(a OR b", "parenthesis at character 1"),
    ],
)
async def test_a_query_that_does_not_parse_is_refused(grace: Person, query: str, hint: str) -> None:
    reply = await grace.slash("/subscribe add", query=query)
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert hint in reply.text


async def test_a_cross_list_with_a_new_version_is_not_told_again(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    """After days without the bot both are seen at once, and who asks for no new versions has it."""
    first = replace(paper(1), categories=("cs.LG",))
    second = replace(
        first, versions=(*first.versions, Version(datetime(2020, 7, 29, 9, tzinfo=UTC)))
    )
    crossed = replace(second, categories=("cs.LG", "cs.CV"))
    arxiv.announce(
        Announcement(MAILING, "new", first),
        Announcement(MAILING + timedelta(days=1), "replace", second),
        Announcement(MAILING + timedelta(days=2), "cross", crossed, "cs.CV"),
    )
    await grace.slash("/subscribe add", query="cs.LG")
    await grace.slash("/subscribe add", query="cat:cs.CV AND detector")
    await bot.at(MORNING)
    await bot.at(MORNING + timedelta(days=8))
    assert len(posts(grace)) == 1


async def test_a_saved_query_keeps_its_meaning(grace: Person) -> None:
    """What looks encoded in it is not decoded when it is read again."""
    reply = await grace.slash("/subscribe add", query="가%ＡＡ")
    assert 'Understood as `"가%AA"`' in reply.text
    assert "*가%AA*" in (await grace.slash("/subscribe list")).text


async def test_edit_pause_test_and_remove(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 2)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await bot.at(MORNING)
    (choice,) = await grace.autocomplete("/subscribe edit", "subscription", typed="cs")
    changed = await grace.slash("/subscribe edit", subscription=choice.value, query="ti:detector")
    # Only cs.CV has been taken in, and nothing is said of the rest of arXiv.
    assert "only papers in cs.CV have been taken in so far: 2 of them match" in changed.text
    assert "Papers with *detector* in the title." in changed.text
    assert "For exactly one form, write `ti:=detector`." in changed.text
    assert "Made-up detector 2" in (await grace.slash(
        "/subscribe test", subscription=choice.value
    )).text  # fmt: skip
    assert "paused" in (await grace.slash("/subscribe pause", subscription=choice.value)).text
    listing = (await ada.slash("/subscribe list")).text
    assert "`ti:detector`" in listing
    assert "Papers with *detector* in the title." in listing
    assert "paused" in listing
    await grace.slash("/subscribe remove", subscription=choice.value)
    gone = await ada.slash("/subscribe remove", subscription=choice.value)
    assert "isn't one of this channel's subscriptions" in gone.text


MEANT = {
    "NLP": ["cs.CL"],
    "AI": ["cs.AI"],
    "ML": ["cs.LG", "stat.ML"],
    "cat:CV": ["cs.CV"],
    "quantum": ["quant-ph"],
    "자연어처리": ["cs.CL"],
    "robot": ["cs.RO"],
    "hep": ["hep-ph", "hep-th", "hep-ex", "hep-lat"],
    "stat": ["stat.*"],
}


async def test_categories_and_authors_complete_within_the_query(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    found = await grace.autocomplete("/subscribe add", "query", typed="detr AND cat:cs.c")
    assert "detr AND cat:cs.CV" in [choice.value for choice in found]
    for typed, meant in MEANT.items():
        found = await grace.autocomplete("/subscribe add", "query", typed=typed)
        assert [choice.value for choice in found][: len(meant)] == [f"cat:{one}" for one in meant]
    announce(arxiv, 1)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await bot.at(MORNING)
    found = await grace.autocomplete("/subscribe add", "query", typed="au:Mül")
    assert [choice.value for choice in found] == ['au:"José Müller"']


async def test_the_list_says_how_far_arxiv_has_been_taken_in(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot, clock: Clock
) -> None:
    async def said(moment: datetime) -> str:
        await bot.at(moment)
        return (await grace.slash("/subscribe list")).text

    await grace.slash("/subscribe add", query="cat:hep-th")
    arxiv.misbehave("503", route="feed", times=None)
    assert "arXiv isn't answering" in await said(MORNING)
    arxiv.behave()
    assert "came back empty" in await said(MORNING + timedelta(minutes=10))
    announce(arxiv, 1, date(2020, 7, 30))
    arxiv.announce(Announcement(date(2020, 7, 30), "new", paper(7, categories=("hep-th",))))
    listing = await said(MORNING + timedelta(days=1))
    assert "has brought papers here" in listing
    assert "Last announcement read: Jul 30, 2020" in listing
    assert "nothing on weekends" in await said(datetime(2020, 8, 1, 12, tzinfo=UTC))


async def test_a_withdrawal_is_shown_on_the_cards_and_said_in_the_digest(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 2)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await bot.at(MORNING)
    await grace.press(posts(grace)[0], "Add to this week")
    taken_back = replace(
        paper(1),
        comment="This paper has been withdrawn by its made-up authors",
        versions=(*paper(1).versions, Version(datetime(2020, 7, 29, 12, tzinfo=UTC), "0kb", "I")),
    )
    arxiv.announce(Announcement(date(2020, 7, 30), "replace", taken_back))
    await bot.at(MORNING + timedelta(days=1))
    await bot.at(MORNING + timedelta(days=1, minutes=5))
    assert "withdrawn" in posts(grace)[0].text
    await grace.slash("/take", paper="2007.90001", text="A pity.")
    await bot.at(datetime(2020, 8, 2, 18, tzinfo=UTC))
    (thread,) = bot.sandbox.channel("papers").threads
    assert "withdrawn" in "\n".join(message.content for message in thread.messages)


async def test_an_announcement_says_why_each_paper_is_there(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 1)
    crossed = replace(paper(2), categories=("cs.LG", "cs.CV"))
    arxiv.announce(Announcement(MAILING, "new", crossed))
    await grace.slash("/subscribe add", query="cat:cs.CV", kinds="new, cross, replacements")
    await bot.at(MORNING)
    (first,) = posts(grace)
    assert "-# new" in first.text
    assert "cross-listed from cs.LG" in first.text
    second = Version(datetime(2020, 7, 29, 12, tzinfo=UTC))
    newer = replace(paper(1), versions=(*paper(1).versions, second))
    arxiv.announce(Announcement(date(2020, 7, 30), "replace", newer))
    await bot.at(MORNING + timedelta(days=1))
    await bot.at(MORNING + timedelta(days=1, minutes=5))
    first, told = posts(grace)
    assert "version 2 of a paper from Jul 2020" in told.text
    assert "-# new" in first.text
    await grace.press(told, "Add to this week")
    await bot.settle()
    first, told = posts(grace)
    assert "on the list (Grace)" in told.text
    assert "on the list (Grace)" in first.text
    await bot.at(MORNING + timedelta(days=2))
    assert len(posts(grace)) == 2, "told once"


async def test_the_whole_abstract_is_one_press_away(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 1)
    await grace.slash("/subscribe add", query="cat:cs.CV")
    await bot.at(MORNING)
    await bot.stop()
    await bot.start()
    shown = await grace.press(posts(grace)[0], "Abstract")
    assert shown.private
    assert "Code will be there one day." in shown.text


async def test_a_forum_gets_a_post_for_each_announcement(
    grace: Person, arxiv: LoopbackArxiv, bot: Bot
) -> None:
    announce(arxiv, 2)
    thread = bot.sandbox.channel("reading-room")
    assert thread.threads == []
    async with bot.app.store.begin() as tx:
        now = bot.clock()
        channel = await tx.channels.add(
            Place(1, thread.id, thread.name, forum=True),
            ChannelSettings(),
            period_start=now,
            next_digest_at=now + timedelta(days=30),
            now=now,
        )
        await tx.subscriptions.add(
            channel.id,
            await tx.members.ensure(1, Member(7, "Ada")),
            query="cat:cs.CV",
            kinds=DEFAULT_KINDS,
            delivery=Delivery.ONCE,
            cap=None,
            since=MAILING,
            now=now,
        )
    await bot.at(MORNING)
    (made,) = bot.sandbox.channel("reading-room").threads
    assert made.name == "arXiv 2020-07-29"
    assert "Made-up detector 2" in made.messages[-1].text


@pytest.fixture
async def four(grace: Person) -> None:
    """Four subscriptions, the first of which is gone again."""
    for query in ("ti:cats", "cs.CV", "diffusion OR flow", "diffusion models"):
        await grace.slash("/subscribe add", query=query)
    await grace.slash("/subscribe remove", subscription="ti:cats")


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", "cat:cs.CV"),
        ("#2", "diffusion OR flow"),
        ("3.", "diffusion AND models"),
        ("3번", "diffusion AND models"),
        ("cs.CV", "cat:cs.CV"),
        ("`cat:cs.CV`", "cat:cs.CV"),
        ("diffusion models", "diffusion AND models"),
        ("flow", "diffusion OR flow"),
    ],
)
async def test_a_subscription_is_named_as_the_list_shows_it(
    grace: Person, typed: str, meant: str
) -> None:
    listed = (await grace.slash("/subscribe list")).text
    assert all(f"{n}\\. `" in listed for n in (1, 2, 3))
    assert f"`{meant}`" in listed
    removed = await grace.slash("/subscribe remove", subscription=typed)
    assert f"`{meant}`" in removed.text
    assert f"`{meant}`" not in (await grace.slash("/subscribe list")).text


@pytest.mark.usefixtures("four")
async def test_what_names_no_subscription_or_several_changes_none(grace: Person) -> None:
    before = (await grace.slash("/subscribe list")).text
    several = await grace.slash("/subscribe remove", subscription="diffusion")
    assert "Several subscriptions have `diffusion`" in several.text
    for typed in ("4", "0", "cats", "subscription:99", "-"):
        refused = await grace.slash("/subscribe remove", subscription=typed)
        assert "isn't one of this channel's subscriptions" in refused.text
    assert (await grace.slash("/subscribe list")).text == before
