"""Answers of the query API in Atom, in the shape of the recorded ones."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from typing import Final, cast

from lxml import etree

from . import taxonomy
from .papers import Paper
from .tex import to_unicode

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
_ARXIV: Final = "http://arxiv.org/schemas/atom"
# lxml takes None for the default namespace, its stubs do not know
_SPACES: Final = cast("dict[str, str]", {"opensearch": _SEARCH, "arxiv": _ARXIV, None: _ATOM})

ERRORS_BASE: Final = "https://arxiv.org/api/errors"


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request as the service repeats them."""

    search_query: str
    id_list: str
    start: int
    max_results: int


def results(entries: Sequence[tuple[Paper, int]], total: int, asked: Asked, now: datetime) -> bytes:
    """A page of results: papers with the number of the version to show, of `total` in all."""
    query = f"search_query={asked.search_query}&id_list={asked.id_list}"
    page = f"start={asked.start}&max_results={asked.max_results}"
    digest = b64encode(sha1(f"{query}&{page}".encode(), usedforsecurity=False).digest())
    feed = _feed(f"https://arxiv.org/api/{digest.decode().rstrip('=')}")
    _text(feed, "title", f"arXiv Query: {query}&{page}")
    _text(feed, "updated", _time(now))
    address = (
        f"https://arxiv.org/api/query?search_query={asked.search_query}&{page}"
        f"&id_list={asked.id_list}"
    )
    etree.SubElement(feed, f"{{{_ATOM}}}link", href=address, type="application/atom+xml")
    _numbers(feed, asked.max_results, total, asked.start)
    for paper, version in entries:
        _entry(feed, paper, version)
    return _bytes(feed)


def error(message: str, now: datetime) -> bytes:
    """The answer to a bad request: a feed of one entry titled Error."""
    address = ERRORS_BASE + "#" + re.sub(r"\W+", "_", message).strip("_")
    feed = _feed("https://arxiv.org/")
    _text(feed, "title", "arXiv Search Results")
    _text(feed, "updated", _time(now))
    _numbers(feed, 1, 1, 0)
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    _text(entry, "id", address)
    _text(entry, "title", "Error")
    _text(entry, "updated", _time(now))
    etree.SubElement(entry, f"{{{_ATOM}}}link", href=address, rel="alternate", type="text/html")
    _text(entry, "summary", message)
    _text(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", "arXiv api core")
    return _bytes(feed)


def _entry(feed: etree._Element, paper: Paper, version: int) -> None:
    entry = etree.SubElement(feed, f"{{{_ATOM}}}entry")
    name = f"{paper.id}v{version}"
    _text(entry, "id", f"http://arxiv.org/abs/{name}")
    _text(entry, "title", to_unicode(paper.title))
    _text(entry, "updated", _time(paper.versions[version - 1].submitted))
    _link(entry, f"https://arxiv.org/abs/{name}", rel="alternate", type="text/html")
    _link(
        entry, f"https://arxiv.org/pdf/{name}", rel="related", type="application/pdf", title="pdf"
    )
    _text(entry, "summary", to_unicode(paper.abstract))
    categories = taxonomy.canonical(paper.categories)
    for category in categories:
        etree.SubElement(entry, f"{{{_ATOM}}}category", term=category, scheme=_ARXIV)
    _text(entry, "published", _time(paper.versions[0].submitted))
    if paper.comment:
        _text(entry, "comment", to_unicode(paper.comment), _ARXIV)
    etree.SubElement(entry, f"{{{_ARXIV}}}primary_category", term=categories[0])
    if paper.journal_ref:
        _text(entry, "journal_ref", paper.journal_ref, _ARXIV)
    for author in paper.authors:
        element = etree.SubElement(entry, f"{{{_ATOM}}}author")
        _text(element, "name", to_unicode(author.name))
        for affiliation in author.affiliations:
            _text(element, "affiliation", affiliation, _ARXIV)
    if paper.doi:
        _text(entry, "doi", paper.doi, _ARXIV)
        _link(entry, f"https://doi.org/{paper.doi}", rel="related", title="doi")


def _feed(id_: str) -> etree._Element:
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_SPACES)
    _text(feed, "id", id_)
    return feed


def _numbers(feed: etree._Element, per_page: int, total: int, start: int) -> None:
    _text(feed, "itemsPerPage", str(per_page), _SEARCH)
    _text(feed, "totalResults", str(total), _SEARCH)
    _text(feed, "startIndex", str(start), _SEARCH)


def _text(parent: etree._Element, tag: str, text: str, space: str = _ATOM) -> None:
    etree.SubElement(parent, f"{{{space}}}{tag}").text = text


def _link(parent: etree._Element, href: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}link", {"href": href, **attributes})


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bytes(feed: etree._Element) -> bytes:
    etree.indent(feed)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8")) + b"\n"
