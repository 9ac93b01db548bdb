"""A search of a channel's papers and takes, and its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.model.paper import Paper
from bot.model.take import Entry, Take
from bot.text.bigrams import Phrase
from bot.text.find import Snippet, find, holds, snippet
from bot.text.unmarked import unmarked


@dataclass(frozen=True, slots=True)
class SearchQuery:
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
    titles: tuple[Phrase, ...] = ()
    """What must stand in the paper's title."""
    typed: str = field(default="", compare=False)
    """Its words as they were typed, without filters."""

    @property
    def narrows(self) -> bool:
        """Whether it asks for some takes of a page only."""
        return bool(self.tags or self.by or self.before or self.after)


class HitKind(StrEnum):
    """What was found."""

    PAPER = "paper"
    """A paper on the list, by all that was said of it."""
    ANNOUNCED = "announced"
    """A paper that was announced to the channel but is not on its list."""
    DOCUMENT = "document"
    """A file that was imported, by words of it that belong to no paper."""


SEARCHED: Final = 200_000
"""Characters of a take or a file in which words are looked for: of a book the first chapters."""


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """A file that was imported, as far as a search knows it."""

    id: int
    path: str
    title: str
    day: date | None
    prose: str
    """Its text that belongs to no take, as much of it as is searched."""


@dataclass(frozen=True, slots=True)
class SearchedPaper:
    """A paper on a list with all that was said of it, as far as a search wants to know of it."""

    entry: Entry
    names: tuple[str, ...] = ()
    """What the channel's files call it."""
    takes: tuple[Take, ...] = ()
    """In the order in which they were written."""
    notes: tuple[SearchedFile, ...] = ()
    """Files about it."""


@dataclass(frozen=True, slots=True)
class HitLine:
    """A part of a page with words that were asked for: of a take, of a file, or of what is known
    of the paper."""

    words: Snippet
    take: Take | None = None
    file: SearchedFile | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a `document`, else a `paper`, with its `page` if it is on the list."""

    kind: HitKind
    paper: Paper | None
    asked: tuple[Phrase, ...] = ()
    page: SearchedPaper | None = None
    document: SearchedFile | None = None

    @property
    def lines(self) -> tuple[HitLine, ...]:
        """Where the words stand, those with more of them first; none if the title says it all.

        Made each time: it takes longer than finding the hit.
        """
        if self.document is not None:
            if not any(holds(self.document.prose, self.asked)):
                return ()
            return (HitLine(_words(self.document.prose, self.asked), file=self.document),)
        if self.page is None:
            return ()
        lines = _said(self.page, self.asked)
        return tuple(lines) or tuple(_known(self.page.entry.paper, self.asked))

    @property
    def entry(self) -> Entry | None:
        """The entry of a paper on the list."""
        return self.page.entry if self.page else None

    @property
    def take(self) -> Take | None:
        """The take that says most of what was asked for."""
        return next((line.take for line in self.lines if line.take), None)

    @property
    def snippet(self) -> Snippet:
        """The words of the first line; none if the title says it all."""
        return next((line.words for line in self.lines), ())


def _said(page: SearchedPaper, asked: Sequence[Phrase]) -> list[HitLine]:
    """The takes and notes with words that were asked for; all takes where nothing was."""
    texts: list[tuple[str, Take | None, SearchedFile | None]] = []
    texts += [(take.text[:SEARCHED], take, None) for take in page.takes]
    texts += [(file.prose, None, file) for file in page.notes] if asked else []
    found: list[tuple[int, HitLine]] = []
    for text, take, file in texts:
        count = sum(holds(text, asked))
        if count or not asked:
            found.append((count, HitLine(_words(text, asked), take, file)))
    found.sort(key=lambda one: -one[0])
    return [line for _, line in found]


def _known(paper: Paper, asked: Sequence[Phrase]) -> Iterator[HitLine]:
    """What is known of a paper itself: its abstract or its authors, unless its title says it."""
    if not asked or all(holds(paper.shown_title, asked)):
        return
    abstract, people = paper.shown_abstract, ", ".join(paper.data.authors)
    if any(holds(abstract, asked)):
        yield HitLine(_words(abstract, asked))
    elif any(holds(people, asked, names=True)):
        spots = [spot for found in find(people, asked, names=True) for spot in found]
        yield HitLine(snippet(people, spots))


def _words(text: str, asked: Sequence[Phrase]) -> Snippet:
    plain = unmarked(text)
    return snippet(plain, [spot for found in find(plain, asked) for spot in found])


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; `more` if there are others behind them."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    meant: str = ""
    """What was looked for instead, where nothing has the words as they were typed."""
