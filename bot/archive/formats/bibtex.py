"""Papers as BibTeX, such that every program takes it and no LaTeX run stops at it."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Callable, Sequence
from datetime import date

from bot.archive.formats.latex import latex, plain_latex, preamble
from bot.model.authors import AuthorName, author_name, is_more
from bot.model.paper import Paper, PaperData

_APART = re.compile(r"\band\b|,", re.IGNORECASE)
_LATE_PARTICLE = re.compile(r"\b[A-Z]\S* (?:\S+ )*[a-z]")
"""A small word after a great one: BibTeX would take only what follows it for the family name."""


def entry(paper: Paper, key: str, day: Sequence[int], accessed: date | None) -> str:
    """One paper, with arXiv's fields (https://info.arxiv.org/help/hypertex/bibstyles.html).

    `day`: year, month and day, as far as they are known; `accessed`: when a page was seen.
    """
    data = paper.data
    tex = latex if data.arxiv_id else plain_latex
    # Braces within keep the title's capitals from styles that make them small.
    fields = {"title": f"{{{tex(paper.title)}}}"}
    if data.authors:
        fields["author"] = " and ".join(_names(data.authors))
    else:
        fields["key"] = tex(paper.title)  # what it is sorted by then
    if day:
        fields["year"] = str(day[0])
        fields["month"] = month_abbr[day[1]].lower()
    fields |= _arxiv(data)
    if data.doi:
        fields["doi"] = _verbatim(data.doi)
    if data.journal_ref:
        fields["note"] = latex(data.journal_ref)
    fields["url"] = _verbatim(paper.url)
    if accessed is not None and not data.arxiv_id:
        fields["urldate"] = accessed.isoformat()
    lines = [
        f"  {name} = {value if name == 'month' else '{' + value + '}'},"
        for name, value in fields.items()
    ]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def plain_entry(paper: Paper, key: str) -> str:
    """The same with the title and the address alone, and no sign that TeX would act on."""
    title = re.sub(r"[\\{}$&%#_^~]", " ", " ".join(paper.title.split()))
    return f"@misc{{{key},\n  title = {{{title}}},\n  url = {{{_verbatim(paper.url)}}},\n}}\n"


def whole_file(entries: Sequence[str]) -> str:
    """Entries as a file that plain LaTeX takes by itself."""
    written = "\n".join(entries)
    said = preamble(written)
    # BibTeX takes it from anywhere; so a file begins with its papers.
    return f"{written}\n{said}" if said else written


def _arxiv(data: PaperData) -> dict[str, str]:
    if not data.arxiv_id:
        return {}
    fields = {"eprint": data.arxiv_id, "archivePrefix": "arXiv"}
    return fields | ({"primaryClass": data.categories[0]} if data.categories else {})


def _names(authors: Sequence[str]) -> list[str]:
    people = [name for one in authors if not is_more(one) and (name := _name(author_name(one)))]
    return people if len(people) == len(authors) else [*people, "others"]


def _name(name: AuthorName) -> str:
    """`Family, Jr., Given`; a team, and what BibTeX would take apart, in braces."""
    family, given, suffix = (plain_latex(one) for one in (name.family, name.given, name.suffix))
    whole = " ".join(filter(None, (given, family, suffix)))
    if name.team or not family or not given or _APART.search(whole):
        return f"{{{whole}}}" if " " in whole or _APART.search(whole) else whole
    if _LATE_PARTICLE.search(name.family):
        family = f"{{{family}}}"
    return ", ".join(filter(None, (family, suffix, given)))


def _verbatim(text: str) -> str:
    """An address, in which nothing may be escaped: without what could end its field."""
    made: Callable[[re.Match[str]], str] = lambda match: f"%{ord(match[0]):02X}"  # noqa: E731
    return re.sub(r"[{}\\\s]", made, text)
