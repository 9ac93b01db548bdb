"""The query API's language: fields, AND OR ANDNOT, quotes, parentheses, date ranges, as predicates
over papers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from . import taxonomy
from .papers import Paper
from .tex import folded

Predicate = Callable[[Paper], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<op>AND\b|ANDNOT\b|OR\b)
    |(?P<date>(?:submittedDate|lastUpdatedDate):\[\d{8,14}\s+TO\s+\d{8,14}\])
    |(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+)))""",
    re.VERBOSE,
)
_FIELDS: Final = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all")


class BadQuery(ValueError):
    """A search_query that the service would refuse with status 400."""


@dataclass(frozen=True, slots=True)
class Search:
    """A parsed query: which papers match, its terms by which relevance is counted, and its
    canonical text.
    """

    matches: Predicate
    terms: tuple[str, ...]
    text: str

    def relevance(self, paper: Paper) -> int:
        """How often the terms occur in the paper; titles count threefold."""
        title, rest = folded(paper.title), folded(_everything(paper))
        return sum(3 * title.count(term) + rest.count(term) for term in self.terms)


def parse(query: str) -> Search:
    """Parse a search_query. Raises BadQuery. Terms side by side are joined by OR, as the service
    does.
    """
    parser = _Parser(query)
    predicate = parser.expression()
    if parser.kind:
        raise BadQuery(f"unexpected {parser.value!r}")
    return Search(predicate, tuple(parser.terms), parser.canonical())


class _Parser:
    def __init__(self, query: str) -> None:
        self._tokens = list(_tokens(query))
        self._place = 0
        self.terms: list[str] = []

    @property
    def kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    @property
    def value(self) -> str:
        return self._tokens[self._place][1]

    def canonical(self) -> str:
        return " ".join(
            text if kind != "word" or ":" in text else f"all:{text}" for kind, text in self._tokens
        )

    def expression(self) -> Predicate:
        left = self.term()
        while self.kind and self.kind != "close":
            operator = "OR"
            if self.kind == "op":
                operator = self.value
                self._place += 1
            left = _joined(operator, left, self.term())
        return left

    def term(self) -> Predicate:
        if not self.kind:
            raise BadQuery("a term is missing")
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind == "open":
            inner = self.expression()
            if self.kind != "close":
                raise BadQuery("a parenthesis is not closed")
            self._place += 1
            return inner
        if kind == "date":
            return _between(text)
        if kind == "word":
            return self._field(text)
        raise BadQuery(f"unexpected {text!r}")

    def _field(self, text: str) -> Predicate:
        field, colon, value = text.partition(":")
        if not colon:
            field, value = "all", text
        if field not in _FIELDS:
            raise BadQuery(f"unknown field {field!r}")
        value = value.strip('"')
        if field not in {"cat", "id"}:
            self.terms.append(folded(value.strip("*?")))
        return _matcher(field, value)


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    place, end = 0, len(query.rstrip())
    while place < end:
        match = _TOKEN.match(query, place)
        if not match:
            raise BadQuery(f"cannot read {query[place:]!r}")
        place = match.end()
        for kind in ("open", "close", "op", "date"):
            if match[kind]:
                yield kind, match[kind]
                break
        else:
            value = f'"{match["phrase"]}"' if match["phrase"] is not None else match["word"]
            yield "word", f"{match['field']}:{value}" if match["field"] else value


def _joined(operator: str, left: Predicate, right: Predicate) -> Predicate:
    if operator == "AND":
        return lambda paper: left(paper) and right(paper)
    if operator == "ANDNOT":
        return lambda paper: left(paper) and not right(paper)
    return lambda paper: left(paper) or right(paper)


def _between(text: str) -> Predicate:
    field, _, span = text.partition(":")
    first, last = (
        re.sub(r"\D", "", end).ljust(14, filler)
        for end, filler in zip(span.split("TO"), "09", strict=True)
    )
    place = 0 if field == "submittedDate" else -1

    def matches(paper: Paper) -> bool:
        return first <= _digits(paper.versions[place].submitted) <= last

    return matches


def _digits(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


def _matcher(field: str, value: str) -> Predicate:
    if field == "cat":
        return _in_category(value)
    if field == "id":
        return lambda paper: paper.id == re.sub(r"v\d+$", "", value)
    pattern = _phrase(value)
    return lambda paper: any(pattern.search(text) for text in _texts(field, paper))


def _phrase(value: str) -> re.Pattern[str]:
    """The words of a value in a row; `*` and `?` stand for letters within a word."""
    words = re.findall(r"[\w*?]+", folded(value.replace("_", " ")))
    if not words:
        raise BadQuery(f"nothing to look for in {value!r}")
    parts = [re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w") for word in words]
    return re.compile(r"\b" + r"\W+".join(parts) + r"\b")


def _in_category(value: str) -> Predicate:
    pattern = re.compile(re.escape(value).replace(r"\*", ".*"), re.IGNORECASE)

    def matches(paper: Paper) -> bool:
        names = {*paper.categories, *filter(None, map(taxonomy.twin, paper.categories))}
        return any(pattern.fullmatch(name) for name in names)

    return matches


def _texts(field: str, paper: Paper) -> list[str]:
    match field:
        case "ti":
            raw = [paper.title]
        case "au":
            raw = [author.name for author in paper.authors]
        case "abs":
            raw = [paper.abstract]
        case "co":
            raw = [paper.comment or ""]
        case "jr":
            raw = [paper.journal_ref or ""]
        case "rn":
            raw = [paper.report_no or ""]
        case _:
            raw = [
                _everything(paper),
                *paper.categories,
                *(author.name for author in paper.authors),
            ]
    return [folded(text) for text in raw]


def _everything(paper: Paper) -> str:
    parts = (paper.title, paper.abstract, paper.comment, paper.journal_ref, paper.report_no)
    return "\n".join(part for part in parts if part)
