"""A search of the club's archive, read out of what a person types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from bot.errors import (
    PersonError,
    SearchBadDate,
    SearchCategory,
    SearchCategoryMeant,
    SearchEmpty,
    SearchField,
    SearchNoDays,
    SearchOperator,
    SearchTooLong,
    SearchWildcard,
)
from bot.model import taxonomy
from bot.model.meanings import categories_meant
from bot.model.query.foreign import OPERATORS
from bot.model.query.paste import unpacked
from bot.model.reference import ArxivReference, parse_references
from bot.model.search import SearchQuery
from bot.model.signs import PLAIN_SIGNS
from bot.text.bigrams import Phrase, query
from bot.text.compounds import with_neighbours, with_others
from bot.text.tags import tag_key

QUERY_LIMIT: Final = 500
"""Characters of a query."""

_CHUNK: Final = re.compile(r'(?:[^\s"]|"[^"]*")+|"')
_FIELD: Final = re.compile(r"([^\W\d_][\w-]*):(.*)", re.DOTALL)
_SIGN: Final = re.compile(r"[-−–—!](?=\"|[=#]?[^\W\d_])")
_TAG: Final = re.compile(r"^#(?=[^\W\d])")
"""As takes have it."""
_PLUS: Final = re.compile(r"(?<=\w)\+(?=[^\W\d])")
"""Between two words, as in an address."""
_RANKED: Final = re.compile(r"(?<=[\w\"])(?:~\d*|\^)(?:\.?\d+)?$")
"""How near or how important a word is, for other engines."""
_WILD: Final = re.compile(r"\w\?\w|\w\*\w|(?<![\w*])\*\w")
_ADDRESS: Final = re.compile(r"[^\s\"()]*\d{4,}[^\s\"()]*")
_GROUP: Final = re.compile(r"\(([^()]*)\)")
_OR_BEFORE: Final = re.compile(r"(?:\bor|또는|혹은|\|)\s*$", re.IGNORECASE)
_OR_AFTER: Final = re.compile(r"\s*(?:or\b|또는|혹은|\|)", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_KOREAN_YEAR: Final = re.compile(r"((?:19|20)\d\d)년")
_ALIASES: Final = {
    name: kind
    for kind, names in {
        "tag": "tag tags hashtag 태그",
        "by": "by from user member writer 작성자",
        "author": "author authors au inauthor 저자",
        "cat": "cat category categories subject subjects 분야",
        "title": "title ti intitle allintitle 제목",
        "before": "before until 이전",
        "after": "after since 이후",
        "year": "year date during",
        "": "all any keyword intext text id arxiv paper",
    }.items()
    for name in names.split()
}
"""What the filters are called, here and elsewhere; "": no filter, only words."""
_UNKNOWN: Final = frozenset(
    """
    abs abstract cache cat_primary co comment comments filetype has in inurl journal jr
    lastupdateddate mentions pinned primary published related report rn site submitted
    submitteddate updated url
    """.split()  # noqa: SIM905
)
"""What others can be asked for and an archive cannot."""


def parse_search(typed: str) -> SearchQuery:
    """Understand a query: words, `"phrases"`, `=exactly`, `begin*`, `-without`, `this OR that`,
    arXiv ids and addresses in any form, `#tags`, and filters.

    `tag:`, `by:` (who wrote or added), `author:`, `title:`, `cat:`, `before:` and `after:` (a year,
    a month or a day, in UTC). Raises SearchEmpty, SearchTooLong, SearchBadDate, SearchNoDays,
    SearchCategory, SearchField, SearchOperator, SearchWildcard.
    """
    if len(typed) > QUERY_LIMIT:
        raise SearchTooLong(length=len(typed), limit=QUERY_LIMIT)
    reader = _Reader(typed)
    reader.read()
    search = reader.search()
    if search.before and search.after and search.before <= search.after:
        raise SearchNoDays(before=f"{search.before:%Y-%m-%d}", after=f"{search.after:%Y-%m-%d}")
    if search == SearchQuery(without=search.without):
        raise SearchEmpty
    return search


@dataclass(slots=True)
class _Reader:
    typed: str
    phrases: list[Phrase] = field(default_factory=list)
    without: list[Phrase] = field(default_factory=list)
    titles: list[Phrase] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    authors: list[Phrase] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None
    operator: str = ""
    """What stands before the next chunk."""
    words: list[str] = field(default_factory=list)
    """What was typed of the phrases."""
    alternatives: bool = False
    """Whether some words stand for one another; a filter cannot."""

    def search(self) -> SearchQuery:
        return SearchQuery(
            tuple(self.phrases if self.alternatives else with_neighbours(self.phrases)),
            tuple(self.without),
            tuple(self.tags),
            tuple(self.by),
            tuple(self.authors),
            tuple(self.categories),
            self.before,
            self.after,
            tuple(self.titles),
            " ".join(self.words),
        )

    def read(self) -> None:
        # An address is looked for itself: a paper's, or a page's.
        pasted = self.typed if "://" in self.typed else unpacked(self.typed)
        chunks = _chunks(pasted.translate(PLAIN_SIGNS))
        self.alternatives = "|" in pasted or any(_said(one) == "OR" for one in chunks)
        place = 0
        while place < len(chunks):
            chunk = _RANKED.sub("", chunks[place])
            place += 1
            said = _said(chunk)
            # Between words they are operators; `or` by itself is a word.
            if said and place < len(chunks) and (place > 1 or said == "NOT"):
                self.operator = said
                continue
            named = _FIELD.fullmatch(chunk)
            if named and not named[2] and place < len(chunks) and _is_filter(named[1]):
                chunk += chunks[place]  # `tag: review`
                place += 1
            self.take(chunk)

    def take(self, chunk: str) -> None:
        operator, self.operator = self.operator, ""
        without = operator in ("NOT", "ANDNOT")
        if sign := _SIGN.match(chunk):
            chunk, without = chunk[sign.end() :], True
        elif not (without or self.alternatives):
            chunk = _TAG.sub("tag:", chunk)
            if year := _KOREAN_YEAR.fullmatch(chunk):
                chunk = f"year:{year[1]}"
        either = operator == "OR"
        for part in re.split(r"\|+", chunk.lstrip("+")):
            for word in [part] if '"' in part else _PLUS.split(part):
                if word:
                    self.term(word, without=without, either=either)
            either = True

    def term(self, chunk: str, *, without: bool, either: bool) -> None:
        named = _FIELD.fullmatch(chunk)
        name = named[1].casefold() if named else ""
        if named and name in _UNKNOWN and named[2]:
            raise SearchField(typed=chunk[:60], field=named[1][:30])
        if named and _is_filter(name) and _ALIASES[name]:
            if without or either:
                raise SearchOperator(typed=chunk[:60])
            self.filter(_ALIASES[name], named[2].replace('"', "").strip(), named[2])
            return
        words = named[2] if named and _is_filter(name) else chunk
        if taxonomy.category(words) and re.search(r"[.-]", words) and not (without or either):
            self.categories.append(words)
            return
        if _WILD.search(re.sub(r'"[^"]*"', "", words)):
            raise SearchWildcard(typed=chunk[:60])
        phrases = query(_ADDRESS.sub(_bare_id, words) if '"' not in words else words)
        if len(phrases) == 1 and '"' not in words and not without:
            phrases = [with_others(words, phrases[0])]
        if without:
            self.without += phrases
        elif either and self.phrases and phrases:
            first, *rest = phrases
            if rest:
                raise SearchOperator(typed=chunk[:60])
            last = self.phrases[-1]
            self.phrases[-1] = replace(last, others=(*last.others, first))
        else:
            self.phrases += phrases
            self.words.append(words)

    def filter(self, kind: str, value: str, raw: str) -> None:
        if not value:
            return
        match kind:
            case "tag":
                self.tags.append(tag_key(value))
            case "by":
                self.by.append(value.removeprefix("@"))
            case "author":
                self.authors += query(f'"{value}"')
            case "title":
                self.titles += query(raw if raw.startswith(("=", '"')) else f'"{value}"')
            case "cat":
                self.categories.append(_category(value))
            case "before":
                self.before = _date(value)
            case "after":
                self.after = _date(value)
            case "year":
                self.after, self.before = _span(value)


def _is_filter(name: str) -> bool:
    return name.casefold() in _ALIASES


def _chunks(typed: str) -> list[str]:
    """Words, phrases and filters, out of their parentheses. Raises SearchOperator where these keep
    more together than a search can: alternatives of several words."""
    for group in _GROUP.finditer(typed):
        inside = [one for one in _CHUNK.findall(group[1]) if not _said(one)]
        ors = sum(_said(one) == "OR" for one in _CHUNK.findall(group[1]))
        beside_or = _OR_BEFORE.search(typed[: group.start()]) or _OR_AFTER.match(
            typed[group.end() :]
        )
        if (ors and ors != len(inside) - 1) or (beside_or and not ors and len(inside) > 1):
            raise SearchOperator(typed=group[0][:60])
    found = [re.sub(r"^\(+|[),;]+$", "", one) for one in _CHUNK.findall(typed)]
    return [one for one in found if one]


def _said(chunk: str) -> str:
    return OPERATORS.get(chunk.casefold(), "")


def _category(typed: str) -> str:
    """A category as papers have it, or all of an archive. Raises SearchCategory."""
    if known := taxonomy.category(typed) or taxonomy.respelt(typed):
        return next((name for name in known.names if name.lower() == typed.lower()), known.id)
    if archive := taxonomy.archive(typed):
        return f"{archive.id}.*"
    if typed.endswith("*"):
        return typed
    if meant := categories_meant(typed):
        raise SearchCategoryMeant(typed=typed[:50], suggestion=meant)
    raise SearchCategory(typed=typed[:50])


def _bare_id(match: re.Match[str]) -> str:
    """An arXiv id by itself, as papers are known by it, in place of whatever form it is in."""
    try:
        found = parse_references(match[0])
    except PersonError:
        return match[0]
    only = found.references[0] if len(found.references) == 1 else None
    return f'"{only.id.value}"' if isinstance(only, ArxivReference) else match[0]


def _date(typed: str) -> datetime:
    """The first moment of a year, a month or a day. Raises SearchBadDate."""
    match = _DATE.fullmatch(typed)
    try:
        if match is None:
            raise ValueError(typed)
        year, month, day = (int(part) if part else 1 for part in match.groups())
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise SearchBadDate(typed=typed[:50]) from None


def _span(typed: str) -> tuple[datetime, datetime]:
    """A year or a month, from its first moment to the next one's. Raises SearchBadDate."""
    first = _date(typed)
    match typed.count("-"):
        case 0:
            return first, _date(f"{first.year + 1:04}")
        case 1 if first.month < 12:
            return first, first.replace(month=first.month + 1)
        case 1:
            return first, _date(f"{first.year + 1:04}")
    raise SearchBadDate(typed=typed[:50])
