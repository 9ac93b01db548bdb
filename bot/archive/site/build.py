"""The site's files, from what a channel holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import pairwise

from bot.archive.contents import ArchiveContents
from bot.archive.site.addresses import numbered
from bot.archive.site.calendar import LISTED, month_labels, years
from bot.archive.site.crawlers import robots, sitemap
from bot.archive.site.feed import SiteFeed, SiteFeeds, channel_key
from bot.archive.site.gather import gather
from bot.archive.site.images import SiteImages
from bot.archive.site.model import Label, Note, PaperPage, Post
from bot.archive.site.pages import HomeAbove, Pages
from bot.archive.site.search import Doc, found_by, search_files
from bot.isolation import RecordKind, each
from bot.text.tags import tag_key

LATEST = 10
"""Weekly posts, and notes, on the front page."""
COMMON = 40
"""Tags on the front page."""
LABELS = 400
"""Names on one page of all tags, or of all members."""
_ASSETS = ("site.css", "theme.js", "pieces.js", "search.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """`url`: where the site will be read, as `site_url` gives it, for absolute addresses; `title`:
    what it is called, left out: as the channel; `about`: what the club says of itself, as Markdown;
    `home`: the page of all channels one folder up, if there is one."""

    url: str | None = None
    title: str = ""
    about: str = ""
    home: HomeAbove | None = None


@dataclass(frozen=True, slots=True)
class PostSummary:
    """A weekly post, for whoever tells that it is there."""

    title: str
    address: str
    day: date
    papers: tuple[str, ...]
    """Their titles."""
    takes: int


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """What a channel's site holds. `posts`: the newest first."""

    name: str
    language: str
    posts: tuple[PostSummary, ...]
    notes: int
    last: date | None


def site(
    archive: ArchiveContents, options: SiteOptions | None = None
) -> Iterator[tuple[str, bytes]]:
    """Each file's path and bytes; the same archive gives the same bytes."""
    return SiteBuilder(archive, options or SiteOptions()).files()


def assets() -> Iterator[tuple[str, bytes]]:
    """What all pages need beside themselves."""
    static = resources.files("bot.archive.site") / "static"
    for name in _ASSETS:
        yield f"assets/{name}", (static / name).read_bytes()


