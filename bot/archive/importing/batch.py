"""As many files as are written in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import PurePosixPath

from bot.archive.formats.fields import is_possible
from bot.archive.importing.channel import off_schedule, shelf
from bot.archive.importing.paper_refs import key_of, papers_in, tags_told, tidy, tidy_line
from bot.archive.importing.report import Report
from bot.archive.parser.body import Body, build, dump, load, mark, take_text
from bot.archive.parser.model import ArchivedEntry, FileKind, ParsedFile
from bot.archive.parser.prose import papers_of, prose
from bot.archive.parser.subject import subject_of
from bot.model.channel import Channel
from bot.model.digest import DigestState
from bot.model.people import Member
from bot.store import Transaction
from bot.store.queries.bulk import BulkRepository, NewEntry, NewPaper, NewTake
from bot.store.queries.documents import NewDocument, StoredDocument


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read. `alone`: it is all that is imported, so its path says little; `plain`:
    nothing of it is understood, and it is kept as it came."""

    path: str
    checksum: str
    document: ParsedFile
    alone: bool = False
    plain: bool = False


@dataclass(slots=True)
class Filing:
    """A file on its way in: who is said to have written it, and what of it is there by now."""

    kept: StoredDocument | None
    """The file as it was."""
    holder: int | None
    writer: int
    left: dict[str, list[int]]
    """Takes of the file as it was that are not found again yet, by their marks."""
    numbers: list[list[int]] = field(default_factory=list)
    """Takes by entry."""
    new: list[int] = field(default_factory=list)
    """Takes that were not there before."""
    papers: int = 0
    takes: int = 0

    def unneeded(self) -> list[int]:
        """Takes that the file has no more."""
        return [number for numbers in self.left.values() for number in numbers]


