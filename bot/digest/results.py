"""What is answered to those who ask for a digest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.digest.periods import Coming
from bot.errors import PersonError
from bot.model.channel import Channel
from bot.model.digest import Compiled, Digest
from bot.model.people import Place
from bot.model.take import Entry


@dataclass(frozen=True, slots=True)
class PaperListing:
    """A period's list."""

    channel: Channel
    compiled: Compiled
    digest: Digest | None
    coming: Coming | None = None
    """When its digest is due, if that is still to come."""
    passed_over: PersonError | None = None
    """Why the period after it had no digest."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly the messages that would be posted, the starter first.

    Where there is nothing yet, `nothing` tells why.
    """

    compiled: Compiled
    title: str
    messages: tuple[str, ...]
    papers: tuple[tuple[Entry, ...], ...] = ()
    """For each message, the papers in it that could be left out or moved."""
    coming: Coming | None = None
    """When it is posted, if that is still to come; it can be changed then."""
    nothing: PersonError | None = None
    passed_over: PersonError | None = None
    """Why the period after it had no digest."""


@dataclass(frozen=True, slots=True)
class DigestFile:
    """A digest as a file."""

    name: str
    text: str
    """Markdown."""
    passed_over: PersonError | None
    """Why the period after it had no digest."""


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """The paper that a digest's thread speaks of at a message.

    `place` is the paper channel, wherever the digest was posted; `exact`: that very message is
    about the paper.
    """

    place: Place
    entry: Entry
    exact: bool
