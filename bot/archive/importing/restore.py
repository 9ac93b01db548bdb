"""JSON Lines that an export wrote, back into a channel."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.archive.formats.jsonl import renumbered
from bot.archive.formats.records import (
    ARRANGEMENT,
    LINE_LIMIT,
    LINKS,
    JsonRecord,
    channel_of,
    is_archive,
    is_utf8,
    records,
)
from bot.archive.importing.channel import ARCHIVE, off_schedule, settings_in, take_settings
from bot.archive.importing.destination import Destination
from bot.archive.importing.paper_refs import tags_told
from bot.archive.importing.sources import BadArchive
from bot.archive.importing.transactions import ROW, ImportTransactions
from bot.archive.parser.body import dump as dump_body
from bot.archive.parser.model import ParsedFile, Slice
from bot.archive.parser.prose import papers_of, prose, read_again
from bot.archive.parser.subject import subject_of
from bot.isolation import RecordKind, either
from bot.model.channel import Channel
from bot.model.digest import DigestState
from bot.model.paper import Metadata, PaperData
from bot.model.people import Member
from bot.store import Store, Transaction
from bot.store.backup.row_import import Restoring
from bot.store.queries.documents import Subject
from bot.store.queries.own_words import own_words

_AT_ONCE: Final = 500
"""Records that are put together."""
_SAYS_NOTHING: Final = {DigestState.SKIPPED.value, DigestState.EMPTY.value}


class Restoration:
    """One file into one channel; what is there already stays as it is."""

    def __init__(
        self, store: Store, into: Destination, importer: Member | None, path: Path, now: datetime
    ) -> None:
        self.store = store
        self.into = into
        self.importer = importer
        self.path = path
        self.now = now
        self.numbers: dict[str, dict[int, int | None]] = {kind: {} for kind in LINKS}
        """The database's numbers of the records of each kind, by the archive's; None for a digest
        that is not taken over."""
        self.new = dict.fromkeys(LINKS, 0)
        self.said: dict[int, Mapping[str, Any] | None] = {}
        """What the channel is to say of its papers, by the archive's numbers."""
        self.used: set[int] = set()
        """Takes that records were found to be."""

    async def check(self) -> Mapping[str, int]:
        """Look at all of it; returns how many records of each kind there are. Raises BadArchive."""
        async with self.store.read() as tx:
            channel = await self.into.find(tx)
        counts = await asyncio.to_thread(self._count)
        if channel is None and self.importer is None:
            settings_in(*self._channel())
        return counts

    def _count(self) -> Mapping[str, int]:
        counts = dict.fromkeys(LINKS, 0)
        with _lines(self.path) as lines:
            for record in records(lines):
                if record.kind in counts:
                    counts[record.kind] += 1
        return counts

    async def run(self, pieces: ImportTransactions) -> Mapping[str, int]:
        """Put the records into the channel; returns how many of each kind are new."""
        channel: Channel | None = None
        with _lines(self.path) as lines:
            for part in _parts(records(lines), pieces):
                read: _FilesRead | None = None
                if channel is not None and part[0].kind == "document":
                    # Files are read again, which takes its time: the database is free meanwhile.
                    async with self.store.read() as tx:
                        read = await _Putting(self, tx, channel).read_files(part)
                async with pieces.piece() as tx:
                    channel = channel or await self._ensured(tx)
                    # Held until the end: two imports of one archive take turns.
                    channel = await tx.channels.lock(channel.id) or channel
                    await _Putting(self, tx, channel).put(part, read)
        return self.new

    async def _ensured(self, tx: Transaction) -> Channel:
        found = await self.into.find(tx)
        if found is not None:
            return found
        made = await self.into.ensure(tx)
        if self.importer is None:
            return await take_settings(tx, made, *self._channel(), self.now)
        return made

    def _channel(self) -> tuple[int, Mapping[str, Any]]:
        with _lines(self.path) as lines:
            return channel_of(lines)


@dataclass(frozen=True, slots=True)
class _FilesRead:
    """Files that were read again."""

    rows: Sequence[dict[str, Any]]
    """With their bodies as they are kept, and with what is searched of them."""
    tags: Mapping[str, Sequence[str]]
    """What they tag papers with, by address."""


