"""INSERT that minds a row which is there already, in both dialects."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.schema import Base


def insert(session: AsyncSession, table: type[Base]) -> Any:
    """The dialect's own `insert`, which knows `on_conflict_do_nothing` and `…_do_update`.

    Typed loosely: the two dialects' classes share these methods but no base that has them.
    """
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
