"""How the program's processes write their logs: the format, and no secrets in them."""

from bot.logs.configuration import configure

__all__ = ["configure"]
