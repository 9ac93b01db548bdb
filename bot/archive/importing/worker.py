"""The process in which a member's file is taken in: `python -m bot.archive.importing.worker`.

A process of its own, since the file may be anything: however long its reading takes, the bot's
answers do not wait for it, and whatever memory it needs is gone with it. It is told by a line of
JSON on its standard input what to do, tells by one on its standard output what came of it, and ends
when its input does: with the bot.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from typing import Final

from bot.archive.importing.destination import PlaceDestination
from bot.archive.importing.history_writer import past_work, take_history
from bot.archive.importing.importer import Import
from bot.archive.importing.job import ImportOutcome, asked, told
from bot.archive.importing.sources import BadArchive
from bot.archive.importing.transactions import ImportTransactions
from bot.config import LogConfig
from bot.isolation import failures
from bot.logs import configure
from bot.store import Store

MEMORY: Final = 400_000_000
"""Bytes that a file's reading may take (RLIMIT_DATA); the biggest that is read needs a half."""
_GIVE_WAY: Final = 10
"""How much behind the bot it is when both want the processor."""


def main() -> None:
    """Take in the import that standard input names."""
    request = json.loads(sys.stdin.readline())
    # Ctrl-C is meant for the bot, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVE_WAY)
    limit_memory()
    configure(LogConfig(**request["log"]), request["secrets"])
    threading.Thread(target=_end_with_the_bot, daemon=True).start()
    outcome = asyncio.run(take_in(request["database"], request["import"]))
    print(json.dumps(told(outcome, failures.seen())))


def limit_memory() -> None:
    """Let this process grow by so much and no more, where the system can tell it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return


def _end_with_the_bot() -> None:
    sys.stdin.read()
    # In the middle of a transaction at most, which then never was.
    os._exit(1)


async def take_in(database: str, number: int) -> ImportOutcome:
    """Take in one file that waits in the database."""
    store = Store(database)
    try:
        async with store.read() as tx:
            waiting = await tx.imports.get(number)
            data = await tx.imports.data(number)
        if waiting is None:
            return ImportOutcome(refused="it is gone")
        job = asked(waiting.asked)
        into = PlaceDestination(job.place, job.settings, waiting.created_at)
        if job.history:
            return await take_history(ImportTransactions(store), into, past_work(data), job.member)
        work = Import(store, into, waiting.created_at, importer=job.member)
        return (await work.data(job.name, data)).outcome()
    except BadArchive as refused:
        return ImportOutcome(refused=str(refused))
    except MemoryError:
        return ImportOutcome(refused="it takes too much memory to be read")
    finally:
        await store.close()


if __name__ == "__main__":
    main()
