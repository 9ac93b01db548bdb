"""INSERT that minds a row which is there already, in both dialects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.schema import Base


def insert(session: AsyncSession, table: type[Base]) -> Any:
    """The dialect's own `insert`, which knows `on_conflict_do_nothing` and `…_do_update`.

    Typed loosely: the two dialects' classes share these methods but no base that has them.
    """
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def alone(session: AsyncSession) -> bool:
    """Whether nobody else adds rows while this transaction lasts: SQLite has one writer."""
    return session.get_bind().dialect.name == "sqlite"


async def drawn(session: AsyncSession, table: type[Base], count: int) -> list[int]:
    """Numbers for rows that this transaction is about to add, so that none is asked back."""
    name = table.__tablename__
    if alone(session):
        last = await session.scalar(text(f"SELECT max(id) FROM {name}")) or 0
        return list(range(last + 1, last + 1 + count))
    numbers = await session.scalars(
        text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)"),
        {"name": name, "n": count},
    )
    return list(numbers)


def many(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, as `many_columns` does."""
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        many_columns(connection, statement, columns)


def many_columns(
    connection: Connection, statement: Any, columns: Mapping[str, Sequence[Any]]
) -> None:
    """Insert rows, told column by column, by the driver's `executemany`.

    The statement is compiled for all of them, and each value made the driver's by its column's
    type, equal ones once: SQLAlchemy would go through both once a row.
    """
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    made: list[Sequence[Any]] = []
    for name in compiled.positiontup:
        kind = compiled.binds[name].type.dialect_impl(connection.dialect)
        make = kind.bind_processor(connection.dialect)
        made.append(columns[name] if make is None else _made(make, columns[name]))
    connection.exec_driver_sql(str(compiled), list(zip(*made, strict=True)))


def _made(make: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    try:
        different = set(values)
    except TypeError:  # lists, say, that no set holds
        different = set()
    # The papers of a day share dates and categories, but not authors.
    if 0 < 2 * len(different) <= len(values):
        made = {value: make(value) for value in different}
        return [made[value] for value in values]
    return [make(value) for value in values]
