"""The outbox's sender: what is owed goes out once and in order, through a port."""

from bot.delivery.context import Notice, Notify
from bot.delivery.limits import Pace
from bot.delivery.port import Port, Unauthorised
from bot.delivery.refusal_codes import Reason
from bot.delivery.sender import Sender

__all__ = [
    "Notice",
    "Notify",
    "Pace",
    "Port",
    "Reason",
    "Sender",
    "Unauthorised",
]
