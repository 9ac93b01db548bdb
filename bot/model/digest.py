"""A digest: the compiled takes of one channel over one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model.channel import ChannelSettings
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


@dataclass(frozen=True, slots=True)
class Section:
    """One paper of a digest with its takes, in the order in which they were written."""

    entry: Entry
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a digest says, before it is rendered for Discord or as Markdown."""

    title: str
    day: date
    number: int
    intro: str
    sections: tuple[Section, ...]
    """Papers with takes."""
    untaken: tuple[Entry, ...]
    """Papers on the list that nobody has written about."""
    settings: ChannelSettings

    @property
    def shown_untaken(self) -> tuple[Entry, ...]:
        """Papers without takes that the digest lists: none, unless the channel wants them there."""
        return self.untaken if self.settings.untaken == "listed" else ()

    @property
    def says_something(self) -> bool:
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
        return sum(len(section.takes) for section in self.sections)
