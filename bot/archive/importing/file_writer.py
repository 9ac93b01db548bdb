"""Files that were read, put into a channel: one that fails costs only itself.

It is kept as it came, so that an export gives its bytes back; what was kept of it earlier stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.archive.importing.batch import FileBatch, Read
from bot.archive.importing.destination import Destination
from bot.archive.importing.long_file import is_long, write_long
from bot.archive.importing.report import KEPT, STAYS, Left, Report
from bot.archive.importing.transactions import ImportTransactions
from bot.archive.parser.titles import has_cjk
from bot.isolation import RecordKind, is_of_record, isolated
from bot.model.channel import Channel
from bot.store import Transaction


@dataclass(slots=True)
class Putting:
    """Writes what was read, and counts in the report what is new."""

    pieces: ImportTransactions
    into: Destination
    report: Report
    known: Collection[str]
    """Paths of files that were there before."""
    writer: str
    now: datetime
    names_writers: bool = False
    """Whether takes are in the names that files tell."""
    _ensured: bool = False

    async def count(self, read: Sequence[Read]) -> None:
        """What `put` would do, in the report."""
        async with self.pieces.store.read() as tx:
            batch = FileBatch(tx, await self.into.find(tx), self.report)
            for one in read:
                counts = self.report.counts()
                with isolated(RecordKind.FILE, one.path) as attempt:
                    await batch.count([one])
                if attempt.failed is not None:
                    self.report.put_back(counts)
                    self.report.failed.append(Left(one.path, attempt.failed, KEPT))

    async def put(self, read: Sequence[Read]) -> None:
        """Write files, short ones together. Raises NoChannel."""
        if not self._ensured:
            async with self.pieces.piece() as tx:
                await self.into.ensure(tx, korean=_is_korean(read))
            self._ensured = True
        plain = [one for one in read if one.plain]
        long = [one for one in read if not one.plain and is_long(one.document)]
        short = [one for one in read if not one.plain and not is_long(one.document)]
        alone = plain + long
        if short and not await self._together(short):
            alone += short
        for one in alone:
            await self._alone(one)

    async def _together(self, short: Sequence[Read]) -> bool:
        """Whether they could be written in one transaction; if not, nothing is left of it."""
        counts = self.report.counts()
        try:
            await self._short(short)
        except Exception as error:
            if not is_of_record(error):
                raise
            self.report.put_back(counts)
            return False
        return True

    async def _alone(self, one: Read) -> None:
        failed = await self._tried(one)
        if failed is None:
            return
        if one.path in self.known:
            self.report.failed.append(Left(one.path, failed, STAYS))
            return
        again = await self._tried(replace(one, plain=True))
        how = KEPT if again is None else "not kept"
        self.report.failed.append(Left(one.path, again or failed, how))

    async def _tried(self, one: Read) -> str | None:
        """The id under which a file's failure was noted, if it failed."""
        counts = self.report.counts()
        with isolated(RecordKind.FILE, one.path) as attempt:
            if one.plain:
                await self._plain(one)
            elif is_long(one.document):
                await self._long(one)
            else:
                await self._short([one])
        if attempt.failed is not None:
            self.report.put_back(counts)
        return attempt.failed

    async def _short(self, read: Sequence[Read]) -> None:
        async with self.pieces.piece() as tx:
            channel = await self.into.ensure(tx)
            await self._batch(tx, channel).write(read, self.writer, self.now)

    def _batch(self, tx: Transaction, channel: Channel) -> FileBatch:
        return FileBatch(tx, channel, self.report, names_writers=self.names_writers)

    async def _plain(self, one: Read) -> None:
        async with self.pieces.piece() as tx:
            await FileBatch(tx, await self.into.ensure(tx), self.report).keep(one, self.now)

    async def _long(self, one: Read) -> None:
        async with self.pieces.piece() as tx:
            channel = await self.into.ensure(tx)
        await write_long(
            self.pieces, lambda tx: self._batch(tx, channel), one, self.writer, self.now
        )


def _is_korean(read: Sequence[Read]) -> bool:
    texts = [one.document.text for one in read]
    return sum(map(has_cjk, texts)) * 2 > len(texts)
