"""A digest: the compiled takes of one channel over one period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.model.channel import ChannelSettings
from bot.model.summary import WrittenSummary
from bot.model.take import Entry, Take


class DigestState(StrEnum):
    """What became of a period."""

    PLANNED = "planned"
    """Frozen; its messages are in the outbox."""
    POSTED = "posted"
    SKIPPED = "skipped"
    """A manager left it out; its takes come in the next one."""
    EMPTY = "empty"
    """Nothing was there to post."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A period that has ended or was posted early; unique on (channel, period start)."""

    id: int
    channel_id: int
    period_start: datetime
    period_end: datetime
    number: int
    state: DigestState
    title: str
    day: date
    """The day that it stands for, on the channel's calendar: its title's `{date}`."""
    intro: str
    posted_at: datetime | None = None
    thread_id: int | None = None
    message_id: int | None = None
    arranged: tuple[int, ...] = ()
    """Entries in the order in which it shows them; those not named come last."""
    settings: ChannelSettings | None = None
    """What it was made with; None for one that came from a file."""

    @property
    def has_text(self) -> bool:
        """Whether it was posted, or is about to be."""
        return self.state in {DigestState.PLANNED, DigestState.POSTED}


@dataclass(frozen=True, slots=True)
class HeldDigest:
    """A digest that Discord does not take (any further) until something changes."""

    digest_id: int
    title: str
    since: datetime | None
    reason: str | None
    """The key of what it waits for; None where an earlier version noted none."""
    place_id: int | None
    """Discord's id of the channel or forum that it is for."""


@dataclass(frozen=True, slots=True)
class DigestSection:
    """One paper of a digest with its takes, in the order in which they were written."""

    entry: Entry
    takes: tuple[Take, ...]
    written: WrittenSummary | None = None
    """A model's summary of the paper, where the digest shows summaries."""


def message_url(guild_id: int | None, channel_id: int, message_id: int | None) -> str:
    """The address of a message, or of a channel or thread, in Discord's client."""
    url = f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}"
    return url if message_id is None else f"{url}/{message_id}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Where an earlier digest speaks of a paper."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a digest says, before it is rendered for Discord or as Markdown."""

    title: str
    day: date
    number: int
    intro: str
    sections: tuple[DigestSection, ...]
    """Papers with takes."""
    untaken: tuple[Entry, ...]
    """Papers on the list that nobody has written about."""
    settings: ChannelSettings
    earlier: Mapping[int, Earlier] = field(default_factory=dict)
    """By the entry's number, for papers that were in a digest before."""
    left_out: tuple[DigestSection, ...] = ()
    """Papers that a manager has left out of it, for the next one."""

    @property
    def shown_untaken(self) -> tuple[Entry, ...]:
        """Papers without takes that the digest lists: none, unless the channel wants them there."""
        return self.untaken if self.settings.untaken == "listed" else ()

    @property
    def says_something(self) -> bool:
        """Whether there is a paper to show."""
        return bool(self.sections or self.shown_untaken)

    @property
    def worth_posting(self) -> bool:
        """Whether there is something to say, and as much as the channel asks for."""
        papers = len(self.sections) + len(self.shown_untaken)
        return (
            papers >= max(self.settings.minimum_papers, 1)
            and self.take_count >= self.settings.minimum_takes
        )

    @property
    def take_count(self) -> int:
        """How many takes it has."""
        return sum(len(section.takes) for section in self.sections)
