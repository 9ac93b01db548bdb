"""A paper: what is known of one work, from arXiv or from another page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.model.withdrawal import withdrawal
from bot.text.tex import readable


class PaperData(NamedTuple):
    """What arXiv (or a member, for another page) says of a paper.

    `title` and `abstract` are on one line each, accents as letters, formulas as TeX. `authors` are
    written "Forenames Keyname Suffix", in the paper's own order. The first of `categories` is the
    primary one. `published` is the date of version 1, `updated` that of the current version.
    """

    arxiv_id: str | None
    title: str
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    version: int | None = None
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None
    withdrawn: bool = False
    report_number: str | None = None

    @property
    def withdrawal(self) -> str:
        """Why it is withdrawn, in the words of its authors or arXiv; empty if they do not say."""
        return withdrawal(self.title, self.abstract, self.comment) or ""


def year_of(paper: PaperData) -> str:
    """The year in which it appeared; of an arXiv paper its id tells. Empty if nothing does."""
    if paper.published:
        return str(paper.published.year)
    digits = (paper.arxiv_id or "").rpartition("/")[2][:2]
    return f"{_century(int(digits))}{digits}" if digits.isdigit() else ""


def _century(year: int) -> int:
    # arXiv began in 1991.
    return 19 if year >= 91 else 20


class Metadata(StrEnum):
    """How far a paper's metadata is known."""

    COMPLETE = "complete"
    PENDING = "pending"
    """arXiv could not be asked yet: to be completed."""
    UNKNOWN = "unknown"
    """arXiv says that there is no such paper."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the catalogue.

    `url` is the address it is shown and exported with. A pending paper has its id or URL
    for a title.
    """

    id: int
    url: str
    data: PaperData
    metadata: Metadata = Metadata.COMPLETE

    @property
    def title(self) -> str:
        """The title, or what stands for it while the metadata is pending."""
        return self.data.title or self.data.arxiv_id or self.url

    @property
    def shown_title(self) -> str:
        """The title as people read it, on one line: TeX stands in arXiv's only."""
        return readable(self.title) if self.data.arxiv_id else " ".join(self.title.split())

    @property
    def shown_abstract(self) -> str:
        """The same of the abstract."""
        return readable(self.data.abstract) if self.data.arxiv_id else self.data.abstract

    @property
    def reference(self) -> str:
        """What a person could type for it: the arXiv id, else the URL."""
        return self.data.arxiv_id or self.url
