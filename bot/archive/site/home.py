"""One page above the sites of several channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from bot.archive.site.addresses import absolute, relative
from bot.archive.site.anchors import Anchors
from bot.archive.site.build import SiteSummary, assets
from bot.archive.site.crawlers import robots, sitemap_of_sites
from bot.archive.site.markup import Linked, Markdown
from bot.archive.site.pages import NOT_FOUND, environment
from bot.locale import speak
from bot.text.octets import utf8

HOME = "home of all channels"
"""The name of this export, see `bot.archive.writing`."""
RESERVED = ("assets", "markdown", "index.html", NOT_FOUND, "robots.txt", "sitemap.xml")
"""What no channel's folder is called."""
LATEST = 5
"""Weekly posts of each channel."""
_NOWHERE = Linked(url=lambda _: None, wiki=lambda _: None, tag=lambda _: None)


@dataclass(frozen=True, slots=True)
class ChannelSite:
    """A channel's site and the folder that it is in."""

    folder: str
    summary: SiteSummary


@dataclass(frozen=True, slots=True)
class _Home:
    """What the templates know of a site."""

    name: str
    about: str
    language: str


def home(
    sites: Sequence[ChannelSite], title: str, about: str, url: str | None
) -> Iterator[tuple[str, bytes]]:
    """The files beside the channels' folders. Its words are in the first channel's language."""
    language = sites[0].summary.language if sites else "en"
    site = _Home(title, about, language)
    made = environment(site, speak(language))
    made.globals |= {"home": None}
    markdown = Markdown()
    for address, template in (("index.html", "home.html"), (NOT_FOUND, "home_404.html")):
        base = urlsplit(url).path if url and address == NOT_FOUND else None
        to = partial(relative, address) if base is None else partial(absolute, base)
        page = made.get_template(template).render(
            sites=sites,
            here=address,
            canonical=absolute(url, address) if url else None,
            to=to,
            feed=None,
            latest=LATEST,
            md=lambda text, level: markdown.render(text, _NOWHERE, level, Anchors()),
        )
        yield address, utf8(page)
    yield from assets()
    yield "robots.txt", robots(url)
    if url:
        yield "sitemap.xml", sitemap_of_sites(url, [one.folder for one in sites])
