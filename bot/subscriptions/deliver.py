"""From arrivals to the outbox: a few messages with several papers each, or one list a day.

What a message holds is noted as the papers' numbers; it is drawn when it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.isolation import RecordKind, each, isolated
from bot.model.channel import Channel
from bot.model.mailing import eastern_date
from bot.model.outbox import Draft, OutboxKind
from bot.model.subscription import Arrival, ArrivalState, Delivery
from bot.model.take import How
from bot.store import Store, Transaction

CARDS = 5
"""Papers in one message that each have their own card."""
FEW = 10
"""Papers at once that are still shown as cards; more come as lists."""
LINES = 15
"""Papers in one message with a line or two each."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one announcement in a channel shows.

    `first` and `last` are the dates of the mailings; `total` all the papers of this announcement,
    `part` of `parts` tells which message it is; `capped` how many more a cap has kept away.
    """

    channel_id: int
    papers: tuple[int, ...]
    cards: bool
    first: date
    last: date
    total: int
    part: int
    parts: int
    capped: int = 0

    def to_text(self) -> str:
        """As it is kept in the outbox."""
        return json.dumps(
            {
                "channel": self.channel_id,
                "papers": list(self.papers),
                "cards": self.cards,
                "days": [self.first.isoformat(), self.last.isoformat()],
                "total": self.total,
                "part": [self.part, self.parts],
                "capped": self.capped,
            },
            separators=(",", ":"),
        )

    @classmethod
    def of_text(cls, text: str) -> Bundle:
        """What `to_text` gave."""
        kept = json.loads(text)
        first, last = (date.fromisoformat(day) for day in kept["days"])
        part, parts = kept["part"]
        return cls(
            channel_id=kept["channel"],
            papers=tuple(kept["papers"]),
            cards=kept["cards"],
            first=first,
            last=last,
            total=kept["total"],
            part=part,
            parts=parts,
            capped=kept["capped"],
        )


async def deliver(store: Store, now: datetime, *, daily: bool) -> int:
    """Put what channels still wait for into the outbox or on their lists; returns how many papers.

    With `daily` the lists of the day go out too: once a day and channel.
    """
    async with store.read() as tx:
        waiting = await tx.arrivals.channels_waiting()
    count = 0
    for channel_id in waiting:
        with isolated(RecordKind.CHANNEL, channel_id):
            async with store.begin() as tx:
                channel = await tx.channels.lock(channel_id)
                count += await _channel(tx, channel, now, daily=daily) if channel else 0
    return count


async def _channel(tx: Transaction, channel: Channel, now: datetime, *, daily: bool) -> int:
    owed = await tx.arrivals.waiting(channel.id)
    kinds = {kind: [one for one in owed if one.delivery is kind] for kind in Delivery}
    count = await _list(tx, channel, kinds[Delivery.LIST], now)
    count += await _post(tx, channel, kinds[Delivery.ONCE], cards=True)
    if daily and kinds[Delivery.DAILY]:
        today = f"daily:{channel.id}:{eastern_date(now):%Y%m%d}:0"
        if today not in await tx.outbox.by_keys([today]):
            count += await _post(
                tx, channel, kinds[Delivery.DAILY], cards=False, key=today.rpartition(":")[0]
            )
    return count


async def _list(
    tx: Transaction, channel: Channel, arrivals: Sequence[Arrival], now: datetime
) -> int:
    """Silently onto the list, in the name of whoever made the subscription."""
    if not arrivals:
        return 0
    makers = await tx.subscriptions.makers({number for one in arrivals for number in one.reasons})
    # One whose subscription is not known is kept for later.
    made_by = each(
        RecordKind.ARRIVAL,
        arrivals,
        lambda one: (one, makers[one.reasons[0]]),
        name=lambda one: one.id,
    )
    for one, maker in made_by:
        await tx.entries.add(channel.id, one.paper.id, maker, How.SUBSCRIPTION, now)
    await tx.arrivals.settle([one.id for one, _ in made_by], ArrivalState.LISTED)
    return len(made_by)


async def _post(
    tx: Transaction,
    channel: Channel,
    arrivals: Sequence[Arrival],
    *,
    cards: bool,
    key: str | None = None,
) -> int:
    if not arrivals:
        return 0
    if channel.discord_id is None:
        return 0
    cards = cards and len(arrivals) <= FEW
    size = CARDS if cards else LINES
    groups = [arrivals[at : at + size] for at in range(0, len(arrivals), size)]
    days = sorted({one.mailing for one in arrivals})
    capped = await tx.arrivals.capped(channel.id, days)
    # A forum has no messages of its own: there an announcement is a post.
    lane = f"arxiv:{channel.id}" if not channel.forum else f"arxiv:{channel.id}:{arrivals[0].id}"
    seq = await tx.outbox.next_seq(lane)
    key = key or f"{lane}:{arrivals[0].id}"
    drafts: list[Draft] = []
    if channel.forum:
        title = f"arXiv {days[-1].isoformat()}"
        text = f"{title}\n{title} · {len(arrivals)}"
        drafts.append(
            Draft(
                lane, seq, f"{key}:post", OutboxKind.FORUM_POST, text, target_id=channel.discord_id
            )
        )
        seq += 1
    for part, group in enumerate(groups):
        bundle = Bundle(
            channel_id=channel.id,
            papers=tuple(one.paper.id for one in group),
            cards=cards,
            first=days[0],
            last=days[-1],
            total=len(arrivals),
            part=part + 1,
            parts=len(groups),
            capped=capped if part + 1 == len(groups) else 0,
        )
        drafts.append(
            Draft(
                lane,
                seq + part,
                f"{key}:{part}",
                OutboxKind.ANNOUNCEMENT,
                bundle.to_text(),
                target_id=None if channel.forum else channel.discord_id,
            )
        )
        await tx.arrivals.settle([one.id for one in group], ArrivalState.QUEUED, f"{key}:{part}")
    await tx.outbox.put(drafts)
    return len(arrivals)


async def refresh_announcements(
    tx: Transaction, paper_ids: Collection[int], *, but: int | None = None
) -> None:
    """Leave an edit of each announcement that shows one of these papers in the outbox.

    `but`: not of this message, which somebody draws anew themselves.
    """
    for key in await tx.arrivals.announcements_of(paper_ids):
        row = (await tx.outbox.by_keys([key])).get(key)
        if row is None or row.message_id is None or row.message_id == but:
            continue  # not sent yet: it will be drawn as things are then
        await tx.outbox.append(
            f"card:{row.message_id}",
            OutboxKind.CARD,
            row.draft.text,
            target_id=await tx.sending.place_of(row),
            message_id=row.message_id,
        )
