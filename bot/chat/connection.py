"""The connection to Discord: made, kept, made anew when it fails, and ended cleanly."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat.client import AddCommands, Client
from bot.chat.events import read_each_by_itself
from bot.chat.shards import ShardedClient
from bot.config import DiscordConfig
from bot.errors import HostError
from bot.ops.session_starts import SessionStarts, SessionStartsUsedUp
from bot.ops.supervisor import Pauses, Supervisor
from bot.services import Services

log = structlog.get_logger()

PAUSES = Pauses(first=1.0, most=60.0)
"""Between two attempts to connect."""
CONFIGURED = Pauses(first=300.0, most=3600.0)
"""Between two sessions where the gateway does not take the bot as it is; the outbox is sent
meanwhile."""
ASKING = 15.0
CLOSING = 0.5
"""Seconds."""
AWAY = 90.0
"""Seconds without the gateway after which a client is given up: by then the library may wait for
a quarter of an hour between two attempts."""

# Close codes after which another attempt with the same would be closed alike.
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
_AS_IT_IS = {
    4004: "discord.token: the gateway does not take it, though it is good for requests",
    4010: "discord.shards: the gateway does not take this shard",
    4011: "discord.shards: Discord demands more shards of a bot in so many servers",
    4012: "the gateway does not speak this version any more: upgrade Papertakes",
    4013: "the gateway does not know the intents: upgrade Papertakes",
}


class LoginRefused(HostError):
    """Discord does not let the bot in as it is configured; the message is one line."""


class Connection:
    """Discord's client, kept connected."""

    def __init__(
        self,
        settings: DiscordConfig,
        services: Services,
        add_commands: AddCommands,
        supervisor: Supervisor,
    ) -> None:
        self.settings = settings
        self.services = services
        self.add_commands = add_commands
        self.supervisor = supervisor
        self._shards = settings.shards or 1
        self.starts = SessionStarts(shards=self._shards)
        self._client: Client | None = None
        self._away_since: float | None = None
        """Of the last client that had been there, once it is gone."""
        self._closed_as_it_is = 0
        # Where the real client goes is a class attribute in discord.py: one place a process.
        Route.BASE = settings.api_base.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)
        read_each_by_itself()

    @property
    def disconnected(self) -> float | None:
        """Seconds since the gateway was lost: 0 while it is there, None if it never was."""
        if self._client is not None and self._client.away_since is None:
            return 0.0
        client = self._client
        since = client.away_since if client is not None and client.was_there else self._away_since
        return None if since is None else time.monotonic() - since

    @property
    def session_starts_left(self) -> int:
        """How many sessions may still be begun today."""
        return self.starts.left()

    def wake(self) -> None:
        """There is something new in the outbox."""
        if self._client is not None:
            self._client.wake()

    async def settle(self) -> None:
        """Wait until the outbox holds nothing that can be sent now."""
        if self._client is not None:
            await self._client.sender.drain()

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set. Raises LoginRefused."""
        stopping = asyncio.create_task(stop.wait())
        failures = 0
        try:
            while not stopping.done():
                kind = ShardedClient if self._shards > 1 else Client
                self._client = client = kind(
                    self.services, self.settings, self.add_commands, self.supervisor, self.starts
                )
                error = await self._until_its_end(client, stopping)
                failures = 0 if client.was_there else failures + 1
                if client.was_there:
                    self._away_since = client.away_since or time.monotonic()
                if not stopping.done() and not isinstance(error, SessionStartsUsedUp):
                    pause = PAUSES.after(failures)
                    log.warning("discord.unreachable", error=_told(error), again_in=pause)
                    await asyncio.wait({stopping}, timeout=pause)
        finally:
            stopping.cancel()

    async def _until_its_end(
        self, client: Client, stopping: asyncio.Task[bool]
    ) -> Exception | None:
        """One client, from its login on; returns what it ended with. Raises LoginRefused."""
        started = asyncio.create_task(self._start(client, stopping))
        given_up = asyncio.create_task(_given_up(client))
        try:
            await asyncio.wait({started, given_up, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Closing lets what is being sent finish; `connect` then returns.
            await client.close()
            await asyncio.wait({started}, timeout=CLOSING)
            reason = given_up.result() if given_up.done() else None
            for task in (started, given_up):
                task.cancel()
            await asyncio.wait({started, given_up})
        error = None if started.cancelled() else started.exception()
        if isinstance(error, discord.LoginFailure) and _is_discords(error):
            raise LoginRefused("discord.token: Discord refuses it") from None
        if isinstance(error, discord.PrivilegedIntentsRequired):
            raise LoginRefused(
                "discord.message_content: the intent is not switched on in the Developer Portal"
            ) from None
        if client.was_there:
            self._closed_as_it_is = 0
        if isinstance(error, discord.ConnectionClosed) and error.code in _AS_IT_IS:
            self._closed_as_it_is += 1
            return ConnectionError(f"closed with {error.code}: {_AS_IT_IS[error.code]}")
        # Anything else passes: no network, a page where Discord should answer, half a JSON.
        return reason or (error if isinstance(error, Exception) else None)

    async def _start(self, client: Client, stopping: asyncio.Task[bool]) -> None:
        async with client:
            await client.login(self.settings.token.get_secret_value())
            await self._ask_starts(client)
            await self._until_allowed(stopping)
            if not stopping.done():
                await client.connect()

    async def _ask_starts(self, client: Client) -> None:
        """Discord counts session starts over restarts and other processes too."""
        try:
            async with asyncio.timeout(ASKING):
                _, _, limits = await client.http.get_bot_gateway()
            self.starts.told(int(limits["remaining"]), float(limits["reset_after"]) / 1000)
        except Exception as error:
            # Our own count stands in.
            log.warning("discord.session_starts_unknown", error=_told(error))

    async def _until_allowed(self, stopping: asyncio.Task[bool]) -> None:
        """Wait until a session may be begun, or one a shard; the outbox is sent meanwhile."""
        wait = self.starts.wait(self._shards)
        if self._closed_as_it_is:
            wait = max(wait, CONFIGURED.after(self._closed_as_it_is))
        if wait > 0:
            log.warning("discord.session_waits", again_in=wait, left=self.starts.left())
            await asyncio.wait({stopping}, timeout=wait)


async def _given_up(client: Client) -> Exception:
    """Wait until a client is of no use any more, and say why."""
    refused = asyncio.create_task(client.refused.wait())
    try:
        while not refused.done():
            await asyncio.wait({refused}, timeout=1.0)
            if client.was_there and client.away > AWAY:
                return TimeoutError(f"no gateway for {client.away:.0f} s")
        return ConnectionError("Discord does not take the token of this login any more")
    finally:
        refused.cancel()


def _told(error: Exception | None) -> str:
    """An error in words for a host: what the library stumbles over is an answer it cannot read."""
    if isinstance(error, aiohttp.ClientConnectorError):
        # First: a certificate's error is a ValueError too. The repr is a page of how it was tried.
        return str(error)[:300]
    if isinstance(error, LookupError | TypeError | AttributeError | ValueError | RecursionError):
        return f"an answer that is none of Discord's ({type(error).__name__})"
    return repr(error)[:300]


def _is_discords(error: discord.LoginFailure) -> bool:
    """Whether it was Discord that said 401, not something before it."""
    cause = error.__cause__
    if not isinstance(cause, discord.HTTPException):
        return True
    return cause.response.headers.get("Content-Type", "").startswith("application/json")