class _Putting:
    """Records of one kind, which refer to those of others only, within one transaction."""

    def __init__(self, whole: Restoration, tx: Transaction, channel: Channel) -> None:
        self.whole = whole
        self.tx = tx
        self.channel = channel
        self.into = Restoring(tx.session, channel, whole.used)
        self.numbers = whole.numbers

    async def put(self, part: Sequence[JsonRecord], read: _FilesRead | None) -> None:
        """Put them. Of documents what `read_files` made of them is at hand, unless there is no
        channel yet."""
        kind = part[0].kind
        if kind == ARRANGEMENT:
            for record in part:
                await self._arrange(record.values)
        elif kind == "member" and self.whole.importer is not None:
            await self._writers(part, self.whole.importer)
        elif kind == "digest" and self.channel.discord_id is not None:
            await self._rows(kind, [one for record in part if (one := self._in_discord(record))])
        elif kind == "document":
            read = read or await self.read_files(part)
            await self._rows(kind, part, read.rows)
            if read.tags:
                await self.tx.entries.tell_tags(self.channel.id, read.tags)
        else:
            await self._rows(kind, part)

    async def _rows(
        self, kind: str, part: Sequence[JsonRecord], values: Sequence[dict[str, Any]] = ()
    ) -> None:
        values = values or [self._linked(record) for record in part]
        rows = [self.into.prepared(kind, one) for one in values]
        made = await self.into.put(kind, rows)
        for record, (number, is_new) in zip(part, made, strict=True):
            self.numbers[kind][record.number] = number
            self.whole.new[kind] += is_new

    async def _writers(self, part: Sequence[JsonRecord], importer: Member) -> None:
        """Whoever a file says it was: what came with it is the importing member's own or the
        archive's."""
        for record in part:
            own = record.values["discord_id"] == importer.id
            writer = importer if own else Member(None, ARCHIVE)
            number = await self.tx.members.ensure(self.channel.scope, writer)
            self.numbers["member"][record.number] = number

    def _in_discord(self, record: JsonRecord) -> JsonRecord | None:
        """A digest for a channel that posts its own: none that would stand for the period that
        runs, none that waits to be posted."""
        values = dict(record.values)
        if values["state"] in _SAYS_NOTHING and values["period_end"] > self.channel.period_start:
            self.numbers["digest"][record.number] = None
            return None
        if values["state"] == DigestState.PLANNED.value:
            values["state"] = DigestState.POSTED.value
        if values["period_start"] >= self.channel.period_start:
            values["period_start"] = off_schedule(values["period_start"])
        return replace(record, values=values)

    def _linked(self, record: JsonRecord) -> dict[str, Any]:
        """A record's columns with the database's numbers."""
        values = dict(record.values)
        for column, other in LINKS[record.kind].items():
            if values[column] is not None:
                values[column] = self.numbers[other][values[column]]
        if record.kind == "paper":
            self.whole.said[record.number] = _said(values)
        if record.kind == "entry":
            values["own_words"] = self.whole.said[record.values["paper_id"]]
        return values

    async def read_files(self, part: Sequence[JsonRecord]) -> _FilesRead:
        """What there is to keep of files; writes nothing."""
        documents = [self._linked(record) for record in part]
        bodies = [renumbered(one["body"], self._takes()) for one in documents]
        written = [number for body in bodies for number in body.marks]
        takes = await self.tx.documents.take_texts(written)
        # One that cannot be read is kept and given back all the same; its words are not found.
        read = [
            either(
                RecordKind.FILE,
                one["path"],
                partial(read_again, one["path"], body, takes),
                lambda: None,
            )
            for one, body in zip(documents, bodies, strict=True)
        ]
        tags: defaultdict[str, list[str]] = defaultdict(list)
        for document, _ in filter(None, read):
            for url, names in tags_told(document).items():
                tags[url] += names
        urls = {url for made in read if made for url in papers_of(made[0])}
        papers = await self.tx.documents.paper_texts(self.channel.id, sorted(urls))
        rows = [
            {
                **one,
                "body": dump_body(body),
                "prose": self._prose(one["path"], *made, papers) if made else "",
                **_subject(made[0] if made else None),
            }
            for one, body, made in zip(documents, bodies, read, strict=True)
        ]
        return _FilesRead(rows, tags)

    def _prose(
        self, path: str, document: ParsedFile, own: Sequence[Slice], papers: Mapping[str, str]
    ) -> str:
        return either(RecordKind.FILE, path, lambda: prose(document, papers, own), lambda: "")

    def _takes(self) -> Mapping[int, int]:
        return {old: new for old, new in self.numbers["take"].items() if new is not None}

    async def _arrange(self, values: Mapping[str, Any]) -> None:
        """Arrange a digest, or the next one, where nobody has done so yet."""
        arranged, left_out = (
            [number for one in values[name] if (number := self.numbers["entry"][one]) is not None]
            for name in ("entries", "left_out")
        )
        if values["digest"] is None:
            if not (self.channel.arranged or self.channel.left_out):
                await self.tx.channels.arrange(
                    self.channel.id, arranged=arranged, left_out=left_out
                )
            return
        number = self.numbers["digest"][values["digest"]]
        digest = await self.tx.digests.get(number) if number is not None else None
        if digest is not None and not digest.arranged:
            await self.into.arrange(digest.id, arranged)


def _subject(document: ParsedFile | None) -> dict[str, Any]:
    subject = subject_of(document) if document else Subject()
    return subject.columns()


def _said(paper: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a file says of a paper, for the channel's own entry."""
    data = PaperData(**{name: paper[name] for name in PaperData._fields})
    usual = Metadata.PENDING if data.arxiv_id else Metadata.COMPLETE
    state = paper["metadata_state"]
    told = {} if state == usual.value else {"metadata_state": state}
    return {**(own_words(data) or {}), **told} or None


def _parts(
    found: Iterable[JsonRecord], pieces: ImportTransactions
) -> Iterator[Sequence[JsonRecord]]:
    """Records of one kind to be put together, as many as may be by now."""
    part: list[JsonRecord] = []
    weight = 0
    for record in found:
        full = len(part) == _AT_ONCE or weight >= pieces.size
        if part and (full or part[0].kind != record.kind):
            yield part
            part, weight = [], 0
        part.append(record)
        weight += ROW + record.size
    if part:
        yield part


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    """An archive's lines, none of them read further than it may be long. Raises BadArchive."""
    with path.open("rb") as file:
        lines = iter(lambda: file.readline(LINE_LIMIT + 1), b"")
        first = next(lines, b"")
        if not is_archive(first):
            if not is_utf8(first):
                raise BadArchive("line 1: cannot be read: not UTF-8")
            raise BadArchive("not an archive of Papertakes")
        yield itertools.chain([first], lines)
