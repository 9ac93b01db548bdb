"""The messages in the channel that show takes: drawn anew, or taken back, as their takes are."""

from __future__ import annotations

from bot.model.outbox import OutboxKind
from bot.model.take import MessageKind, Take
from bot.store import Transaction


async def message_changed(tx: Transaction, take: Take) -> None:
    """Bring the message that shows a take up to date; the take is edited or gone already."""
    message = take.message
    if message is None:
        return
    gone = await tx.takes.by_id(take.id) is None
    text, entry_id = "", None
    if message.shown is MessageKind.CARD:
        kind, entry_id = OutboxKind.CARD, take.entry_id
    elif gone:
        kind = OutboxKind.DELETE
    elif message.shown is MessageKind.TAKE:
        kind, text = OutboxKind.TAKE, str(take.id)
    else:
        # The word that something was kept does not repeat it.
        return
    # A card's edits share the lane of those that its paper causes.
    lane = f"card:{message.message_id}" if kind is OutboxKind.CARD else f"take:{take.id}"
    await tx.outbox.append(
        lane,
        kind,
        text,
        target_id=message.channel_id,
        message_id=message.message_id,
        entry_id=entry_id,
    )
