"""The sandbox's web page: a client for its people.

`mount` adds the page to the sandbox's aiohttp application: the page itself at `/`, its files and
its websocket under `/page/`. Everything on it goes through `Person`, so that it can do, and shows,
what that member's client could.
"""

from bot.sandbox.page.hooks import Advance, Upcoming
from bot.sandbox.page.server import mount

__all__ = ["Advance", "Upcoming", "mount"]
