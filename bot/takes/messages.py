"""The messages in the channel that show takes: drawn anew, or taken back, as their takes are."""

from __future__ import annotations

from bot.model.outbox import Kind
from bot.model.take import Shown, Take
from bot.store import Transaction


async def message_changed(tx: Transaction, take: Take) -> None:
    """Bring the message that shows a take up to date; the take is edited or gone already."""
    message = take.message
    if message is None:
        return
    gone = await tx.takes.by_number(take.id) is None
    text, entry_id = "", None
    if message.shown is Shown.CARD:
        kind, entry_id = Kind.CARD, take.entry_id
    elif gone:
        kind = Kind.DELETE
    elif message.shown is Shown.TAKE:
        kind, text = Kind.TAKE, str(take.id)
    else:
        # The word that something was kept does not repeat it.
        return
    # A card's edits share the lane of those that its paper causes.
    lane = f"card:{message.message_id}" if kind is Kind.CARD else f"take:{take.id}"
    await tx.outbox.append(
        lane,
        kind,
        text,
        target_id=message.channel_id,
        message_id=message.message_id,
        entry_id=entry_id,
    )
