"""Commands that are being answered, so that a stop can let them finish."""

from __future__ import annotations

import asyncio

import structlog

log = structlog.get_logger(__name__)

GRACE = 8.0
"""Seconds that a stop waits: hosts commonly kill ten seconds after SIGTERM."""

# What discord.py 2.7 calls the tasks in which it runs commands, and what hears of buttons, menus
# and forms.
_NAMES = ("CommandTree-invoker", "discord.py: on_interaction")


async def finished(grace: float = GRACE) -> None:
    """Wait until the commands in flight have answered, for `grace` seconds at most.

    What they store is whole in any case; their person would be left without an answer.
    """
    running = {task for task in asyncio.all_tasks() if task.get_name().startswith(_NAMES)}
    running.discard(asyncio.current_task())
    if not running:
        return
    _, left = await asyncio.wait(running, timeout=grace)
    if left:
        log.warning("commands.broken_off", count=len(left))
