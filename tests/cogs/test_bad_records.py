"""One bad record costs only itself: what people see when something cannot be read or drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot.model.mailing import expected
from bot.sandbox import Person, Sandbox
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Paper, Version
from tests.bot import Bot
from tests.poison import MARK, poisoned

FIRST = date(2020, 7, 23)


def paper(day: date, number: int, title: str = "A good detector", author: str = "Anna") -> Paper:
    return Paper(
        id=f"{day:%y%m}.{90_000 + 10 * day.day + number:05}",
        title=f"{title} {number}",
        authors=(Author("Beispiel", author),),
        categories=("cs.CV",),
        abstract="It says nothing. It shows less.",
        versions=(Version(datetime.combine(day, time(), UTC) - timedelta(hours=20)),),
    )


ANNOUNCED = (
    "bot.arxiv.feed._item",
    "bot.arxiv.feed.split_authors",
    "bot.subscriptions.index.prepare",
    "bot.subscriptions.matcher.holds",
    "bot.store.fulltext.index.stemmed",
    "bot.store.fulltext.pages.readable",
    "bot.chat.views.announcements._card",
    "bot.chat.views.cards.masked_link",
    "bot.chat.views.cards.shorten",
    "bot.chat.views.buttons.readable",
    "bot.chat.views.abstract.summary",
)


async def test_announcements(grace: Person, arxiv: LoopbackArxiv, bot: Bot) -> None:
    """Each day something else fails for one paper: it is announced plainly among the others."""
    await grace.slash("/subscribe add", query="cat:cs.CV ANDNOT ti:nonsense")
    day = date(2020, 7, 28)
    for target in ANNOUNCED:
        day += timedelta(days=1)
        while not expected(day):
            day += timedelta(days=1)
        odd = paper(day, 2, f"{MARK} and *starred*", MARK)
        for one in (paper(day, 1), odd, paper(day, 3)):
            arxiv.announce(Announcement(day, "new", one))
        with poisoned(target):
            await bot.at(datetime.combine(day, time(5), UTC))
        post = grace.place("papers").messages[-1]
        assert f"{day:%b} {day.day}, 2020 · 3 papers" in post.text, target
        assert post.text.count("A good detector") == 2, target
        assert MARK in post.text, target
        assert post.buttons == ["Add to this week", "Add take", "Abstract"] * 3, target


CARDS = (
    "bot.chat.views.cards._described",
    "bot.chat.views.cards._cards",
    "bot.chat.views.cards.masked_link",
    "bot.chat.views.cards.shorten",
    "bot.chat.views.buttons.readable",
    "bot.chat.views.abstract._summed",
    "bot.store.fulltext.pages.stemmed",
    "bot.store.fulltext.pages.title_text",
)


async def test_a_card(grace: Person, arxiv: LoopbackArxiv) -> None:
    """A paper whose card cannot be drawn is listed, and shown plainly."""
    for number, target in enumerate(CARDS):
        odd = paper(FIRST, number, f"{MARK} and *starred*")
        arxiv.announce(Announcement(FIRST, "new", odd))
        with poisoned(target):
            reply = await grace.slash("/paper add", reference=odd.id)
            assert not reply.private, (target, reply.text)
            assert MARK in reply.text, target
            assert "Add take" in reply.buttons, target
            form = (await grace.press(reply, "Add take")).modal
            assert form is not None, target


DRAWN = (
    "bot.digest.section._section",
    "bot.digest.section._heading",
    "bot.digest.section.tame",
    "bot.digest.section.masked_link",
    "bot.digest.section.readable",
    "bot.digest.plainly.split",
    "bot.digest.starter._line",
    "bot.digest.starter.escape",
    "bot.digest.discord_messages._render",
    "bot.digest.compile.in_order",
)


async def test_a_digest(
    ada: Person, grace: Person, arxiv: LoopbackArxiv, bot: Bot, sandbox: Sandbox
) -> None:
    """Each week something else fails for one paper: the digest comes, that paper drawn plainly."""
    sunday = datetime(2020, 7, 26, 18, tzinfo=UTC)
    for number, target in enumerate(DRAWN):
        odd = paper(FIRST, 2 * number, f"{MARK} and *starred*")
        plain = paper(FIRST, 2 * number + 1)
        untaken = paper(FIRST, 100 + number, f"{MARK} too")
        for one in (odd, plain, untaken):
            arxiv.announce(Announcement(FIRST, "new", one))
        await grace.slash("/take", paper=odd.id, text=f"{MARK} words **in bold**")
        await ada.slash("/take", paper=plain.id, text="Sane words")
        await grace.slash("/paper add", reference=untaken.id)
        with poisoned(target):
            preview = await ada.slash("/digest preview")
            await bot.at(sunday)
        sunday += timedelta(days=7)
        thread = sandbox.channel("papers").threads[-1]
        said = "\n".join(message.content for message in thread.messages)
        assert thread.starter is not None
        for text in (said, thread.starter.content):
            assert f"{MARK} and" in text, target
            assert f"A good detector {2 * number + 1}" in text, target
        assert f"{MARK} words" in said, target
        assert "Sane words" in said, target
        assert f"{MARK} words" in preview.text, target


async def test_a_channel_whose_digest_cannot_be_put_together(
    ada: Person, grace: Person, bot: Bot, sandbox: Sandbox
) -> None:
    """It is told there once; the digest of another channel comes, and this one's when it can."""
    sunday = datetime(2020, 7, 26, 18, tzinfo=UTC)
    await ada.slash("/take", paper="2007.10909", text=f"{MARK} words")
    await ada.slash("/take", paper="2007.10909", text="Sane words", channel="ml-papers")
    with poisoned("bot.digest.compile.DigestSection"):
        for minutes in range(3):
            await bot.at(sunday + timedelta(minutes=minutes))
    papers, elsewhere = sandbox.channel("papers"), sandbox.channel("ml-papers")
    told = [post.text for post in papers.messages if "couldn't be put together" in post.text]
    assert len(told) == 1
    assert papers.threads == []
    (thread,) = elsewhere.threads
    assert "Sane words" in "\n".join(message.content for message in thread.messages)
    await bot.at(sunday + timedelta(hours=1))
    (thread,) = papers.threads
    assert f"{MARK} words" in "\n".join(message.content for message in thread.messages)
