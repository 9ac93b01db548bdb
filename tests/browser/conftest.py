"""A sandbox with its page, a small bot, and Debian's Chromium to look at it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox import Sandbox, World
from bot.sandbox.page import mount
from tests.sandbox.page.clubbot import running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where Debian's (or another) Chromium is; None when there is none."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium fonts-noto-cjk")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


class Clock:
    """Stands still but for a millisecond a look, so that ids differ."""

    def __init__(self) -> None:
        self.now = datetime(2020, 7, 26, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    async def advance(self, step: timedelta) -> None:
        self.now += step


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    clock = Clock()
    sandbox = Sandbox(clock=clock, world=World.sample())
    mount(sandbox.app, sandbox, advance=clock.advance)
    await sandbox.start()
    async with running(sandbox):
        yield sandbox
    await sandbox.stop()


Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Open]:
    """Opens the page as a member in a channel: `await open_page("Ada", "papers", width=1280)`.

    Fails the test at the end if a page's script threw, or asked for anything from elsewhere.
    """
    address = sandbox.api_base.removesuffix("/api/v10")
    wrong: list[str] = []
    asked: list[str] = []

    async def open_page(name: str = "Ada", channel: str = "papers", width: int = 1280) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": 860}, timezone_id="UTC"
        )
        context.set_default_timeout(8000)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda request: asked.append(request.url))
        person, place = sandbox.person(name), sandbox.channel(channel)
        await page.goto(f"{address}/#as={person.id}&at={place.id}")
        await (
            page.get_by_role("heading", name=f"Welcome to #{place.name}")
            .or_(page.get_by_role("button", name="New Post"))
            .or_(page.locator("summary"))
            .first.wait_for()
        )
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
