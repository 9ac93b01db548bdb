"""The sender with the real client against the sandbox, and a channel's digest to be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, MutableMapping
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.chat.transport import DiscordPort
from bot.delivery import Pace
from bot.sandbox import RateLimits, Sandbox
from bot.store import Store
from tests.clock import Clock
from tests.delivery.desk import Club, nothing
from tests.sandbox import openapi

PACE = Pace(
    look_after=timedelta(seconds=1),
    weather=0.02,
    poll=0.2,
    trouble=0.05,
    echo_grace=0.1,
    per_second=1000.0,
)

WIDE = RateLimits(enabled=False, routes={}, usual=(1000, 5.0))
"""The real client waits by itself for what the headers say, also where no limit is kept."""


@pytest.fixture(autouse=True)
def log() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged: kept, not printed (tracebacks drawn for a terminal take half a second)."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    """Without tight limits; it checks every body against Discord's OpenAPI document."""
    made = Sandbox(clock=clock, limits=WIDE, validator=openapi.check)
    await made.start()
    yield made
    await made.stop()
    assert made.violations == []
    assert made.unknown == []


@pytest.fixture
async def client(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[discord.Client]:
    """Logged in, with no gateway: nothing echoes."""
    monkeypatch.setattr(Route, "BASE", sandbox.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", sandbox.gateway)
    async with discord.Client(intents=discord.Intents.default()) as made:
        await made.login(sandbox.token)
        yield made


@pytest.fixture
async def port(client: discord.Client) -> AsyncIterator[DiscordPort]:
    made = DiscordPort(nothing, timeout=1.0)
    made.connect(client)
    yield made
    await made.requests.close()


@pytest.fixture
async def club(sandbox: Sandbox, port: DiscordPort, store: Store, clock: Clock) -> Club:
    return Club(sandbox, port, store, clock, PACE)
