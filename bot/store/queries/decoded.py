"""Rows as plain data: one that cannot be read costs only itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from sqlalchemy import Result

from bot.isolation import RecordKind, each

R = TypeVar("R")

_IN_TURN: Final = 100
"""Rows that are made between two pauses: a few milliseconds."""


def decoded(rows: Iterable[Any], plain: Callable[[Any], R]) -> list[R]:
    """What `plain` makes of each row of a table, in order; one that holds what cannot be is left
    out, and noted by its table and number."""
    return each(RecordKind.ROW, rows, plain, name=_name)


async def decoded_in_turn(rows: Result[*tuple[Any, ...]], plain: Callable[[Any], R]) -> list[R]:
    """The same of as many rows as there may be, with room for other tasks in between."""
    made: list[R] = []
    for part in rows.yield_per(_IN_TURN).partitions():
        made += decoded(part, plain)
        await asyncio.sleep(0)
    return made


def _name(row: Any) -> str:
    first = row if hasattr(type(row), "__tablename__") else row[0]
    return f"{type(first).__tablename__} {first.id}"
