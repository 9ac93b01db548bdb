"""After posting: a take edited or deleted changes the messages that hold it.

The paper's part is rendered anew and compared with the rows that stand for it. What differs is
edited; what is no longer needed is deleted; what needs another message goes on at the thread's end
(a message cannot be put in between), with a link to it where it broke off. All of it is left in
the digest's own lane of the outbox, so that it comes after what is still to be posted.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.digest.compile import written_for
from bot.digest.discord_messages import MESSAGE_LIMIT
from bot.digest.plainly import pieces
from bot.digest.recount import recount
from bot.digest.section import section_text
from bot.isolation import RecordKind, isolated
from bot.locale import texts
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import Digest, DigestSection
from bot.model.outbox import Draft, OutboxKind, OutboxState, Row, link_to
from bot.model.take import Take
from bot.store import Transaction

_ROOM_FOR_LINK = 160
"""Characters kept free for the words and the address that lead to a continuation."""


async def take_changed(tx: Transaction, take: Take) -> None:
    """Bring the digest that holds a take up to date; the take is changed or gone already.

    Nothing is done for a take that no digest holds.
    """
    digest = await tx.digests.get(take.digest_id) if take.digest_id is not None else None
    if digest is None or not digest.has_text:
        return
    channel = await tx.channels.lock(digest.channel_id)
    rows = await tx.outbox.of_section(digest.id, take.entry_id)
    if channel is None or not rows:
        return
    # What earlier edits said is not kept: it may be what a member takes back.
    await tx.outbox.forget_edits(digest.id, take.entry_id)
    settings = digest.settings or channel.settings
    text = await _section(tx, channel, settings, digest, take.entry_id)
    closing = settings.closing_tag
    if closing and rows[-1].draft.text.endswith(f"\n\n{closing}"):
        text = f"{text}\n\n{closing}"
    seq = await tx.outbox.next_seq(rows[0].draft.lane)
    await _change(tx, rows, text, seq, continued=texts(settings.language)("digest.continued"))
    with isolated(RecordKind.DIGEST, digest.id):
        await recount(tx, settings, digest)


async def _section(
    tx: Transaction, channel: Channel, settings: ChannelSettings, digest: Digest, entry_id: int
) -> str:
    [entry] = await tx.entries.by_ids([entry_id])
    takes = [one for one in await tx.takes.of_entries([entry_id]) if one.digest_id == digest.id]
    earlier = await tx.digests.earlier([entry_id], digest.id)
    written = await written_for(tx, channel.scope, settings, [entry])
    return section_text(
        DigestSection(entry, tuple(takes), written.get(entry.paper.id)),
        settings,
        earlier.get(entry_id),
        named=await tx.takes.writers(digest.id) > 1,
        say=texts(settings.language),
    )


async def _change(
    tx: Transaction, rows: Sequence[Row], text: str, seq: int, *, continued: str
) -> None:
    """Make the messages of `rows` say `text`, and others after them if it needs more."""
    first = rows[0].draft
    said = pieces(text, MESSAGE_LIMIT, first.entry_id)
    if len(said) > len(rows):
        said = pieces(text, MESSAGE_LIMIT - _ROOM_FOR_LINK, first.entry_id)
    new: list[Draft] = []
    for offset, piece in enumerate(said[len(rows) :]):
        new.append(
            Draft(
                lane=first.lane,
                seq=seq + offset,
                key=f"{first.lane}:{seq + offset}",
                kind=OutboxKind.MESSAGE,
                text=piece,
                entry_id=first.entry_id,
                digest_id=first.digest_id,
            )
        )
    wanted = list(said[: len(rows)])
    if new:
        wanted[-1] += f"\n-# {continued} {link_to(new[0].key)}"
    for row, piece in zip(rows, wanted, strict=False):
        if piece != row.draft.text and not await _reworded(tx, row, piece):
            new.append(_later(row, OutboxKind.EDIT, piece, seq + len(new)))
    for row in rows[len(wanted) :]:
        new.append(_later(row, OutboxKind.DELETE, "", seq + len(new)))
        # It may hold what a member takes back.
        await tx.outbox.reword(row.id, "", only=OutboxState.SENT)
    await tx.outbox.put(new)


async def _reworded(tx: Transaction, row: Row, text: str) -> bool:
    """Change a row that has not been sent yet; True if there is nothing to edit at Discord.

    A row that may have been asked for keeps its words: by them it is looked for.
    """
    if row.state is OutboxState.PENDING and row.tried_at is None:
        return await tx.outbox.reword(row.id, text, only=OutboxState.PENDING)
    if row.state is OutboxState.SENT:
        await tx.outbox.reword(row.id, text, only=OutboxState.SENT)
    return False


def _later(row: Row, kind: OutboxKind, text: str, seq: int) -> Draft:
    draft = row.draft
    return Draft(
        lane=draft.lane,
        seq=seq,
        key=f"{draft.lane}:{seq}",
        kind=kind,
        text=text,
        edits=draft.key,
        entry_id=draft.entry_id,
        digest_id=draft.digest_id,
    )
