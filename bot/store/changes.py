"""Whether something has been written since one last looked, cheaply told."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import text

from bot.store.engine import Store


async def change_mark(store: Store) -> str:
    """What differs after each transaction that writes; it may differ without one."""
    if store.file is not None:
        return await asyncio.to_thread(_mark_of, store.file)
    async with store.read() as tx:
        # https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
        return str(await tx.session.scalar(text("SELECT pg_current_snapshot()")))


def _mark_of(file: Path) -> str:
    """By the database's file and the log of what is not in it yet."""
    marks = []
    for path in (file, file.with_name(f"{file.name}-wal")):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        marks.append(f"{found.st_mtime_ns}:{found.st_size}")
    return " ".join(marks)
