"""The connection to Discord: made, kept, made anew when it fails, and ended cleanly."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.config import Discord
from bot.errors import HostError
from bot.services import Services
from cogs.client import Client

log = structlog.get_logger()

LONGEST_PAUSE = 60.0
"""Seconds between two attempts to connect, at most."""

# `Client.start` ends with AttributeError when the very first gateway connection fails
# (discord.py 2.7: it logs about a socket that was never made).
_PASSING = (
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    AttributeError,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    discord.HTTPException,
)


class LoginRefused(HostError):
    """Discord does not let the bot in as it is configured; the message is one line."""


class Connection:
    """Discord's client, kept connected."""

    def __init__(self, settings: Discord, services: Services) -> None:
        self.settings = settings
        self.services = services
        self._client: Client | None = None
        # Where the real client goes is a class attribute in discord.py: one place a process.
        Route.BASE = settings.api_base.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)

    def is_ready(self) -> bool:
        """Whether Discord's gateway is up."""
        return self._client is not None and self._client.is_ready()

    def wake(self) -> None:
        """There is something new in the outbox."""
        if self._client is not None:
            self._client.sender.wake()

    async def settle(self) -> None:
        """Wait until the outbox holds nothing that can be sent now."""
        if self._client is not None:
            await self._client.sender.drain()

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set. Raises LoginRefused."""
        stopping = asyncio.create_task(stop.wait())
        try:
            await self._stay_connected(stopping)
        finally:
            stopping.cancel()

    async def _stay_connected(self, stopping: asyncio.Task[bool]) -> None:
        pause = 1.0
        while not stopping.done():
            self._client = client = Client(self.services, self.settings)
            started = asyncio.create_task(self._start(client))
            try:
                await asyncio.wait({started, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                # Closing lets what is being sent finish; `start` then returns.
                was_up = client.is_ready()
                await client.close()
            try:
                await started
            except discord.LoginFailure:
                raise LoginRefused("discord.token: Discord refuses it") from None
            except discord.PrivilegedIntentsRequired:
                raise LoginRefused(
                    "discord.message_content: the intent is not switched on in the Developer Portal"
                ) from None
            except _PASSING as error:
                pause = 1.0 if was_up else min(pause * 2, LONGEST_PAUSE)
                if not stopping.done():
                    log.warning("discord.unreachable", error=repr(error), again_in=pause)
                    await asyncio.wait({stopping}, timeout=pause)

    async def _start(self, client: Client) -> None:
        async with client:
            await client.start(self.settings.token.get_secret_value())
