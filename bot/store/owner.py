"""Whose a row of the outbox is, and how others know that its owner is dead.

A process writes its name and a lease on each row that it works on. Others leave the row alone until
the lease is over, or until they know that there is no such process any more: then they take it at
once. That is known on SQLite by the lock on the database's file, which one process has; on
PostgreSQL by a lock that the owner's session holds, its key being part of the name: whoever can
take that lock knows that the owner's session has ended.

A session may also end while its process lives (its connection is cut, the process was frozen).
Before such a process asks for anything more, it sees in the transaction that marks the row that its
name is no longer good, and goes on under another.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from pathlib import Path

import structlog
from sqlalchemy import func, select

from bot.store.engine import Store
from bot.store.lock_file import LockFile
from bot.store.session_locks import SessionLocks
from bot.store.transaction import Transaction

log = structlog.get_logger()

_LOCKED = "lock:"
"""Marks a name whose last part is a lock's key: names without it may be of living processes that
hold no lock."""


class Owner:
    """This process, as the rows that it works on name it. By itself it proves nothing: leases end
    in their time."""

    def __init__(self) -> None:
        self.name = _name(secrets.token_hex(8))

    async def start(self) -> None:
        """To be called before anything else is done. Raises DatabaseInUse."""

    async def close(self) -> None:
        """To be called when nothing is being sent any more."""

    async def renew(self) -> None:
        """Take another name if this one is no longer good. Called every few seconds
        (`session_locks.LOOK_EVERY`), it also keeps the session from being idle.

        Raises SQLAlchemyError or OSError if the database cannot be reached.
        """

    async def is_good(self, tx: Transaction) -> bool:
        """Whether others see that this process lives. If not, `renew` comes before anything."""
        return True

    async def is_dead(self, tx: Transaction, name: str) -> bool:
        """Whether it is sure that there is no process of this name any more."""
        return False


class FileOwner(Owner):
    """On SQLite: who holds the lock on the file is the only one."""

    def __init__(self, database: Path) -> None:
        super().__init__()
        self.lock = LockFile(database)

    async def start(self) -> None:
        """Take the lock on the file. Raises DatabaseInUse."""
        self.lock.take()

    async def close(self) -> None:
        """Let the lock go."""
        self.lock.release()

    async def renew(self) -> None:
        """Raises DatabaseInUse too: the lock's file was deleted, and another process came in."""
        self.lock.take()

    async def is_good(self, tx: Transaction) -> bool:
        """Whether the lock is still held."""
        return self.lock.held

    async def is_dead(self, tx: Transaction, name: str) -> bool:
        """Every other owner is, while this process holds the lock."""
        return name != self.name and self.lock.held


class SessionOwner(Owner):
    """On PostgreSQL: the lock of a session, whose key the name tells."""

    def __init__(self, store: Store, locks: SessionLocks) -> None:
        super().__init__()
        self.store = store
        self.locks = locks
        self._key: int | None = None
        self._epoch: int | None = None
        """The one in which this name's lock was taken; None if it is lost."""
        self._renewing = asyncio.Lock()

    async def start(self) -> None:
        """Take the lock of this process's name."""
        await self.renew()

    async def renew(self) -> None:
        async with self._renewing:
            if await self.locks.look() == self._epoch:
                return
            key = secrets.randbits(63)
            epoch = await self.locks.take(key)
            name = _name(f"{_LOCKED}{key}")
            if self._key is not None:
                log.warning("store.owner_renewed", before=self.name, after=name)
                async with self.store.begin() as tx:
                    # What nobody has taken meanwhile is still this process's.
                    await tx.sending.rename_owner(self.name, name)
            self.name, self._key, self._epoch = name, key, epoch

    async def is_good(self, tx: Transaction) -> bool:
        """Whether the connection still holds the lock of this name."""
        if self._key is None or await _can_take(tx, self._key):
            self._epoch = None
        return self._epoch is not None

    async def is_dead(self, tx: Transaction, name: str) -> bool:
        """Whether nobody holds the lock that the name tells of."""
        key = name.rpartition(_LOCKED)[2]
        return _LOCKED in name and key.isdigit() and await _can_take(tx, int(key))


def owner_of(store: Store, locks: SessionLocks | None) -> Owner:
    """This process as the owner of rows in this database; `locks` on PostgreSQL."""
    if locks is not None:
        return SessionOwner(store, locks)
    return FileOwner(store.file) if store.file is not None else Owner()


async def _can_take(tx: Transaction, key: int) -> bool:
    """Whether no session holds this lock; if so, this transaction does until it ends."""
    taken = await tx.session.scalar(select(func.pg_try_advisory_xact_lock(key)))
    return bool(taken)


def _name(last: str) -> str:
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{last}"
