"""Rows as plain data: one that cannot be read costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.isolation import RecordKind, each

R = TypeVar("R")


def decoded(rows: Iterable[Any], plain: Callable[[Any], R]) -> list[R]:
    """What `plain` makes of each row of a table, in order; one that holds what cannot be is left
    out, and noted by its table and number."""
    return each(RecordKind.ROW, rows, plain, name=_name)


def _name(row: Any) -> str:
    first = row if hasattr(type(row), "__tablename__") else row[0]
    return f"{type(first).__tablename__} {first.id}"
