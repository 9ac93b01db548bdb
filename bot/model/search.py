"""A search of a channel's papers and takes, and its results."""

from __future__ import annotations

from dataclasses import dataclass
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


class HitKind(StrEnum):
    """What was found."""

    PAPER = "paper"
    TAKE = "take"
    ANNOUNCED = "announced"
    """A paper that was announced to the channel but is not on its list."""
    DOCUMENT = "document"
    """A file that was imported, by words of it that no take and no paper has."""


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
    """Its text that belongs to no paper, as much of it as is searched."""


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
            return unmarked(self.take.text[:SEARCHED]), False
        if self.document is not None:
            return unmarked(self.document.prose[:SEARCHED]), False
        assert self.paper is not None
        abstract = self.paper.shown_abstract
        people = ", ".join(self.paper.data.authors)
        if asked and not any(holds(abstract, asked)) and any(holds(people, asked, names=True)):
            return people, True
        return abstract, False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; `more` if there are others behind them."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
