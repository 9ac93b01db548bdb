"""The site's files, from what a channel holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

from bot.archive.contents import ArchiveContents
from bot.archive.site.addresses import numbered
from bot.archive.site.feed import feed
from bot.archive.site.gather import gather
from bot.archive.site.model import Label, Note, PaperPage, Post
from bot.archive.site.pages import Pages
from bot.archive.site.search import Doc, search_files
from bot.isolation import RecordKind, each
from bot.text.tags import tag_key

LISTED = 100
"""Pages on one page of a list."""
LATEST = 6
"""Pages on the front page, before all else."""
_ASSETS = ("site.css", "theme.js", "pieces.js", "search.js")


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """`url`: where the site will be read, as `site_url` gives it, for absolute addresses."""

    url: str | None = None


def site(
    archive: ArchiveContents, options: SiteOptions | None = None
) -> Iterator[tuple[str, bytes]]:
    """Each file's path and bytes; the same archive gives the same bytes."""
    return _Builder(archive, options or SiteOptions()).files()


class _Builder:
    def __init__(self, archive: ArchiveContents, options: SiteOptions) -> None:
        self.archive = archive
        self.options = options
        self.site, resolver = gather(archive)
        self.tags = {tag_key(label.name): label.address for label in self.site.tags}
        self.pages = Pages(self.site, resolver, self.tags, options.url)

    def files(self) -> Iterator[tuple[str, bytes]]:
        static = resources.files("bot.archive.site") / "static"
        for name in _ASSETS:
            yield f"assets/{name}", (static / name).read_bytes()
        yield from self._content()
        yield from self._lists()
        show = self.pages.show
        yield "index.html", show("index.html", "index.html", **self._front())
        yield "search.html", show("search.html", "search.html")
        for name, labels in (("tags", self.site.tags), ("members", self.site.members)):
            here = f"{name}.html"
            yield here, show(here, "labels.html", heading=f"site.{name}", labels=labels)
        docs = each(RecordKind.EXPORTED, self.site.pages, _doc, name=lambda page: page.address)
        yield from search_files(docs)
        content, url = self.pages.post_content, self.options.url
        yield "feed.xml", feed(self.archive.channel, self.site.posts, content, url)

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
            yield from self._list(label.address, f"#{label.name}", label.pages)
        for label in self.site.members:
            yield from self._list(label.address, label.name, label.pages)
        for month in self._months():
            yield from self._list(month.address, month.name, month.pages)

    def _list(
        self, address: str, title: str, pages: Sequence[PaperPage | Note]
    ) -> Iterator[tuple[str, bytes]]:
        count = max(-(-len(pages) // LISTED), 1)
        for number in range(1, count + 1):
            here = numbered(address, number)
            yield (
                here,
                self.pages.show(
                    here,
                    "list.html",
                    title=title,
                    pages=pages[(number - 1) * LISTED : number * LISTED],
                    total=len(pages),
                    number=number,
                    numbers=[(one, numbered(address, one)) for one in range(1, count + 1)],
                ),
            )

    def _months(self) -> Sequence[Label]:
        """Months with what was written in them, the newest first; last what has no date."""
        by_month: dict[str, list[PaperPage | Note]] = defaultdict(list)
        for page in reversed(self.site.pages):
            by_month[f"{page.day:%Y-%m}" if page.day else ""].append(page)
        undated = self.pages.say("site.undated")
        return [
            Label(month or undated, f"months/{month or 'undated'}.html", found)
            for month, found in sorted(by_month.items(), reverse=True)
        ]

    def _front(self) -> dict[str, object]:
        years: dict[int, list[Post]] = defaultdict(list)
        for post in self.site.posts:
            years[post.day.year].append(post)
        months: dict[str, list[Label]] = defaultdict(list)
        for month in self._months():
            months[month.name[:4] if month.name[:4].isdigit() else ""].append(month)
        common = sorted(self.site.tags, key=lambda tag: (-len(tag.pages), tag.name))[:40]
        latest = [page for page in reversed(self.site.pages) if page.day][:LATEST]
        return {"latest": latest, "years": years, "months": months, "common": common}


def _doc(page: PaperPage | Note) -> Doc:
    day = page.day.isoformat() if page.day else ""
    if isinstance(page, Note):
        return Doc(page.address, page.title, day, page.text)
    data = page.paper.data
    text = [", ".join(data.authors), data.arxiv_id or "", *(one.text for one in page.comments)]
    return Doc(
        page.address, page.title, day, "\n".join(filter(None, [*text, page.paper.shown_abstract]))
    )
