"""The loopback Discord as a server: HTTP and websocket around a Core."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import yarl
from aiohttp import web

from bot.sandbox import http
from bot.sandbox.admin import Admin
from bot.sandbox.core import Core
from bot.sandbox.faults import Faults
from bot.sandbox.gateway import Gateway
from bot.sandbox.person import Person
from bot.sandbox.places import Place, find_place
from bot.sandbox.ratelimit import RateLimiter, RateLimits
from bot.sandbox.snowflake import Clock
from bot.sandbox.view import Intent
from bot.sandbox.world import World

Validator = Callable[[str, str, Any], list[str]]
"""Called with method, path template and JSON body of a request; returns what is wrong with it."""

TOKEN = "c2FuZGJveA.Sandbox.only-for-the-loopback-discord"  # noqa: S105


_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the sandbox has answered; `at` by the world's clock."""

    method: str
    route: str
    path: str
    json: Any
    status: int
    at: datetime


def utcnow() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A loopback Discord with one bot application, its guilds and their people.

    clock: aware UTC; makes ids, timestamps, the nonces' memory, automatic archiving and the 15
    minutes of follow-ups.
    message_content, server_members: privileged intents that the application has been granted.
    respond_within: seconds of real time for the first answer to an interaction.
    `requests` holds the last answered ones, `unknown` what was asked for and is no route here,
    `crashes` the tracebacks of the sandbox's own mistakes (answered 500).
    validator: checks each request body; what it says goes to `violations`, and the request fails
    with 400.
    """

    def __init__(
        self,
        *,
        clock: Clock = utcnow,
        world: World | None = None,
        token: str = TOKEN,
        message_content: bool = False,
        server_members: bool = False,
        limits: RateLimits | None = None,
        validator: Validator | None = None,
        nonce_memory: timedelta = timedelta(minutes=5),
        respond_within: float = 3.0,
    ) -> None:
        self.clock = clock
        self.world = world or World.sample()
        self.token = token
        self.validator = validator
        self.core = Core(self.world, clock, nonce_memory, respond_within)
        self.core.message_content = message_content
        privileged = Intent.MESSAGE_CONTENT if message_content else Intent(0)
        privileged |= Intent.GUILD_MEMBERS if server_members else Intent(0)
        self.faults = Faults()
        self.limiter = RateLimiter(limits or RateLimits())
        self.sessions = Gateway(
            self.core, token, privileged, self.faults.gateway, lambda: str(self.gateway)
        )
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED)
        self.violations: list[str] = []
        self.unknown: list[str] = []
        self.crashes: list[str] = []
        self.admin = Admin(self.core)
        self.app = web.Application(client_max_size=100 * 1024 * 1024)
        http.install(self.app, self)
        self._runner: web.AppRunner | None = None
        self._base = yarl.URL()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; port 0 takes a free one. The addresses below are known afterwards."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self._base = yarl.URL.build(scheme="http", host=host, port=self._runner.addresses[0][1])
        self.world.cdn = str(self._base).rstrip("/")

    async def stop(self) -> None:
        self.sessions.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The server's own address, without a slash at its end."""
        return str(self._base).rstrip("/")

    @property
    def api_base(self) -> str:
        """For `discord.http.Route.BASE`."""
        return f"{self.url}/api/v10"

    @property
    def gateway(self) -> yarl.URL:
        """For `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return self._base.with_scheme("ws").with_path("/gateway")

    async def ready(self, timeout: float = 10.0) -> None:
        """Waits until a bot is there and its commands are known. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while not (self.sessions.connected and self.core.commands.synced):
            if time.monotonic() > deadline:
                what = "commands" if self.sessions.connected else "bot"
                raise TimeoutError(f"no {what} within {timeout:g} s")
            await asyncio.sleep(0.01)

    def forget_nonces(self) -> None:
        """What Discord does by itself after some minutes."""
        self.core.messages.forget_nonces()

    def person(self, name: str | int) -> Person:
        """A member by username, display name or id. Raises KeyError."""
        for user in self.world.users.values():
            names = {user.username.casefold(), user.display_name.casefold()}
            if user.id == name or (isinstance(name, str) and name.casefold() in names):
                return Person(self.core, user)
        raise KeyError(f"there is no member called {name}")

    def people(self) -> list[Person]:
        """Everybody who is no bot."""
        return [self.person(user.id) for user in self.world.users.values() if not user.bot]

    def channel(self, name: str | int) -> Place:
        """A channel or thread by name or id. Raises ClientRefused."""
        return find_place(self.core, name)
