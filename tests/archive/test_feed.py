"""The site's Atom feed: valid by RFC 4287, the same wherever it is put."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from lxml import etree, html

from bot.archive.site import BadSiteUrl, site_url
from bot.store import Store
from tests.archive.clubs import NOW, a_club, archived, files_of

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCHEMA = Path(__file__).parents[1] / "data" / "atom" / "atom.rng"
URL = "https://club.example/papers/"


def faults(feed: bytes) -> list[str]:
    """What RFC 4287 finds wrong with a feed: its grammar, its Schematron rules, and its prose."""
    root = etree.fromstring(feed)
    grammar = etree.RelaxNG(etree.parse(str(SCHEMA)))
    found = [] if grammar.validate(root) else [str(grammar.error_log.last_error)]
    for rule, wrong in {
        "an author": "/a:feed[not(a:author) and a:entry[not(a:author)]]",
        "an alternate link or content": "//a:entry[not(a:link[@rel='alternate' or not(@rel)]"
        " or a:content)]",
        "one alternate link": "//*[count(a:link[@rel='alternate']) > 1]",
        "an id of its own": "//a:id[. = following::a:id]",
        "an id with a scheme": "//a:id[not(contains(., ':'))]",
        "no entry newer than the feed": "//a:entry[translate(a:updated, 'TZ:-', '') >"
        " translate(/a:feed/a:updated, 'TZ:-', '')]",
    }.items():
        if root.xpath(wrong, namespaces=ATOM):
            found.append(rule)
    return found


def test_faults_are_seen() -> None:
    moment = "<updated>2020-01-01T00:00:00Z</updated>"
    entry = f"<entry><id>u:b</id><title/>{moment}<content>c</content></entry>"
    author = "<author><name>c</name></author>"
    feed = f"<feed xmlns='{ATOM['a']}'><id>u:a</id><title>t</title>{moment}{author}{entry}</feed>"
    assert faults(feed.encode()) == []
    for right, wrong in (
        ("<title>t</title>", ""),
        ("<title>t</title>", "<title>t</title><title>t</title>"),
        ("T00:00:00Z", ""),
        ("2020-01-01T00:00:00Z</updated><content", "2021-01-01T00:00:00Z</updated><content"),
        (author, ""),
        ("<content>c</content>", ""),
        ("u:b", "u:a"),
        ("u:b", "b"),
    ):
        assert faults(feed.replace(right, wrong, 1).encode()), (right, wrong)


@pytest.mark.parametrize("url", [None, URL])
async def test_a_club_s_feed(store: Store, url: str | None) -> None:
    files = await files_of(store, await a_club(store), url)
    assert faults(files["feed.xml"]) == []
    root = etree.fromstring(files["feed.xml"])
    assert root.findtext("a:author/a:name", namespaces=ATOM) == "club <&>"
    [entry] = root.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "200726 <Papers>"
    content = entry.find("a:content", ATOM)
    assert content.get("type") == "html"
    assert "<script" not in content.text
    feed = root.base or "http://site/feed.xml"
    base = urljoin(feed, entry.find("a:link", ATOM).get("href"))
    assert base == urljoin(url or "http://site/", "digests/200726.html")
    inner = html.fromstring(content.text).xpath("//h2/a/@href")
    assert urljoin(base, inner[0]).endswith("/papers/2007.10909.html")
    selves = root.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
    assert selves == ([f"{URL}feed.xml"] if url else [])


async def test_an_address_changes_no_id_and_no_page(store: Store) -> None:
    """Moved or not, a reader of the feed has seen the same entries."""
    channel = await a_club(store)
    at_home, there = await files_of(store, channel), await files_of(store, channel, URL)
    assert _ids(at_home["feed.xml"]) == _ids(there["feed.xml"])
    assert there.keys() - at_home.keys() == {"sitemap.xml"}
    for address, data in there.items():
        if address.endswith(".html"):
            page = html.document_fromstring(data.decode())
            [canonical] = page.xpath("//link[@rel='canonical']/@href")
            assert canonical == (URL if address == "index.html" else URL + quote(address))
            page.xpath("//link[@rel='canonical']")[0].drop_tree()
            page.xpath("//meta[@property='og:url']")[0].drop_tree()
            assert "club.example" not in html.tostring(page, encoding="unicode")


async def test_links_of_an_addressed_feed_need_no_base(store: Store) -> None:
    """Many readers leave `xml:base` aside."""
    files = await files_of(store, await a_club(store), URL)
    root = etree.fromstring(files["feed.xml"])
    hrefs = root.xpath("//a:link/@href", namespaces=ATOM)
    for content in root.xpath("//a:content/text()", namespaces=ATOM):
        hrefs += html.fromstring(content).xpath("//@href")
    assert len(hrefs) > 5
    assert [href for href in hrefs if not href.startswith("https://")] == []


async def test_everything_and_each_tag_have_feeds(store: Store) -> None:
    files = await files_of(store, await a_club(store), URL)
    feeds = {path for path in files if path.endswith(".xml")} - {"sitemap.xml"}
    assert feeds == {"feed.xml", "feeds/all.xml", "tags/few-shot.xml", "tags/메타러닝.xml"}
    for path in feeds:
        assert faults(files[path]) == [], path
        assert {"Slices." in text for text in _contents(files[path])} >= {True}, path
    root = etree.fromstring(files["feeds/all.xml"])
    assert root.xpath("a:entry/a:title/text()", namespaces=ATOM) == [
        "SliceOut: O(n²)", "MEMO <script>",
    ]  # fmt: skip
    assert root.xpath("a:entry/a:updated/text()", namespaces=ATOM)[0] == "2020-07-28T18:00:00Z"
    [link] = html.document_fromstring(files["tags/few-shot.html"]).xpath(
        "//link[@type='application/atom+xml']/@href[contains(., 'tags/')]"
    )
    assert link == "../tags/few-shot.xml"


async def test_links_within_a_text_stay_within_it_in_a_feed(store: Store) -> None:
    channel = await a_club(store)
    async with store.begin() as tx:
        await tx.takes.edit(1, "Said.[^1]\n\n[^1]: Where.", NOW)
    files = await files_of(store, channel, URL)
    found = [href for text in _contents(files["feed.xml"])
             for href in html.fromstring(text).xpath("//@href[contains(., '#fn')]")]  # fmt: skip
    assert found == [f"{URL}digests/200726.html#fn-2-1", f"{URL}digests/200726.html#fnref-2-1"]


async def test_the_archive_s_feed(store: Store) -> None:
    files = await archived(store)
    assert faults(files["feed.xml"]) == []
    assert len(_ids(files["feed.xml"])) == 12


def _contents(feed: bytes) -> list[str]:
    found: list[str] = etree.fromstring(feed).xpath("//a:content/text()", namespaces=ATOM)
    return found


def _ids(feed: bytes) -> list[str]:
    found: list[str] = etree.fromstring(feed).xpath("//a:id/text()", namespaces=ATOM)
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://club.example", "https://club.example/"),
        ("HTTPS://Club.Example:443/Papers//", "https://club.example/Papers/"),
        ("http://localhost:8000/a b/읽기/", "http://localhost:8000/a%20b/%EC%9D%BD%EA%B8%B0/"),
        ("https://club.example/a%20b#top", "https://club.example/a%20b/"),
        (" https://[::1]/x ", "https://[::1]/x/"),
    ],
)
def test_where_a_site_is_read(typed: str, kept: str) -> None:
    assert site_url(typed) == kept
    assert site_url(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "club.example", "ftp://club.example", "javascript:alert(1)", "https://", "https://a@b.c/",
     "https://a.example/?page=1", "file:///home/site", "https://a b.example/"],
)  # fmt: skip
def test_where_no_site_is_read(typed: str) -> None:
    with pytest.raises(BadSiteUrl) as refused:
        site_url(typed)
    assert "\n" not in str(refused.value)
