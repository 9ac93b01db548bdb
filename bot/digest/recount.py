"""A digest's starter says how many takes there are, and who wrote them: it follows the takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest.starter import take_counts
from bot.locale import texts
from bot.model.channel import ChannelSettings
from bot.model.digest import Digest
from bot.model.outbox import OutboxKind, OutboxState, Row
from bot.store import Transaction


async def recount(tx: Transaction, settings: ChannelSettings, digest: Digest) -> None:
    """Bring the counts of a planned or posted digest up to date."""
    rows = [
        row
        for row in await tx.outbox.of_lane(f"digest:{digest.id}")
        if row.draft.take_counts is not None and row.state is not OutboxState.CANCELLED
    ]
    names = await tx.takes.writer_names(digest.id)
    counts = take_counts(len(names), set(names), texts(settings.language))
    if not rows or rows[-1].draft.take_counts == counts:
        return
    # The message itself, and the edits of it that are planned or made.
    message, *edits = rows
    await _set_counts(tx, message, counts)
    if await _set_counts(tx, rows[-1], counts):
        return
    for edit in edits:
        # It may hold what a member takes back.
        await tx.outbox.reword(edit.id, "", only=OutboxState.SENT)
    await tx.outbox.append(
        message.draft.lane,
        OutboxKind.EDIT,
        _content(rows),
        edits=message.draft.key,
        digest_id=digest.id,
        take_counts=counts,
    )


async def _set_counts(tx: Transaction, row: Row, counts: str) -> bool:
    """Note the counts for a row; True if it goes out with them, so that nothing is to be edited.

    A row that was asked for with an unknown outcome keeps its words: it is recognised by them.
    """
    draft = row.draft
    if row.state is OutboxState.PENDING and row.tried_at is None:
        return await tx.outbox.reword(
            row.id, draft.text, only=OutboxState.PENDING, take_counts=counts
        )
    if row.state is OutboxState.SENT and draft.kind is not OutboxKind.EDIT:
        await tx.outbox.reword(row.id, draft.text, only=OutboxState.SENT, take_counts=counts)
    return False


def _content(rows: Sequence[Row]) -> str:
    """The message's text as its last edit has it, without its counts."""
    last = rows[-1].draft
    # The first line of a forum post is its title.
    return last.text.partition("\n")[2] if last.kind is OutboxKind.FORUM_POST else last.text
