"""The database does not answer: an error of its own, and not everybody waits to find out."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any, Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE: Final = {5, 6, 8, 10, 13, 14}
"""Busy, locked, read-only, I/O, full, cannot open (https://sqlite.org/rescode.html)."""
_POSTGRESQL: Final = ("08", "53", "57", "58")
"""Classes of SQLSTATE: no connection, no room or memory left, shut down, trouble of the system
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


class DatabaseAway(OSError):
    """The database does not answer, or can keep nothing now; it may in a moment.

    Nothing was kept, unless what was lost is the answer to a COMMIT. `silent`: somebody waited for
    it in vain, and the next one would.
    """

    def __init__(self, said: str, *, silent: bool = False) -> None:
        super().__init__(said)
        self.silent = silent


def as_away(error: BaseException) -> DatabaseAway | None:
    """What an error of SQLAlchemy's or of a driver's means; None if the database is there."""
    if isinstance(error, DatabaseAway):
        return error
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    state = str(getattr(cause, "sqlstate", None) or "")
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if (
        lost
        or isinstance(cause, OSError | PoolTimeout)
        or state.startswith(_POSTGRESQL)
        or code in _SQLITE
    ):
        said = re.sub(r"^<class '[^']*'>: ", "", " ".join(str(cause).split()))
        return DatabaseAway(said or type(cause).__name__, silent=isinstance(cause, TimeoutError))
    return None


class Silence:
    """Lets one ask a database that is silent; the rest need not wait as long to find out.

    After somebody has waited in vain, nobody asks for a moment. Then one tries, and the others wait
    for what that one finds.
    """

    def __init__(self, pause: float, trial: float) -> None:
        """`pause`: seconds in which nobody asks; `trial`: what one needs to find out, at most."""
        self.pause = pause
        self.trial = trial
        self._until: float | None = None
        self._trying: asyncio.Event | None = None

    async def pass_by(self) -> None:
        """To be called before the database is asked. Raises DatabaseAway."""
        while self._until is not None:
            if time.monotonic() < self._until:
                raise DatabaseAway("the database has not answered a moment ago", silent=True)
            trial = self._trying
            if trial is None:
                self._trying = asyncio.Event()
                return
            try:
                async with asyncio.timeout(self.trial):
                    await trial.wait()
            except TimeoutError:
                # Whoever tried has been cancelled.
                if self._trying is trial:
                    self._trying = None

    def begins(self) -> None:
        """Somebody has waited in vain."""
        self._until = time.monotonic() + self.pause
        self._found()

    def ends(self) -> None:
        """The database has answered."""
        self._until = None
        self._found()

    def _found(self) -> None:
        if self._trying is not None:
            self._trying.set()
            self._trying = None
