"""What is made from other rows and can be made anew: which version of it the database holds, and
making it again after the program's own has moved.

Migrations hold schema and SQL alone. What only the program can make (words for search, the prose
of files, texts that are decoded) has a number here, its version. Whoever changes how it is made
counts that number up in `bot.derived`; the next start makes it anew, batch by batch, each batch a
transaction of its own that also notes how far it came: whatever breaks it off, the next start
goes on from there. Several processes may do so at once: they take turns.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy import select, text

from bot.store.engine import Store
from bot.store.queries.insert import insert
from bot.store.schema import DerivedRow
from bot.store.transaction import Transaction

log = structlog.get_logger()

_TOLD_EVERY: Final = 5.0
"""Seconds between two lines of the log that tell how far it is."""
# Any number: the key of PostgreSQL's advisory lock under which one process begins or goes on.
_LOCK: Final = 5_093_219


@dataclass(frozen=True, slots=True)
class Derived:
    """One thing that is derived.

    `remake` makes a batch of it anew, of the rows with ids after the one given, in their order,
    and returns the last one's id; None when there are no more. `begin` is called once before the
    first batch, for all that are to be made anew before any of them is: to throw away what would
    be wrong. `awaited`: nothing else starts before it is done, as answers would be wrong.
    """

    name: str
    version: int
    remake: Callable[[Transaction, int], Awaitable[int | None]]
    begin: Callable[[Transaction], Awaitable[None]] | None = None
    awaited: bool = True


async def refresh(store: Store, derived: Sequence[Derived]) -> None:
    """Make anew, in the order of the list, all that the database has in another version."""
    await begin(store, derived)
    await remake(store, derived)


async def outdated(store: Store, derived: Sequence[Derived]) -> list[str]:
    """The names of what the database has in another version, or not whole yet."""
    async with store.read() as tx:
        old = await _outdated(tx, derived)
        return [one.name for one in derived if one in old or await _after(tx, one) is not None]


async def begin(store: Store, derived: Sequence[Derived]) -> None:
    """Note what has to be made anew, and throw away what would be wrong until it is."""
    async with store.read() as tx:
        if not await _outdated(tx, derived):
            return
    async with store.begin() as tx:
        await _take_turn(tx)
        for one in await _outdated(tx, derived):
            if one.begin is not None:
                await one.begin(tx)
            await _note(tx, one, after=0)


async def remake(store: Store, derived: Iterable[Derived]) -> None:
    """Go on with what was begun until it is done."""
    for one in derived:
        progress = _Progress(one)
        while await _batch(store, one, progress):
            pass


async def _batch(store: Store, one: Derived, progress: _Progress) -> bool:
    """Make one batch; whether there is more."""
    async with store.read() as tx:
        if await _after(tx, one) is None:
            return False
    async with store.begin() as tx:
        await _take_turn(tx)
        after = await _after(tx, one)
        if after is None:  # another process has done the last one meanwhile
            return False
        last = await one.remake(tx, after)
        await _note(tx, one, after=last)
    progress.tell(last)
    return last is not None


class _Progress:
    """Tells in the log how far it is: seldom, and nothing where there was nothing to do."""

    def __init__(self, one: Derived) -> None:
        self.one = one
        self._begun = self._told = time.monotonic()
        self._last: int | None = None

    def tell(self, last: int | None) -> None:
        now = time.monotonic()
        said = {"what": self.one.name, "version": self.one.version}
        if last is None:
            if self._last is not None:
                log.info("derived.made", **said, seconds=round(now - self._begun, 1))
        elif self._last is None:
            log.info("derived.making", **said)
        elif now - self._told > _TOLD_EVERY:
            log.info("derived.making", **said, up_to_id=last)
            self._told = now
        self._last = last


async def _outdated(tx: Transaction, derived: Sequence[Derived]) -> list[Derived]:
    rows = await tx.session.execute(select(DerivedRow.name, DerivedRow.version))
    have: dict[str, int] = dict(rows.all())
    return [one for one in derived if have.get(one.name) != one.version]


async def _after(tx: Transaction, one: Derived) -> int | None:
    """How far it is; None when it is done, or when another version has been begun."""
    return await tx.session.scalar(
        select(DerivedRow.after).where(
            DerivedRow.name == one.name, DerivedRow.version == one.version
        )
    )


async def _note(tx: Transaction, one: Derived, *, after: int | None) -> None:
    values: dict[str, Any] = {"version": one.version, "after": after}
    made = insert(tx.session, DerivedRow).values(name=one.name, **values)
    await tx.session.execute(made.on_conflict_do_update(index_elements=["name"], set_=values))


async def _take_turn(tx: Transaction) -> None:
    if tx.session.get_bind().dialect.name == "postgresql":
        await tx.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
