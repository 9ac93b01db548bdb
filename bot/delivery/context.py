"""What every step of the sender works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.delivery.echoes import Echoes
from bot.delivery.limits import Pace, Throttle
from bot.delivery.port import Port
from bot.delivery.refusal_codes import Reason
from bot.model.outbox import Row
from bot.store import Owner, SharedClock, Store, Transaction


@dataclass(frozen=True, slots=True)
class Notice:
    """A lane is held up (or cancelled), and its channel's managers should know: once."""

    row_id: int
    lane: str
    channel_id: int | None
    """The channel or forum that the lane is for: the one that may be out of reach."""
    digest_id: int | None
    reason: Reason


Notify = Callable[[Transaction, Notice], Awaitable[None]]
"""Called within the transaction that holds up the lane, so that it is told once: what it leaves in
the database (a row of the outbox with a key of its own, say) is there or not together with it."""


async def nobody(_tx: Transaction, _notice: Notice) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The sender's tools."""

    store: Store
    port: Port
    clock: Callable[[], datetime]
    now: SharedClock
    """The time for all that another process may compare."""
    owner: Owner
    """This process, as the rows that it works on name it."""
    pace: Pace
    throttle: Throttle
    notify: Notify = nobody
    echoes: Echoes = field(default_factory=Echoes)
    suspects: dict[int, tuple[Row, datetime]] = field(default_factory=dict)
    """Rows of which a request may have its effect late, and when to look for a second one.

    Those that another process took while a request of ours was under way; and those that have no
    nonce and were asked for again.
    """

    def suspect(self, row: Row) -> None:
        """Look later whether there are two."""
        self.suspects[row.id] = (row, self.clock() + self.pace.quiet)


class Held:
    """A row as this process knows it; `before` marks it as asked for, and keeps up its version."""

    def __init__(self, desk: Desk, row: Row) -> None:
        self.desk = desk
        self.row = row

    async def before(self) -> bool:
        """Claim the row right before its request. False if another process has it."""
        async with self.desk.store.begin() as tx:
            now = await self.desk.now(tx)
            owner, lease_until = self.desk.owner, now + self.desk.pace.lease
            mine = await owner.is_good(tx) and await tx.sending.claim(
                self.row, owner.name, now, lease_until
            )
        if mine:
            self.row = replace(self.row, attempts=self.row.attempts + 1, sending_since=now)
            await self.desk.throttle.turn()
        return mine
