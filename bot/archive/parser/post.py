"""A weekly post as its author wrote it, for a digest that came from an archive."""

from __future__ import annotations

from bot.archive.parser.body import assemble, load
from bot.isolation import RecordKind, isolated
from bot.store import Transaction
from bot.text.octets import utf8


async def post_text(tx: Transaction, digest_id: int) -> str | None:
    """The file that a digest was read from, with its takes as they are now; None if from none,
    or if that file cannot be put together.

    Its sections, their order and the text between them are the author's, which the digest's own
    rows do not all tell. Bytes that are not UTF-8 are replaced.
    """
    document = await tx.documents.of_digest(digest_id)
    if document is None:
        return None
    with isolated(RecordKind.FILE, document.path):
        body = load(document.body)
        text = assemble(body, await tx.documents.take_texts(list(body.marks)))
        return utf8(text).decode("utf-8")
    return None
