"""A channel's past: which of its messages link papers, and which answer those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot.model.reference import ArxivReference, PageReference, parse_references
from bot.model.take import TAKE_LIMIT, take_text
from bot.text.markdown import is_blank

PAPER_PAGES: Final = (
    "aclanthology.org", "biorxiv.org", "dl.acm.org", "doi.org", "ieeexplore.ieee.org", "jmlr.org",
    "medrxiv.org", "openaccess.thecvf.com", "openreview.net", "papers.nips.cc",
    "proceedings.mlr.press", "proceedings.neurips.cc",
)  # fmt: skip
"""Where a page is a paper, beside arXiv: of other addresses nobody can tell."""
_LONGEST: Final = 6_000
"""Characters of a message that are read; Discord takes 4,000 at most."""


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message as Discord, or an export of it, has it."""

    id: int
    at: datetime
    by: str
    by_id: int | None
    text: str
    answers: int | None = None
    """The message that it is a reply to."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What Discord's previews call the pages it links, by address."""


@dataclass(frozen=True, slots=True)
class LinkedPaper:
    """A paper that a message links; `title` where Discord's preview told one."""

    arxiv_id: str | None
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message that links papers, or that answers one that does, or both."""

    id: int
    at: datetime
    by: str
    by_id: int | None
    papers: tuple[LinkedPaper, ...]
    about: tuple[LinkedPaper, ...] = ()
    """The papers of the message that it answers, at once or through other answers."""
    text: str = ""
    """What it says, of an answer."""

    def as_data(self) -> Mapping[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}

    @property
    def take_on(self) -> LinkedPaper | None:
        """The paper that its text is about; None if it answers none, or several at once."""
        return self.about[0] if len(self.about) == 1 and self.text else None


def found_message(data: Mapping[str, Any]) -> FoundMessage:
    """What `as_data` gave."""
    read = dict(data)
    read["at"] = datetime.fromisoformat(read["at"])
    for name in ("papers", "about"):
        read[name] = tuple(LinkedPaper(**one) for one in read[name])
    return FoundMessage(**read)


class PastReader:
    """Reads messages in the order in which they were written; `found` is what is of use."""

    def __init__(self, found: Iterable[FoundMessage] = ()) -> None:
        self.found = list(found)
        self._about = {one.id: one.papers or one.about for one in self.found}

    def read(self, messages: Iterable[PastMessage]) -> None:
        for message in messages:
            if message.id not in self._about:
                self._read(message)

    def _read(self, message: PastMessage) -> None:
        papers = linked_papers(message.text, message.titles)
        about = self._about.get(message.answers or 0, ())
        if not papers and not about:
            return
        text = "" if not about or is_blank(message.text) else take_text(message.text[:TAKE_LIMIT])
        self._about[message.id] = papers or about
        self.found.append(
            FoundMessage(
                message.id, message.at, message.by, message.by_id, papers, tuple(about), text
            )
        )


def linked_papers(text: str, titles: Mapping[str, str]) -> tuple[LinkedPaper, ...]:
    """The papers that a message links, each once, in its order."""
    found: dict[str, LinkedPaper] = {}
    for one in parse_references(text[:_LONGEST]).references:
        if isinstance(one, ArxivReference):
            paper = LinkedPaper(one.id.value, one.id.url)
        elif isinstance(one, PageReference) and _is_paper_page(one.url):
            paper = LinkedPaper(None, one.url, _title(one.url, titles))
        else:
            continue
        found.setdefault(paper.url, paper)
    return tuple(found.values())


def _is_paper_page(url: str) -> bool:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    # The entrance of a site is no paper.
    return len(parts.path) > 1 and any(
        host == page or host.endswith(f".{page}") for page in PAPER_PAGES
    )


def _title(url: str, titles: Mapping[str, str]) -> str:
    return next((title for at, title in titles.items() if _same(at, url)), "")


def _same(one: str, other: str) -> bool:
    def plain(url: str) -> str:
        return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()

    return plain(one) == plain(other)


@dataclass(frozen=True, slots=True)
class PastOffer:
    """What could be taken in of a channel's past."""

    read: int
    """Messages that were read."""
    papers: int
    """That are not on the list yet."""
    listed: int
    """That are."""
    posters: Sequence[tuple[str, int]]
    """Who linked those that are not, and how many; the most first."""
    replies: int
    """That would be takes."""
    unclear: int
    """Replies to a message with several papers: nobody can tell which is meant."""
    first: datetime | None = None
    last: datetime | None = None
