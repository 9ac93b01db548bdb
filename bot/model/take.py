"""Takes and the entries that they are on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BlankTake, TakeTooLong
from bot.model.paper import Paper
from bot.model.people import Member
from bot.text.markdown import is_blank, strip_controls

TAKE_LIMIT = 4000
"""Characters in one take: what a Discord form holds."""


class How(StrEnum):
    """How an entry came onto the list."""

    COMMAND = "command"
    LINK = "link"
    SUBSCRIPTION = "subscription"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper on one channel's list."""

    id: int
    channel_id: int
    """The channel's number in the database, not Discord's."""
    paper: Paper
    member: Member
    how: How
    added_at: datetime
    takes: int = 0
    """Number of takes on it."""
    digest_id: int | None = None
    """The first digest that showed it, if any did."""


class MessageKind(StrEnum):
    """What a take's message in the channel is."""

    TAKE = "take"
    """A message that shows the take alone."""
    CARD = "card"
    """The card of its paper, with the take below."""
    KEPT = "kept"
    """The word, below a member's message, that it was kept as a take: as earlier versions did."""


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Where a take is shown in the channel, by Discord's ids."""

    shown: MessageKind
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Take:
    """One member's comment on one entry."""

    id: int
    entry_id: int
    member: Member
    text: str
    created_at: datetime
    edited_at: datetime | None = None
    digest_id: int | None = None
    """The digest that it was frozen into, if any."""
    message: TakeMessage | None = None


def take_text(typed: str) -> str:
    """The text of a take as it is kept: as typed, without control characters and outer blanks.

    Raises BlankTake, TakeTooLong.
    """
    text = strip_controls(typed).strip()
    if is_blank(text):
        raise BlankTake
    if len(text) > TAKE_LIMIT:
        raise TakeTooLong(length=len(text), limit=TAKE_LIMIT)
    return text