class SiteBuilder:
    """Makes the site of one channel; `site` is what it shows."""

    def __init__(self, archive: ArchiveContents, options: SiteOptions) -> None:
        self.archive = archive
        self.options = options
        self.site, resolver = gather(archive, options.title, options.about)
        tags = {tag_key(label.name): label.address for label in self.site.tags}
        self.images = SiteImages(archive.files)
        self.pages = Pages(self.site, resolver, tags, options.url, options.home, self.images.find)
        self.months = month_labels(self.site.pages, self.pages.say("site.undated"))
        self.years = years(self.months, self.site.posts)

    def summary(self) -> SiteSummary:
        latest = self.site.latest()
        posts = tuple(
            PostSummary(
                post.title,
                post.address,
                post.day,
                tuple(page.title for page in post.papers),
                post.take_count,
            )
            for post in self.site.posts
        )
        notes = len(self.site.pages)
        last = latest[0].last if latest else None
        return SiteSummary(self.site.name, self.site.language, posts, notes, last)

    def files(self) -> Iterator[tuple[str, bytes]]:
        yield from assets()
        yield from self.images.files()
        shown: list[str] = []
        for address, data in self._pages():
            shown.append(address)
            yield address, data
        show = self.pages.show
        yield "search.html", show("search.html", "search.html")
        yield "404.html", show("404.html", "404.html")
        docs = each(RecordKind.EXPORTED, self.site.pages, _doc, name=lambda page: page.address)
        yield from search_files(docs)
        yield from self._feeds()
        if self.options.home is None:
            yield "robots.txt", robots(self.options.url)
        if self.options.url:
            days = {one.address: one.day for one in (*self.site.pages, *self.site.posts)}
            map_ = [(address, days.get(address)) for address in shown]
            yield "sitemap.xml", sitemap(self.options.url, map_)

    def _pages(self) -> Iterator[tuple[str, bytes]]:
        """All that is to be read, beside the search."""
        show = self.pages.show
        yield "index.html", show("index.html", "index.html", **self._front())
        yield from self._content()
        yield from self._lists()
        named = {
            "tags": self.site.tags, "members": self.site.members, "authors": self.site.authors,
        }  # fmt: skip
        for name, labels in named.items():
            for here, part, numbers in _paged(f"{name}.html", labels, LABELS):
                values = {"labels": part, "numbers": numbers}
                yield here, show(here, "labels.html", heading=f"site.{name}", **values)
        here = "series.html"
        yield here, show(here, "all_series.html", all_series=self.site.series)
        for series in self.site.series:
            yield series.address, show(series.address, "series.html", series=series)
        yield "calendar.html", show("calendar.html", "calendar.html", **self._calendar())
        for year in self.years:
            yield year.address, show(year.address, "year.html", year=year)
        yield "feeds.html", show("feeds.html", "feeds.html")

    def _content(self) -> Iterator[tuple[str, bytes]]:
        for page in self.site.pages:
            template = "paper.html" if isinstance(page, PaperPage) else "note.html"
            yield page.address, self.pages.show(page.address, template, page=page)
        posts: list[Post | None] = [None, *self.site.posts, None]
        for (later, post), (_, earlier) in zip(pairwise(posts), pairwise(posts[1:]), strict=False):
            assert post is not None
            yield (
                post.address,
                self.pages.show(post.address, "post.html", post=post, earlier=earlier, later=later),
            )

    def _lists(self) -> Iterator[tuple[str, bytes]]:
        for label in self.site.tags:
            yield from self._list(label, f"#{label.name}", feed=_feed_of(label))
        for label in (*self.site.members, *self.site.authors):
            yield from self._list(label, label.name)
        for label in self.months:
            yield from self._list(label, label.name, by_day=True)

    def _list(
        self, label: Label, title: str, *, feed: str | None = None, by_day: bool = False
    ) -> Iterator[tuple[str, bytes]]:
        for here, pages, numbers in _paged(label.address, label.pages, LISTED):
            values = {"pages": pages, "numbers": numbers, "total": len(label.pages)}
            yield (
                here,
                self.pages.show(here, "list.html", title=title, feed=feed, by_day=by_day, **values),
            )

    def _calendar(self) -> dict[str, object]:
        undated = [label for label in self.months if label.pages[0].day is None]
        return {"years": self.years, "undated": undated}

    def _front(self) -> dict[str, object]:
        common = sorted(self.site.tags, key=lambda tag: (-len(tag.pages), tag.name))[:COMMON]
        return {
            "posts": self.site.posts[:LATEST],
            "latest": self.site.latest()[:LATEST],
            "years": self.years,
            "common": common,
        }

    def _feeds(self) -> Iterator[tuple[str, bytes]]:
        feeds = SiteFeeds(
            channel_key(self.archive.channel),
            self.site.name,
            self.site.language,
            self.pages.content,
            self.options.url,
        )
        name, say = self.site.name, self.pages.say
        yield "feed.xml", feeds.feed(SiteFeed("feed.xml", name), self.site.posts)
        everything = SiteFeed("feeds/all.xml", f"{name}: {say('site.feed.all')}")
        yield everything.address, feeds.feed(everything, self.site.pages)
        for label in self.site.tags:
            tagged = SiteFeed(_feed_of(label), f"{name}: #{label.name}", label.address)
            yield tagged.address, feeds.feed(tagged, label.pages)


def _feed_of(tag: Label) -> str:
    return tag.address.removesuffix(".html") + ".xml"


def _paged(
    address: str, rows: Sequence[object], size: int
) -> Iterator[tuple[str, Sequence[object], Sequence[tuple[int, str]]]]:
    """A list's pages: address, rows, and the numbers and addresses of all of them."""
    count = max(-(-len(rows) // size), 1)
    numbers = [(one, numbered(address, one)) for one in range(1, count + 1)]
    for number, here in numbers:
        yield here, rows[(number - 1) * size : number * size], numbers


def _doc(page: PaperPage | Note) -> Doc:
    day = page.day.isoformat() if page.day else ""
    if isinstance(page, Note):
        return Doc(page.address, page.title, day, page.text)
    data = page.paper.data
    said = [one.text for one in page.comments]
    # Of a take that is shown once the other copy's tags.
    tags = " ".join(f"#{tag}" for tag in page.tags if f"#{tag}" not in "\n".join(said))
    text = [", ".join(data.authors), data.arxiv_id or "", *said, tags, page.paper.shown_abstract]
    writers = [one.writer for one in page.comments if one.writer]
    terms = found_by(page.title, page.paper.shown_abstract, page.tags, writers)
    return Doc(page.address, page.title, day, "\n".join(filter(None, text)), terms)
