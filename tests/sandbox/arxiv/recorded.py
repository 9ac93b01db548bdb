"""The recorded answers of arXiv's services: reading them, and the databases that they were made
from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

from lxml import etree

from bot.sandbox.arxiv import Announcement, Author, Paper, Version

DATA = Path(__file__).parents[2] / "data/arxiv"
RECORDED_AT = datetime(2026, 11, 24, 22, 12, tzinfo=UTC)
SPACES = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "x": "http://arxiv.org/OAI/arXiv/",
    "r": "http://arxiv.org/OAI/arXivRaw/",
    "a": "http://www.w3.org/2005/Atom",
    "q": "http://arxiv.org/schemas/atom",
}
Shape = tuple[object, ...]


@dataclass(frozen=True)
class Recording:
    """A line of an INDEX.md: a file, its status, and the request that it answers."""

    file: Path
    status: int
    content_type: str
    target: str
    shows: str

    @property
    def name(self) -> str:
        return self.file.name


def recordings(folder: str) -> list[Recording]:
    """The recordings of `feed` or `oai` that answer a GET."""
    found = []
    for line in (DATA / folder / "INDEX.md").read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `([^`]+)` \| (\d+) \| (.*?) \| `GET (\S+)[^`]*` \| (.*) \|$", line)
        if match:
            name, status, headers, target, shows = match.groups()
            type_ = re.search(r"content-type: ([^;\s]+)", headers)
            assert type_
            found.append(Recording(DATA / folder / name, int(status), type_[1], target, shows))
    return found


def shape(element: etree._Element, *, ignore: Iterable[str] = ()) -> Shape:
    """An element as nested tuples, without blanks between elements; `ignore` are tags whose text
    may differ.
    """
    tag = etree.QName(element).localname
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    if tag == "resumptionToken":
        attributes.pop("expires")
    children = [shape(child, ignore=ignore) for child in element if isinstance(child.tag, str)]
    if tag in {"skipDays", "ListSets"}:
        children = sorted(set(children), key=repr)
    text = "" if children or tag in ignore else (element.text or "")
    if not text.strip():
        text = ""
    return (element.tag, tuple(sorted(attributes.items())), text, *children)


def query_file(name: str) -> etree._Element:
    """A recorded answer of the query API, its text decoded rightly."""
    text = (DATA / name).read_text(encoding="utf-8")
    return etree.fromstring(text.encode("latin-1"))


def query_papers(feed: etree._Element) -> Iterator[Paper]:
    """The papers of a recorded answer of the query API; versions in between are unknown."""
    for entry in feed.iterfind("a:entry", SPACES):
        name = _get(entry, "a:id").rpartition("/abs/")[2]
        id_, _, number = name.rpartition("v")
        dates = [_get(entry, "a:published"), *[_get(entry, "a:updated")] * (int(number) - 1)]
        yield Paper(
            id=id_,
            title=_get(entry, "a:title"),
            authors=tuple(
                Author.of(
                    _get(author, "a:name"),
                    [element.text or "" for element in author.iterfind("q:affiliation", SPACES)],
                )
                for author in entry.iterfind("a:author", SPACES)
            ),
            categories=tuple(
                str(element.get("term")) for element in entry.iterfind("a:category", SPACES)
            ),
            abstract=_get(entry, "a:summary"),
            versions=tuple(Version(datetime.fromisoformat(text)) for text in dates),
            comment=entry.findtext("q:comment", None, SPACES),
            doi=entry.findtext("q:doi", None, SPACES),
            journal_ref=entry.findtext("q:journal_ref", None, SPACES),
        )


def oai_papers(*patterns: str) -> dict[str, Paper]:
    """The papers of recorded OAI-PMH answers, in the order in which they turn up."""
    return dict(_oai_papers(patterns))


@cache
def _oai_papers(patterns: tuple[str, ...]) -> dict[str, Paper]:
    found: dict[str, Paper] = {}
    for pattern in patterns:
        for path in sorted((DATA / "oai").glob(pattern)):
            for record in etree.parse(path).iterfind(".//o:record", SPACES):
                paper = _from_arxiv(record) or _from_raw(record, found)
                if paper:
                    earlier = found.get(paper.id)
                    found[paper.id] = _merged(earlier, paper) if earlier else paper
    return found


def _merged(one: Paper, other: Paper) -> Paper:
    """What both formats tell: authors in parts from one, versions from the other."""
    raw = other if other.submitter else one
    parts = one if raw is other else other
    if not raw.submitter:
        return other
    return replace(
        parts, versions=raw.versions, submitter=raw.submitter, raw_authors=raw.raw_authors
    )


def _from_arxiv(record: etree._Element) -> Paper | None:
    meta = record.find(".//x:arXiv", SPACES)
    if meta is None:
        return None
    created = datetime.fromisoformat(_get(meta, "x:created")).replace(tzinfo=UTC)
    authors = tuple(
        Author(
            _get(author, "x:keyname"),
            author.findtext("x:forenames", "", SPACES),
            author.findtext("x:suffix", "", SPACES),
        )
        for author in meta.iterfind("x:authors/x:author", SPACES)
    )
    return _paper(record, meta, "x", authors, (Version(created),))


def _from_raw(record: etree._Element, known: dict[str, Paper]) -> Paper | None:
    meta = record.find(".//r:arXivRaw", SPACES)
    if meta is None:
        return None
    versions = tuple(
        Version(
            parsedate_to_datetime(_get(element, "r:date").replace("GMT", "+0000")),
            _get(element, "r:size"),
            element.findtext("r:source_type", "", SPACES),
        )
        for element in meta.iterfind("r:version", SPACES)
    )
    paper = _paper(record, meta, "r", (), versions)
    return replace(
        paper,
        submitter=_get(meta, "r:submitter"),
        raw_authors=meta.findtext("r:authors", "", SPACES),
    )


def _paper(
    record: etree._Element,
    meta: etree._Element,
    prefix: str,
    authors: tuple[Author, ...],
    versions: tuple[Version, ...],
) -> Paper:
    def field(name: str) -> str | None:
        return meta.findtext(f"{prefix}:{name}", None, SPACES)

    updated = field("updated")
    return Paper(
        id=field("id") or "",
        title=field("title") or "",
        authors=authors,
        categories=tuple((field("categories") or "").split()),
        abstract=field("abstract") or "",
        versions=versions,
        comment=field("comments"),
        doi=field("doi"),
        journal_ref=field("journal-ref"),
        report_no=field("report-no"),
        msc_class=field("msc-class"),
        acm_class=field("acm-class"),
        license=field("license"),
        proxy=field("proxy"),
        datestamp=date.fromisoformat(_get(record, "o:header/o:datestamp")),
        modified=date.fromisoformat(updated) if updated else None,
    )


def feed_papers(*patterns: str) -> dict[str, Paper]:
    """The papers of recorded RSS feeds; their dates and the cut of their authors' names are
    guesses.
    """
    found: dict[str, Paper] = {}
    for path in sorted(path for pattern in patterns for path in (DATA / "feed").glob(pattern)):
        for item in etree.parse(path).iterfind(".//item"):
            id_, _, version = _get(item, "guid").removeprefix("oai:arXiv.org:").rpartition("v")
            creators = _get(item, "{*}creator").split(", ")
            found[id_] = Paper(
                id=id_,
                title=_get(item, "title"),
                authors=tuple(_creator(text) for text in creators),
                categories=tuple(element.text or "" for element in item.iterfind("category")),
                abstract=_get(item, "description").partition("\nAbstract: ")[2],
                versions=(Version(RECORDED_AT),) * int(version),
                doi=item.findtext("{*}DOI"),
                journal_ref=item.findtext("{*}journal_reference"),
                license=item.findtext("{*}rights"),
            )
    return found


def _creator(text: str) -> Author:
    name, _, affiliation = text.removesuffix(")").partition(" (")
    return Author.of(name, [affiliation] if affiliation else [])


def at_version(paper: Paper, version: int) -> Paper:
    """The paper with so many versions, the missing ones given the first's date."""
    missing = (paper.versions[0],) * max(0, version - len(paper.versions))
    return replace(paper, versions=(*missing, *paper.versions)[:version])


def lines(
    papers: dict[str, Paper], mailing: date, table: dict[str, list[str]]
) -> list[Announcement]:
    """Announcements of one mailing from `{"new": ["1008.3222v1"], "cross math.NT": […]}`."""
    found = []
    for key, names in table.items():
        kind, _, category = key.partition(" ")
        for name in names:
            id_, _, version = name.rpartition("v")
            paper = at_version(papers[id_], int(version))
            assert kind in {"new", "cross", "replace", "touch"}
            found.append(Announcement(mailing, kind, paper, category or None))  # type: ignore[arg-type]
    return found


def _get(element: etree._Element, path: str) -> str:
    text = element.findtext(path, None, SPACES)
    assert text is not None, path
    return text
