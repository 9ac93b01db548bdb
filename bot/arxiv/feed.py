"""The daily feeds: what one mailing announced.

`{feed_base}/rss/cs.LG+stat.ML`. A feed shows the mailing of its date and no other, one item a
paper; replacements from version 6 on are never in it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import aiohttp
from lxml import etree

from bot.arxiv import clean, markup
from bot.arxiv.errors import ArxivUnavailable
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.names import split_authors
from bot.arxiv.web import get
from bot.isolation import RecordKind, isolated
from bot.model.arxiv_id import ArxivId, MalformedId, parse_arxiv_id
from bot.model.paper import PaperData
from bot.model.withdrawal import is_withdrawn

SOURCE = "feed"
TIMEOUT = 60.0
"""Seconds for one request; usual is a sixth of a second."""
LIMIT = 2_000
"""Items at most; of what is more, the new papers with the lowest ids are missing."""

_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_KIND: Final = f"{_ARXIV}announce_type"
_DOI: Final = f"{_ARXIV}DOI"
_JOURNAL: Final = f"{_ARXIV}journal_reference"
_CREATOR: Final = f"{_DC}creator"
_HEAD = re.compile(r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<kind>\S+)")

KINDS = ("new", "cross", "replace", "replace-cross")
"""The announce types known, in the feed's order. Others are passed on as they are."""


class FeedItem(NamedTuple):
    """One announced paper.

    `kind` is relative to the categories asked for: `new` or `replace` where the primary one is
    among them, else `cross` or `replace-cross`. `paper.version` is the current version, which
    need not be the announced one; its authors are a guess; it has no dates and no comment.
    """

    id: ArxivId
    kind: str
    paper: PaperData


@dataclass(frozen=True, slots=True)
class Feed:
    """One answer.

    `date` is the mailing's, in US Eastern time. `whole` is False if items are or may be missing:
    LIMIT of them, or `unread` that could not be understood. `etag` is for the next request.
    """

    date: date
    built: datetime | None
    items: tuple[FeedItem, ...]
    unread: int
    etag: str | None = None

    @property
    def whole(self) -> bool:
        """Whether all items were read, and none can have been left out."""
        return not self.unread and len(self.items) < LIMIT


class Feeds:
    """Asks `{base}/rss/...` through the gate."""

    def __init__(self, base: str, gate: Gate, session: aiohttp.ClientSession) -> None:
        self._base = base.rstrip("/")
        self._gate = gate
        self._session = session

    async def fetch(
        self,
        categories: Sequence[str],
        *,
        etag: str | None = None,
        again: bool = False,
        priority: Priority = Priority.POLLER,
        timeout: float = TIMEOUT,
        attempts: int = 3,
    ) -> Feed | None:
        """The feed of these categories and archives; None if it is what `etag` stands for.

        An empty answer can stay in arXiv's cache after a late announcement: `again` asks by
        another URL. Raises ArxivRefused if arXiv does not know one of the names (it answers none
        of them then), and ArxivUnavailable.
        """
        url = f"{self._base}/rss/{_path(categories, again)}"
        headers = {"If-None-Match": etag} if etag else None

        async def request() -> Feed | None:
            answer = await get(self._session, url, headers)
            if answer.status == 304:
                return None
            # Thousands of items take a while: not on the event loop.
            return await asyncio.to_thread(parse, answer.body, answer.headers.get("ETag"))

        return await self._gate.ask(
            request, source=SOURCE, priority=priority, timeout=timeout, attempts=attempts
        )


def _path(categories: Sequence[str], again: bool) -> str:
    names = list(categories)
    if not again:
        return "+".join(names)
    return "+".join(reversed(names)) if len(names) > 1 else f"{names[0]}/"


