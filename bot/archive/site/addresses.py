"""Addresses of the site's pages: readable, stable from export to export, each taken once."""

from __future__ import annotations

import hashlib
import unicodedata
from urllib.parse import quote

from bot.archive.paths import Names
from bot.model.paper import Paper

_LONGEST = 80
"""Bytes of a name: a server's limit on paths counts the percent-encoding, three for each."""


def slug(text: str) -> str:
    """Letters and digits of any script with hyphens between; a name for what has none."""
    kept = unicodedata.normalize("NFC", text).casefold()
    words = "".join(char if char.isalnum() else " " for char in kept).split()
    name = "-".join(words).encode()[:_LONGEST].decode("utf-8", "ignore").strip("-")
    return name or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]


def paper_address(paper: Paper, names: Names) -> str:
    """`papers/2007.10909.html`; for another page its title and a mark of its URL."""
    if paper.data.arxiv_id:
        name = paper.data.arxiv_id.replace("/", "-")
    else:
        mark = hashlib.sha256(paper.url.encode("utf-8", "replace")).hexdigest()[:6]
        name = f"{slug(paper.title)}-{mark}"
    return names.take(f"papers/{name}.html")


def numbered(address: str, number: int) -> str:
    """The address of a list's page; the first has no number."""
    return address if number == 1 else f"{address.removesuffix('.html')}.{number}.html"


def relative(here: str, there: str) -> str:
    """A link from one page of the site to another, percent-encoded."""
    return "../" * here.count("/") + quote(there, safe="/#.-_~")
