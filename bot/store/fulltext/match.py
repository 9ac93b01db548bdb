"""A statement restricted to what an index finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, cast, literal_column
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.fulltext import match_queries
from bot.store.fulltext.match_queries import Asked


class Matching:
    """The same for both databases."""

    def __init__(self, session: AsyncSession) -> None:
        self.sqlite = session.get_bind().dialect.name == "sqlite"

    def restrict(
        self,
        statement: Select[Any],
        table: str,
        key: Any,
        channel_id: int | None,
        asked: Sequence[Asked],
    ) -> Select[Any]:
        """Restrict a statement to what an index has, in its order, the newest first."""
        if self.sqlite:
            words = match_queries.fts5_query(channel_id, asked)
            index = sql_table(table, sql_column("rowid"))
            place = index.c.rowid
            match = literal_column(table).op("MATCH")(words)
        else:
            words = match_queries.tsquery(table, channel_id, asked)
            index = sql_table(table, sql_column("id"), sql_column("document"))
            place = index.c.id
            match = index.c.document.op("@@")(cast(words, TSQUERY))
        if not asked:
            return statement.order_by(key.desc())
        return statement.join(index, place == key).where(match).order_by(place.desc())
