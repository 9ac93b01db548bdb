"""Which page of the site a link in a take leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from bot.archive.parser.file_names import dated
from bot.archive.site.model import Note, PaperPage, Post
from bot.model.arxiv_id import page_of
from bot.model.reference import ArxivReference, PageReference, parse_references
from bot.text.tags import TextLinkKind, links

Target = PaperPage | Note | Post


@lru_cache(maxsize=20_000)
def canonical(url: str) -> str | None:
    """The URL that a paper is kept by, whatever form of its address this is."""
    for reference in parse_references(url).references:
        if isinstance(reference, ArxivReference):
            return reference.id.url
        if isinstance(reference, PageReference):
            return reference.url
    return None


class PageResolver:
    """Pages by the URLs of their papers and by the names of the files that they came from."""

    def __init__(self, pages: Iterable[PaperPage]) -> None:
        self._by_url: dict[str, Target] = {}
        self._by_title: dict[str, Target] = {}
        for page in pages:
            self._by_url.setdefault(page.paper.url, page)
            if page.paper.data.arxiv_id:
                self._by_url[page_of(page.paper.data.arxiv_id)] = page
            self._by_title.setdefault(_key(page.title), page)

    def name(self, stem: str, target: Target) -> None:
        """Let wiki links with a file's name, with or without its date, lead to `target`."""
        self._by_title[_key(stem)] = target
        self._by_title.setdefault(_key(dated(stem)[1]), target)

    def url(self, url: str) -> Target | None:
        key = canonical(url)
        return self._by_url.get(key) if key else None

    def wiki(self, title: str) -> Target | None:
        return self._by_title.get(_key(title.rpartition("/")[2]))

    def mentioned(self, text: str) -> Iterator[Target]:
        """The pages that a text links to, in order, each as often as it does."""
        if "://" not in text and "[[" not in text:
            return
        for link in links(text):
            found = (
                self.wiki(link.target) if link.kind is TextLinkKind.WIKI else self.url(link.target)
            )
            if found is not None:
                yield found


def _key(title: str) -> str:
    return " ".join(title.casefold().removesuffix(".md").split())


def ordered_unique(found: Mapping[Target, None]) -> list[Target]:
    """Pages with the newest last, those of one day by their addresses."""
    return sorted(found, key=lambda page: (str(page.day or ""), page.address))
