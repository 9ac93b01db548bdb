"""Messages that are to be posted, edited or deleted at Discord, each with its state."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutboxKind(StrEnum):
    """What a row asks of Discord."""

    MESSAGE = "message"
    """A message in `target_id`, or in the lane's thread where that is None."""
    THREAD = "thread"
    """A thread on the lane's first message, named by the text."""
    FORUM_POST = "forum_post"
    """A post in the forum `target_id`: its title is the first line of the text."""
    ANNOUNCEMENT = "announcement"
    """A message with papers of a mailing, drawn when it is sent from what the text names."""
    CARD = "card"
    """An edit of the card `message_id`, drawn anew from the entry as it is when it is sent; one
    without an entry is an announcement, drawn from its text."""
    TAKE = "take"
    """An edit of `message_id`, which shows the take whose number the text is, drawn anew."""
    DIRECT = "direct"
    """A direct message to the person whose Discord id is `target_id`."""
    PIN = "pin"
    """Pins the message, or the forum post, that the row `edits` has made."""
    EDIT = "edit"
    DELETE = "delete"


MESSAGES = (OutboxKind.MESSAGE, OutboxKind.ANNOUNCEMENT, OutboxKind.DIRECT)
"""Kinds that post a message."""


class OutboxState(StrEnum):
    """How far a row of the outbox has come."""

    PENDING = "pending"
    SENDING = "sending"
    """Asked for, outcome unknown until it is settled."""
    SENT = "sent"
    FAILED = "failed"
    """Discord made it impossible (channel gone, permission withdrawn); held, the managers told."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Draft:
    """A row to be put into the outbox. Rows of one `lane` go out in the order of `seq`.

    `key` names the row's meaning and is unique for ever: the nonce is made from it.
    """

    lane: str
    seq: int
    key: str
    kind: OutboxKind
    text: str
    target_id: int | None = None
    """The Discord channel, or for an edit the channel that holds `message_id`."""
    message_id: int | None = None
    edits: str | None = None
    """The key of an earlier row of the lane: its message is edited, deleted or pinned."""
    entry_id: int | None = None
    digest_id: int | None = None
    take_counts: str | None = None
    """How many takes a digest has and by whom, in words: what TAKE_COUNTS stands for."""

    @property
    def filled(self) -> str:
        """The text as Discord gets it, but for the addresses of messages."""
        return self.text.replace(TAKE_COUNTS, self.take_counts or "")

    @property
    def opens_digest(self) -> int | None:
        """The digest that begins with this message; None if none does."""
        return self.digest_id if self.key == f"digest:{self.digest_id}:0" else None


TAKE_COUNTS = "\ue0f2"
"""Stands in a text for its draft's `take_counts`, which change when takes are edited or deleted.

A private-use character, taken out of all else that such a text is made of.
"""


def link_to(key: str) -> str:
    """Stands in an edit's text for the address of the message that the row `key` made.

    The marks around the key are private-use characters; what members type is known to have none.
    """
    return f"\ue0f0{key}\ue0f1"


def announcement_mark(text: str) -> str:
    """What the ids of an announcement's first buttons begin with, by its row's text.

    A paper is announced once in a channel, so its mark tells the message from all others there.
    """
    return f"arxiv:{json.loads(text)['papers'][0]}:"


LINK = re.compile("\ue0f0([^\ue0f1]*)\ue0f1")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox as it stands."""

    id: int
    draft: Draft
    state: OutboxState
    attempts: int
    message_id: int | None
    """What Discord made: the message, or the thread."""
    not_before: datetime | None
    error: str | None
    sending_since: datetime | None = None
    """When it was last asked for."""
    tried_at: datetime | None = None
    """The first request for it that may have had its effect: it is looked for before the next."""
    failed_since: datetime | None = None
    salt: str = ""

    @property
    def nonce(self) -> str:
        """Discord's nonce for this row: the same at each attempt, at most 25 characters.

        The salt, drawn when the row was made, tells it from a row of the same key in another
        database: a bot that is set up anew within minutes must not be taken for its predecessor.
        """
        return hashlib.sha256(f"{self.draft.key}:{self.salt}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a lane's messages stand: Discord's ids, as far as they are known."""

    channel_id: int | None
    """The channel or forum that the lane's first row is for."""
    starter_id: int | None
    """The message that the lane begins with."""
    thread_id: int | None
