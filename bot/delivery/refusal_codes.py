"""What each refusal of Discord's means for a row. Pure.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto

from bot.delivery.port import Refused
from bot.model.outbox import MESSAGES, OutboxKind

UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
UNKNOWN_MESSAGE = 10008
TOO_MANY_OLD_EDITS = 30046
TOO_MANY_PINNED_POSTS = 30047
NOT_OURS = 50005
ARCHIVED = 50083
BAD_FORM = 50035
TAG_REQUIRED = 40067
THREAD_EXISTS = 160004
LOCKED = 160005
# Not enough resources, or limits that come without the status 429: slow mode, write limits, edits
# of messages older than an hour, an overloaded service.
_LATER = {20016, 20022, 20028, 20029, TOO_MANY_OLD_EDITS, 40062, 40333, 130000}


class Ending(Enum):
    """What to do about a refused row."""

    LATER = auto()
    """A limit: try again in a while, nobody need know."""
    POSTED = auto()
    """The message is gone that a repeated nonce stands for: so it was posted."""
    NOTHING_LEFT = auto()
    """What was to be changed or deleted is not there."""
    NO_STARTER = auto()
    """The message is gone that the thread was to hang on."""
    HAS_THREAD = auto()
    """There is, or was, a thread on the message."""
    REOPEN = auto()
    """The thread is archived or locked."""
    NO_CHANNEL = auto()
    """The channel or thread is gone."""
    HELD = auto()
    """Not allowed, or not in this form: the managers are told."""


class Reason(StrEnum):
    """Keys of what the managers are told."""

    CHANNEL_GONE = "delivery.channel_gone"
    THREAD_GONE = "delivery.thread_gone"
    THREAD_LOCKED = "delivery.thread_locked"
    FORBIDDEN = "delivery.forbidden"
    TAG_WANTED = "delivery.tag_wanted"
    REFUSED = "delivery.refused"
    NOT_PINNED = "delivery.not_pinned"
    NOT_DRAWN = "delivery.not_drawn"


def ending(kind: OutboxKind, refused: Refused, *, tried: bool) -> Ending:
    """What a refusal means; `tried`: an earlier request for the row may have had its effect."""
    code = refused.code
    if code in _LATER:
        return Ending.LATER
    if code == UNKNOWN_MESSAGE and kind in MESSAGES and tried:
        return Ending.POSTED
    if code == UNKNOWN_MESSAGE and kind is OutboxKind.THREAD:
        return Ending.NO_STARTER
    if code == THREAD_EXISTS:
        return Ending.HAS_THREAD
    changes = kind in (
        OutboxKind.EDIT,
        OutboxKind.CARD,
        OutboxKind.TAKE,
        OutboxKind.PIN,
        OutboxKind.DELETE,
    )
    if changes and code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL, UNKNOWN_GUILD, NOT_OURS):
        return Ending.NOTHING_LEFT
    if code in (ARCHIVED, LOCKED):
        return Ending.REOPEN
    if code == UNKNOWN_CHANNEL:
        return Ending.NO_CHANNEL
    return Ending.HELD


def reason(refused: Refused) -> Reason:
    """What the managers are told of a refusal that holds the lane."""
    if refused.code in (UNKNOWN_CHANNEL, UNKNOWN_GUILD):
        return Reason.CHANNEL_GONE
    if refused.code in (ARCHIVED, LOCKED):
        return Reason.THREAD_LOCKED
    if refused.code == TAG_REQUIRED:
        return Reason.TAG_WANTED
    return Reason.FORBIDDEN if refused.status == 403 else Reason.REFUSED
