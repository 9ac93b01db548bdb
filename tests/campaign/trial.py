"""A fault of the campaign: its name, where it can be played, and how."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.model.outbox import OutboxState
from bot.sandbox import RateLimits
from tests.campaign.stage import WIDE, Stage


class Database(StrEnum):
    """What a trial needs."""

    ANY = "any"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Where(StrEnum):
    ANY = "text and forum"
    TEXT = "text"
    FORUM = "forum"


Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Trial:
    """`play` runs the bot on a stage until it is over; then the stage is judged."""

    name: str
    play: Play
    where: Where = Where.ANY
    database: Database = Database.ANY
    ending: OutboxState = OutboxState.SENT
    """SENT: all of it stands; FAILED: held up; CANCELLED: given up."""
    told: int = 0
    """How often the managers are to be told."""
    digests: int = 1
    """How many digests there are."""
    nonce_memory: timedelta = timedelta(minutes=5)
    limits: RateLimits = WIDE
    cold: bool = False
    slow: bool = False
    """It takes over 15 seconds, of waiting mostly."""
