"""What a newcomer does on the page, in a real browser, with a real discord.py bot behind it."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def box(page: Page) -> Locator:
    return page.locator(".pane.main .composer textarea")


async def run(page: Page, command: str) -> None:
    await box(page).fill(command)
    await box(page).press("Enter")


async def test_a_command_found_typed_and_completed(open_page: "Open") -> None:
    page = await open_page()
    await box(page).press_sequentially("/pap")
    commands = page.get_by_role("listbox", name="Commands")
    await expect(commands.get_by_role("option")).to_have_count(2)
    await expect(commands).to_contain_text("Put a paper on the list")
    await box(page).press("ArrowDown")
    await box(page).press("Enter")
    await expect(box(page)).to_have_value("/paper add reference:")
    await box(page).press_sequentially("slice")
    choices = page.locator(".suggestion")
    await expect(choices).to_have_count(1)
    await expect(choices).to_contain_text("SliceOut")
    await box(page).press("Tab")
    await box(page).press("Enter")
    card = page.locator(".container")
    await expect(card.get_by_role("heading")).to_contain_text("SliceOut")
    await expect(card.get_by_role("link", name="arXiv")).to_have_attribute(
        "href", "https://arxiv.org/abs/2007.10909"
    )
    await expect(page.locator(".reference")).to_contain_text("Ada used /paper add")
    await expect(box(page)).to_have_value("")


@pytest.mark.parametrize(
    "command",
    [
        "/paper add https://arxiv.org/abs/2007.10909",
        "/paper add reference: https://arxiv.org/abs/2007.10909",
        "/paper add title:any reference:2007.10909",
    ],
)
async def test_a_whole_command_pasted(open_page: "Open", command: str) -> None:
    page = await open_page()
    await run(page, command)
    await expect(page.locator(".container")).to_contain_text("SliceOut")


async def test_what_a_client_refuses(open_page: "Open") -> None:
    page = await open_page()
    alert = page.locator(".composer-error")
    await run(page, "/nonsense")
    await expect(alert).to_contain_text("There is no command /nonsense")
    await run(page, "/paper add ")
    await expect(alert).to_contain_text("required")
    await box(page).fill("x" * 2001)
    await box(page).press("Enter")
    await expect(alert).to_contain_text("too long")


async def test_a_form_and_an_answer_only_its_reader_sees(open_page: "Open") -> None:
    ada, grace = await open_page("Ada"), await open_page("Grace")
    await run(ada, "/paper add 2007.10909")
    await run(grace, "/note paper:2007.10909 text:no words here: ")
    await expect(grace.locator(".content").last).to_contain_text("no words here:")
    await run(grace, "/paper add 2099.00000")
    refusal = grace.locator(".message.private")
    await expect(refusal).to_contain_text("There is no paper 2099.00000")
    await expect(refusal).to_contain_text("Only you can see this")
    await grace.get_by_role("button", name="Add take").click()
    await grace.get_by_role("dialog").get_by_label("Text").fill("channel **slicing**")
    await grace.get_by_role("dialog").get_by_role("button", name="Submit").click()
    await expect(ada.locator(".content strong", has_text="slicing")).to_be_visible()
    await expect(ada.locator(".message.private")).to_have_count(0)
    await refusal.get_by_role("button", name="Dismiss message").click()
    await expect(refusal).to_have_count(0)


async def test_a_thread_is_read(open_page: "Open") -> None:
    page = await open_page()
    await run(page, "/week kind:fu")
    await expect(page.locator(".message.private")).to_contain_text("Posted.")
    await page.locator(".thread-chip").click()
    thread = page.locator(".pane.side")
    await expect(thread.locator(".message")).to_have_count(4)
    await expect(thread.locator(".message").first).to_contain_text("Three papers")
    await expect(thread.get_by_role("link", name="Bootstrap Your Own Latent")).to_be_visible()
    await thread.locator("textarea").fill("good week")
    await thread.locator("textarea").press("Enter")
    await expect(thread.locator(".message").last).to_contain_text("good week")
    await expect(page.locator(".thread-row")).to_contain_text("200726")
    await page.keyboard.press("Escape")
    await expect(thread).to_be_hidden()


async def test_markdown_is_rendered_and_html_is_not(open_page: "Open") -> None:
    page = await open_page()
    await run(page, "/rich")
    message = page.locator(".message").last
    content = message.locator(".content")
    await expect(content.locator(".md-h1")).to_have_text("Heading")
    await expect(content.locator("strong").first).to_have_text("bold")
    await expect(content.locator("ul ul li")).to_have_text("two")
    await expect(content.locator("pre code")).to_have_text('print("<b>not bold</b>")')
    await expect(content.locator("a")).to_have_count(2)
    await expect(content).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(content).to_contain_text("*plain* snake_case_name")
    await expect(content.locator("time")).to_have_text("July 26, 2020")
    await expect(content.locator("img")).to_have_count(0)
    spoiler = content.get_by_role("button", name="Spoiler")
    await spoiler.click()
    await expect(content.get_by_text("hidden")).to_be_visible()
    await expect(message.locator(".embed")).to_contain_text("An embed")
    async with page.expect_download() as download:
        await message.get_by_role("link", name="digest.md").click()
    assert (await (await download.value).path()).read_bytes() == b"# Digest\n"


async def test_a_korean_client(open_page: "Open") -> None:
    page = await open_page()
    await page.get_by_label("You act as").select_option(label="민지")
    await expect(page.locator(".locale")).to_have_text("ko")
    await box(page).press_sequentially("/")
    await expect(page.get_by_role("option", name="/논문 추가")).to_contain_text("논문을 목록에")
    await run(page, "/논문 추가 참조: 2007.10909")
    await expect(page.locator(".container")).to_contain_text("SliceOut")
    await expect(page.locator(".message time").last).to_contain_text("오전 9:00")


async def test_replies_menus_and_deleting(open_page: "Open", sandbox: Sandbox) -> None:
    page = await open_page()
    await sandbox.person("Grace").say("read arXiv 2007.10909", channel="papers")
    message = page.locator(".message", has_text="read arXiv").first
    await message.click(button="right")
    await page.get_by_role("menuitem", name="Add its papers").click()
    await expect(page.locator(".message.private")).to_contain_text("Looked at: read arXiv")
    await message.hover()
    await message.get_by_role("button", name="Reply").click()
    await box(page).fill("will do")
    await box(page).press("Enter")
    reply = page.locator(".message", has_text="will do")
    await expect(reply.locator(".reference")).to_contain_text("Grace")
    await reply.hover()
    await reply.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete Message").click()
    await expect(reply).to_have_count(0)


async def test_a_select_and_a_silent_bot(open_page: "Open") -> None:
    page = await open_page()
    await run(page, "/paper add 2007.10909")
    await page.get_by_label("Save it as").select_option("best")
    await expect(page.locator(".message.private")).to_contain_text("Saved as best.")
    await run(page, "/mute")
    silent = page.locator(".message.private", has_text="did not respond")
    await expect(silent).to_have_count(1)


async def test_a_forum(open_page: "Open") -> None:
    page = await open_page("Grace", "reading-room")
    await page.locator("summary").click()
    await page.get_by_label("Title of the post").fill("BYOL")
    await page.get_by_label("Message of the post").fill("What do you think?")
    await page.get_by_role("button", name="Post", exact=True).click()
    await expect(page.locator(".pane.side .message")).to_contain_text("What do you think?")
    await expect(page.locator(".post")).to_contain_text("Grace: What do you think?")


async def test_direct_messages(open_page: "Open") -> None:
    page = await open_page("Grace")
    await page.get_by_role("navigation").get_by_role("button", name="Papertakes").click()
    await box(page).fill("hello")
    await box(page).press("Enter")
    await expect(page.locator(".message")).to_contain_text("hello")


async def test_the_clock(open_page: "Open") -> None:
    page = await open_page()
    await expect(page.locator(".clock-face")).to_contain_text("Jul 26, 2020, 9:00")
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".clock-face")).to_contain_text("Jul 27, 2020, 9:00")


async def test_on_a_phone(open_page: "Open") -> None:
    page = await open_page(width=390)
    await run(page, "/week")
    await page.locator(".thread-chip").click()
    await expect(page.locator(".pane.main .message").first).to_contain_text("Three papers")
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wider)
    await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("button", name="papers", exact=True).click()
    await expect(page.locator(".thread-chip")).to_be_visible()
