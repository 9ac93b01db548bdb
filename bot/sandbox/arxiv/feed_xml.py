"""The daily feeds as RSS 2.0 and Atom 1.0, in the shape of the recorded answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final, Literal, cast

from lxml import etree

from .calendar import EASTERN, eastern_date
from .feeds import Item
from .papers import Author

Format = Literal["rss", "atom"]

_ATOM: Final = "http://www.w3.org/2005/Atom"
_ARXIV: Final = "http://arxiv.org/schemas/atom"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
_ATOM_SPACES: Final = cast("dict[str, str]", {"arxiv": _ARXIV, "dc": _DC, None: _ATOM})
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says about itself. A feed that is an error has no skip days."""

    title: str
    text: str
    address: str
    built: datetime
    is_error: bool = False


def write(format_: Format, head: Head, items: Sequence[Item]) -> bytes:
    """The whole document."""
    root = _rss(head, items) if format_ == "rss" else _atom(head, items)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _rss(head: Head, items: Sequence[Item]) -> etree._Element:
    spaces = {"arxiv": _ARXIV, "dc": _DC, "atom": _ATOM, "content": _CONTENT}
    root = etree.Element("rss", nsmap=spaces, version="2.0")
    channel = etree.SubElement(root, "channel")
    day = eastern_date(head.built)
    _text(channel, "title", head.title)
    _text(channel, "link", head.address)
    _text(channel, "description", head.text)
    etree.SubElement(
        channel, f"{{{_ATOM}}}link", href=head.address, rel="self", type="application/rss+xml"
    )
    _text(channel, "docs", "http://www.rssboard.org/rss-specification")
    _text(channel, "language", "en-us")
    _text(channel, "lastBuildDate", format_datetime(head.built.astimezone(UTC)))
    _text(channel, "managingEditor", f"rss-help{'.' if head.is_error else '@'}arxiv.org")
    _text(channel, "pubDate", format_datetime(_midnight(day)))
    if not head.is_error:
        skipped = etree.SubElement(channel, "skipDays")
        _text(skipped, "day", "Saturday")
        _text(skipped, "day", "Sunday")
    for item in items:
        _rss_item(channel, item)
    return root


def _rss_item(channel: etree._Element, item: Item) -> None:
    paper = item.paper
    element = etree.SubElement(channel, "item")
    _text(element, "title", paper.title)
    _text(element, "link", f"https://arxiv.org/abs/{paper.id}")
    _text(element, "description", _description(item))
    guid = etree.SubElement(element, "guid", isPermaLink="false")
    guid.text = f"oai:arXiv.org:{paper.id}v{paper.version}"
    for category in paper.categories:
        _text(element, "category", category)
    _text(element, "pubDate", format_datetime(_midnight(item.mailing)))
    _rest(element, item, ("DOI", "journal_reference"))


def _atom(head: Head, items: Sequence[Item]) -> etree._Element:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_ATOM_SPACES)
    root.set(_LANG, "en-us")
    built = head.built.astimezone(UTC).isoformat()
    _text(root, f"{{{_ATOM}}}id", head.address)
    _text(root, f"{{{_ATOM}}}title", head.title)
    _text(root, f"{{{_ATOM}}}updated", built)
    etree.SubElement(
        root, f"{{{_ATOM}}}link", href=head.address, rel="self", type="application/atom+xml"
    )
    _text(root, f"{{{_ATOM}}}subtitle", head.text)
    for item in items:
        _atom_entry(root, item, built)
    return root


def _atom_entry(root: etree._Element, item: Item, built: str) -> None:
    paper = item.paper
    element = etree.SubElement(root, f"{{{_ATOM}}}entry")
    _text(element, f"{{{_ATOM}}}id", f"oai:arXiv.org:{paper.id}v{paper.version}")
    _text(element, f"{{{_ATOM}}}title", paper.title)
    _text(element, f"{{{_ATOM}}}updated", built)
    address = f"https://arxiv.org/abs/{paper.id}"
    etree.SubElement(element, f"{{{_ATOM}}}link", href=address, rel="alternate", type="text/html")
    _text(element, f"{{{_ATOM}}}summary", _description(item))
    for category in paper.categories:
        etree.SubElement(element, f"{{{_ATOM}}}category", term=category)
    _text(element, f"{{{_ATOM}}}published", _midnight(item.mailing).isoformat())
    _rest(element, item, ("journal_reference", "DOI"))


def _rest(element: etree._Element, item: Item, published: tuple[str, str]) -> None:
    paper = item.paper
    where = {"DOI": paper.doi, "journal_reference": (paper.journal_ref or "").strip()}
    _text(element, f"{{{_ARXIV}}}announce_type", item.announce_type)
    if paper.license:
        _text(element, f"{{{_DC}}}rights", paper.license)
    for name in published:
        if text := where[name]:
            _text(element, f"{{{_ARXIV}}}{name}", text)
    _text(element, f"{{{_DC}}}creator", ", ".join(_creator(author) for author in paper.authors))


def _creator(author: Author) -> str:
    """Forenames and key name with a blank between them, also where there are no forenames."""
    name = f"{author.forenames} {author.keyname}"
    if author.suffix:
        name += f" {author.suffix}"
    return name + (f" ({', '.join(author.affiliations)})" if author.affiliations else "")


def _description(item: Item) -> str:
    paper = item.paper
    head = f"arXiv:{paper.id}v{paper.version} Announce Type: {item.announce_type} "
    return f"{head}\nAbstract: {paper.abstract}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), EASTERN)


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text
