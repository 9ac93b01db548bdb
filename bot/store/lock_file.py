"""The lock on an SQLite database: one `papertakes run` at a time.

An operating system's lock (flock) on a file beside the database. It ends with its process, however
that ends, so whoever gets it knows that no earlier one is alive.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from bot.errors import HostError

SUFFIX = ".lock"


class DatabaseInUse(HostError):
    """Another process has the database; the message is one line."""


class LockFile:
    """`database`: the file, by whatever path; links lead to the same lock."""

    def __init__(self, database: Path) -> None:
        self.database = database.resolve()
        self.path = self.database.with_name(self.database.name + SUFFIX)
        self._held: int | None = None

    def take(self) -> None:
        """Take the lock and keep it. Raises DatabaseInUse; OSError where no file can be locked."""
        if self.held:
            return
        self.release()
        while True:
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.fchmod(number, 0o600)
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._is_there(number):
                    break
            except BlockingIOError:
                holder = _holder(number)
                os.close(number)
                raise DatabaseInUse(
                    f"{self.database}: another Papertakes{holder} is running on this database; "
                    "stop that one first"
                ) from None
            except OSError:
                os.close(number)
                raise
            # Somebody has deleted the file in between: the lock must be on the one that others see.
            os.close(number)
        os.ftruncate(number, 0)
        os.pwrite(number, f"{os.getpid()}\n".encode(), 0)
        self._held = number

    def release(self) -> None:
        """Let another one have it. The file stays: its name is what others lock."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    @property
    def held(self) -> bool:
        """Whether others see the lock: not if somebody has deleted the file."""
        return self._held is not None and self._is_there(self._held)

    def _is_there(self, number: int) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(number), os.stat(self.path))
        return False


def _holder(number: int) -> str:
    said = os.pread(number, 32, 0).decode("ascii", "replace").strip()
    return f" (process {said})" if said.isdigit() else ""
