"""An archive in: files are read, and what they say is put on a channel's list.

A file is known by its path and checksum, so that importing twice adds nothing. What is written is
written in pieces, so that nobody waits long for it, and an import that was interrupted goes on
where it stood.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.archive.formats.discord_export import HEAD, is_discord_export, past_messages
from bot.archive.formats.fields import is_possible
from bot.archive.importing.batch import Read
from bot.archive.importing.channel import ARCHIVE, finish_channel
from bot.archive.importing.destination import Destination, NamedDestination
from bot.archive.importing.file_writer import Putting
from bot.archive.importing.history_writer import PastWork, take_history
from bot.archive.importing.report import KEPT, STAYS, Left, Report
from bot.archive.importing.restore import Restoration
from bot.archive.importing.sources import BadArchive, FileSource, Skipped, SourceFile, open_source
from bot.archive.importing.transactions import ROW, ImportTransactions
from bot.archive.parser.linked_lines import resolve
from bot.archive.parser.model import FileKind, PaperReference
from bot.archive.parser.placing import placed, title_key, titles_told, waits_for_address
from bot.archive.parser.reader import as_it_came, parse
from bot.archive.paths import safe_name
from bot.isolation import RecordKind, isolated
from bot.model.history import PastReader
from bot.model.people import Member
from bot.store import Store

_TABLES = (".json", ".csv")
"""Of files that are anything, and are read if they are lists of papers."""
_SUFFIX = re.compile(r"\.\w{1,10}\Z", re.ASCII)

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


def _untold(done: int, total: int) -> None:
    """Nobody wants to know."""


async def import_archive(
    store: Store,
    path: Path,
    channel: str,
    *,
    now: datetime,
    member: str = ARCHIVE,
    dry_run: bool = False,
    replies: bool = False,
    progress: Progress = _untold,
) -> Report:
    """Read the file, folder or ZIP at `path` into the channel of that id or name, for the host.

    An archive channel is made if there is none of that name. Raises BadArchive, NoChannel.
    """
    into = NamedDestination(channel, now)
    work = Import(store, into, now, writer=member, dry_run=dry_run, progress=progress)
    work.replies = replies
    return await work.file(path)


async def import_bytes(
    store: Store,
    name: str,
    data: bytes,
    channel: str,
    *,
    now: datetime,
    member: str = ARCHIVE,
    dry_run: bool = False,
) -> Report:
    """`import_archive` for a file that is held in memory, such as an attachment.

    `name` tells what it is by its suffix. Raises BadArchive, NoChannel.
    """
    work = Import(store, NamedDestination(channel, now), now, writer=member, dry_run=dry_run)
    return await work.data(name, data)


@dataclass(slots=True)
class Import:
    """One import of one thing into one channel."""

    store: Store
    into: Destination
    now: datetime
    importer: Member | None = None
    """The member who hands the file over; None: the host, on the command line, who alone may say
    who wrote what."""
    writer: str = ARCHIVE
    """Who wrote what names no writer."""
    dry_run: bool = False
    progress: Progress = _untold
    replies: bool = False
    """Of a channel's messages, those that answer papers come in as takes."""
    pieces: ImportTransactions = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = ImportTransactions(self.store)

    async def data(self, name: str, data: bytes) -> Report:
        """Import a file that is held in memory; `name` tells what it is. Raises BadArchive."""
        with tempfile.TemporaryDirectory(prefix="papertakes-") as folder:
            stem, suffix = safe_name(Path(name).stem), _SUFFIX.search(name)
            path = Path(folder, stem + (suffix[0] if suffix else ""))
            await asyncio.to_thread(path.write_bytes, data)
            try:
                return await self.file(path)
            except BadArchive as error:
                raise BadArchive(str(error).removeprefix(f"{path}: ")) from None

    async def file(self, path: Path) -> Report:
        """Import the file, folder or ZIP at `path`. Raises BadArchive, NoChannel."""
        if path.suffix.lower() == ".jsonl":
            return await self._restore(path)
        if path.suffix.lower() == ".json" and await asyncio.to_thread(_is_discord_export, path):
            return await self._history(path)
        source = await asyncio.to_thread(open_source, path)
        report = Report(
            self.into.name,
            self.dry_run,
            files=len(source.files) + len(source.skipped),
            skipped=source.skipped,
        )
        tags: set[tuple[str, ...]] = set()
        titles: dict[str, PaperReference] = {}
        later: list[Read] = []
        known = await self._checksums()
        putting = Putting(
            self.pieces,
            self.into,
            report,
            known,
            self.writer,
            self.now,
            names_writers=self.importer is None,
        )
        done = 0
        for files in self._parts(source.files):
            read = await asyncio.to_thread(self._read, source, files, known, report)
            tags |= {one.document.tags for one in read if one.document.kind is FileKind.DIGEST}
            for one in read:
                titles |= titles_told(one.document)
            later += [one for one in read if waits_for_address(one.document)]
            read = [one for one in read if not waits_for_address(one.document)]
            await (putting.count(read) if self.dry_run else putting.put(read))
            done += len(files)
            self.progress(done, len(source.files))
        if later:
            found = {**await self._titles(), **titles}
            read = [self._placed(one, found, report) for one in later]
            await (putting.count(read) if self.dry_run else putting.put(read))
        if report.digests and not self.dry_run:
            async with self.pieces.piece() as tx:
                await finish_channel(tx, await self.into.ensure(tx), tags)
        return report

    def _parts(self, files: Sequence[SourceFile]) -> Iterator[Sequence[SourceFile]]:
        """Files to be written together, as many as may be by now."""
        part: list[SourceFile] = []
        weight = 0
        for found in files:
            part.append(found)
            weight += 3 * ROW + found.size
            if weight >= self.pieces.size:
                yield part
                part, weight = [], 0
        if part:
            yield part

    async def _checksums(self) -> dict[str, str]:
        async with self.store.read() as tx:
            found = await self.into.find(tx)
            return dict(await tx.documents.checksums(found.id)) if found else {}

    async def _titles(self) -> dict[str, PaperReference]:
        """The papers of the channel's list by the keys of their titles."""
        async with self.store.read() as tx:
            found = await self.into.find(tx)
            named = await tx.entries.addresses(found.id) if found else []
        return {
            key: reference
            for url, title in named
            if (key := title_key(title)) and (reference := resolve(url)) is not None
        }

    def _placed(self, one: Read, titles: Mapping[str, PaperReference], report: Report) -> Read:
        """A file with the addresses of the papers that it names by their titles alone."""
        document = placed(one.document, titles)
        report.read(one.path, document)
        return replace(one, document=document)

    def _read(
        self, source: FileSource, files: Sequence[SourceFile], known: dict[str, str], report: Report
    ) -> list[Read]:
        """Read and parse files that are new or have changed."""
        done: list[Read] = []
        for found in files:
            data = source.read(found)
            if isinstance(data, Skipped):
                report.skipped.append(data)
                continue
            checksum = hashlib.sha256(data).hexdigest()
            if known.get(found.path) == checksum:
                report.unchanged += 1
                continue
            alone = len(source.files) == 1
            one = Read(found.path, checksum, as_it_came(found.path, data), alone, plain=True)
            try:
                read = self._understood(one, data, found.path in known, report)
            except MemoryError:
                if alone:
                    raise
                report.skipped.append(Skipped(found.path, "takes too much memory to be read"))
                continue
            if read is None:
                continue
            if found.path.lower().endswith(_TABLES) and not read.document.entries:
                report.skipped.append(Skipped(found.path, "no list of papers"))
                continue
            if (day := read.document.day) is not None and not is_possible(day):
                report.skipped.append(Skipped(found.path, f"of an odd day, {day}"))
                continue
            done.append(read)
        return done

    def _understood(self, one: Read, data: bytes, kept: bool, report: Report) -> Read | None:
        """A file as it is understood; as it came, where its reading fails for a fault of this
        program. None if it was kept before: that stays, and is not made less."""
        with isolated(RecordKind.FILE, one.path) as attempt:
            document = parse(one.path, data)
            if not waits_for_address(document):
                report.read(one.path, document)
        if attempt.failed is None:
            return replace(one, document=document, plain=False)
        report.failed.append(Left(one.path, attempt.failed, STAYS if kept else KEPT))
        return None if kept else one

    async def _history(self, path: Path) -> Report:
        """A channel's messages, by DiscordChatExporter: the papers that they link."""
        report = Report(self.into.name, self.dry_run, files=1)
        try:
            messages = past_messages(await asyncio.to_thread(path.read_bytes))
        except BadArchive as error:
            raise BadArchive(f"{path}: {error}") from None
        reader = PastReader()
        reader.read(messages)
        if self.dry_run:
            report.entries = len({paper for one in reader.found for paper in one.papers})
            report.takes = sum(one.take_on is not None for one in reader.found) * self.replies
        else:
            work = PastWork(reader.found, self.replies, vouched=True)
            done = await take_history(self.pieces, self.into, work, self.importer)
            report.entries, report.takes = done.entries, done.takes
        report.imported = int(bool(report.entries or report.takes))
        report.unchanged = 1 - report.imported
        return report

    async def _restore(self, path: Path) -> Report:
        """JSON Lines that an export wrote. All of it is looked at before anything is written."""
        report = Report(self.into.name, self.dry_run, files=1)
        try:
            restoration = Restoration(self.store, self.into, self.importer, path, self.now)
            counts = await restoration.check()
            if not self.dry_run:
                counts = await restoration.run(self.pieces)
        except BadArchive as error:
            raise BadArchive(f"{path}: {error}") from None
        except OSError as error:
            reason = error.strerror or "cannot be read"
            raise BadArchive(f"{path}: cannot be read: {reason}") from None
        report.take_counts(counts)
        return report


def _is_discord_export(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_discord_export(file.read(HEAD))
    except OSError:
        return False
