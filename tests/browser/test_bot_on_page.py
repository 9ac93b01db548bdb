"""The demo's page with the real bot behind it: what a newcomer does first.

With PAPERTAKES_SCREENSHOTS=1 the README's pictures are taken anew, into docs/images/.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo, demo
from bot.sandbox import Sandbox
from bot.sandbox.sample import SAMPLE_WEEK
from bot.sandbox.script import load
from tests.browser.pictures import IMAGES, PICTURES

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAKE = "채널이나 feature map의 일부만을 잘라내서 forward. #regularization"


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Demo]:
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    # Where the sample week begins, so that it can be played.
    start = datetime(2020, 7, 26, 9, tzinfo=UTC)
    async with demo(port=0, database=url, start=start) as running:
        yield running


@pytest.fixture
def sandbox(running: Demo) -> Sandbox:
    """What `open_page` shows: the demo's sandbox in place of the small bot's."""
    return running.sandbox


def box(page: Page) -> Locator:
    return page.locator(".pane.main .composer textarea")


async def run(page: Page, command: str) -> None:
    await box(page).fill(command)
    await box(page).press("Enter")


async def test_a_paper_two_takes_and_the_digest(open_page: "Open") -> None:
    ada, minji = await open_page("Ada"), await open_page("Minji")
    await run(ada, "/paper add https://arxiv.org/abs/2007.10909")
    card = ada.locator(".container")
    await expect(card.get_by_role("heading")).to_contain_text("SliceOut: Training Transformers")
    await expect(card).to_contain_text("Pascal Notin, Aidan N. Gomez, Joanna Yoo, Yarin Gal")
    await expect(card.get_by_role("link", name="arXiv")).to_have_attribute(
        "href", "https://arxiv.org/abs/2007.10909"
    )

    await run(ada, "/take paper:2007.10909")
    form = ada.get_by_role("dialog")
    await form.get_by_label("Your take").fill("Slices channels.\n\nFaster, **less** memory.")
    if PICTURES:
        await ada.set_viewport_size({"width": 1200, "height": 1000})
        await ada.screenshot(path=IMAGES / "card.png")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    await expect(minji.locator("strong", has_text="less")).to_be_visible()

    await expect(minji.locator(".locale")).to_have_text("ko")
    await run(minji, f"/코멘트 논문:2007.10909 내용:{TAKE}")
    await expect(ada.get_by_text(TAKE)).to_be_visible()

    await run(ada, "/digest post")
    await expect(ada.locator(".message.private").last).to_contain_text("200726")
    await ada.locator(".thread-chip").click()
    thread = ada.locator(".pane.side")
    section = thread.locator(".message", has_text="Pascal Notin")
    await expect(section.get_by_role("link", name="SliceOut")).to_be_visible()
    await expect(section.locator("strong", has_text="Ada")).to_be_visible()
    await expect(section.locator("strong", has_text="민지")).to_be_visible()
    await expect(section).to_contain_text(TAKE)


async def test_a_form_left_blank_lists_nothing(open_page: "Open") -> None:
    page = await open_page("Minji")
    await run(page, "/코멘트 논문:2007.10909")
    form = page.get_by_role("dialog")
    await form.locator("textarea").fill("   \n ")
    await form.get_by_role("button", name="Submit").click()
    await expect(form.get_by_role("alert")).to_contain_text("required")
    await form.get_by_role("button", name="Cancel").click()
    await run(page, "/논문 목록")
    await expect(page.locator(".message").last).to_be_visible()
    await expect(page.get_by_text("SliceOut")).to_have_count(0)


async def test_the_sample_week_is_read(open_page: "Open", running: Demo) -> None:
    week = load(SAMPLE_WEEK)
    await running.play(week)
    page = await open_page("Grace", week.steps[0].where.removeprefix("#"), width=1200)
    await page.locator(".thread-chip").click()
    thread = page.locator(".pane.side")
    await expect(thread.locator(".message").last).to_contain_text("#review")
    first = thread.locator(".message", has_text="Pascal Notin")
    await expect(first).to_contain_text("채널이나 feature map의 일부만을 잘라내서 forward.")
    if PICTURES:
        await first.evaluate("message => message.scrollIntoView()")
        await page.locator(".thread-chip").scroll_into_view_if_needed()
        await page.mouse.move(600, 20)
        await page.screenshot(path=IMAGES / "digest.png")


async def test_a_digest_as_a_forum_post(open_page: "Open", running: Demo) -> None:
    grace = running.sandbox.person("Grace")
    post = await grace.open_thread("This week's papers", channel="reading-room", text="Here.")
    await grace.slash("/paper add", channel=post, reference="2007.10909 2007.10396")
    for paper in ("2007.10909", "2007.10396"):
        await grace.slash("/take", channel=post, paper=paper, text=TAKE)
    await running.sandbox.person("Ada").slash("/digest post", channel=post)
    await running.app.settle()
    page = await open_page("Grace", "reading-room", width=1200)
    await page.get_by_text("200726 Papers").first.click()
    await expect(page.get_by_text("2 papers · 2 takes · Grace").first).to_be_visible()
    await expect(page.get_by_text(TAKE).first).to_be_visible()
    if PICTURES:
        await page.screenshot(path=IMAGES / "forum.png")
