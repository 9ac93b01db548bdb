"""The starter's line of counts, which may name who wrote it all, follows the takes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.digest.starter import counts_line
from bot.locale import texts
from bot.model.channel import ChannelSettings
from bot.model.digest import Digest
from bot.model.outbox import OutboxKind, OutboxState, Row
from bot.store import Transaction

_COUNTS = re.compile(r"^-# (?P<papers>[^\n]+?) · [^\n]+$", re.MULTILINE)
_LIST = re.compile(r"^\d+\. ", re.MULTILINE)
_OPENING = (OutboxKind.MESSAGE, OutboxKind.FORUM_POST)


async def recount(tx: Transaction, settings: ChannelSettings, digest: Digest) -> None:
    """Bring the counts of a planned or posted digest up to date."""
    rows = await tx.outbox.of_lane(f"digest:{digest.id}")
    found = _counts(rows)
    if found is None:
        return
    row, old = found
    names = await tx.takes.writer_names(digest.id)
    say = texts(settings.language)
    papers = old.removeprefix("-# ").partition(" · ")[0]
    new = counts_line(papers, len(names), set(names), say)
    if new == old:
        return
    edits = [
        one
        for one in rows
        if one.draft.edits == row.draft.key and one.draft.kind is OutboxKind.EDIT and one.draft.text
    ]
    text = (edits[-1] if edits else row).draft.text.replace(old, new)
    await _say(tx, row, row.draft.text.replace(old, new))
    if edits and _untouched(edits[-1]):
        await tx.outbox.reword(edits[-1].id, text, only=OutboxState.PENDING)
        return
    for one in edits:
        await tx.outbox.reword(one.id, "", only=OutboxState.SENT)
    if not edits and _untouched(row):
        return
    if row.draft.kind is OutboxKind.FORUM_POST and not edits:
        # The first line is the post's title.
        text = text.partition("\n")[2]
    await tx.outbox.append(
        row.draft.lane, OutboxKind.EDIT, text, edits=row.draft.key, digest_id=digest.id
    )


def _counts(rows: Sequence[Row]) -> tuple[Row, str] | None:
    """The message with the line of counts, and the line: the last such one before the list."""
    found: tuple[Row, str] | None = None
    for row in rows:
        draft = row.draft
        if draft.kind not in _OPENING or row.state is OutboxState.CANCELLED:
            continue
        if draft.entry_id is not None:
            break
        for match in _COUNTS.finditer(draft.text):
            found = row, match[0]
        if found is not None and _LIST.search(draft.text):
            break
    return found


async def _say(tx: Transaction, row: Row, text: str) -> None:
    if _untouched(row):
        await tx.outbox.reword(row.id, text, only=OutboxState.PENDING)
    elif row.state is OutboxState.SENT:
        await tx.outbox.reword(row.id, text, only=OutboxState.SENT)


def _untouched(row: Row) -> bool:
    """Whether it has never been asked for: by its words it would be looked for."""
    return row.state is OutboxState.PENDING and row.tried_at is None
