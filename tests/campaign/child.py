"""What a process of the campaign does: it becomes `papertakes run`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from multiprocessing.connection import Connection
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Work:
    """`output`: where it says what it logs. The rest is as in `process.Process`."""

    folder: Path
    environment: dict[str, str]
    output: Connection
    settling: bool
    cold: bool
    ahead: float


def set_ahead(span: timedelta) -> None:
    """The clock of this process's host goes so far ahead of the others'."""
    import bot.services
    import bot.store.clock

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + span

    for module in (bot.services, bot.store.clock):
        module.datetime = Ahead  # type: ignore[attr-defined]


def run(work: Work) -> None:
    """Run the bot's command line here, or in an interpreter that takes this one's place."""
    for descriptor in (1, 2):
        os.dup2(work.output.fileno(), descriptor)
    os.chdir(work.folder)
    for name in [name for name in os.environ if name.startswith("PAPERTAKES_")]:
        del os.environ[name]
    os.environ.update(work.environment)
    if work.cold:
        module = "bot" if work.settling else "tests.campaign.unsettled"
        os.execv(sys.executable, [sys.executable, "-u", "-m", module, "run"])
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    sys.argv = ["papertakes", "run"]
    if work.ahead:
        set_ahead(timedelta(seconds=work.ahead))
    if work.settling:
        from bot.__main__ import main
    else:
        from tests.campaign.unsettled import main
    main()
