"""The site of an archive of 4,000 notes: time to write it, its size, its heaviest pages.

    python -m tests.bench.bench_site [notes]

Notes are those of the archive in `tests/data`, repeated with other ids, dates and titles, and each
linking to an earlier one. Pages are loaded by Chromium from a disk, three times, the middle told.
"""

from __future__ import annotations

import asyncio
import re
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, async_playwright
from rich.console import Console
from rich.table import Table

from bot.archive.exporter import Format, export_archive
from bot.archive.importing.importer import import_archive
from bot.store import Store, upgrade

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
QUERIES = ("학습", "트랜스포머", "self supervised", "s", "없는낱말")


def make_notes(folder: Path, count: int) -> None:
    """A weekly post after every ten notes or so is in the archive already; these are notes."""
    texts = [path.read_text("utf-8", "replace") for path in sorted(ARCHIVE.glob("20*/*.md"))]
    first = date(2015, 1, 1)
    for number in range(count):
        text = texts[number % len(texts)]
        text = re.sub(
            r"arxiv\.org/abs/\S+", f"arxiv.org/abs/15{1 + number % 12:02}.{number:05}", text
        )
        earlier = max(number - 7, 0)
        text += f"\n\ncf. https://arxiv.org/abs/15{1 + earlier % 12:02}.{earlier:05}\n"
        day = first + timedelta(days=number)
        path = folder / f"{day:%Y}" / f"{day:%y%m%d} Note {number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    shutil.copytree(ARCHIVE / "reviews", folder / "reviews")


async def load(browser: Browser, url: str) -> tuple[float, int, int]:
    """Milliseconds until everything is loaded, nodes, requests."""
    times: list[float] = []
    for _ in range(3):
        context = await browser.new_context()
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        await page.goto(url)
        if "search.html" in url:
            await page.wait_for_function(
                "!document.getElementById('status').textContent.endsWith('…')"
            )
            times.append(await page.evaluate("performance.now()"))
        else:
            script = "performance.getEntriesByType('navigation')[0].loadEventEnd"
            times.append(await page.evaluate(script))
        nodes = await page.evaluate("document.querySelectorAll('*').length")
        requests = len([one for one in asked if not one.startswith("data:")])
        await context.close()
    return median(times), nodes, requests


def heaviest(site: Path) -> list[Path]:
    """The largest page of each kind, and the front pages."""
    html = sorted(site.rglob("*.html"), key=lambda path: -path.stat().st_size)
    folders = ("papers", "digests", "tags", "months", "members", "notes")
    chosen = [next((p for p in html if p.parent.name == name), None) for name in folders]
    return [*filter(None, chosen), site / "index.html", site / "tags.html"]


async def pages(site: Path) -> Table:
    table = Table("page", "bytes", "nodes", "requests", "load ms", title="In Chromium")
    chosen = heaviest(site)
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for one in chosen:
            ms, nodes, requests = await load(browser, one.as_uri())
            name = str(one.relative_to(site))
            table.add_row(name, f"{one.stat().st_size:,}", str(nodes), str(requests), f"{ms:.0f}")
        for query in QUERIES:
            ms, nodes, requests = await load(
                browser, f"{(site / 'search.html').as_uri()}?q={query}"
            )
            table.add_row(f"search: {query}", "", str(nodes), str(requests), f"{ms:.0f}")
        await browser.close()
    return table


async def main(count: int) -> None:
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        (work / "in").mkdir()
        make_notes(work / "in", count)
        store = Store(f"sqlite:///{work / 'archive.db'}")
        await upgrade(store)
        await import_archive(store, work / "in", "ml", now=datetime(2026, 1, 1, tzinfo=UTC))
        async with store.read() as tx:
            [channel] = await tx.channels.named("ml")
        table = Table("export", "seconds", "of the processor", "written", title=f"{count} notes")
        site = work / "site"
        for name in ("first", "again, unchanged"):
            start, worked = time.perf_counter(), time.process_time()
            done = await export_archive(store, site, channel, Format.SITE)
            took, worked = time.perf_counter() - start, time.process_time() - worked
            table.add_row(name, f"{took:.1f}", f"{worked:.1f}", str(len(done.written.touched)))
        await store.close()
        console.print(table)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}
        search = {path: size for path, size in sizes.items() if path.parent.name == "search"}
        console.print(
            f"{len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB; index of the search "
            f"{sum(search.values()) / 1e6:.1f} MB in {len(search)} files, the largest "
            f"{max(search.values()) / 1e3:.0f} kB; peak memory {peak:.0f} MB"
        )
        console.print(await pages(site))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000))
