"""The archive as a site: what its pages say and link to, and what they never do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from lxml import etree, html

from bot.archive.exporter import Format, export_archive
from bot.archive.paths import Names
from bot.archive.site.addresses import numbered, relative, slug
from bot.archive.site.markup import Linked, Markdown
from bot.archive.site.search import Doc, search_files
from bot.model.channel import ChannelSettings
from bot.model.people import Place
from bot.store import Store
from bot.text.bigrams import pieces
from tests.archive.clubs import NOW, START, a_club, archived, files_of

NOWHERE = Linked(url=lambda _: None, wiki=lambda _: None, tag=lambda _: None)


def page(files: dict[str, bytes], address: str) -> html.HtmlElement:
    return html.document_fromstring(files[address].decode())


def text(files: dict[str, bytes], address: str) -> str:
    return " ".join(page(files, address).find("body").text_content().split())


def links(files: dict[str, bytes], address: str) -> Iterator[str]:
    for element in page(files, address).iter():
        for name in ("href", "src", "action"):
            if element.get(name) is not None:
                yield element.get(name)


def assert_whole(files: dict[str, bytes]) -> None:
    """Links within the site lead to its files, and nothing is loaded from elsewhere."""
    for address in files:
        if not address.endswith(".html"):
            continue
        for link in links(files, address):
            if not re.match(r"https?:|data:|#", link):
                there = unquote(urljoin(f"http://site/{address}", link))
                there, _, place = there.removeprefix("http://site/").partition("#")
                assert there in files, (address, link)
                assert not place or page(files, there).xpath("//*[@id=$place]", place=place)
        root = page(files, address)
        loaded = root.xpath("//script/@src | //img/@src | //link[@rel!='canonical']/@href")
        assert not [url for url in loaded if "//" in url]
        assert not root.xpath("//@style | //style | //script[not(@src)]")
        assert not [name for el in root.iter() for name in el.attrib if name.startswith("on")]
        assert len(root.xpath("//h1")) == 1
        [policy] = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; script-src 'self'")


async def test_a_club_s_site(store: Store) -> None:
    files = await files_of(store, await a_club(store))
    assert_whole(files)
    assert "200726 <Papers>" in text(files, "index.html")
    post = page(files, "digests/200726.html")
    assert post.xpath("//a[@rel='noreferrer']/text()") == []  # no thread yet: nothing to link to
    said = text(files, "digests/200726.html")
    assert "Hello club." in said
    assert "SliceOut: O(n²)" in said
    assert said.index("Ada <b>") < said.index("memo(") < said.index("Grace") < said.index("#review")
    assert "Later" not in said
    paper = page(files, "papers/2007.10909.html")
    assert [by.text_content() for by in paper.xpath("//p[@class='by']")] == [
        "Ada <b> · 2020-07-19", "Grace · 2020-07-19", "Grace · 2020-07-28",
    ]  # fmt: skip
    assert paper.xpath("//a[text()='https://arxiv.org/pdf/2001.10913v2']/@href") == [
        "../papers/2001.10913.html"
    ]
    assert paper.xpath("//p[@class='tags']/a/text()") == ["#메타러닝", "#few-shot"]
    assert "../tags/%EB%A9%94%ED%83%80%EB%9F%AC%EB%8B%9D.html" in set(
        links(files, "papers/2007.10909.html")
    )
    back = page(files, "papers/2001.10913.html").xpath("//section[h2/@id='mentioned']//a")
    assert [(link.get("href"), link.text) for link in back] == [
        ("../papers/2007.10909.html", "SliceOut: O(n²)")
    ]
    assert "Grace 2" in text(files, "members.html")
    assert [link.get("href") for link in page(files, "members/grace.html").xpath("//main//li/a")]


async def test_a_digest_links_to_its_thread(store: Store) -> None:
    channel = await a_club(store)
    async with store.begin() as tx:
        [digest] = await tx.digests.history(channel.id, 5)
        await tx.digests.posted(digest.id, NOW)
        await tx.digests.set_place(digest.id, message_id=98, thread_id=99)
    files = await files_of(store, channel)
    assert "https://discord.com/channels/7/99" in set(links(files, "digests/200726.html"))


async def test_hostile_text_is_shown_and_runs_nothing(store: Store) -> None:
    files = await files_of(store, await a_club(store))
    address = "papers/2001.10913.html"
    root = page(files, address)
    assert root.xpath("//main//script | //main//img | //main//svg | //main//b[.='>']") == []
    said = text(files, address)
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in said
    assert "[js](javascript:alert(3))" in said
    assert "MEMO <script>" in said
    schemes = {link.partition(":")[0] for link in links(files, address) if ":" in link}
    assert schemes == {"https"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\nb", "<p>a<br />\nb</p>\n"),
        ("# One\n\n#### Two", "<h3>One</h3>\n<h4>Two</h4>\n"),
        ("[[Some Note]] and [[N|label]]", "<p>Some Note and label</p>\n"),
        ("`https://a.example` #tag", "<p><code>https://a.example</code> #tag</p>\n"),
        ("<https://a.example/x>", '<p><a href="https://a.example/x" rel="noreferrer nofollow">'
         "https://a.example/x</a></p>\n"),
        ("see https://a.example/a_b_c.", '<p>see <a href="https://a.example/a_b_c" '
         'rel="noreferrer nofollow">https://a.example/a_b_c</a>.</p>\n'),
        ("HTTPS://a.example을", '<p><a href="HTTPS://a.example" rel="noreferrer nofollow">'
         "HTTPS://a.example</a>을</p>\n"),
        ("&lt;b&gt; &amp;", "<p>&lt;b&gt; &amp;</p>\n"),
    ],
)  # fmt: skip
def test_markdown(typed: str, shown: str) -> None:
    assert str(Markdown().render(typed, NOWHERE)) == shown


def test_markdown_of_any_nesting_ends() -> None:
    for typed in (
        "> " * 3000 + "x",
        "[" * 5000,
        "*a " * 5000,
        "- " * 3000,
        "![" * 3000,
        "x" * 300_000,
    ):
        assert Markdown().render(typed, NOWHERE)


async def test_the_archive_s_site(store: Store) -> None:
    files = await archived(store)
    assert_whole(files)
    assert {"digests/201126.html", "digests/201126-2.html", "digests/201126-3.html"} <= files.keys()
    assert [address for address in files if re.search(r"[^\w./-]", address)] == []
    latest = page(files, "index.html").xpath("//section[h2/@id='latest']//a/text()")
    assert (len(latest), latest[0].partition(" ")[0]) == (10, "Continual")
    said = " ".join(
        "".join(
            page(files, "digests/200726.html").xpath("//article/*[not(self::details)]//text()")
        ).split()
    )
    assert "이번에는 좀 놀아서 분량이 적다." in said
    assert said.index("SliceOut") < said.index("채널이나 feature map") < said.index("NSGANetV2")
    assert "faster r-cnn 이후 앵커를" in text(files, "notes/191118-anchor-free.html")
    assert files == await archived(store)


async def test_wiki_links_lead_to_notes(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "200101 First Idea.md").write_text("Only words. #idea\n")
    (folder / "200102 B.md").write_text(
        "https://arxiv.org/abs/2001.00001\n\nBig Idea (Ada Lovelace, Grace Hopper)\n\n"
        "See [[200101 First Idea]], [[First Idea|it]].\n"
    )
    files = await archived(store, folder)
    assert_whole(files)
    found = page(files, "papers/2001.00001.html").xpath("//div[@class='take']//a")
    assert [(one.get("href"), one.text) for one in found] == [
        ("../notes/200101-first-idea.html", "200101 First Idea"),
        ("../notes/200101-first-idea.html", "it"),
    ]
    assert "Big Idea" in page(files, "notes/200101-first-idea.html").xpath("//section//a/text()")


async def test_parts_of_a_series_lead_to_one_another(store: Store, tmp_path: Path) -> None:
    """By their first words alone; in the order of their numbers."""
    folder = tmp_path / "in"
    folder.mkdir()
    said = [
        "Robustness와 전이 3. 셋째.",
        "robustness와  전이 1.\n\n첫째.",
        "robustness와 전이 2: 둘째.",
    ]
    for number, text in enumerate([*said, "다른 이야기 1. 하나뿐."], start=1):
        (folder / f"20010{number} P{number}.md").write_text(
            f"https://arxiv.org/abs/2001.0000{number}\n\nPaper {number} (Ada Lovelace)\n\n{text}\n"
        )
    (folder / "200109 Weekly.md").write_text(
        "# 200109 Weekly\n\nhttps://arxiv.org/abs/2001.00005\n\nPaper 5 (A B)\n\n"
        "robustness와 전이 4. 끝.\n\n"
        "https://arxiv.org/abs/2001.00006\n\nPaper 6 (A B)\n\n여섯.\n"
    )
    files = await archived(store, folder)
    assert_whole(files)
    second = page(files, "papers/2001.00003.html")
    [series] = second.xpath("//section[starts-with(h2/@id, 'series')]")
    assert [(one.get("value"), one.text_content()) for one in series.findall("ol/li")] == [
        ("1", "Paper 2"), ("2", "Paper 3"), ("3", "Paper 1"), ("4", "Paper 5"),
    ]  # fmt: skip
    assert series.xpath("ol/li/b/text()") == ["Paper 3"]
    assert series.xpath("ol/li/a[@rel='prev']/text()") == ["Paper 2"]
    assert series.xpath("ol/li/a[@rel='next']/@href") == ["../papers/2001.00001.html"]
    assert not page(files, "papers/2001.00004.html").xpath("//*[starts-with(@id, 'series')]")
    [line] = page(files, "digests/200109.html").xpath("//p[@class='series']")
    assert " ".join(line.text_content().split()).endswith("1 2 3 4")
    assert line.xpath("a/@href")[1] == "../papers/2001.00002.html"


async def test_an_empty_channel_has_a_site(store: Store) -> None:
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(None, None, "비었다"), ChannelSettings(language="ko"), period_start=START,
            next_digest_at=NOW, now=START,
        )  # fmt: skip
    files = await files_of(store, channel)
    assert_whole(files)
    assert "아직 쓴 글이 없어요." in text(files, "index.html")
    assert etree.fromstring(files["feed.xml"]).findall("{*}entry") == []


async def test_exporting_again_writes_nothing(store: Store, tmp_path: Path) -> None:
    channel = await a_club(store)
    first = await export_archive(store, tmp_path / "site", channel, Format.SITE)
    assert first.written.refused == []
    again = await export_archive(store, tmp_path / "site", channel, Format.SITE)
    assert again.written.touched == []
    async with store.begin() as tx:
        await tx.takes.delete(4)
    third = await export_archive(store, tmp_path / "site", channel, Format.SITE)
    assert "papers/2007.10909.html" in third.written.changed
    assert "digests/200726.html" not in third.written.touched


def parts(files: dict[str, bytes], name: str) -> Iterator[object]:
    for path, data in files.items():
        if path.startswith(f"search/{name}"):
            call = re.fullmatch(r'papertakes\.loaded\("\w+",\d+,(.*)\)\n', data.decode(), re.S)
            assert call is not None
            yield json.loads(call[1])


def test_the_index_holds_every_piece() -> None:
    docs = [
        Doc(
            f"papers/{n}.html",
            f"Title {n} 메타러닝",
            "2020-01-01",
            f"few shot 학습 {n} {'я' * n}\u2028",
        )
        for n in range(900)
    ]
    files = dict(search_files(docs))
    lines = [line for shard in parts(files, "terms") for line in str(shard).split("\n")]
    terms = [re.split("[ <>]", line, maxsplit=1)[0] for line in lines]
    assert terms == sorted(set(terms), key=lambda term: term.encode("utf-16-be"))
    wanted = {piece for doc in docs for piece in pieces(f"{doc.title} {doc.text}")}
    assert set(terms) == wanted | {"titles", "fews", "shots"}  # named for their usual forms
    assert {"titles>title", "shots>shot"} <= set(lines)
    by_term = dict(line.split(" ", 1) for line in lines if " " in line)
    assert by_term["메타"] == " ".join(["0!", *["1!"] * 899])
    assert by_term["899"] == "oz!"
    [about] = parts(files, "index")
    assert about == {"first": [str(s).partition(" ")[0] for s in parts(files, "terms")],
                     "docs": 32, "count": 900}  # fmt: skip


def test_the_index_tells_the_numbers_of_a_word() -> None:
    docs = [Doc("a", "Two models of GPs", "", "matrices"), Doc("b", "A model", "", "Moore's")]
    [lines] = parts(dict(search_files(docs)), "terms")
    assert {
        "model<models 0! 1!", "models>model 0!", "matrix<matrices 0", "matrices>matrix 0",
        "matrixes>matrix", "gp 0!", "gps 0!", "moore 1", "two 0!", "a 1!",
    } <= set(str(lines).split("\n"))  # fmt: skip


def test_addresses() -> None:
    assert slug("#Few_Shot / 학습") == "few-shot-학습"
    assert slug("C++") == "c"
    assert re.fullmatch("[0-9a-f]{10}", slug("🙂"))
    assert len(slug("가" * 500).encode()) <= 80
    assert relative("tags/a.html", "papers/학.html") == "../papers/%ED%95%99.html"
    assert relative("index.html", "a.html") == "a.html"
    assert [numbered("tags/a.html", n) for n in (1, 2)] == ["tags/a.html", "tags/a.2.html"]
    names = Names("-")
    assert [names.take("tags/a.html"), names.take("tags/A.html")] == [
        "tags/a.html",
        "tags/A-2.html",
    ]
