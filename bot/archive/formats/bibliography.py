"""A list of papers for reference managers: BibTeX, RIS, CSL JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from bot.archive.formats import bibtex as bib
from bot.isolation import RecordKind, each
from bot.model.arxiv_id import ArxivId
from bot.model.authors import AuthorName, author_name, is_more
from bot.model.paper import Paper, PaperData
from bot.text.tex import readable

R = TypeVar("R")

Accessed = Mapping[int, date]
"""By a paper's number the day on which it was seen: what a page is cited with."""


def key(paper: Paper) -> str:
    """A paper's key, the same for ever: titles and authors are corrected, ids are not."""
    if paper.data.arxiv_id:
        return f"arXiv:{paper.data.arxiv_id}"
    return f"page:{hashlib.sha256(paper.url.encode('utf-8', 'replace')).hexdigest()[:10]}"


def bibtex(
    papers: Sequence[Paper], accessed: Accessed | None = None, *, alone: bool = False
) -> str:
    """BibTeX: a file, or `alone` the entries, for somebody's own file."""
    entries = _each(papers, partial(_bibtex, accessed or {}), _plain_bibtex)
    return "\n".join(entries) if alone else bib.whole_file(entries)


def ris(papers: Sequence[Paper], accessed: Accessed | None = None) -> str:
    """RIS, as Zotero and EndNote read it; lines end with CR LF."""
    told = _each(papers, partial(_ris, accessed or {}), _plain_ris)
    return "".join(f"{tag}  - {value}\r\n" for lines in told for tag, value in lines)


def csl(papers: Sequence[Paper], accessed: Accessed | None = None) -> str:
    """CSL JSON (https://docs.citationstyles.org, schema csl-data)."""
    items = _each(papers, partial(_csl, accessed or {}), _plain_csl)
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _each(
    papers: Sequence[Paper], told: Callable[[Paper], R], plainly: Callable[[Paper], R]
) -> list[R]:
    """Each paper; one that cannot be told with its title and address alone."""
    return each(
        RecordKind.EXPORTED, papers, told, name=lambda paper: paper.reference, plainly=plainly
    )


def _bibtex(accessed: Accessed, paper: Paper) -> str:
    return bib.entry(paper, key(paper), _day(paper.data), accessed.get(paper.id))


def _plain_bibtex(paper: Paper) -> str:
    return bib.plain_entry(paper, key(paper))


def _plain_ris(paper: Paper) -> Sequence[tuple[str, str]]:
    told = (("TY", "ELEC"), ("ID", key(paper)), ("TI", paper.title), ("UR", paper.url), ("ER", ""))
    return [(tag, _one_line(value)) for tag, value in told]


def _plain_csl(paper: Paper) -> Mapping[str, Any]:
    title = _one_line(paper.title)
    return {"id": key(paper), "type": "webpage", "title": title, "URL": paper.url}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(data: PaperData) -> Sequence[int]:
    """When a paper came out: year, month and day; the month alone where only its id tells."""
    if data.published:
        return data.published.year, data.published.month, data.published.day
    return ArxivId(data.arxiv_id).month if data.arxiv_id else ()


def _ris(accessed: Accessed, paper: Paper) -> Sequence[tuple[str, str]]:
    data = paper.data
    lines = [
        ("TY", "UNPB" if data.arxiv_id else "ELEC"),
        ("ID", key(paper)),
        ("TI", paper.shown_title),
    ]
    lines += [("AU", _ris_name(author_name(one))) for one in data.authors if not is_more(one)]
    if day := _day(data):
        written = "/".join(f"{part:02}" for part in day)
        lines += [("PY", str(day[0])), ("DA", written if len(day) == 3 else f"{written}/")]
    if data.abstract:
        lines.append(("AB", paper.shown_abstract))
    if data.arxiv_id:
        lines += [("PB", "arXiv"), ("M1", f"arXiv:{data.arxiv_id}")]
    if data.journal_ref:
        lines.append(("N1", readable(data.journal_ref)))
    if data.doi:
        lines.append(("DO", data.doi))
    lines += [("KW", category) for category in data.categories]
    lines.append(("UR", paper.url))
    if seen := _seen(accessed, paper):
        lines.append(("Y2", f"{seen:%Y/%m/%d}"))
    return [(tag, _one_line(value)) for tag, value in [*lines, ("ER", "")]]


def _ris_name(name: AuthorName) -> str:
    if name.team:
        return name.family.replace(",", "")  # what follows a comma would be its forenames
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _csl(accessed: Accessed, paper: Paper) -> Mapping[str, Any]:
    data = paper.data
    item: dict[str, Any] = {
        "id": key(paper),
        "type": "article" if data.arxiv_id else "webpage",
        "title": paper.shown_title,
        "URL": paper.url,
    }
    if people := [author_name(one) for one in data.authors if not is_more(one)]:
        item["author"] = [_csl_name(one) for one in people]
    if day := _day(data):
        item["issued"] = {"date-parts": [day]}
    if seen := _seen(accessed, paper):
        item["accessed"] = {"date-parts": [[seen.year, seen.month, seen.day]]}
    if data.abstract:
        item["abstract"] = paper.shown_abstract
    if data.arxiv_id:
        item |= {"publisher": "arXiv", "number": f"arXiv:{data.arxiv_id}"}
    if data.journal_ref:
        item["note"] = readable(data.journal_ref)
    if data.doi:
        item["DOI"] = data.doi
    if data.categories:
        item["keyword"] = ", ".join(data.categories)
    return item


def _csl_name(name: AuthorName) -> Mapping[str, str]:
    if not name.given:
        return {"literal": f"{name.family} {name.suffix}".strip()}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _seen(accessed: Accessed, paper: Paper) -> date | None:
    return None if paper.data.arxiv_id else accessed.get(paper.id)
