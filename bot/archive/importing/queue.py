"""Imports that members asked for: one at a time in all, each in a process of its own.

They wait in the database, so that a stop loses none: what was taken in stays, and the rest goes on
after the next start.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

import bot
from bot.archive.importing.job import ImportOutcome, ImportRequest, asked, heard
from bot.config import LogConfig
from bot.digest.notices import notice
from bot.errors import ImportGoesOn, ImportsFull
from bot.isolation import failures
from bot.locale import Texts, texts
from bot.papers.channels import Clock
from bot.store import Store
from bot.store.queries.imports import StoredImport
from bot.text.markdown import escape

log = structlog.get_logger()

ATTEMPTS: Final = 5
"""Times that an import is begun: one that ends its process each time is given up."""
MINUTES: Final = 30
"""For which one attempt may last."""
_EVERYWHERE, _HERE = 20, 3
"""Files that may wait, and those of one guild: each is kept in the database meanwhile."""
_PATIENCE = 13 * 60.0
"""Seconds that a member is told the outcome in place; Discord takes an answer for 15 minutes."""
_LOOK = 2.0
"""Seconds between two looks into the database, where another process does the work."""
_UNTOLD = timedelta(minutes=1)
"""After which it is told in the channel: nobody waits for it any more."""
_FORGOTTEN = timedelta(days=1)
_DIES = 2.0
"""Seconds in which a process ends that was told to."""


class ImportQueue:
    """The files that wait. `wake` is called when there is one more."""

    def __init__(
        self, store: Store, clock: Clock, settings: LogConfig, wake: Callable[[], None]
    ) -> None:
        self.store = store
        self.clock = clock
        self.settings = settings
        self.wake = wake
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        """Set, and made anew, whenever one has come to its end here."""
        self._worker: asyncio.subprocess.Process | None = None
        self._working = asyncio.Lock()

    # -- for whoever asks for an import ------------------------------------------------------------

    async def add(self, job: ImportRequest, data: bytes) -> tuple[int, int]:
        """Put a file at the end: its number, and how many are before it. An action that is
        delivered again finds the one that it put there. Raises ImportsFull."""
        async with self.store.begin() as tx:
            earlier = await tx.acts.claim(job.member.act, self.clock())
            if earlier is not None:
                number = int(earlier["import"])
            else:
                everywhere, here = await tx.imports.waiting(job.place.guild_id)
                if everywhere >= _EVERYWHERE or here >= _HERE:
                    raise ImportsFull
                number = await tx.imports.add(job.place.guild_id, job.as_data(), data, self.clock())
                await tx.acts.note(job.member.act, **{"import": number})
            before = await tx.imports.before(number)
        self.wake()
        return number, before

    async def outcome(self, number: int) -> ImportOutcome:
        """What comes of an import, once it is taken in.

        Raises ImportGoesOn where that takes too long to be waited for, or the bot is stopped.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not self._stopping.is_set() and asyncio.get_running_loop().time() < deadline:
            ended = self._ended
            async with self.store.read() as tx:
                found = await tx.imports.get(number)
            if found is not None and found.outcome is not None:
                async with self.store.begin() as tx:
                    await tx.imports.told(number)
                return ImportOutcome(**found.outcome)
            with suppress(TimeoutError):
                await asyncio.wait_for(_either(ended, self._stopping), _LOOK)
        raise ImportGoesOn

    # -- for whoever runs the bot ------------------------------------------------------------------

    async def work(self) -> None:
        """Take in what waits, one after the other, and tell what nobody waits for any more."""
        async with self._working:
            await self._tell()
            while not self._stopping.is_set():
                async with self.store.read() as tx:
                    waiting = await tx.imports.next()
                if waiting is None:
                    return
                await self._take_in(waiting)

    async def stop(self) -> None:
        """End what is being done; it goes on when the bot is started again."""
        self._stopping.set()
        await self._end_worker()

    async def _take_in(self, waiting: StoredImport) -> None:
        async with self.store.begin() as tx:
            await tx.imports.begin(waiting.id)
        outcome: ImportOutcome | None = None
        try:
            async with asyncio.timeout(MINUTES * 60):
                outcome = await self._in_a_process(waiting.id)
        except TimeoutError:
            log.warning("import.too_long", id=waiting.id, attempt=waiting.attempts + 1)
        finally:
            await self._end_worker()
        async with self.store.begin() as tx:
            if outcome is not None:
                await tx.imports.end(waiting.id, asdict(outcome), self.clock())
            elif self._stopping.is_set():
                await tx.imports.put_back(waiting.id)
            elif waiting.attempts + 1 >= ATTEMPTS:
                failed = secrets.token_hex(4)
                log.error("import.given_up", id=failed, attempts=ATTEMPTS, number=waiting.id)
                await tx.imports.end(waiting.id, asdict(ImportOutcome(failed=failed)), self.clock())
        self._ended.set()
        self._ended = asyncio.Event()

    async def _in_a_process(self, number: int) -> ImportOutcome | None:
        """What the process tells; None if it ends without a word."""
        root = str(Path(bot.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.archive.importing.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        password = self.store.url.password
        request = {
            "database": self.store.url.render_as_string(hide_password=False),
            "import": number,
            "log": self.settings.model_dump(),
            "secrets": [str(password)] if password else [],
        }
        self._worker.stdin.write(json.dumps(request).encode() + b"\n")
        with suppress(ConnectionError):
            await self._worker.stdin.drain()
        said = await self._worker.stdout.read()
        status = await self._worker.wait()
        if status != 0:
            if not self._stopping.is_set():
                log.warning("import.broken_off", number=number, status=status)
            return None
        outcome, failed = heard(json.loads(said.splitlines()[-1]))
        failures.add(failed)
        return outcome

    async def _end_worker(self) -> None:
        worker = self._worker
        if worker is None or worker.returncode is not None:
            return
        with suppress(ProcessLookupError):
            worker.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(worker.wait()), _DIES)
        except TimeoutError:
            with suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()

    async def _tell(self) -> None:
        """In the channel, what came of imports whose members could not be answered."""
        now = self.clock()
        async with self.store.begin() as tx:
            for one in await tx.imports.untold(now - _UNTOLD):
                job = asked(one.asked)
                channel = await tx.channels.find(job.place)
                if channel is not None and one.outcome is not None:
                    say = texts(channel.settings.language)
                    text = later(job.name, ImportOutcome(**one.outcome), say)
                    # SQLite gives a number again when the rows with higher ones are gone.
                    key = f"import:{one.id}:{one.created_at:%Y%m%d%H%M%S}"
                    await tx.outbox.put([notice(channel, key, text)])
                await tx.imports.told(one.id)
            await tx.imports.forget(now - _FORGOTTEN)
            await tx.histories.forget(now - _FORGOTTEN)


def later(name: str, outcome: ImportOutcome, say: Texts) -> str:
    """What is said in the channel of an import that was not waited for."""
    told: Mapping[str, str] = {"name": escape(name[:100])}
    if outcome.refused is not None or outcome.failed is not None:
        return say("import.later.refused", **told)
    return say(
        "import.later.done",
        papers=say("count.papers", count=outcome.entries),
        takes=say("count.takes", count=outcome.takes),
        posts=say("count.posts", count=outcome.digests),
        **told,
    )


async def _either(first: asyncio.Event, second: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
