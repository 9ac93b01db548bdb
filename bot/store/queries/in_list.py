"""Whether a column's value is one of many, told to the database as one value."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession


def among(
    within: AsyncSession | Connection, column: Any, values: Collection[Any]
) -> ColumnElement[bool]:
    """The condition that `column` holds one of `values`, numbers or texts.

    However many they are, the statement is the same: `IN` with thousands of parameters is built
    and compiled anew each time, and SQLite binds 32,766 at most.
    """
    dialect = within.dialect if isinstance(within, Connection) else within.get_bind().dialect
    if dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(each.c.value))  # type: ignore[no-any-return]
    return column == any_(literal(list(values), ARRAY(column.type)))  # type: ignore[no-any-return]
