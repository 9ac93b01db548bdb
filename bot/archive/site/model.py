"""What the site's pages are made of. An `address` is a path from the site's root."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.model.digest import Digest
from bot.model.paper import Paper


@dataclass(frozen=True, slots=True)
class Comment:
    """A take as a page shows it; no writer where the page names them once or not at all."""

    text: str
    writer: str | None = None
    day: date | None = None
    edited: datetime | None = None
    written: datetime | None = None

    @property
    def touched(self) -> datetime | None:
        """When it was last written at."""
        return self.edited or self.written


@dataclass(slots=True, eq=False)
class PaperPage:
    """A paper with all that was written about it, the oldest first."""

    paper: Paper
    title: str
    address: str
    day: date | None
    """When it came onto the list or was first written about; None where nothing tells."""
    last: date | None = None
    """When it was last written about."""
    comments: list[Comment] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    """The weekly posts that show it."""
    mentions: list[PaperPage | Note | Post] = field(default_factory=list)
    """Where else it is spoken of."""
    leads: list[PaperPage | Note | Post] = field(default_factory=list)
    """What is spoken of here."""
    tags: list[str] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    """What its takes are parts of, together with takes on other pages."""


@dataclass(slots=True, eq=False)
class Series:
    """Takes that name themselves by the same words and numbers."""

    name: str
    address: str = ""
    parts: list[tuple[int, PaperPage]] = field(default_factory=list)
    """Their numbers and pages, in order."""

    def beside(self, page: PaperPage) -> tuple[PaperPage | None, PaperPage | None]:
        """The pages with the parts before and after those of `page`."""
        places = [place for place, (_, one) in enumerate(self.parts) if one is page]
        before, after = self.parts[: places[0]], self.parts[places[-1] + 1 :]
        return before[-1][1] if before else None, after[0][1] if after else None


@dataclass(slots=True, eq=False)
class Note:
    """A file that is about no single paper; its Markdown is shown whole."""

    title: str
    address: str
    day: date | None
    text: str
    tags: list[str] = field(default_factory=list)
    mentions: list[PaperPage | Note | Post] = field(default_factory=list)
    leads: list[PaperPage | Note | Post] = field(default_factory=list)

    @property
    def last(self) -> date | None:
        return self.day


@dataclass(slots=True, eq=False)
class PostPart:
    """A piece of a weekly post: a paper with what was said there, or words of its own."""

    page: PaperPage | None = None
    comments: list[Comment] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True, eq=False)
class Post:
    """A weekly post. `discord` is where it was posted, if it was."""

    digest: Digest
    title: str
    address: str
    day: date
    parts: list[PostPart]
    updated: datetime
    discord: str | None = None

    @property
    def papers(self) -> list[PaperPage]:
        return [part.page for part in self.parts if part.page is not None]

    @property
    def beginning(self) -> str:
        """Its opening words; without any, the papers that it is about."""
        for part in self.parts:
            if part.text.strip():
                return part.text
            if part.page is not None:
                break
        return ", ".join(page.title for page in self.papers)

    @property
    def take_count(self) -> int:
        return sum(len(part.comments) for part in self.parts if part.page is not None)


@dataclass(slots=True, eq=False)
class Label:
    """A tag, a member or a month, with the pages that have it; the newest first."""

    name: str
    address: str
    """Of its first page; more have a number before the suffix."""
    pages: list[PaperPage | Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Site:
    """A channel's archive, linked."""

    name: str
    about: str
    """What the club says of itself, as Markdown."""
    language: str
    posts: tuple[Post, ...]
    """The newest first."""
    pages: tuple[PaperPage | Note, ...]
    """Papers and notes by day, the oldest first."""
    tags: tuple[Label, ...]
    members: tuple[Label, ...]
    authors: tuple[Label, ...]
    """Those of two papers or more."""
    series: tuple[Series, ...] = ()

    def latest(self) -> list[PaperPage | Note]:
        """Papers and notes by the day on which they were last written about, the newest first."""
        dated = [page for page in self.pages if page.last]
        return sorted(dated, key=lambda page: (str(page.last), page.address), reverse=True)
