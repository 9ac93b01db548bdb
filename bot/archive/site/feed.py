"""The weekly posts as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from markupsafe import Markup

from bot.archive.site.addresses import absolute, relative
from bot.archive.site.model import Post
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


def feed(
    channel: Channel, posts: Sequence[Post], html: Callable[[Post], str], url: str | None
) -> bytes:
    """The feed of the newest posts; `html` gives a post's content, `url` is where the site is.

    Without `url` all links are relative to the feed itself; its ids are the same with and without.
    """
    to: To = partial(relative, "feed.xml") if url is None else partial(absolute, url)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": channel.settings.language})
    if url:
        root.set("xml:base", url)
        own = {"rel": "self", "type": "application/atom+xml", "href": to("feed.xml")}
        SubElement(root, "link", own)
    updated = max((post.updated for post in posts), default=_NEVER)
    key = f"{channel.scope}/{channel.discord_id or channel.name}"
    SubElement(root, "id").text = _id(key)
    SubElement(root, "title").text = _clean(channel.name)
    SubElement(root, "updated").text = _moment(updated)
    _alternate(root, to("index.html"))
    author = SubElement(root, "author")
    SubElement(author, "name").text = _clean(channel.name) or "Papertakes"
    SubElement(root, "generator").text = "Papertakes"
    for post in posts[:ENTRIES]:
        content = either(
            RecordKind.EXPORTED, post.address, partial(html, post), partial(_plain_content, post)
        )
        _entry(SubElement(root, "entry"), post, key, content, to)
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _plain_content(post: Post) -> str:
    texts = [part.page.title if part.page else part.text for part in post.parts]
    return str(Markup("<pre>{}</pre>").format("\n".join(texts)))


def _entry(entry: Element, post: Post, key: str, html: str, to: To) -> None:
    published = post.digest.posted_at or post.digest.period_end
    SubElement(entry, "id").text = _id(f"{key}/{post.address}")
    SubElement(entry, "title").text = _clean(post.title)
    SubElement(entry, "updated").text = _moment(post.updated)
    SubElement(entry, "published").text = _moment(published)
    _alternate(entry, to(post.address))
    attributes = {"type": "html", "xml:base": to(post.address)}
    SubElement(entry, "content", attributes).text = _clean(html)


def _alternate(of: Element, href: str) -> None:
    SubElement(of, "link", {"rel": "alternate", "type": "text/html", "href": href})


def _id(key: str) -> str:
    return uuid.uuid5(_NAMESPACE, key).urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return _REFUSED.sub("", text)
