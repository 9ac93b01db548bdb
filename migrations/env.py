"""Alembic's environment. Migrations run on the connection that `bot.store.migrate` passes in."""

from __future__ import annotations

import asyncio
import os
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from bot.store.engine import Store
from bot.store.fulltext.postings import is_model
from bot.store.schema import Base, Moment


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration names no type of the program, which may change under it."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter most of a table in place: it is copied.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
        include_name=is_model,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _from_the_command_line() -> None:
    """`alembic revision --autogenerate` in a checkout, on PAPERTAKES_DATABASE__URL."""
    store = Store(os.environ["PAPERTAKES_DATABASE__URL"])
    async with store.engine.begin() as connection:
        await connection.run_sync(run)
    await store.close()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(_from_the_command_line())
