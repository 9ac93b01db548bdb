"""The exported site in a real browser: read, searched, without scripts, by anybody."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.archive.exporter import Format, export_archive
from bot.archive.importing.importer import import_archive
from bot.store import Store, upgrade
from bot.text.bigrams import located, query, stems
from bot.text.stems import stem, uncased
from tests.browser.pictures import IMAGES, PICTURES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
HOSTILE = "<script>document.title='run'</script> <img src=x onerror=\"document.title='run'\">"
FORMULAS = Path(__file__).parents[1] / "data" / "formulas.md"
PICTURED = {
    ("digests/200726.html", 1100): "site.png",
    ("index.html", 390): "site-phone.png",
    ("papers/2006.16236.html", 1100): "site-formulas.png",
}
KINDS = [
    "index.html",
    "digests/200726.html",
    "papers/2007.10909.html",
    "notes/191118-anchor-free.html",
    "tags/review.html",
    "months/2020-07.html",
    "tags.html",
    "members.html",
    "search.html?q=학습",
    "calendar.html",
    "years/2020.html",
    "authors.html",
    "feeds.html",
    "404.html",
    "papers/2006.16236.html",
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the archive, as files on a disk."""
    made = tmp_path_factory.mktemp("site")
    store = Store(f"sqlite:///{made / 'archive.db'}")
    await upgrade(store)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    await import_archive(store, ARCHIVE, "ml-papers", now=now)
    hostile = made / "200727 Hostile.md"
    hostile.write_text(f"https://arxiv.org/abs/2007.99999\n\n{HOSTILE} #review\n")
    await import_archive(store, hostile, "ml-papers", now=now)
    formulas = made / "200728 Formulas.md"
    formulas.write_bytes(FORMULAS.read_bytes())
    await import_archive(store, formulas, "ml-papers", now=now)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml-papers")
    await export_archive(store, made / "out", channel, Format.SITE)
    await store.close()
    return made / "out"


class Reader:
    """A browser's window on the site."""

    def __init__(self, context: BrowserContext, page: Page, folder: Path) -> None:
        self.context, self.page, self.folder = context, page, folder

    async def open(self, address: str) -> Page:
        await self.page.goto(f"{self.folder.as_uri()}/{address}")
        return self.page


@pytest_asyncio.fixture(loop_scope="session")
async def reader(browser: Browser, folder: Path) -> AsyncIterator[Reader]:
    context = await browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(8000)
    page = await context.new_page()
    wrong: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    yield Reader(context, page, folder)
    await context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((folder.as_uri(), "data:"))] == []


