"""What the delivery tests work with: a sender, lanes to send, and a look at what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import discord

from bot.chat.transport import DiscordPort
from bot.delivery import Notice, Pace, Sender
from bot.model.channel import ChannelSettings
from bot.model.digest import Digest, DigestState
from bot.model.outbox import Draft, OutboxKind, OutboxState, Row
from bot.model.people import Place
from bot.sandbox import Sandbox
from bot.store import Store, Transaction
from tests.clock import Clock

TITLE = "200726 최근 논문들에 대한 생각"


async def nothing(_entry_id: int) -> discord.ui.LayoutView | None:
    return None


class Club:
    """A club's digests, and the senders (one at a time, or several) that post them."""

    def __init__(
        self, sandbox: Sandbox, port: DiscordPort, store: Store, clock: Clock, pace: Pace
    ) -> None:
        self.sandbox = sandbox
        self.port = port
        self.store = store
        self.clock = clock
        self.pace = pace
        self.notices: list[Notice] = []
        self.sender = self.another()

    def another(self, *, store: Store | None = None, pace: Pace | None = None) -> Sender:
        """A sender as another process has it."""
        return Sender(
            store or self.store,
            self.port,
            self.clock,
            notify=self._notify,
            pace=pace or self.pace,
        )

    async def _notify(self, _tx: Transaction, notice: Notice) -> None:
        self.notices.append(notice)

    async def plan(
        self, texts: Sequence[str], *, forum: bool = False, channel: str | None = None
    ) -> str:
        """A digest with these messages in its thread; returns its lane."""
        where = self.sandbox.channel(channel or ("reading-room" if forum else "papers"))
        now = self.clock()
        async with self.store.begin() as tx:
            place = Place(1, where.id, where.name, forum)
            found = await tx.channels.add(
                place,
                ChannelSettings(),
                period_start=now,
                next_digest_at=now + timedelta(days=7),
                now=now,
            )
            count = len(await tx.digests.history(found.id, 100))
            digest_id = await tx.digests.add(
                found.id,
                now - timedelta(days=7 + count),
                now,
                DigestState.PLANNED,
                now,
                number=1,
                title=TITLE,
                day=now.date(),
            )
            assert digest_id is not None
            lane = f"digest:{digest_id}"
            rows: list[tuple[OutboxKind, str]] = [
                (OutboxKind.FORUM_POST, f"{TITLE}\nthe list\n\nof papers")
            ]
            if not forum:
                rows = [(OutboxKind.MESSAGE, f"**{TITLE}**\nthe list"), (OutboxKind.THREAD, TITLE)]
            opening = len(rows)
            rows += [(OutboxKind.MESSAGE, text) for text in texts]
            await tx.outbox.put(
                [
                    Draft(
                        lane,
                        seq,
                        f"{lane}:{seq}",
                        kind,
                        text,
                        target_id=where.id if seq < opening else None,
                        digest_id=digest_id,
                    )
                    for seq, (kind, text) in enumerate(rows)
                ]
            )
        return lane

    async def put(
        self,
        lane: str,
        kind: OutboxKind,
        text: str = "",
        *,
        target_id: int | None = None,
        message_id: int | None = None,
    ) -> None:
        """One more row at the end of a lane."""
        async with self.store.begin() as tx:
            seq = await tx.outbox.next_seq(lane)
            draft = Draft(
                lane, seq, f"{lane}:{seq}", kind, text, target_id=target_id, message_id=message_id
            )
            await tx.outbox.put([draft])

    async def pin(self, lane: str) -> None:
        """A row that pins what the lane's first row makes."""
        async with self.store.begin() as tx:
            await tx.outbox.append(lane, OutboxKind.PIN, edits=f"{lane}:0")

    async def rows(self, lane: str) -> Sequence[Row]:
        async with self.store.read() as tx:
            return await tx.outbox.of_lane(lane)

    async def states(self, lane: str) -> list[OutboxState]:
        return [row.state for row in await self.rows(lane)]

    async def digest(self, lane: str) -> Digest:
        async with self.store.read() as tx:
            found = await tx.digests.get(int(lane.partition(":")[2]))
        assert found is not None
        return found

    async def settle(self, *, held: bool = False) -> None:
        """Send until nothing is owed any more, letting time pass where that is waited for.

        With `held`, until only lanes are left that Discord holds up.
        """
        for _ in range(12 if held else 30):
            await self.sender.drain()
            async with self.store.read() as tx:
                if not await tx.outbox.open_rows():
                    return
            self.clock.advance(seconds=20)
        assert held, "still owed"

    def posted(self, channel: str | int = "papers") -> list[str]:
        """What the bot has posted in a channel or thread, oldest first."""
        return [
            post.content
            for post in self.sandbox.channel(channel).messages
            if post.author_id == self.sandbox.world.bot.id and post.content
        ]

    def threads(self, channel: str = "papers") -> list[list[str]]:
        """The threads of a channel, each as its messages."""
        return [self.posted(thread.id) for thread in self.sandbox.channel(channel).threads]
