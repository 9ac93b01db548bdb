"""What is looked for in a club's papers and takes, and what is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from bot.errors import SearchBadDate, SearchEmpty, SearchTooLong
from bot.model.paper import Paper
from bot.model.reference import ArxivReference, parse_references
from bot.model.take import Entry, Take
from bot.text.bigrams import Phrase, query
from bot.text.find import Snippet, find, holds, snippet
from bot.text.tags import tag_key

QUERY_LIMIT: Final = 500
"""Characters of a query."""

_FILTER: Final = re.compile(
    r"(?<!\S)(tag|by|author|cat|before|after): ?(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE
)
_WITHOUT: Final = re.compile(r"(?<!\S)-(\"[^\"]*\"\*?|[^\W\d_]\S*)")
_ADDRESS: Final = re.compile(r"(?<![^\s(])[^\s\"()]*\d{4,}[^\s\"()]*")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Search:
    """A query as it is understood; all of it must be fulfilled."""

    phrases: tuple[Phrase, ...] = ()
    without: tuple[Phrase, ...] = ()
    """None of these may stand in it."""
    tags: tuple[str, ...] = ()
    """Keys of tags that the take, or a take on the paper, has."""
    by: tuple[str, ...] = ()
    """Parts of the name of who wrote the take, or added the paper."""
    authors: tuple[Phrase, ...] = ()
    categories: tuple[str, ...] = ()
    """arXiv's names; `cs.*` for all of an archive."""
    before: datetime | None = None
    """Excluded."""
    after: datetime | None = None
    """Included."""


class HitKind(StrEnum):
    """What was found."""

    PAPER = "paper"
    TAKE = "take"
    ANNOUNCED = "announced"
    """A paper that was announced to the channel but is not on its list."""
    DOCUMENT = "document"
    """A file that was imported, by words of it that no take and no paper has."""


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """A file that was imported, as far as a search knows it."""

    id: int
    path: str
    title: str
    day: date | None
    prose: str
    """Its text that belongs to no paper."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `document` for a file, else `paper` with its `entry` if it is on the list,
    and the `take` if that is what was found."""

    kind: HitKind
    paper: Paper | None
    asked: tuple[Phrase, ...] | None = None
    """What its snippet shows; None if the paper's title says it."""
    entry: Entry | None = None
    take: Take | None = None
    document: SearchedFile | None = None

    @property
    def snippet(self) -> Snippet:
        """Of the take, the file, or what is known of the paper; empty if its title says it.

        Made each time: it takes longer than finding the hit.
        """
        if self.asked is None:
            return ()
        if self.document is not None and not any(holds(self.document.prose, self.asked)):
            return ()
        text, names = self._text(self.asked)
        spots = [spot for found in find(text, self.asked, names=names) for spot in found]
        return snippet(text, spots)

    def _text(self, asked: tuple[Phrase, ...]) -> tuple[str, bool]:
        """What the snippet is a part of, and whether that is names."""
        if self.take is not None:
            return self.take.text, False
        if self.document is not None:
            return self.document.prose, False
        assert self.paper is not None
        abstract = self.paper.data.abstract
        people = ", ".join(self.paper.data.authors)
        if asked and not any(holds(abstract, asked)) and any(holds(people, asked, names=True)):
            return people, True
        return abstract, False


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first; `more` if there are others behind them."""

    hits: tuple[Hit, ...] = ()
    more: bool = False


@dataclass(slots=True)
class _Reader:
    tags: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None

    def take(self, match: re.Match[str]) -> str:
        name, value = match[1].lower(), (match[2] if match[2] is not None else match[3]).strip()
        if not value:
            return " "
        if name == "tag":
            self.tags.append(tag_key(value))
        elif name == "by":
            self.by.append(value.removeprefix("@"))
        elif name == "author":
            self.authors.append(value)
        elif name == "cat":
            self.categories.append(value)
        elif name == "before":
            self.before = _date(value)
        else:
            self.after = _date(value)
        return " "


def parse_search(typed: str) -> Search:
    """Understand a query: words, `"phrases"`, `begin*`, `-without`, arXiv ids and addresses in any
    form, and filters.

    `tag:`, `by:` (who wrote or added), `author:`, `cat:`, `before:` and `after:` (a year, a month
    or a day, in UTC). Raises SearchEmpty, SearchTooLong, SearchBadDate.
    """
    if len(typed) > QUERY_LIMIT:
        raise SearchTooLong(length=len(typed), limit=QUERY_LIMIT)
    reader = _Reader()
    words = _FILTER.sub(reader.take, typed)
    without = tuple(one for match in _WITHOUT.finditer(words) for one in query(match[1]))
    phrases = tuple(query(_ADDRESS.sub(_bare_id, _WITHOUT.sub(" ", words))))
    authors = tuple(one for name in reader.authors for one in query(f'"{name}"'))
    search = Search(
        phrases,
        without,
        tuple(reader.tags),
        tuple(reader.by),
        authors,
        tuple(reader.categories),
        reader.before,
        reader.after,
    )
    if search == Search(without=without):
        raise SearchEmpty
    return search


def _bare_id(match: re.Match[str]) -> str:
    """An arXiv id by itself, as papers are known by it, in place of whatever form it is in."""
    found = parse_references(match[0])
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
