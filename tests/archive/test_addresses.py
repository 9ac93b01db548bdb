"""Whatever an archive's texts call a link: out of a site and its feed come http and https alone."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from bot.archive.exporter import Format
from bot.archive.formats.tree import TreeOptions
from bot.archive.site import SiteOptions
from bot.archive.verbs import export_verb, import_verb
from bot.store import Store
from tests.archive.clubs import NOW

HOSTILE = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#115;cript:alert(1)",
    "java&#x73;cript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "java\u200bscript:alert(1)",
    "javascript%3Aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "https:javascript:alert(1)",
    "blob:https://a.example/1",
    "view-source:javascript:alert(1)",
    "http://[",
)


def note(number: int, url: str) -> str:
    """The link in each way that Markdown and HTML know, and where a paper's address stands."""
    return (
        f"---\nurl: {url}\ntitle: odd {number}\nauthors: [x]({url})\n---\n"
        f"https://arxiv.org/abs/2007.{10000 + number}\n\nTitle [x]({url}) (A. B.)\n\n"
        f"[one]({url}) [two](<{url}>) <{url}> ![three]({url}) [four][4] {url}\n\n"
        f'<a href="{url}">five</a> <img src="{url}">\n\n[4]: {url}\n\n#tag #[x]({url})\n\n'
        f"{url}\n\nAnother paper (C. D.)\n\nwords\n"
    )


async def test_only_http_and_https_come_out_as_links(store: Store, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for number, url in enumerate(HOSTILE, 1):
        (notes / f"2008{number:02} odd {number}.md").write_text(note(number, url), "utf-8")
    await import_verb(store, notes, "club", now=NOW)
    out = tmp_path / "site"
    site = SiteOptions("https://club.example/")
    await export_verb(store, out, "club", Format.SITE, options=TreeOptions(), site=site)
    found = 0
    for path in out.rglob("*"):
        if path.suffix not in (".html", ".xml"):
            continue
        text = path.read_text("utf-8")
        if path.suffix == ".xml":
            # A feed's content is HTML, escaped; its titles are plain text.
            text += "".join(etree.fromstring(text.encode()).xpath("//*[@type='html']/text()"))
        for link in re.findall(r"""\b(?:href|src|action|xml:base)\s*=\s*["']?([^"'>\s]*)""", text):
            found += 1
            assert is_fine(unescape(link)), (path.name, link)
        assert "<script>alert" not in text
    assert found > len(HOSTILE)


def is_fine(link: str) -> bool:
    """Whether a browser goes to a page of the site, or by http or https."""
    plain = re.sub(r"[\x00-\x20]", "", link).replace("\\", "/")
    if link == "data:,":
        return True  # the site's own empty icon
    parts = urlsplit(plain)
    if parts.scheme:
        return parts.scheme in ("http", "https") and bool(parts.netloc)
    return not plain.startswith("//")
