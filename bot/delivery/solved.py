"""What the managers were told could not be posted, once it is posted after all."""

from __future__ import annotations

from bot.delivery.refusal_codes import Reason
from bot.digest.amend import amend
from bot.locale import texts
from bot.model.outbox import Row
from bot.store import Transaction
from bot.text.markdown import escape

LANE = "told:"
TO_OWNER = "told-owner:"


def subject(row_id: int, reason: Reason) -> str:
    """What a row's trouble is told once under."""
    return f"{row_id}:{reason.value.rpartition('.')[2]}"


async def tell_solved(tx: Transaction, row: Row, place_id: int | None) -> None:
    """Edit what was told of a row that had been refused: it stands there now."""
    subjects = [subject(row.id, reason) for reason in Reason]
    keys = {f"{lane}{about}" for lane in (LANE, TO_OWNER) for about in subjects}
    told = await tx.outbox.by_keys(keys)
    if not told:
        return
    digest_id = row.draft.digest_id
    digest = await tx.digests.get(digest_id) if digest_id is not None else None
    if digest is not None:
        channel = await tx.channels.get(digest.channel_id)
    else:
        channel = await tx.channels.of_discord(place_id) if place_id is not None else None
    if channel is None:
        return
    say = texts(channel.settings.language)
    where = f"<#{place_id or channel.discord_id}>"
    text = say("notice.message.solved", where=where)
    if digest is not None:
        text = say("notice.digest.solved", title=escape(digest.title), where=where)
    for key in sorted(told):
        await amend(tx, key, text)
