"""Which of several processes on one PostgreSQL asks arXiv: the limit of one request in three
seconds is for all of an operator's processes together."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.store.session_locks import SessionLocks

log = structlog.get_logger()

# Any number: the key of the advisory lock that the leader holds while its connection lives.
_LOCK = 5_093_218


class Leader:
    """Holds the lock as long as the process lives; another one takes over when it is gone.

    Without `locks` (on SQLite) there is one process, and it leads.
    """

    def __init__(self, locks: SessionLocks | None) -> None:
        self.locks = locks
        self._epoch: int | None = None

    async def leads(self) -> bool:
        """Whether this process is the leader now; it becomes it where there is none."""
        if self.locks is None:
            return True
        try:
            if await self.locks.look(after=0.0) == self._epoch:
                return True
            led = self._epoch is not None
            self._epoch = await self.locks.take(_LOCK)
        except (SQLAlchemyError, OSError) as error:
            log.warning("store.leader_unknown", error=str(error))
            self._epoch = None
            return False
        if led and self._epoch is None:
            log.warning("store.leader_lost")
        return self._epoch is not None
