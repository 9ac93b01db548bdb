"""The outbox's sender: what is owed goes out once and in order, through a port."""

from bot.delivery.desk import Notice, Notify
from bot.delivery.endings import Reason
from bot.delivery.pace import Pace
from bot.delivery.port import Port, Unauthorised
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
