"""What is new as Atom feeds (RFC 4287), each entry with its whole text."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from markupsafe import Markup

from bot.archive.site.addresses import absolute, relative
from bot.archive.site.model import Note, PaperPage, Post
from bot.isolation import RecordKind, either
from bot.model.channel import Channel

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 20
_NAMESPACE = uuid.UUID("7d9c4c5e-0d0b-4f0f-9d57-2c1b8f3f3a61")
"""Ours: a feed must keep its ids wherever it is put."""
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

To = Callable[[str], str]
"""From the address of a page to a link that leads there."""
Shown = PaperPage | Note | Post


@dataclass(frozen=True, slots=True)
class SiteFeed:
    """What a feed is: its own address, its name, and the page that shows the same."""

    address: str
    title: str
    page: str = "index.html"


def channel_key(channel: Channel) -> str:
    """What a channel's ids are made of: the same wherever its site is put."""
    return f"{channel.scope}/{channel.discord_id or channel.name}"


class SiteFeeds:
    """The feeds of one site; `html` gives an entry's content, `url` is where the site is.

    Without `url` all links are relative to the feed itself; the ids are the same with and without.
    """

    def __init__(
        self, key: str, author: str, language: str, html: Callable[[Shown], str], url: str | None
    ) -> None:
        self.key = key
        self.author = author
        self.language = language
        self.html = html
        self.url = url

    def feed(self, of: SiteFeed, shown: Sequence[Shown]) -> bytes:
        """The feed of the newest of what is `shown`."""
        newest = sorted(shown, key=lambda one: (touched(one), one.address), reverse=True)[:ENTRIES]
        to: To = partial(relative, of.address) if self.url is None else partial(absolute, self.url)
        root = Element("feed", {"xmlns": ATOM, "xml:lang": self.language})
        if self.url:
            root.set("xml:base", self.url)
            own = {"rel": "self", "type": "application/atom+xml", "href": to(of.address)}
            SubElement(root, "link", own)
        # The digests' feed had its id before there were others.
        own_key = self.key if of.address == "feed.xml" else f"{self.key}/{of.address}"
        SubElement(root, "id").text = _id(own_key)
        SubElement(root, "title").text = _clean(of.title)
        SubElement(root, "updated").text = _moment(max(map(touched, newest), default=_NEVER))
        _alternate(root, to(of.page))
        author = SubElement(root, "author")
        SubElement(author, "name").text = _clean(self.author) or "Papertakes"
        SubElement(root, "generator").text = "Papertakes"
        for one in newest:
            self._entry(SubElement(root, "entry"), one, to)
        indent(root)
        data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return data + b"\n"

    def _entry(self, entry: Element, one: Shown, to: To) -> None:
        html = either(
            RecordKind.EXPORTED, one.address, partial(self.html, one), partial(_plain_content, one)
        )
        SubElement(entry, "id").text = _id(f"{self.key}/{one.address}")
        SubElement(entry, "title").text = _clean(one.title)
        SubElement(entry, "updated").text = _moment(touched(one))
        SubElement(entry, "published").text = _moment(_published(one))
        _alternate(entry, to(one.address))
        attributes = {"type": "html", "xml:base": to(one.address)}
        SubElement(entry, "content", attributes).text = _clean(html)


def touched(one: Shown) -> datetime:
    """When something was last written at."""
    if isinstance(one, Post):
        return one.updated
    moments = (
        [comment.touched for comment in one.comments if comment.touched and comment.day]
        if isinstance(one, PaperPage)
        else []
    )
    return max(moments, default=_noon(one))


def _published(one: Shown) -> datetime:
    if isinstance(one, Post):
        return one.digest.posted_at or one.digest.period_end
    return min(_noon(one), touched(one))


def _noon(page: PaperPage | Note) -> datetime:
    return datetime.combine(page.day, time(12), UTC) if page.day else _NEVER


def _plain_content(one: Shown) -> str:
    if isinstance(one, Post):
        texts = [part.page.title if part.page else part.text for part in one.parts]
    elif isinstance(one, Note):
        texts = [one.text]
    else:
        texts = [comment.text for comment in one.comments]
    return str(Markup("<pre>{}</pre>").format("\n".join(texts)))


def _alternate(of: Element, href: str) -> None:
    SubElement(of, "link", {"rel": "alternate", "type": "text/html", "href": href})


def _id(key: str) -> str:
    return uuid.uuid5(_NAMESPACE, key).urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _REFUSED.sub("", text)
