"""The outbox's sender. The only room of the application that talks to Discord by itself."""

from bot.chat.managers import Managers
from bot.chat.transport import DiscordPort, Render
from bot.delivery.desk import Notice, Notify
from bot.delivery.endings import Reason
from bot.delivery.pace import Pace
from bot.delivery.port import Port, Unauthorised
from bot.delivery.sender import Sender

__all__ = [
    "DiscordPort",
    "Managers",
    "Notice",
    "Notify",
    "Pace",
    "Port",
    "Reason",
    "Render",
    "Sender",
    "Unauthorised",
]
