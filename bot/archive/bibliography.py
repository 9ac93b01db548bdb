"""A list of papers for reference managers: BibTeX, RIS, CSL JSON."""

from __future__ import annotations

import hashlib
import json
import re
from calendar import month_abbr
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pylatexenc.latexencode import UnicodeToLatexEncoder

from bot.isolation import RecordKind, each
from bot.model.arxiv_id import ArxivId
from bot.model.authors import AuthorName, author_name
from bot.model.paper import Paper, PaperData

R = TypeVar("R")

_MATH = re.compile(r"(\$[^$\n]{1,500}\$)")
_SPECIAL = re.compile(r"(?<!\\)([&%#_])")


def key(paper: Paper) -> str:
    """A paper's key, the same for ever: titles and authors are corrected, ids are not."""
    if paper.data.arxiv_id:
        return f"arXiv:{paper.data.arxiv_id}"
    return f"page:{hashlib.sha256(paper.url.encode('utf-8', 'replace')).hexdigest()[:10]}"


def bibtex(papers: Sequence[Paper]) -> str:
    """BibTeX, with arXiv's fields (https://info.arxiv.org/help/hypertex/bibstyles.html)."""
    return "\n".join(_each(papers, _bibtex, _plain_bibtex))


def ris(papers: Sequence[Paper]) -> str:
    """RIS, as Zotero and EndNote read it; lines end with CR LF."""
    told = _each(papers, _ris, _plain_ris)
    return "".join(f"{tag}  - {value}\r\n" for lines in told for tag, value in lines)


def csl(papers: Sequence[Paper]) -> str:
    """CSL JSON (https://docs.citationstyles.org, schema csl-data)."""
    return json.dumps(_each(papers, _csl, _plain_csl), ensure_ascii=False, indent=2) + "\n"


def _each(
    papers: Sequence[Paper], told: Callable[[Paper], R], plainly: Callable[[Paper], R]
) -> list[R]:
    """Each paper; one that cannot be told with its title and address alone."""
    return each(
        RecordKind.EXPORTED, papers, told, name=lambda paper: paper.reference, plainly=plainly
    )


def _plain_bibtex(paper: Paper) -> str:
    title = re.sub(r"[\\{}$&%#_^~]", " ", _one_line(paper.title))
    return f"@misc{{{key(paper)},\n  title = {{{title}}},\n  url = {{{paper.url}}},\n}}\n"


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


def _bibtex(paper: Paper) -> str:
    data = paper.data
    # Braces within keep the title's capitals from styles that make them small.
    fields = {"title": f"{{{_tex(paper.title)}}}"}
    if data.authors:
        fields["author"] = " and ".join(_bibtex_name(author_name(one)) for one in data.authors)
    if day := _day(data):
        fields["year"] = str(day[0])
        fields["month"] = month_abbr[day[1]].lower()
    if data.arxiv_id:
        fields |= {"eprint": data.arxiv_id, "archivePrefix": "arXiv"}
        if data.categories:
            fields["primaryClass"] = data.categories[0]
    if data.doi:
        fields["doi"] = data.doi
    if data.journal_ref:
        fields["note"] = _tex(data.journal_ref)
    fields["url"] = paper.url
    lines = [
        f"  {name} = {value if name == 'month' else '{' + value + '}'},"
        for name, value in fields.items()
    ]
    return "\n".join([f"@misc{{{key(paper)},", *lines, "}", ""])


def _bibtex_name(name: AuthorName) -> str:
    if not name.given:
        return f"{{{_tex(name.family)}}}" if " " in name.family else _tex(name.family)
    parts = [_tex(part) for part in (name.family, name.suffix, name.given) if part]
    return ", ".join(parts)


def _tex(text: str) -> str:
    """Text for a BibTeX field: TeX as it is, all else such that TeX takes it."""
    if text.count("{") != text.count("}"):
        text = re.sub(r"\\?[{}]", "", text)
    parts = _MATH.split(" ".join(text.split()))
    return "".join(part if place % 2 else _plain_tex(part) for place, part in enumerate(parts))


def _plain_tex(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    if text.count("$") % 2:
        text = re.sub(r"(?<!\\)\$", r"\\$", text)
    return text if text.isascii() else _encoder()(text)


@cache
def _encoder() -> Callable[[str], str]:
    # Characters that TeX has no command for (Hangul, Han) stay: today's engines take UTF-8.
    made = UnicodeToLatexEncoder(
        non_ascii_only=True,
        unknown_char_policy="keep",
        unknown_char_warning=False,
        replacement_latex_protection="braces-all",
    )
    return made.unicode_to_latex  # type: ignore[no-any-return]


def _ris(paper: Paper) -> Sequence[tuple[str, str]]:
    data = paper.data
    lines = [("TY", "UNPB" if data.arxiv_id else "ELEC"), ("ID", key(paper)), ("TI", paper.title)]
    lines += [("AU", _ris_name(author_name(author))) for author in data.authors]
    if day := _day(data):
        written = "/".join(f"{part:02}" for part in day)
        lines += [("PY", str(day[0])), ("DA", written if len(day) == 3 else f"{written}/")]
    if data.abstract:
        lines.append(("AB", data.abstract))
    if data.arxiv_id:
        lines += [("PB", "arXiv"), ("M1", f"arXiv:{data.arxiv_id}")]
    if data.doi:
        lines.append(("DO", data.doi))
    lines += [("KW", category) for category in data.categories]
    lines += [("UR", paper.url), ("ER", "")]
    return [(tag, _one_line(value)) for tag, value in lines]


def _ris_name(name: AuthorName) -> str:
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)


def _csl(paper: Paper) -> Mapping[str, Any]:
    data = paper.data
    item: dict[str, Any] = {
        "id": key(paper),
        "type": "article" if data.arxiv_id else "webpage",
        "title": paper.title,
        "URL": paper.url,
    }
    if data.authors:
        item["author"] = [_csl_name(author_name(author)) for author in data.authors]
    if day := _day(data):
        item["issued"] = {"date-parts": [day]}
    if data.abstract:
        item["abstract"] = data.abstract
    if data.arxiv_id:
        item |= {"publisher": "arXiv", "number": f"arXiv:{data.arxiv_id}"}
    if data.doi:
        item["DOI"] = data.doi
    if data.categories:
        item["keyword"] = ", ".join(data.categories)
    return item


def _csl_name(name: AuthorName) -> Mapping[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
