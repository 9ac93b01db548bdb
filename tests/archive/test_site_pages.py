"""The site as one would share it: what it says of itself, its calendar, and what is beside."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import html5lib
import pytest
from lxml import etree, html

from bot.archive.contents import contents
from bot.archive.exporter import Format
from bot.archive.formats.tree import TreeOptions
from bot.archive.importing.importer import import_archive
from bot.archive.site import SiteOptions, site
from bot.archive.verbs import export_verb
from bot.store import Store
from tests.archive.clubs import NOW, a_club, archived, files_of

URL = "https://club.example/papers/"
HEAVIEST = 100_000


def page(files: dict[str, bytes], address: str) -> html.HtmlElement:
    return html.document_fromstring(files[address].decode())


def meta(root: html.HtmlElement, name: str) -> str:
    [found] = root.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
    return str(found)


async def test_the_club_introduces_itself(store: Store) -> None:
    channel = await a_club(store)
    async with store.read() as tx:
        archive = await contents(tx, channel)
    options = SiteOptions(URL, "논문 <읽기>", "We *read* <b>. https://club.example/join")
    files = dict(site(archive, options))
    front = page(files, "index.html")
    assert front.xpath("//h1/text()") == ["논문 <읽기>"]
    assert front.xpath("//div[@class='about']//em/text()") == ["read"]
    assert meta(front, "og:site_name") == "논문 <읽기>"
    assert meta(front, "description") == "We *read* <b>. https://club.example/join"
    assert page(files, "tags.html").xpath("//title/text()") == ["Tags · 논문 <읽기>"]


async def test_the_front_page_begins_with_the_weekly_posts(store: Store) -> None:
    front = page(await archived(store), "index.html")
    assert front.xpath("//h2/@id") == ["posts", "latest", "years", "tags"]
    [first, *others] = front.xpath("//section[h2/@id='posts']//time/text()")
    assert first == max([first, *others])


async def test_what_a_link_to_a_page_shows(store: Store) -> None:
    files = await files_of(store, await a_club(store), URL)
    root = page(files, "papers/2007.10909.html")
    assert meta(root, "og:title") == "SliceOut: O(n²)"
    assert meta(root, "og:type") == "article"
    assert meta(root, "og:description") == meta(root, "description")
    assert meta(root, "description").startswith("memo(")
    assert meta(root, "og:url") == f"{URL}papers/2007.10909.html"
    assert meta(page(files, "digests/200726.html"), "description") == "Hello *club*."
    assert root.xpath("//link[@rel='icon']/@href") == ["../assets/icon.svg"]


async def test_a_page_that_is_not_there(store: Store) -> None:
    """It is shown at whatever address was asked for."""
    files = await files_of(store, await a_club(store), URL)
    hrefs = [*page(files, "404.html").xpath("//main//@href | //link[@rel='stylesheet']/@href")]
    assert len(hrefs) == 4
    for href in hrefs:
        there = urljoin(f"{URL}no/such/page.html", href)
        assert there.removeprefix(URL) in {*files, ""}, href


async def test_programs_find_all_pages(store: Store) -> None:
    channel = await a_club(store)
    files = await files_of(store, channel, URL)
    assert files["robots.txt"].decode().endswith(f"Sitemap: {URL}sitemap.xml\n")
    listed = etree.fromstring(files["sitemap.xml"]).xpath("//*[local-name()='loc']/text()")
    wanted = {path for path in files if path.endswith(".html")}
    assert len(listed) == len(wanted) - 2  # neither the search nor the page that is not there
    assert {URL, f"{URL}papers/2007.10909.html", f"{URL}tags/few-shot.html"} <= set(listed)
    assert "sitemap.xml" not in await files_of(store, channel)


async def test_the_calendar_leads_to_days(store: Store) -> None:
    files = await archived(store)
    years = page(files, "calendar.html").xpath("//dt/a/@href")
    assert years == [f"years/{year}.html" for year in sorted({y[6:10] for y in years})[::-1]]
    year = page(files, "years/2020.html")
    [day] = year.xpath("//table[caption/a='2020년 7월']//a[text()='26']/@href")
    address, _, anchor = urljoin("years/2020.html", day).partition("#")
    [line] = page(files, address).xpath("//li[@id=$anchor]", anchor=anchor)
    assert line.xpath("time/text()") == ["2020-07-26"]
    assert "200726" in " ".join(year.xpath("//section[h2/@id='posts']//a/text()"))


async def test_a_file_without_a_date_is_not_of_today(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, number in (("Some idea.md", 1), ("200102 Dated.md", 2)):
        (tmp_path / "in" / name).write_text(
            f"https://arxiv.org/abs/2001.0000{number}\n\nPaper {number} (Ada Lovelace)\n\nWords.\n"
        )
    files = await archived(store, tmp_path / "in")
    latest = page(files, "index.html").xpath("//section[h2/@id='latest']//li")
    assert [one.text_content().split() for one in latest] == [["2020-01-02", "Paper", "2"]]
    assert page(files, "months/undated.html").xpath("//main//li/a/text()") == ["Paper 1"]
    assert page(files, "papers/2001.00001.html").xpath("//p[@class='by']") == []


async def test_a_take_that_stands_in_two_files_is_shown_once(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    said = "채널 일부만 쓰자. https://a.example/x 참고"
    head = "https://arxiv.org/abs/2001.00001\n\nPaper 1 (Ada Lovelace)\n\n"
    (tmp_path / "in" / "200102 Paper 1.md").write_text(f"{head}{said}\n\n더 있다.\n\n#slicing\n")
    (tmp_path / "in" / "200105 Weekly.md").write_text(
        f"# 200105 Weekly\n\n{head}{said}\n\nhttps://arxiv.org/abs/2001.00002\n\nB (A B)\n\n둘.\n"
    )
    files = await archived(store, tmp_path / "in")
    [take] = page(files, "papers/2001.00001.html").xpath("//div[@class='take']")
    assert "더 있다." in take.text_content()
    assert "채널 일부만" in page(files, "digests/200105.html").text_content()


async def test_a_long_post_has_a_table_of_contents(store: Store) -> None:
    files = await archived(store)
    post = page(files, "digests/200726.html")
    places = post.xpath("//details[@class='contents']//a/@href")
    assert [f"#{one}" for one in post.xpath("//h2/@id")] == places
    assert len(places) == 11
    club = await files_of(store, await a_club(store))
    assert not page(club, "digests/200726.html").xpath("//details[@class='contents']")


async def test_an_author_of_several_papers_has_a_page(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number, names in enumerate(("Ada Lovelace, B. C", "ada lovelace, D E", "F G"), start=1):
        (tmp_path / "in" / f"20010{number} P{number}.md").write_text(
            f"https://arxiv.org/abs/2001.0000{number}\n\nPaper {number} ({names})\n\nSaid.\n"
        )
    files = await archived(store, tmp_path / "in")
    assert page(files, "authors.html").xpath("//ul[@class='labels']//a/text()") == ["Ada Lovelace"]
    found = page(files, "authors/ada-lovelace.html").xpath("//ul[@class='pages']/li/a/text()")
    assert found == ["Paper 2", "Paper 1"]
    authors = page(files, "papers/2001.00002.html").xpath("//p[@class='authors']")[0]
    assert authors.text_content() == "ada lovelace, D E"
    assert authors.xpath("a/@href") == ["../authors/ada-lovelace.html"]


async def test_links_go_both_ways(store: Store) -> None:
    files = await files_of(store, await a_club(store))
    assert page(files, "papers/2001.10913.html").xpath("//section[h2/@id='mentioned']//a/@href")
    assert page(files, "papers/2007.10909.html").xpath("//section[h2/@id='mentions']//a/@href") == [
        "../papers/2001.10913.html"
    ]


@pytest.mark.parametrize("made", ["archive", "club"])
async def test_pages_are_valid_and_light(store: Store, made: str) -> None:
    files = await (archived(store) if made == "archive" else files_of(store, await a_club(store)))
    for address, data in files.items():
        if address.endswith(".html"):
            parser = html5lib.HTMLParser(strict=True)
            parser.parse(data.decode())
            ids = page(files, address).xpath("//@id")
            assert len(ids) == len(set(ids)), address
            assert len(data) < HEAVIEST, address
    assert not re.search(rb"https?:(?!//www.w3.org)", files["assets/site.css"])


async def test_several_channels_have_one_home(store: Store, tmp_path: Path) -> None:
    """And where there was one channel, its pages are moved, not left behind."""
    await a_club(store)
    out = tmp_path / "out"
    options = SiteOptions(URL, "Our <clubs>", "All of *us*.")
    made = partial(export_verb, store, out, None, Format.SITE, options=TreeOptions(), site=options)
    await made()
    assert (out / "papers" / "2007.10909.html").exists()
    notes = tmp_path / "assets"
    notes.mkdir()
    (notes / "200102 Only words.md").write_text("Only words. #idea\n")
    await import_archive(store, notes, "assets", now=NOW)
    await made()
    assert not (out / "papers").exists()
    files = {
        str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()
    }
    home = page(files, "index.html")
    assert home.xpath("//h1/text()") == ["Our <clubs>"]
    links = home.xpath("//main//h2/a/@href | //main//ul//a/@href")
    assert {unquote(one) for one in links} <= files.keys()
    assert "assets%202/index.html" in links  # the pages' own things are in `assets`
    for address, data in files.items():
        if address.endswith(".html") and not address.endswith("404.html"):
            html5lib.HTMLParser(strict=True).parse(data.decode())
            for href in page(files, address).xpath("//header//a/@href"):
                there = unquote(urljoin(f"http://s/{quote(address)}", href))
                assert there.removeprefix("http://s/") in files, (address, href)
    maps = etree.fromstring(files["sitemap.xml"]).xpath("//*[local-name()='loc']/text()")
    assert {unquote(one.removeprefix(URL)) for one in maps} <= files.keys()
    assert not [path for path in files if path.endswith("robots.txt") and "/" in path]
    assert (await made())[-1].written.touched == []
