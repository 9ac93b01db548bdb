"""arXiv's papers as they are kept, read anew: their texts decoded, whether they are withdrawn."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from bot.model.authors import tidy
from bot.model.withdrawal import is_withdrawn
from bot.store.schema import PaperRow
from bot.store.transaction import Transaction
from bot.text.tex import decode

_AT_ONCE: Final = 500
_READ: Final = ("title", "abstract", "authors", "comment", "journal_ref", "withdrawn")


async def decode_papers(tx: Transaction, after: int) -> int | None:
    """Decode the accents of the next papers after this number, tidy their authors, and see again
    whether they say that they are withdrawn.

    What comes in from arXiv is decoded then and there; this does so for what came before. Gives
    the last one's number, None if there are none.
    """
    wanted = (
        select(PaperRow.id, *(getattr(PaperRow, name) for name in _READ))
        .where(PaperRow.id > after, PaperRow.arxiv_id.is_not(None))
        .order_by(PaperRow.id)
        .limit(_AT_ONCE)
    )
    rows = (await tx.session.execute(wanted)).all()
    changed = await asyncio.to_thread(
        lambda: [new for row in rows if (new := _decoded(row)) is not None]
    )
    if changed:
        table: Any = PaperRow.__table__
        statement = update(table).where(table.c.id == bindparam("key"))
        connection = await tx.session.connection()
        await connection.execute(
            statement.values({name: bindparam(f"new_{name}") for name in _READ}), changed
        )
    return rows[-1].id if rows else None


def _decoded(row: Any) -> dict[str, Any] | None:
    """What is to be written of a paper; None if it is decoded already."""
    new: dict[str, Any] = {
        "new_title": decode(row.title),
        "new_abstract": decode(row.abstract),
        "new_authors": list(tidy(row.authors)),
        "new_comment": row.comment and decode(row.comment),
        "new_journal_ref": row.journal_ref and decode(row.journal_ref),
    }
    says_so = is_withdrawn(new["new_title"], new["new_abstract"], new["new_comment"])
    # Some are known to be withdrawn by arXiv's record of their versions, without a word of it.
    silent = row.withdrawn and "withdr" not in f"{row.comment} {row.abstract}".lower()
    new["new_withdrawn"] = says_so or silent
    old = tuple(getattr(row, name) for name in _READ)
    return None if tuple(new.values()) == old else {"key": row.id, **new}
