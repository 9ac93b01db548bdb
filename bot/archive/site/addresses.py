"""Addresses of the site's pages: readable, stable from export to export, each taken once."""

from __future__ import annotations

import hashlib
import unicodedata
from urllib.parse import quote

from bot.archive.paths import Names
from bot.model.paper import Paper
from bot.model.weburl import RefusedUrl, normalise_url
from bot.text.octets import utf8

_LONGEST = 80
"""Bytes of a name: a server's limit on paths counts the percent-encoding, three for each."""


class BadSiteUrl(ValueError):
    """No address that a site can be read at; the message is one line."""


def site_url(typed: str) -> str:
    """The address that a site is read at, ending with a slash. Raises BadSiteUrl."""
    try:
        url = normalise_url(typed.strip())
    except RefusedUrl:
        url = None
    if url is None or "?" in url:
        raise BadSiteUrl(f"not the http(s) address of a folder: {typed.strip()[:200]}")
    return quote(url.rstrip("/"), safe="/:%[]@!$&'()*+,;=~") + "/"


def slug(text: str) -> str:
    """Letters and digits of any script with hyphens between; a name for what has none."""
    kept = unicodedata.normalize("NFC", text).casefold()
    words = "".join(char if char.isalnum() else " " for char in kept).split()
    name = "-".join(words).encode()[:_LONGEST].decode("utf-8", "ignore").strip("-")
    return name or hashlib.sha256(utf8(text)).hexdigest()[:10]


def paper_address(paper: Paper, names: Names) -> str:
    """`papers/2007.10909.html`; for another page its title and a mark of its URL."""
    if paper.data.arxiv_id:
        name = paper.data.arxiv_id.replace("/", "-")
    else:
        mark = hashlib.sha256(utf8(paper.url)).hexdigest()[:6]
        name = f"{slug(paper.title)}-{mark}"
    return names.take(f"papers/{name}.html")


def numbered(address: str, number: int) -> str:
    """The address of a list's page; the first has no number."""
    return address if number == 1 else f"{address.removesuffix('.html')}.{number}.html"


def absolute(base: str, there: str) -> str:
    """The address of a page of the site that is read at `base`."""
    return base + quote("" if there == "index.html" else there, safe="/#.-_~")


def relative(here: str, there: str) -> str:
    """A link from one page of the site to another, percent-encoded."""
    return "../" * here.count("/") + quote(there, safe="/#.-_~")
