"""Feeds: what a mailing announced, whether it is all there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.arxiv import Arxiv, ArxivRefused, ArxivUnavailable
from bot.arxiv.feed import Feed, FeedItem, merge, parse
from bot.arxiv.names import split_authors
from bot.model.arxiv_id import ArxivId
from bot.model.authors import tidy
from bot.sandbox.arxiv import Announcement, Author, LoopbackArxiv, Misbehaviour, Paper, Version

DATA = Path(__file__).parents[1] / "data/arxiv/feed"
TODAY = date(2026, 11, 24)


def recorded(name: str) -> Feed:
    return parse((DATA / name).read_bytes())


def kinds(feed: Feed) -> list[str]:
    return [item.kind for item in feed.items]


def item(feed: Feed, arxiv_id: str) -> FeedItem:
    (found,) = (item for item in feed.items if item.id.value == arxiv_id)
    return found


def counts() -> list[tuple[str, dict[str, int]]]:
    """The numbers of items that the index of the recordings tells."""
    found = []
    for line in (DATA / "INDEX.md").read_text("utf-8").splitlines():
        match = re.match(r"\| `((?:C_)?rss_[^`]+)` \|.*\| [ABC], [^.]*?\d\.? ?(.*)\|$", line)
        if match:
            told = re.findall(r"(\d+) (new|cross|replace-cross|replace)\b", match[2])
            found.append((match[1], {kind: int(number) for number, kind in told}))
    return found


@pytest.mark.parametrize(("name", "told"), counts())
def test_every_recorded_feed_is_read_whole(name: str, told: dict[str, int]) -> None:
    feed = recorded(name)
    if b"1234.56" in (DATA / name).read_bytes():
        # arXiv's own test data has ids of a month 34.
        assert len(feed.items) + feed.unread == sum(told.values())
        return
    assert feed.whole
    if told:
        assert {kind: kinds(feed).count(kind) for kind in told} == told
        assert len(feed.items) == sum(told.values())


def test_a_feed_and_its_items() -> None:
    feed = recorded("C_rss_cs.LG.xml")
    assert feed.date == date(2026, 11, 23)
    assert feed.built == datetime(2026, 11, 23, 17, 0, 40, tzinfo=UTC)
    first = item(feed, "2611.90001")
    assert (first.kind, first.paper.version) == ("new", 1)
    assert first.paper.title == 'Größen & Grenzen: when $x<y$ and "quotes" — a naïve study'
    assert first.paper.abstract == (
        "We show $a<b$ & <b>bold</b> claims. A second paragraph: émigré, 数据, α."
    )
    assert first.paper.authors == ("José Müller", "王伟", "Łukasz Żółć")
    assert first.paper.categories == ("cs.LG", "stat.ML")
    assert item(feed, "2611.90010").paper.authors == ()
    fifth = item(feed, "2601.90005")
    assert (fifth.kind, fifth.paper.version) == ("replace", 5)
    assert (fifth.paper.doi, fifth.paper.journal_ref) == ("10.1000/a", "J. Ex. 1 (2026) 1--2")
    assert item(feed, "2611.90002").paper.title == "On $\\alpha$-graphs of Erdős and Rényi"


def test_an_empty_feed_is_whole_and_has_its_date() -> None:
    for name, day in [
        ("rss_empty-weekend.xml", date(2023, 10, 28)),
        ("rss_empty-weekday.xml", date(2023, 10, 26)),
        ("C_rss_next-day-empty.xml", date(2026, 11, 24)),
    ]:
        feed = recorded(name)
        assert (feed.items, feed.whole, feed.date) == ((), True, day)


def test_feeds_merge_into_what_one_feed_says() -> None:
    whole = recorded("C_rss_cs.LG+stat.ML+cs.CL.xml")
    both = merge([recorded("C_rss_cs.LG.xml"), recorded("C_rss_cs.CL.xml")])
    merged = {item.id: item.kind for item in both}
    for one in whole.items:
        assert merged[one.id] == one.kind
    assert [one.kind for one in both] == sorted(
        (one.kind for one in both), key=["new", "cross", "replace", "replace-cross"].index
    )


def test_an_unknown_kind_passes() -> None:
    body = (DATA / "C_rss_cs.LG.xml").read_bytes()
    body = body.replace(b"<arxiv:announce_type>cross<", b"<arxiv:announce_type>crossed-out<")
    feed = parse(body)
    assert feed.whole
    assert kinds(feed).count("crossed-out") == 2
    assert merge([feed])[-1].kind == "crossed-out"


def test_an_item_that_cannot_be_read_makes_the_feed_not_whole() -> None:
    body = (DATA / "C_rss_cs.LG.xml").read_bytes()
    nameless = body.replace(b"oai:arXiv.org:2611.90001v1", b"oai:arXiv.org:unknown")
    assert parse(nameless).whole  # its description names it, too
    feed = parse(nameless.replace(b"arXiv:2611.90001v1", b"arXiv:unknown"))
    assert (len(feed.items), feed.unread, feed.whole) == (7, 1, False)


def test_items_of_a_strange_kind_are_read() -> None:
    body = (DATA / "C_rss_cs.LG.xml").read_bytes()
    many = b"<dc:creator>" + ", ".join(f"A. Author{n}" for n in range(3000)).encode() + b"<"
    body = body.replace(b"<dc:creator>Ann Author<", many, 1)
    body = body.replace(b"\nAbstract: Held.", b"", 1).replace(b"Held in", b"Held\x0b &nbsp;in")
    body = body.replace(b"<category>cs.LG</category>", b"<category>xx.YY</category>")
    feed = parse(body)
    assert feed.whole
    held = item(feed, "2611.90008").paper
    assert (held.title, held.abstract) == ("Held in moderation for seven weeks", "")
    assert held.categories == ("xx.YY",)
    assert len(held.authors) == 3000


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_feed_that_is_cut_off_is_not_taken(part: float) -> None:
    body = (DATA / "C_rss_cs.LG.xml").read_bytes()
    with pytest.raises(ArxivUnavailable):
        parse(body[: int(len(body) * part)])


def test_a_feed_without_a_date_is_not_taken() -> None:
    body = (DATA / "rss_empty-weekday.xml").read_bytes()
    with pytest.raises(ArxivUnavailable):
        parse(re.sub(b"<pubDate>.*</pubDate>", b"", body))
    with pytest.raises(ArxivUnavailable):
        parse(b"<!DOCTYPE html><html><body>Feeds</body></html>")


def test_names_in_one_string() -> None:
    for text, names in [
        ("", ()),
        ("Ann Author", ("Ann Author",)),
        ("A. Aad (CERN, Geneva, Bonn), B. Bee", ("A. Aad", "B. Bee")),
        (" ATLAS Collaboration, A. Aad (CERN)", ("ATLAS Collaboration", "A. Aad")),
        (
            "P\\'al Erd\\H{o}s, Andr\\'as Hajnal, Jr.,  Madonna, John von Neumann III",
            ("Pál Erdős", "András Hajnal Jr.", "Madonna", "John von Neumann III"),
        ),
        ("Naihong Hu, Dong Liu, and Linsheng Zhu", ("Naihong Hu", "Dong Liu", "Linsheng Zhu")),
        ("Dong Liu and and Linsheng Zhu", ("Dong Liu", "Linsheng Zhu")),
        (
            "ATLAS Collaboration: A. Aad, B. Bee (1 and 2) ((1) CERN, Geneva, (2) Bonn)",
            ("ATLAS Collaboration", "A. Aad", "B. Bee"),
        ),
        ('J. {M, \\"u}ller, A. B (unclosed, X', ("J. M, üller", "A. B")),
    ]:
        assert split_authors(text) == names


@given(st.lists(st.from_regex(r"(?!and |jr|sr|i)[a-z.é]+(?: [A-Za-zé.-]+){0,2}", fullmatch=True)))
def test_names_are_the_same_with_affiliations_and_without(names: list[str]) -> None:
    names = [name for name in names if "and" not in name and tidy([name]) == (name,)]
    assert split_authors(", ".join(names)) == tuple(names)
    assert split_authors(", ".join(f"{name} (Bonn, Seoul)" for name in names)) == tuple(names)


def test_names_agree_with_the_exact_ones_of_oai() -> None:
    feed = recorded("rss_archives-many.xml")
    assert feed.items
    for one in feed.items:
        path = DATA.parent / "oai" / f"GetRecord_{one.id.value.replace('/', '_')}_arXiv.xml"
        if path.exists():
            space = "{http://arxiv.org/OAI/arXiv/}"
            authors = etree.fromstring(path.read_bytes()).iter(f"{space}keyname")
            assert len(list(authors)) == len(one.paper.authors)


# -- over a socket -------------------------------------------------------------------------------


def announced(number: int, *categories: str) -> Announcement:
    paper = Paper(
        id=f"2611.{number:05}",
        title=f"Paper {number}",
        authors=(Author("Author", "Ann"),),
        categories=categories,
        abstract="Text.",
        versions=(Version(datetime(2026, 11, 23, 10, tzinfo=UTC)),),
    )
    return Announcement(TODAY, "new", paper)


async def test_the_feed_of_the_day(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.announce(announced(1, "cs.LG"), announced(2, "stat.ML", "cs.LG"), announced(3, "math.NT"))
    feed = await arxiv.feeds.fetch(["cs.LG", "math.NT"])
    assert feed is not None
    assert feed.date == TODAY
    assert [(one.id.value, one.kind) for one in feed.items] == [
        ("2611.00001", "new"),
        ("2611.00003", "new"),
        ("2611.00002", "cross"),
    ]
    assert [request.path for request in net.requests] == ["/rss/cs.LG+math.NT"]
    again = await arxiv.feeds.fetch(["cs.LG", "math.NT"], again=True)
    assert again is not None
    assert again.items == feed.items
    assert (await arxiv.feeds.fetch(["cs.LG"], again=True)) is not None
    assert [request.path for request in net.requests[1:]] == ["/rss/math.NT+cs.LG", "/rss/cs.LG/"]


async def test_a_feed_that_has_not_changed(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    feed = await arxiv.feeds.fetch(["cs.LG"])
    assert feed is not None
    assert feed.etag
    assert await arxiv.feeds.fetch(["cs.LG"], etag=feed.etag) is None
    assert net.requests[-1].status == 304


async def test_two_thousand_items_are_not_whole(arxiv: Arxiv, net: LoopbackArxiv) -> None:
    net.announce(*(announced(number, "cs.LG") for number in range(1, 2010)))
    feed = await arxiv.feeds.fetch(["cs.LG"])
    assert feed is not None
    assert len(feed.items) == 2000
    assert not feed.whole
    assert ArxivId("2611.00001") not in {one.id for one in feed.items}


async def test_a_name_that_arxiv_does_not_know_is_refused_once(
    arxiv: Arxiv, net: LoopbackArxiv
) -> None:
    with pytest.raises(ArxivRefused, match="XX"):
        await arxiv.feeds.fetch(["cs.CV", "cs.XX"])
    assert len(net.requests) == 1


@pytest.mark.parametrize("fault", ["429", "503", "truncated", "cut", "reset", "html"])
async def test_a_feed_that_fails_is_asked_again(
    arxiv: Arxiv, net: LoopbackArxiv, fault: Misbehaviour
) -> None:
    net.announce(announced(1, "cs.LG"))
    net.misbehave(fault, "feed", times=2)
    feed = await arxiv.feeds.fetch(["cs.LG"])
    assert feed is not None
    assert len(feed.items) == 1
    assert len(net.requests) == 3
    net.misbehave(fault, "feed", times=None)
    with pytest.raises(ArxivUnavailable):
        await arxiv.feeds.fetch(["cs.LG"])
    assert len(net.requests) == 6