class FileBatch:
    """Writes files into a channel and counts in the report what is new.

    `names_writers`: takes are in the names that the files tell; else all are in one.
    """

    def __init__(
        self,
        tx: Transaction,
        channel: Channel | None,
        report: Report,
        *,
        names_writers: bool = False,
    ) -> None:
        self.tx = tx
        self.names_writers = names_writers
        self.channel = channel
        self.report = report
        self.bulk = BulkRepository(tx.session)
        self._shelf: int | None = None
        self._next: dict[date, datetime] = {}
        self._noons: dict[date, datetime] = {}

    async def count(self, read: Sequence[Read]) -> None:
        """What `write` would do, as far as it can be told without doing it."""
        papers = {paper.key for one in read for paper in papers_in(one.document, self._scope())}
        papers -= self.report.counted
        self.report.counted |= papers
        known = await self.bulk.known_papers(list(papers), hold=False)
        self.report.papers += len(papers) - len(known)
        listed = await self.bulk.listed(self.channel.id if self.channel else None, known.values())
        self.report.entries += len(papers) - len(listed)
        self.report.imported += len(read)
        for one in read:
            self.report.takes += sum(len(entry.takes) for entry in one.document.entries)
            self.report.digests += one.document.kind is FileKind.DIGEST

    async def write(self, read: Sequence[Read], member: str, now: datetime) -> None:
        """Put the files' papers on the list and their takes on the papers, and keep the files."""
        assert self.channel is not None
        channel_id = self.channel.id
        # Held until the end: two imports of one archive take turns, and find each other's files.
        await self.tx.channels.lock(channel_id)
        kept = await self.tx.documents.by_paths(channel_id, [one.path for one in read])
        same = await self.tx.documents.by_checksums(
            channel_id, [one.checksum for one in read if one.path not in kept]
        )
        fresh: list[Read] = []
        copies: list[Read] = []
        seen: set[str] = set(same)
        for one in read:
            if one.path in kept:
                await self._update(one, kept[one.path], member, now)
            elif one.checksum not in seen:
                seen.add(one.checksum)
                fresh.append(one)
            elif one.alone and _name(same[one.checksum].path) == _name(one.path):
                self.report.unchanged += 1
            else:
                copies.append(one)
        await self._add(fresh, member, now)
        await self._copy(copies, now)

    async def _add(self, fresh: Sequence[Read], member: str, now: datetime) -> None:
        assert self.channel is not None
        if not fresh:
            return
        writer = await self.tx.members.ensure(self.channel.scope, Member(None, member))
        holders = [await self._holder(one, now) for one in fresh]
        named = [
            (one.document, papers_in(one.document, self._scope()), holder)
            for one, holder in zip(fresh, holders, strict=True)
        ]
        entries = await self._entries(named, writer, now)
        takes: list[NewTake] = []
        counts: list[list[int]] = []
        for one, holder in zip(fresh, holders, strict=True):
            second = 0
            counts.append([len(entry.takes) for entry in one.document.entries])
            writers = await self._writers(one.document.entries, writer)
            for entry in one.document.entries:
                for take in entry.takes:
                    number = entries[key_of(entry, self._scope())]
                    text = take_text(one.document, take)
                    at = self._moment(one.document, now, entry.day) + timedelta(seconds=second)
                    takes.append(NewTake(number, writers[take.writer], text, at, holder))
                    second += 1
        numbers = iter(await self.bulk.takes(takes))
        self.report.takes += len(takes)
        known = await self._known(fresh)
        documents = [
            self._document(
                one,
                holder,
                build(one.document, [[next(numbers) for _ in range(n)] for n in its_counts]),
                known,
            )
            for one, holder, its_counts in zip(fresh, holders, counts, strict=True)
        ]
        await self.tx.documents.add(self.channel.id, documents, now)
        self.report.imported += len(fresh)

    async def _entries(
        self,
        named: Sequence[tuple[ParsedFile, Sequence[NewPaper], int | None]],
        writer: int,
        now: datetime,
        done: int = 0,
    ) -> dict[tuple[int, str], int]:
        """The numbers of entries by their papers' keys: of documents the papers that they name and
        the digests that hold them; `done` papers stand before them in their document."""
        assert self.channel is not None
        papers, made = await self.bulk.papers([paper for _, its, _ in named for paper in its])
        self.report.papers += len(made)
        new: list[NewEntry] = []
        for document, its, holder in named:
            moment = self._moment(document, now)
            for place, paper in enumerate(its, start=done):
                at = moment + timedelta(seconds=place)
                new.append(NewEntry(papers[paper.key], writer, at, holder, paper.words))
        numbers, listed = await self.bulk.entries(self.channel.id, new)
        self.report.entries += listed
        for document, _, _ in named:
            if tags := tags_told(document):
                await self.tx.entries.tell_tags(self.channel.id, tags)
        return {key: numbers[paper] for key, paper in papers.items()}

    async def _holder(self, one: Read, now: datetime) -> int | None:
        """The digest that holds a file's takes: its own, or the shelf; None in the period that
        runs, whose digest is still to come."""
        assert self.channel is not None
        document = one.document
        if document.kind is FileKind.DIGEST and document.day is not None:
            return await self._digest(document, now)
        if document.day and self._moment(document, now) >= self.channel.period_start:
            return None
        if self._shelf is None:
            self._shelf = await shelf(self.tx, self.channel, now)
        return self._shelf

    async def _digest(self, document: ParsedFile, now: datetime) -> int:
        """A digest of the file's day, posted; several on one day begin a second apart."""
        assert self.channel is not None
        assert document.day is not None
        title = tidy_line(document.title) or f"{document.day:%y%m%d}"
        # An import that was interrupted may have made it, and not come to keep the file.
        begun = await self.tx.digests.unfiled(self.channel.id, document.day, title)
        if begun is not None:
            return begun
        midnight = datetime.combine(document.day, time(), self.channel.settings.zone)
        start = self._next.get(document.day, midnight.astimezone(UTC))
        if self.channel.discord_id is not None and start >= self.channel.period_start:
            start = off_schedule(start)
        for _ in range(1000):
            made = await self.tx.digests.add(
                self.channel.id,
                start,
                max(start + timedelta(seconds=1), midnight.astimezone(UTC) + timedelta(days=1)),
                DigestState.POSTED,
                now,
                title=title,
                day=document.day,
                intro=tidy(document.intro),
            )
            start += timedelta(seconds=1)
            if made is not None:
                self._next[document.day] = start
                self.report.digests += 1
                return made
        raise ValueError(f"too many posts on {document.day}")

    async def _copy(self, copies: Sequence[Read], now: datetime) -> None:
        """The same files under a second path: kept too, with the same takes."""
        assert self.channel is not None
        if not copies:
            return
        same = await self.tx.documents.by_checksums(
            self.channel.id, [one.checksum for one in copies]
        )
        new = [replace(same[one.checksum].as_new(), path=one.path) for one in copies]
        await self.tx.documents.add(self.channel.id, new, now)
        self.report.imported += len(new)

    async def _update(self, one: Read, kept: StoredDocument, member: str, now: datetime) -> None:
        """A file that changed since it was imported: takes that it still has stay as they are."""
        if kept.checksum == one.checksum:
            self.report.unchanged += 1
            return
        filing = await self._start(one, kept, member, now)
        await self.part(one, one.document.entries, filing, now)
        await self.end(await self.made(one, filing), filing, now)
        await self.withdraw(filing.unneeded())

    # -- a file on its way in, part by part --------------------------------------------------------

    async def start(self, one: Read, member: str, now: datetime) -> Filing | None:
        """Begin with one file; None if there is nothing more to do for it."""
        assert self.channel is not None
        await self.tx.channels.lock(self.channel.id)
        kept = (await self.tx.documents.by_paths(self.channel.id, [one.path])).get(one.path)
        if kept is None or kept.checksum == one.checksum:
            known = await self.tx.documents.by_checksums(self.channel.id, [one.checksum])
            if known:
                await self.write([one], member, now)
                return None
        return await self._start(one, kept, member, now)

    async def _start(
        self, one: Read, kept: StoredDocument | None, member: str, now: datetime
    ) -> Filing:
        assert self.channel is not None
        writer = await self.tx.members.ensure(self.channel.scope, Member(None, member))
        holder = kept.digest_id if kept is not None else None
        if one.document.kind is not FileKind.DIGEST or holder is None:
            holder = await self._holder(one, now)
        else:
            title, intro = tidy_line(one.document.title), tidy(one.document.intro)
            await self.tx.digests.rewrite(holder, title=title, intro=intro)
        left: dict[str, list[int]] = defaultdict(list)
        for number, as_read in load(kept.body).marks.items() if kept is not None else ():
            left[as_read].append(number)
        return Filing(kept, holder, writer, left)

    async def part(
        self, one: Read, entries: Sequence[ArchivedEntry], filing: Filing, now: datetime
    ) -> None:
        """Put the next entries of a file on the list, and their takes."""
        assert self.channel is not None
        papers = papers_in(one.document, self._scope(), entries)
        keys = await self._entries(
            [(one.document, papers, filing.holder)], filing.writer, now, filing.papers
        )
        filing.papers += len(papers)
        writers = await self._writers(entries, filing.writer)
        count = sum(len(entry.takes) for entry in entries)
        moments = [self._moment(one.document, now, entry.day) for entry in entries]
        second = filing.takes
        there = await self.tx.takes.written(
            sorted(keys.values()),
            sorted({filing.writer, *writers.values()}),
            min(moments, default=now) + timedelta(seconds=second),
            max(moments, default=now) + timedelta(seconds=second + count),
        )
        filing.takes += count
        new: list[NewTake] = []
        places: list[tuple[int, int]] = []
        for entry, moment in zip(entries, moments, strict=True):
            its: list[int] = []
            for take in entry.takes:
                text = take_text(one.document, take)
                at = moment + timedelta(seconds=second)
                second += 1
                key = keys[key_of(entry, self._scope())]
                same = filing.left[mark(text)] or there.get((key, at, text), [])
                if same:
                    its.append(same.pop(0))
                else:
                    places.append((len(filing.numbers), len(its)))
                    its.append(0)
                    new.append(NewTake(key, writers[take.writer], text, at, filing.holder))
            filing.numbers.append(its)
        made = await self.bulk.takes(new)
        for (place, at_take), number in zip(places, made, strict=True):
            filing.numbers[place][at_take] = number
        filing.new += made
        self.report.takes += len(new)

    async def made(self, one: Read, filing: Filing) -> NewDocument:
        """The file, all of whose takes are there."""
        body = build(one.document, filing.numbers)
        return self._document(one, filing.holder, body, await self._known([one]))

    async def end(self, new: NewDocument, filing: Filing, now: datetime) -> None:
        """Keep the file."""
        assert self.channel is not None
        if filing.kept is not None:
            await self.tx.documents.replace(filing.kept.id, new, now)
            self.report.changed += 1
        else:
            await self.tx.documents.add(self.channel.id, [new], now)
            self.report.imported += 1

    async def keep(self, one: Read, now: datetime) -> None:
        """Keep a file as it came, found by all its words, with no paper and no take."""
        assert self.channel is not None
        await self.tx.channels.lock(self.channel.id)
        text = one.document.text
        new = NewDocument(
            path=one.path,
            kind=FileKind.PAGE.value,
            checksum=one.checksum,
            day=None,
            title=tidy_line(one.document.name),
            digest_id=None,
            body=dump(Body((text,), {}, one.document.encoding)),
            prose=tidy(text),
        )
        await self.tx.documents.add(self.channel.id, [new], now)
        self.report.imported += 1

    async def withdraw(self, numbers: Sequence[int]) -> None:
        """Delete takes that their file has no more."""
        for number in numbers:
            await self.tx.takes.delete(number)

    def _document(
        self, one: Read, holder: int | None, body: Body, known: Mapping[str, str]
    ) -> NewDocument:
        return NewDocument(
            path=one.path,
            kind=one.document.kind.value,
            checksum=one.checksum,
            day=one.document.day,
            title=tidy_line(one.document.title),
            digest_id=holder if one.document.kind is FileKind.DIGEST else None,
            body=dump(body),
            prose=prose(one.document, known),
            subject=subject_of(one.document),
        )

    async def _known(self, read: Sequence[Read]) -> Mapping[str, str]:
        """What the catalogue says of the papers that files name, by address."""
        urls = {url for one in read for url in papers_of(one.document)}
        assert self.channel is not None
        return await self.tx.documents.paper_texts(self.channel.id, sorted(urls))

    def _scope(self) -> int:
        return self.channel.scope if self.channel else 0

    async def _writers(
        self, entries: Sequence[ArchivedEntry], writer: int
    ) -> defaultdict[str, int]:
        """The numbers of those who wrote takes, by name; `writer` is who wrote all others."""
        found = defaultdict(lambda: writer)
        if self.names_writers:
            for name in sorted({take.writer for entry in entries for take in entry.takes} - {""}):
                member = Member(None, tidy_line(name))
                found[name] = await self.tx.members.ensure(self._scope(), member)
        return found

    def _moment(self, document: ParsedFile, now: datetime, own: date | None = None) -> datetime:
        """When a file's takes count as written: noon of its day, or of an entry's own, on the
        channel's clock."""
        day = own if own is not None and is_possible(own) else document.day
        if day is None:
            return now
        if day not in self._noons:
            zone = self.channel.settings.zone if self.channel else UTC
            self._noons[day] = datetime.combine(day, time(12), zone).astimezone(UTC)
        return self._noons[day]


def _name(path: str) -> str:
    return PurePosixPath(path).name
