"""INSERT that minds a row which is there already, in both dialects."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.schema import Base


def insert(session: AsyncSession, table: type[Base]) -> Any:
    """The dialect's own `insert`, which knows `on_conflict_do_nothing` and `…_do_update`.

    Into the table, not the model: rows with and without a value then go in one statement. Typed
    loosely: the two dialects' classes share these methods but no base that has them.
    """
    sqlite_here = session.get_bind().dialect.name == "sqlite"
    return (sqlite if sqlite_here else postgresql).insert(table.__table__)
