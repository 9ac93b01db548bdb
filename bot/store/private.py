"""What is kept is for its owner alone: the rights of SQLite's files, no values in errors.

Members' words and ids stand in the database, beside it (the log that SQLite writes first, its lock)
and, if nothing is done about it, in what the drivers say when a value does not fit.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_COMPANIONS: Final = ("", "-wal", "-shm", "-journal", ".lock")
"""What stands beside a database's file, by the ends of the names."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_VALUE = re.compile(r"(?s)(query argument \$\d+): .*|: \".*")
"""What a message quotes at its end: `invalid input syntax for type integer: "…"`."""


def keep_private(database: Path) -> None:
    """Make the file if there is none, and take all rights from others, on what is there too.

    Where it is somebody else's, or cannot be made, it is left to whoever opens it.
    """
    file = database.resolve()
    with suppress(OSError):
        # Made, never opened where it is there: closing it would drop the locks that this process's
        # own connections hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    for end in _COMPANIONS:
        close_to_others(file.with_name(file.name + end))


def close_to_others(path: Path) -> None:
    """Take the rights of group and others, where that can be done."""
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def without_values(error: BaseException | None) -> None:
    """Take from a driver's error, and from those behind it, what it tells of the rows.

    PostgreSQL's DETAIL quotes whole rows ("Failing row contains …"); asyncpg quotes a value that it
    cannot encode.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found: Any = error
        for name in ("detail", "context", "internal_query"):
            # SQLAlchemy's own errors have a list of that name, from which they are written.
            if isinstance(getattr(found, name, None), str):
                with suppress(AttributeError):
                    setattr(found, name, None)
        error.args = tuple(_stripped(arg) if isinstance(arg, str) else arg for arg in error.args)
        error = error.__cause__ or error.__context__


def _stripped(said: str) -> str:
    return _VALUE.sub(lambda found: found[1] or "", said)
