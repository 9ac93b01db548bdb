"""A sandbox that checks every body against Discord's OpenAPI document, and the bot in it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import Person, RateLimits, Sandbox
from tests.sandbox import openapi
from tests.sandbox.api import Api
from tests.sandbox.bots import running
from tests.sandbox.club import Club


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    server = Sandbox(limits=RateLimits.off(), respond_within=0.5, validator=openapi.check)
    await server.start()
    yield server
    await server.stop()
    assert not server.violations
    assert not server.unknown
    assert not server.crashes


@pytest.fixture
async def club(sandbox: Sandbox) -> AsyncIterator[Club]:
    client = Club()
    async with running(sandbox, client):
        await sandbox.ready()
        yield client


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return sandbox.person("Ada")


@pytest.fixture
def grace(sandbox: Sandbox) -> Person:
    return sandbox.person("Grace")


@pytest.fixture
def minji(sandbox: Sandbox) -> Person:
    return sandbox.person("Minji")


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(sandbox, session)