def parse(body: bytes, etag: str | None = None) -> Feed:
    """Reads a feed. Raises ArxivUnavailable if it is not one, not whole, or has no date."""
    channel = markup.parse(body, "rss").find("channel")
    if channel is None:
        raise ArxivUnavailable("a feed without a channel")
    published = _moment(channel.findtext("pubDate"))
    if published is None:
        raise ArxivUnavailable("a feed without a date")
    items: dict[str, FeedItem] = {}
    unread = 0
    for element in channel.iterchildren("item"):
        item = _read(element)
        if item is None:
            unread += 1
        else:
            items.setdefault(item.id.value, item)
    built = _moment(channel.findtext("lastBuildDate"))
    return Feed(published.date(), built, tuple(items.values()), unread, etag)


def merge(feeds: Iterable[Feed]) -> tuple[FeedItem, ...]:
    """The items of several feeds of one mailing, each paper once, as one feed would have them.

    Whichever feed comes nearest to the paper's primary category says what kind it is.
    """
    best: dict[ArxivId, FeedItem] = {}
    for item in (item for feed in feeds for item in feed.items):
        other = best.get(item.id)
        if other is None or _rank(item.kind) < _rank(other.kind):
            best[item.id] = item
    return tuple(sorted(best.values(), key=lambda item: (_rank(item.kind), item.id.value)))


def _rank(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _read(element: etree._Element) -> FeedItem | None:
    """An item; its texts as they stand if they cannot be understood; None if it tells no paper."""
    for read in (_item, _plain_item):
        with isolated(RecordKind.FEED_ITEM, element.findtext("guid"), markup.Raw(element)):
            return read(element)
    return None


def _item(element: etree._Element) -> FeedItem:
    """Raises ValueError for an item without a usable id, kind or title."""
    # One pass over the children: asking for each by name takes lxml several times as long, and
    # each look at a name or a text makes it anew.
    texts: dict[str, str | None] = {}
    found: list[str] = []
    for child in element:
        tag = child.tag
        if tag == "category":
            found.append(clean.word(child.text))
        else:
            texts[tag] = child.text
    head, _, abstract = (texts.get("description") or "").partition("Abstract:")
    arxiv_id, version = _id(texts.get("guid") or "", head)
    kind = clean.word(texts.get(_KIND)) or _said("kind", head)
    title = clean.words(texts.get("title"))
    if not kind or not title:
        raise ValueError("an item without a kind or a title")
    abstract = clean.words(abstract)
    paper = PaperData(
        arxiv_id=arxiv_id.value,
        title=title,
        authors=split_authors(texts.get(_CREATOR) or ""),
        abstract=abstract,
        categories=tuple(filter(None, found)),
        version=version,
        doi=clean.first_doi(texts.get(_DOI)),
        journal_ref=clean.optional_words(texts.get(_JOURNAL)),
        withdrawn=is_withdrawn(title, abstract, None),
    )
    return FeedItem(arxiv_id, kind, paper)


def _plain_item(element: etree._Element) -> FeedItem:
    """The paper that an item is about, its texts as they stand."""
    texts = {child.tag: " ".join((child.text or "").split()) for child in element}
    head, _, abstract = texts.get("description", "").partition("Abstract:")
    arxiv_id, version = _id(texts.get("guid", ""), head)
    kind, title = texts.get(_KIND) or _said("kind", head), texts.get("title", "")
    if not kind or not title:
        raise ValueError("an item without a kind or a title")
    paper = PaperData(
        arxiv_id=arxiv_id.value,
        title=title,
        authors=tuple(name.strip() for name in texts.get(_CREATOR, "").split(",") if name.strip()),
        abstract=abstract.strip(),
        categories=tuple(child.text for child in element.iterchildren("category") if child.text),
        version=version,
    )
    return FeedItem(arxiv_id, kind, paper)


def _id(guid: str, head: str) -> tuple[ArxivId, int | None]:
    try:
        return parse_arxiv_id(guid.strip().rpartition(":")[2])
    except MalformedId:
        return parse_arxiv_id(_said("id", head))


def _said(what: str, head: str) -> str:
    """What a description says before its abstract, which stands in elements of its own as well."""
    match = _HEAD.match(head)
    return match[what] if match else ""


def _moment(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