async def test_from_the_front_page_to_a_paper_and_back(reader: Reader) -> None:
    page = await reader.open("index.html")
    await page.get_by_role("link", name="200726 최근 논문들에 대한 생각").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "200726 최근 논문들에 대한 생각"
    )
    await page.get_by_role("link", name="SliceOut").click()
    await expect(page.get_by_text("채널이나 feature map의 일부만을")).to_be_visible()
    arxiv = page.get_by_role("link", name="arXiv:2007.10909")
    await expect(arxiv).to_have_attribute("href", "https://arxiv.org/abs/2007.10909")
    await page.get_by_role("link", name="200726").click()
    await page.get_by_role("link", name="ml-papers", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("ml-papers")


async def test_korean_is_found_without_a_server(reader: Reader) -> None:
    page = await reader.open("index.html")
    await page.get_by_role("searchbox").fill("채널이나 forward")
    await page.get_by_role("searchbox").press("Enter")
    results = page.locator("#results li")
    await expect(results).to_have_count(1)
    await expect(results.locator("mark").first).to_have_text("채널이나")
    await page.get_by_role("searchbox").fill("앵커")
    await expect(results.filter(has_text="Anchor-Free")).to_have_count(1)
    await page.get_by_role("searchbox").fill('"self supervised" bootst')
    await expect(results.get_by_role("link", name="Bootstrap your own latent")).to_be_visible()
    await page.get_by_role("searchbox").fill("layout lm tag:ocr")
    await expect(results).to_have_count(1)
    await expect(results.get_by_role("link", name="LayoutLM")).to_be_visible()
    await page.get_by_role("searchbox").fill("sliceout #ocr")
    await expect(results).to_have_count(0)
    await page.get_by_role("searchbox").fill("2007.10909")
    await results.get_by_role("link", name="SliceOut").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("SliceOut")
    await reader.open("search.html?q=zzzzqq")
    await expect(page.get_by_role("status")).to_have_text("찾은 글이 없어요.")
    await expect(results).to_have_count(0)


async def test_all_that_holds_a_word_is_found(reader: Reader) -> None:
    """Against a plain scan of what the index holds."""
    page = await reader.open("search.html?q=")
    docs: list[list[str]] = []
    for number in range(len(list(reader.folder.glob("search/docs-*.js")))):
        data = (reader.folder / f"search/docs-{number}.js").read_text("utf-8")
        docs += json.loads(data.partition(",")[2].partition(",")[2].rstrip()[:-1])
    for word in ("학습", "트랜스포머", "메타러닝", "인", "gpt-3"):
        wanted = [title for _, title, _, text in docs if word in f"{title}\n{text}".casefold()]
        assert sorted(await found(page, word)) == sorted(wanted), word
    for word in (
        "transformers",
        "model",
        "matrices",
        "VAEs",
        "language models",
        "generative model",
    ):
        asked = f" {' '.join(stems(word))} "
        said = {title: [f" {' '.join(stems(one))} " for one in (title, text)]
                for _, title, _, text in docs}  # fmt: skip
        wanted = [title for title, several in said.items() if any(asked in one for one in several)]
        assert wanted, word
        assert set(await found(page, f'"{word}"')) == set(wanted), word


async def test_a_word_is_found_in_any_number(reader: Reader) -> None:
    page = await reader.open("search.html?q=")
    models, model = await found(page, "models"), await found(page, '"model"')
    assert "SliceOut" in " ".join(await found(page, "transformer sliceouts"))
    assert set(model) == set(models)
    exact = await found(page, '="models"')
    assert 0 < len(exact) < len(model)
    marks = await page.locator("#results mark").all_text_contents()
    assert {mark.casefold() for mark in marks} == {"models"}
    assert await found(page, "=zzmodels") == []


async def found(page: Page, typed: str) -> list[str]:
    """The titles of all that is found."""
    await page.goto(f"{page.url.partition('?')[0]}?q={quote(typed)}")
    more = page.get_by_role("button", name="더 보기")
    while True:
        await expect(page.locator("#results")).to_have_attribute("aria-busy", "false")
        if not await more.is_visible():
            return await page.locator("#results a").all_text_contents()
        await more.click()


async def test_pieces_are_those_of_the_bot(reader: Reader) -> None:
    page = await reader.open("search.html?q=")
    texts = [path.read_text("utf-8", "replace") for path in sorted(ARCHIVE.rglob("*.md"))[::4]]
    texts += [
        "C++ and C# 3",
        "GPs, RISs’s 3DGSs Moore’s it's 's xGPs GPsx",
        "ﬁne ＡＢＣ ｶﾀｶﾅ",
        "Éclair Straße ΣΊΣΥΦΟΣ",
        "メタ学習 元学习",
        "ㅋㅋ 𠮷野家",
        "학",
    ]
    for text in texts:
        made = await page.evaluate("text => papertakes.located(text)", text)
        assert [one[0] for one in made] == [one[0] for one in located(text)]
        assert await page.evaluate("text => papertakes.uncased(text)", text) == uncased(text)
    for typed in (
        "few shot 학습", '"a b"* c*', "메", "GPT-4", "메타러닝을 x", '""', "GPs Moore's",
        "=GPs ='x' =\"a b\" x",
    ):  # fmt: skip
        asked = await page.evaluate("text => papertakes.query(text)", typed)
        phrases = query(typed, unfinished=True)
        wanted = [[len(p.pieces if p.exact else p.stems), p.prefix, p.exact] for p in phrases]
        assert [[len(one["pieces"]), one["prefix"], one["exact"]] for one in asked] == wanted, typed
        for one, phrase in zip(asked, phrases, strict=True):
            if phrase.exact:
                assert one["pieces"] == list(phrase.pieces)
            elif not phrase.prefix:
                assert [stem(piece) for piece in one["pieces"]] == list(phrase.stems)


async def test_hostile_text_runs_nothing(reader: Reader) -> None:
    page = await reader.open("tags/review.html")
    await page.locator(".pages a").first.click()
    await expect(page.get_by_text("<script>document.title='run'</script>")).to_be_visible()
    assert await page.title() != "run"
    await reader.open("search.html?q=document.title")
    await expect(page.locator("#results p")).to_contain_text("onerror")
    assert await page.title() != "run"


async def test_without_javascript_everything_is_read(browser: Browser, folder: Path) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{folder.as_uri()}/index.html")
    await expect(page.locator("#theme")).to_be_hidden()
    await page.get_by_role("link", name="200726 최근 논문들에 대한 생각").click()
    await expect(page.get_by_text("이번에는 좀 놀아서 분량이 적다.")).to_be_visible()
    await page.get_by_role("link", name="검색").click()
    await expect(page.get_by_text("JavaScript가 필요해요")).to_be_visible()
    await context.close()


async def test_light_and_dark(reader: Reader) -> None:
    page = await reader.open("index.html")
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    light = await page.evaluate(colour)
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate(colour)
    assert light != dark
    await page.get_by_role("button", name="밝게 또는 어둡게").click()
    is_light = f"{colour} === '{light}'"
    await page.wait_for_function(is_light)
    await page.get_by_role("link", name="태그", exact=True).click()
    await expect(page).not_to_have_url(re.compile("index.html$"))
    await page.wait_for_function(is_light)  # kept from page to page


@pytest.mark.parametrize("width", [320, 390, 1100])
async def test_nothing_is_wider_than_the_window(reader: Reader, width: int) -> None:
    await reader.page.set_viewport_size({"width": width, "height": 800})
    for address in KINDS:
        page = await reader.open(address)
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wider) <= 0, address
        if PICTURES and (address, width) in PICTURED:
            await page.screenshot(path=IMAGES / PICTURED[address, width])


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_accessible(reader: Reader, scheme: str) -> None:
    await reader.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for address in KINDS:
        page = await reader.open(address)
        if "search" in address:
            await expect(page.locator("#results li").first).to_be_visible()
        found = await Axe().run(page, options={"preload": False})
        assert found.response["violations"] == [], f"{address}\n{found.generate_report()}"
