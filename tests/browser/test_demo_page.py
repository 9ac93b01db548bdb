"""The demo's page: what it opens on, what *Next digest* says, and every state that the sandbox can
be in, before and after the page is loaded anew."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo import Demo, demo
from bot.sandbox import Permission, Place, Post, Sandbox

if TYPE_CHECKING:
    from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAPER = "2007.10909"
SLICEOUT = "SliceOut: Training Transformers"
LANGUAGES = "채널을 잘라요 · ช่องสัญญาณ · القنوات تُقطع · 👩‍👩‍👧‍👦🧪 · ∑ᵢ αᵢ"
LONG = "\n\n".join(f"Paragraph {n}: " + "slices channels " * 12 for n in range(18))


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Demo]:
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    async with demo(port=0, database=url, start=datetime(2020, 7, 27, 9, tzinfo=UTC)) as running:
        yield running


@pytest.fixture
def sandbox(running: Demo) -> Sandbox:
    """What `open_page` shows."""
    return running.sandbox


def box(page: Page) -> Locator:
    return page.locator(".pane.main .composer textarea")


async def run(page: Page, command: str) -> None:
    await box(page).fill(command)
    await box(page).press("Enter")


async def add(running: Demo, channel: str = "papers") -> Post:
    """Ada adds a paper; its card."""
    reply = await running.sandbox.person("Ada").slash(
        "/paper add", channel=channel, reference=PAPER
    )
    return reply.posts[-1]


async def take(running: Demo, text: str = "Slices channels.", who: str = "Grace") -> None:
    await running.sandbox.person(who).slash("/take", channel="papers", paper=PAPER, text=text)


async def digest(running: Demo) -> Place:
    """A digest with one take; its thread."""
    await add(running)
    await take(running)
    await running.sandbox.person("Ada").slash("/digest post", channel="papers")
    await running.app.settle()
    return running.sandbox.channel("papers").threads[-1]


# ------------------------------------------------------------------ what it opens on


async def test_it_opens_on_three_lines_that_say_what_to_try(open_page: Open) -> None:
    page = await open_page()
    tips = page.locator(".banner")
    await expect(tips.get_by_role("listitem")).to_have_count(3)
    await expect(tips).to_contain_text("/paper add reference:2007.10909")
    await expect(tips).to_contain_text("Add take")
    await expect(tips).to_contain_text("Next digest")
    await run(page, "/paper add reference:2007.10909")
    await page.get_by_role("button", name="Add take").click()
    await page.get_by_role("dialog").get_by_label("Your take").fill("Slices channels.")
    await page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("Slices channels.")).to_be_visible()
    await page.get_by_role("button", name="Next digest").click()
    await expect(tips).to_contain_text("200802 Papers was posted")
    await tips.get_by_role("button", name="200802 Papers").click()
    await expect(page.locator(".pane.side")).to_contain_text("Slices channels.")
    await tips.get_by_role("button", name="Close").click()
    await expect(tips).to_be_hidden()


async def test_it_speaks_korean_to_a_korean_member(open_page: Open) -> None:
    page = await open_page("Minji")
    tips = page.locator(".banner")
    await expect(tips).to_contain_text("/논문 추가 링크:2007.10909")
    await run(page, "/논문 추가 링크:2007.10909")
    await expect(
        page.get_by_role("button", name=re.compile("Add take|코멘트 쓰기"))
    ).to_be_visible()
    await page.get_by_role("button", name="Next digest").click()
    await expect(tips).to_contain_text("다이제스트를 올렸어요")


async def test_on_a_phone_it_is_no_wider_than_the_screen(open_page: Open) -> None:
    page = await open_page(width=360)
    await expect(page.locator(".banner")).to_be_visible()
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wider)


# ------------------------------------------------------------------ what Next digest says


async def _nothing(running: Demo) -> None:
    await add(running)
    await running.sandbox.person("Ada").slash("/paper remove", channel="papers", paper=PAPER)


async def _few(running: Demo) -> None:
    await add(running)
    ada = running.sandbox.person("Ada")
    await ada.slash("/settings set", channel="papers", minimum_takes=5)


async def _skipped(running: Demo) -> None:
    await add(running)
    await running.sandbox.person("Ada").slash("/digest skip", channel="papers")


async def _forbidden(running: Demo) -> None:
    await add(running)
    await take(running)
    bot = running.sandbox.world.bot.display_name
    deny = Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
    running.sandbox.admin.set_overwrite("papers", bot, deny=deny)


async def _posted(running: Demo) -> None:
    await add(running)
    await take(running)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (_nothing, "Nothing was posted for Aug 2, 2020: there are no takes, and no papers"),
        (_few, "less than the minimum"),
        (_skipped, "The digest of Aug 2, 2020 was skipped"),
        (_forbidden, "missing permissions"),
        (_posted, "The digest 200802 Papers was posted"),
    ],
    ids=["nothing", "few", "skipped", "forbidden", "posted"],
)
async def test_next_digest_says_what_happened(
    open_page: Open, running: Demo, before: Callable[[Demo], Awaitable[None]], told: str
) -> None:
    await before(running)
    page = await open_page()
    await page.get_by_role("button", name="Next digest").click()
    await expect(page.locator(".banner")).to_contain_text(told)
    await expect(page.locator(".banner")).to_contain_text("#papers")


async def test_next_digest_without_any_channel(open_page: Open) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Next digest").click()
    await expect(page.locator(".message.private")).to_contain_text("No digest is due.")


# ------------------------------------------------------------------ every state


State = Callable[[Demo, Page], Awaitable[None]]
"""Makes a state while the page is open."""


async def thread_archived_by_time(running: Demo, page: Page) -> None:
    await digest(running)
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock-face")).to_contain_text("Aug 3, 2020")


async def thread_archived_while_open(running: Demo, page: Page) -> None:
    thread = await digest(running)
    await page.locator(".thread-chip").click()
    await expect(page.locator(".pane.side")).to_contain_text("Slices channels.")
    running.sandbox.admin.archive(thread)


async def thread_locked(running: Demo, page: Page) -> None:
    thread = await digest(running)
    running.sandbox.admin.lock(thread)
    running.sandbox.admin.archive(thread)


async def thread_deleted_while_open(running: Demo, page: Page) -> None:
    thread = await digest(running)
    await page.locator(".thread-chip").click()
    await expect(page.locator(".pane.side")).to_contain_text("Slices channels.")
    running.sandbox.admin.delete_channel(thread)


async def starter_deleted(running: Demo, page: Page) -> None:
    thread = await digest(running)
    assert thread.starter is not None
    running.sandbox.admin.delete_message(thread.starter)


async def channel_deleted_while_open(running: Demo, page: Page) -> None:
    await digest(running)
    await page.locator(".thread-chip").click()
    running.sandbox.admin.delete_channel("papers")
    await expect(page.get_by_role("heading", name="Welcome to #ml-papers")).to_be_visible()


async def every_channel_deleted(running: Demo, page: Page) -> None:
    for name in ("papers", "ml-papers", "reading-room"):
        running.sandbox.admin.delete_channel(name)


async def channel_hidden(running: Demo, page: Page) -> None:
    await add(running)
    running.sandbox.admin.set_overwrite("papers", "@everyone", deny=Permission.VIEW_CHANNEL)


async def forum_post(running: Demo, page: Page) -> None:
    grace = running.sandbox.person("Grace")
    post = await grace.open_thread("This week", channel="reading-room", text=LANGUAGES)
    await grace.slash("/paper add", channel=post, reference=PAPER)
    await page.get_by_role("navigation").get_by_role("button", name="reading-room").click()
    await expect(page.locator(".post")).to_contain_text("This week")
    running.sandbox.admin.archive(post)


async def forum_post_deleted(running: Demo, page: Page) -> None:
    await forum_post(running, page)
    running.sandbox.admin.delete_channel(running.sandbox.channel("reading-room").threads[-1])


async def direct_message(running: Demo, page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("button", name="Papertakes").click()
    await run(page, "hello 안녕하세요")
    await expect(page.locator(".message").first).to_contain_text("hello 안녕하세요")


async def bot_cut_off(running: Demo, page: Page) -> None:
    await add(running)
    running.sandbox.faults.gateway.refuse(1)
    running.sandbox.faults.gateway.drop()
    await run(page, "/digest preview")


async def bot_kicked(running: Demo, page: Page) -> None:
    await add(running)
    running.sandbox.admin.kick(running.sandbox.world.bot.display_name)


async def message_deleted(running: Demo, page: Page) -> None:
    post = await running.sandbox.person("Grace").say("to be deleted", channel="papers")
    answer = await running.sandbox.person("Minji").say("an answer", channel="papers", reply_to=post)
    await expect(page.locator(f'[data-id="{answer.id}"]')).to_be_visible()
    running.sandbox.admin.delete_message(post)
    await expect(page.locator(f'[data-id="{post.id}"]')).to_have_count(0)


async def message_edited(running: Demo, page: Page) -> None:
    grace = running.sandbox.person("Grace")
    post = await grace.say("before", channel="papers")
    await grace.edit(post, "after **it**")


async def private_answer(running: Demo, page: Page) -> None:
    await run(page, "/settings show")
    await expect(page.locator(".message.private")).to_be_visible()


async def form_open(running: Demo, page: Page) -> None:
    await add(running)
    await page.get_by_role("button", name="Add take").click()
    await page.get_by_role("dialog").get_by_label("Your take").fill(LANGUAGES)


async def select_menu(running: Demo, page: Page) -> None:
    papers = "2007.10909 2007.10396 2007.10637"
    await run(page, f"/paper add reference:{papers}")
    await expect(page.locator(".container")).to_contain_text("SliceOut")
    await run(page, "/digest preview")
    await expect(page.locator(".message.private").last).to_contain_text("SliceOut")


async def long_take(running: Demo, page: Page) -> None:
    await add(running)
    await take(running, LONG)


async def other_scripts(running: Demo, page: Page) -> None:
    await add(running)
    await take(running, LANGUAGES)


async def code_and_markup(running: Demo, page: Page) -> None:
    await add(running)
    await take(running, "```py\n<script>alert(1)</script>\n```\n> ```\n> x\n||spoiler|| <b>no</b>")


async def permission_missing(running: Demo, page: Page) -> None:
    await add(running)
    bot = running.sandbox.world.bot.display_name
    running.sandbox.admin.set_overwrite("papers", bot, deny=Permission.VIEW_CHANNEL)
    await run(page, "/paper list")


async def member_may_not_write(running: Demo, page: Page) -> None:
    await add(running)
    running.sandbox.admin.set_overwrite("papers", "@everyone", deny=Permission.SEND_MESSAGES)
    running.sandbox.admin.set_overwrite("papers", "Grace", deny=Permission.SEND_MESSAGES)


async def card_removed(running: Demo, page: Page) -> None:
    await add(running)
    await running.sandbox.person("Ada").slash("/paper remove", channel="papers", paper=PAPER)
    await running.app.settle()


async def digest_skipped(running: Demo, page: Page) -> None:
    await _skipped(running)
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator(".clock-face")).to_contain_text("Aug 3, 2020")


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (thread_archived_by_time, "200727 Papers"),
        (thread_archived_while_open, "200727 Papers"),
        (thread_locked, "200727 Papers"),
        (thread_deleted_while_open, SLICEOUT),
        (starter_deleted, SLICEOUT),
        (channel_deleted_while_open, "Welcome to #ml-papers"),
        (every_channel_deleted, "beginning of your direct messages"),
        (channel_hidden, ""),
        (forum_post, "This week"),
        (forum_post_deleted, "There are no posts yet."),
        (direct_message, "hello 안녕하세요"),
        (bot_cut_off, SLICEOUT),
        (bot_kicked, SLICEOUT),
        (message_deleted, "Original message was deleted"),
        (message_edited, "after it (edited)"),
        (private_answer, "Welcome to #papers"),
        (form_open, SLICEOUT),
        (select_menu, SLICEOUT),
        (long_take, "Paragraph 0: slices channels"),
        (other_scripts, LANGUAGES),
        (code_and_markup, "<script>alert(1)</script>"),
        (permission_missing, SLICEOUT),
        (member_may_not_write, SLICEOUT),
        (card_removed, "off the list"),
        (digest_skipped, SLICEOUT),
    ],
)
async def test_every_state_is_shown_and_shown_again_after_a_reload(
    open_page: Open, running: Demo, state: State, seen: str
) -> None:
    page = await open_page("Grace")
    console: list[str] = []
    page.on("console", lambda line: console.append(line.text) if line.type == "error" else None)
    await state(running, page)
    await _shows(page, seen)
    await page.reload()
    await _shows(page, seen)
    # The page goes on living: the clock moves, and another member looks at it.
    await page.get_by_role("button", name="+1 day").click()
    await page.get_by_label("You act as").select_option(label="민지")
    await expect(page.locator(".locale")).to_have_text("ko")
    await expect(page.locator(".pane.main h2")).not_to_be_empty()
    assert console == []


async def _shows(page: Page, seen: str) -> None:
    await expect(page.locator(".sidebar h1")).to_have_text("Paper club")
    await expect(page.get_by_label("You act as")).to_be_visible()
    pane = page.locator(".pane.main")
    await expect(
        pane.get_by_text(re.compile(re.escape(seen))).first if seen else pane
    ).to_be_visible()
