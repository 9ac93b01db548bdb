"""The doctor's question to the bot that is running, where it serves `/health`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.config import HttpConfig
from bot.ops.finding import Finding

_CHECK = "running bot"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Hosts that mean all addresses, and one of them that can be asked."""


async def examine(settings: HttpConfig, port: int, connect: float, answer: float) -> Finding:
    """Whether its digests go out, and which records it could not read or draw since its start.

    `connect` and `answer` are seconds. That none is running is no fault.
    """
    host = _EVERYWHERE.get(settings.host, settings.host)
    where = f"[{host}]" if ":" in host else host
    timeout = aiohttp.ClientTimeout(total=answer, sock_connect=connect)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{where}:{port}/health") as said,
        ):
            state = await said.json()
            status, problems = str(state["status"]), list(map(str, state["problems"]))
            failed = _failed(state["failed_records"])
    except aiohttp.ClientConnectorError:
        return Finding(_CHECK, True, f"none answers on http.port {port}")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        advice = "is http.port another program's, or the bot of another version?"
        return Finding(_CHECK, False, f"no such answer as the bot's on http.port {port}", advice)
    if status != "ok":
        return Finding(_CHECK, False, "; ".join([*problems, *failed]) or status, "see its log")
    if failed:
        found = f"digests go out; could not be read or drawn since its start: {', '.join(failed)}"
        return Finding(_CHECK, True, found, "its log tells why under these ids")
    return Finding(_CHECK, True, "digests go out")


def _failed(records: Mapping[str, Any]) -> list[str]:
    """Each kind with its count, and the last one's id and time."""
    return [
        f"{kind} ({int(seen['count'])}, last {seen['id']} at {seen['at'][:19]}Z)"
        for kind, seen in records.items()
    ]
