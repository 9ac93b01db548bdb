"""Work that is not broken off halfway."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the end of `work`; whoever is cancelled meanwhile is so afterwards.

    A commit that is broken off has an unknown outcome; a connection that is broken off while it is
    made or rolled back is thrown away by the pool, with a traceback in the log.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # looked at, so that asyncio does not warn of it
    raise cancelled
