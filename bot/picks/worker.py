"""The process in which a channel's taste is learnt: `python -m bot.picks.worker`.

A process of its own at low priority, since learning takes seconds and the bot's answers do not wait
for it. It is told by a line of JSON on its standard input what to do, tells by one on its standard
output what it found, and ends when its input does: with the bot.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from datetime import date
from typing import Any, Final

from bot.picks.ranking import rank_day
from bot.store import Store

_GIVE_WAY: Final = 10
"""How much behind the bot it is when both want the processor."""


def main() -> None:
    """Rank the day that standard input names."""
    request = json.loads(sys.stdin.readline())
    # Ctrl-C is meant for the bot, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVE_WAY)
    threading.Thread(target=_end_with_the_bot, daemon=True).start()
    print(json.dumps(asyncio.run(_ranked(**request))))


def _end_with_the_bot() -> None:
    sys.stdin.read()
    # It only reads.
    os._exit(1)


async def _ranked(
    database: str, channel: int, day: str, categories: list[str] | None, count: int
) -> list[dict[str, Any]]:
    within = None if categories is None else frozenset(categories)
    store = Store(database)
    try:
        ranked = await rank_day(store, channel, date.fromisoformat(day), within, count)
    finally:
        await store.close()
    return [one.as_data() for one in ranked]


if __name__ == "__main__":
    main()
