"""Files that are kept, read anew for what a search finds of them."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.archive.parser.body import load
from bot.archive.parser.prose import papers_of, prose, read_again
from bot.archive.parser.subject import subject_of
from bot.isolation import RecordKind, each, isolated
from bot.store import Transaction

_AT_ONCE: Final = 50


async def reread_documents(tx: Transaction, after: int) -> int | None:
    """Read the next files after this number again; the last one's number, None if there are none.

    It takes no longer than a part of their import, and nobody has to import them a second time.
    """
    kept = await tx.documents.bodies(after, _AT_ONCE)
    if not kept:
        return None
    loaded = each(
        RecordKind.FILE, kept, lambda one: (one, load(one.body)), name=lambda one: one.path
    )
    takes = await tx.documents.take_texts([number for _, body in loaded for number in body.marks])
    for one, body in loaded:
        with isolated(RecordKind.FILE, one.path):
            # A long file takes a second: off the event loop.
            document, own = await asyncio.to_thread(read_again, one.path, body, takes)
            papers = await tx.documents.paper_texts(one.channel_id, sorted(papers_of(document)))
            found = await asyncio.to_thread(prose, document, papers, own)
            subject = subject_of(document)
            if (found, subject) != (one.prose, one.subject):
                await tx.documents.set_read(one.id, found, subject)
    return kept[-1].id
