"""The addresses of pages that are not on arXiv, in the form in which they are compared."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from bot.model.reference import PageReference, parse_references
from bot.store.schema import PaperRow
from bot.store.transaction import Transaction

_AT_ONCE: Final = 500


async def remake_addresses(tx: Transaction, after: int) -> int | None:
    """Give a batch of pages the address that typing theirs gives now, so that they are found.

    A page that is known by that address too keeps its own: both stay where they are listed.
    """
    rows = (
        await tx.session.scalars(
            select(PaperRow)
            .where(PaperRow.id > after, PaperRow.arxiv_id.is_(None))
            .order_by(PaperRow.id)
            .limit(_AT_ONCE)
        )
    ).all()
    for row in rows:
        meant = parse_references(row.url).references
        if len(meant) != 1 or not isinstance(meant[0], PageReference) or meant[0].url == row.url:
            continue
        if await tx.papers.by_url(row.scope, meant[0].url) is None:
            row.url = meant[0].url
            await tx.session.flush()
    return rows[-1].id if rows else None
