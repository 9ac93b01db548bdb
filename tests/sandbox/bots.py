"""The real discord.py client, pointed at a sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.sandbox import Sandbox


@asynccontextmanager
async def pointed_at(sandbox: Sandbox) -> AsyncIterator[None]:
    """discord.py's addresses are class attributes: set for the block, and put back after it."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = sandbox.api_base
    DiscordWebSocket.DEFAULT_GATEWAY = sandbox.gateway
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(sandbox: Sandbox, client: discord.Client) -> AsyncIterator[None]:
    """Runs a client against a started sandbox until the end of the block."""
    async with pointed_at(sandbox):
        task = asyncio.create_task(client.start(sandbox.token))
        ready = asyncio.create_task(client_ready(client))
        try:
            await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            yield
        finally:
            ready.cancel()
            await client.close()
            await asyncio.gather(task, return_exceptions=True)


async def client_ready(client: discord.Client) -> None:
    """Waits for a client that may not have been started yet (`wait_until_ready` refuses that)."""
    while not client.is_ready():
        await asyncio.sleep(0.01)


def options(**more: object) -> dict[str, object]:
    """Arguments of a client that does not wait two seconds for further guilds."""
    return {
        "intents": discord.Intents.default(),
        "guild_ready_timeout": 0.05,
        "max_messages": 1000,
        **more,
    }
