"""What the tools answer: plain data with addresses, so that what is quoted can be followed.

The classes have no slots: the protocol's library takes a slot for a default when it makes schemas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model.channel import Channel
from bot.model.digest import Earlier, message_url
from bot.model.paper import Paper
from bot.model.take import Entry, Take
from bot.papers.related import Related
from bot.text.tags import tags

TAKE_SHOWN = 8_000
"""Characters of a take that are told; an imported one may be a book."""
ABSTRACT_SHOWN = 3_000


@dataclass(frozen=True)
class Discussion:
    """Where the club speaks of a paper: in a digest's thread, or at its card in the channel."""

    title: str
    url: str


@dataclass(frozen=True)
class TakeAnswer:
    """What one member wrote. `more_characters`: how many were left out at its end."""

    by: str
    written_at: str
    text: str
    tags: list[str]
    url: str | None = None
    """The message that shows it."""
    more_characters: int = 0


@dataclass(frozen=True)
class PaperAnswer:
    """A paper on a channel's list. `url` is the paper's own page."""

    channel: str
    title: str
    url: str
    authors: list[str]
    arxiv_id: str | None
    published: str | None
    added_by: str
    added_at: str
    takes: int
    discussed: Discussion | None = None


@dataclass(frozen=True)
class WholePaper:
    """A paper with its abstract and all takes on it, the oldest first."""

    paper: PaperAnswer
    abstract: str
    takes: list[TakeAnswer]


@dataclass(frozen=True)
class PapersAnswer:
    """The paper as each channel that lists it has it."""

    papers: list[WholePaper]


@dataclass(frozen=True)
class FoundLine:
    """A part of what was found, with the words that were asked for; `by`: who wrote it, where it
    is of a take."""

    text: str
    by: str | None = None


@dataclass(frozen=True)
class Found:
    """One thing found: a paper, or a file of an imported archive by its path."""

    title: str
    paper: PaperAnswer | None
    url: str | None
    lines: list[FoundLine]
    file: str | None = None


@dataclass(frozen=True)
class SearchAnswer:
    """What was found, best first; `more`: there are others behind them; `meant`: what was looked
    for instead, where nothing has the words as they were typed."""

    found: list[Found]
    more: bool
    meant: str | None = None


@dataclass(frozen=True)
class OtherDigest:
    """A digest that could be asked for by its day or number."""

    title: str
    day: str
    number: int


@dataclass(frozen=True)
class DigestAnswer:
    """A digest as the Markdown page that the archive has of it; `url` is its thread."""

    channel: str
    title: str
    day: str
    url: str | None
    markdown: str
    others: list[OtherDigest]


@dataclass(frozen=True)
class Neighbours:
    """Papers that hang together with one, by one reason."""

    reason: str
    papers: list[PaperAnswer]


@dataclass(frozen=True)
class RelatedAnswer:
    """The neighbours of a paper in one channel; `elsewhere`: pages that its takes lead to and that
    are not on the list."""

    paper: PaperAnswer
    neighbours: list[Neighbours]
    elsewhere: list[str]


@dataclass(frozen=True)
class TagAnswer:
    tag: str
    takes: int


@dataclass(frozen=True)
class ChannelTags:
    """The tags of a channel, the most used first."""

    channel: str
    tags: list[TagAnswer]


@dataclass(frozen=True)
class TagsAnswer:
    channels: list[ChannelTags]


@dataclass(frozen=True)
class Places:
    """Where entries are spoken of, and how much, by their numbers."""

    digests: Mapping[int, Earlier]
    cards: Mapping[int, str]
    takes: Mapping[int, int]
    """How many takes are on them, of those that have any."""

    def of(self, entry: Entry) -> Discussion | None:
        if digest := self.digests.get(entry.id):
            return Discussion(digest.title, digest.url)
        if card := self.cards.get(entry.id):
            return Discussion("its card in the channel", card)
        return None


def paper_answer(channel: Channel, entry: Entry, places: Places) -> PaperAnswer:
    paper = entry.paper
    published = paper.data.published
    return PaperAnswer(
        channel=channel.name,
        title=paper.shown_title,
        url=paper.url,
        authors=list(paper.data.authors),
        arxiv_id=paper.data.arxiv_id,
        published=published.date().isoformat() if published else None,
        added_by=entry.member.name,
        added_at=entry.added_at.isoformat(),
        takes=places.takes.get(entry.id, 0),
        discussed=places.of(entry),
    )


def whole_paper(
    channel: Channel, entry: Entry, takes: Sequence[Take], places: Places
) -> WholePaper:
    return WholePaper(
        paper=paper_answer(channel, entry, places),
        abstract=shown_abstract(entry.paper),
        takes=[take_answer(channel, take) for take in takes],
    )


def shown_abstract(paper: Paper) -> str:
    return paper.shown_abstract[:ABSTRACT_SHOWN]


def take_answer(channel: Channel, take: Take) -> TakeAnswer:
    shown = take.message
    return TakeAnswer(
        by=take.member.name,
        written_at=take.created_at.isoformat(),
        text=take.text[:TAKE_SHOWN],
        tags=list(tags(take.text)),
        url=message_url(channel.guild_id, shown.channel_id, shown.message_id) if shown else None,
        more_characters=max(len(take.text) - TAKE_SHOWN, 0),
    )


def related_answer(channel: Channel, related: Related, places: Places) -> RelatedAnswer:
    return RelatedAnswer(
        paper=paper_answer(channel, related.entry, places),
        neighbours=[
            Neighbours(reason, [paper_answer(channel, entry, places) for entry in entries])
            for reason, entries in related.by_reason.items()
            if entries
        ],
        elsewhere=[one.url for one in related.unlisted],
    )
