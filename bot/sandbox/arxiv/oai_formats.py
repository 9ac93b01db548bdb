"""A paper in OAI-PMH's metadata formats: arXiv, arXivRaw, arXivOld, oai_dc."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, cast

from lxml import etree

from . import taxonomy
from .papers import Paper

ARXIV: Final = "http://arxiv.org/OAI/arXiv/"
ARXIV_RAW: Final = "http://arxiv.org/OAI/arXivRaw/"
ARXIV_OLD: Final = "http://arxiv.org/OAI/arXivOld/"
OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def arxiv(paper: Paper, datestamp: date) -> etree._Element:
    """Authors in parts; `created` is the date of the current version."""
    root = _root("arXiv", ARXIV, "http://arxiv.org/OAI/arXiv.xsd")
    _text(root, "id", paper.id)
    _text(root, "created", paper.versions[-1].submitted.date().isoformat())
    _text(root, "updated", (paper.modified or datestamp).isoformat())
    authors = etree.SubElement(root, f"{{{ARXIV}}}authors")
    for author in paper.authors:
        element = etree.SubElement(authors, f"{{{ARXIV}}}author")
        _text(element, "keyname", author.keyname)
        _optional(element, forenames=author.forenames, suffix=author.suffix)
    _text(root, "title", paper.title)
    _rest(root, paper)
    return root


def arxiv_raw(paper: Paper, datestamp: date) -> etree._Element:
    """Every version with its date and size; the authors as one line."""
    root = _root("arXivRaw", ARXIV_RAW, "http://arxiv.org/OAI/arXivRaw.xsd")
    _text(root, "id", paper.id)
    _text(root, "submitter", paper.submitter)
    for number, version in enumerate(paper.versions, 1):
        element = etree.SubElement(root, f"{{{ARXIV_RAW}}}version", version=f"v{number}")
        _text(element, "date", version.submitted.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        _text(element, "size", version.size)
        _optional(element, source_type=version.source_type)
    _text(root, "title", paper.title)
    _text(root, "authors", _line_of_authors(paper))
    _rest(root, paper)
    return root


def arxiv_old(paper: Paper, datestamp: date) -> etree._Element:
    """The oldest format: no dates, no license."""
    root = _root("arXivOld", ARXIV_OLD, "http://arxiv.org/OAI/arXivOld.xsd")
    _text(root, "id", paper.id)
    _text(root, "title", paper.title)
    _text(root, "authors", _line_of_authors(paper))
    _rest(root, paper, licensed=False)
    return root


def oai_dc(paper: Paper, datestamp: date) -> etree._Element:
    """Dublin Core."""
    schema = f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", schema)

    def add(tag: str, text: str) -> None:
        etree.SubElement(root, f"{{{_DC}}}{tag}").text = text

    add("title", paper.title)
    for author in paper.authors:
        key = f"{author.keyname} {author.suffix}".strip()
        add("creator", ", ".join(part for part in (key, author.forenames) if part))
    for subject in dict.fromkeys(_subject(category) for category in paper.categories):
        add("subject", subject)
    for subject in filter(None, (paper.msc_class, paper.acm_class)):
        add("subject", subject)
    add("description", f"{paper.abstract} ")
    if paper.comment:
        add("description", paper.comment)
    for day in dict.fromkeys(
        version.submitted.date().isoformat() for version in (paper.versions[0], paper.versions[-1])
    ):
        add("date", day)
    add("type", "text")
    add("identifier", f"http://arxiv.org/abs/{paper.id}")
    if paper.journal_ref:
        add("identifier", paper.journal_ref)
    if paper.doi:
        add("identifier", f"doi:{paper.doi}")
    return root


WRITERS: Final[dict[str, Callable[[Paper, date], etree._Element]]] = {
    "arXiv": arxiv,
    "arXivRaw": arxiv_raw,
    "arXivOld": arxiv_old,
    "oai_dc": oai_dc,
}


def _rest(root: etree._Element, paper: Paper, *, licensed: bool = True) -> None:
    _text(root, "categories", " ".join(paper.categories))
    fields = {
        "comments": paper.comment,
        "proxy": paper.proxy,
        "report-no": paper.report_no,
        "msc-class": paper.msc_class,
        "acm-class": paper.acm_class,
        "journal-ref": paper.journal_ref,
        "doi": paper.doi,
        "license": paper.license if licensed else None,
    }
    for tag, text in fields.items():
        if text:
            _text(root, tag, text)
    _text(root, "abstract", paper.abstract)


def _line_of_authors(paper: Paper) -> str:
    if paper.raw_authors is not None:
        return paper.raw_authors
    return ", ".join(author.name for author in paper.authors)


def _subject(category: str) -> str:
    category = taxonomy.SUBSUMED.get(category, category)
    entry = taxonomy.CATEGORIES.get(category) or taxonomy.CATEGORIES.get(
        taxonomy.ALIASES.get(category, "")
    )
    return str(entry["name"]) if entry else category


def _root(tag: str, space: str, schema: str) -> etree._Element:
    root = etree.Element(
        f"{{{space}}}{tag}", nsmap=cast("dict[str, str]", {None: space, "xsi": _XSI})
    )
    root.set(f"{{{_XSI}}}schemaLocation", f"{space} {schema}")
    return root


def _text(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}").text = text


def _optional(parent: etree._Element, **fields: str) -> None:
    for tag, text in fields.items():
        if text:
            _text(parent, tag, text)
