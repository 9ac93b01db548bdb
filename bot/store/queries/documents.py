"""Files of an archive: what stands between their takes, so that each can be written back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.search import SearchedFile
from bot.store.fulltext import index, pages
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import DocumentRow, EntryRow, PaperRow, TakeRow


class Subject(NamedTuple):
    """The paper that a file is about, by its address, and what the file calls it."""

    about: str | None = None
    names: tuple[str, ...] = ()
    leads: tuple[tuple[str, str], ...] = ()
    """What it leads to outside takes: kinds and targets."""

    def columns(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "about": self.about,
            "names": list(self.names),
            "leads": [list(one) for one in self.leads],
        }


NO_SUBJECT: Final = Subject()


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file to be kept; `body` is made and read by `bot.archive.parser.body`."""

    path: str
    kind: str
    checksum: str
    day: date | None
    title: str
    digest_id: int | None
    body: str
    prose: str
    """What is searched of it, made by `bot.archive.parser.prose`."""
    subject: Subject = NO_SUBJECT
    """Which paper it is about, made by `bot.archive.parser.subject`."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What is needed of a file that is kept, to read it again."""

    id: int
    channel_id: int
    path: str
    body: str
    prose: str
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument(NewDocument):
    """A file as the database keeps it."""

    id: int
    channel_id: int

    def as_new(self) -> NewDocument:
        """The same without its place in the database."""
        return NewDocument(
            self.path,
            self.kind,
            self.checksum,
            self.day,
            self.title,
            self.digest_id,
            self.body,
            self.prose,
            self.subject,
        )


def plain(row: DocumentRow) -> StoredDocument:
    """A row as plain data."""
    return StoredDocument(
        id=row.id,
        channel_id=row.channel_id,
        path=row.path,
        kind=row.kind,
        checksum=row.checksum,
        day=date.fromisoformat(row.day) if row.day else None,
        title=row.title,
        digest_id=row.digest_id,
        body=row.body,
        prose=row.prose,
        subject=_subject(row),
    )


def searched(row: Any) -> SearchedFile:
    """What a search shows of a file: `id`, `path`, `title`, `day`, `prose` of its row."""
    return SearchedFile(
        row.id, row.path, row.title, date.fromisoformat(row.day) if row.day else None, row.prose
    )


def entries_leading(kind: str, target: str) -> Select[Any]:
    """The entries whose papers' files lead somewhere beside their takes."""
    lead = json.dumps([kind, target])
    return entries_about(cast(DocumentRow.leads, Text).contains(lead, autoescape=True))


def entries_about(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The entries whose papers files are about that are so."""
    return (
        select(EntryRow.id)
        .join(PaperRow, PaperRow.id == EntryRow.paper_id)
        .join(DocumentRow, is_about())
        .where(*conditions)
    )


def is_about() -> ColumnElement[bool]:
    """Whether a file is about an entry's paper."""
    return (DocumentRow.about == PaperRow.url) & (DocumentRow.channel_id == EntryRow.channel_id)


def is_called(key: str) -> ColumnElement[bool]:
    """Whether a file, or its paper in it, is called so, with the date before it or without."""
    name = json.dumps(key)
    path = func.lower(DocumentRow.path)
    return or_(
        func.lower(cast(DocumentRow.names, Text)).contains(name, autoescape=True),
        path == f"{key}.md",
        path.endswith(f"/{key}.md", autoescape=True),
    )


def _subject(row: Any) -> Subject:
    leads = tuple((kind, target) for kind, target in row.leads)
    return Subject(row.about, tuple(row.names), leads)


class DocumentRepository:
    """The files of an archive, each once in its channel by its path."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def checksums(self, channel_id: int) -> Mapping[str, str]:
        """The checksum of each file of a channel, by path."""
        rows = await self.session.execute(
            select(DocumentRow.path, DocumentRow.checksum).where(
                DocumentRow.channel_id == channel_id
            )
        )
        return dict(rows.all())

    async def by_paths(self, channel_id: int, paths: Sequence[str]) -> Mapping[str, StoredDocument]:
        """Those of the files that are kept already."""
        rows = await self.session.scalars(
            select(DocumentRow).where(
                DocumentRow.channel_id == channel_id,
                among(self.session, DocumentRow.path, paths),
            )
        )
        return {row.path: plain(row) for row in rows}

    async def by_checksums(
        self, channel_id: int, checksums: Sequence[str]
    ) -> Mapping[str, StoredDocument]:
        """Files of the same content, under whatever path; the first of each."""
        rows = await self.session.scalars(
            select(DocumentRow)
            .where(
                DocumentRow.channel_id == channel_id,
                among(self.session, DocumentRow.checksum, checksums),
            )
            .order_by(DocumentRow.id.desc())
        )
        return {row.checksum: plain(row) for row in rows}

    async def of_digest(self, digest_id: int) -> StoredDocument | None:
        """The file that a digest was read from."""
        row = await self.session.scalar(
            select(DocumentRow)
            .where(DocumentRow.digest_id == digest_id)
            .order_by(DocumentRow.id)
            .limit(1)
        )
        return plain(row) if row else None

    async def add(self, channel_id: int, new: Sequence[NewDocument], now: datetime) -> None:
        """Keep files."""
        if not new:
            return
        rows = [
            {
                "channel_id": channel_id,
                "path": one.path,
                "kind": one.kind,
                "checksum": one.checksum,
                "day": one.day.isoformat() if one.day else None,
                "title": one.title,
                "digest_id": one.digest_id,
                "body": one.body,
                "prose": one.prose,
                **one.subject.columns(),
                "imported_at": now,
            }
            for one in new
        ]
        made = insert(self.session, DocumentRow).returning(DocumentRow.id)
        ids = (await self.session.scalars(made, rows)).all()
        await index.run(self.session, index.add_documents, ids)
        await pages.touch_documents(self.session, ids)

    async def replace(self, document_id: int, new: NewDocument, now: datetime) -> None:
        """The file has changed: keep it as it is now."""
        await index.run(self.session, index.drop_documents, [document_id])
        await pages.touch_documents(self.session, [document_id])
        await self.session.execute(
            update(DocumentRow)
            .where(DocumentRow.id == document_id)
            .values(
                kind=new.kind,
                checksum=new.checksum,
                day=new.day.isoformat() if new.day else None,
                title=new.title,
                digest_id=new.digest_id,
                body=new.body,
                prose=new.prose,
                **new.subject.columns(),
                imported_at=now,
            )
        )
        await index.run(self.session, index.add_documents, [document_id])
        await pages.touch_documents(self.session, [document_id])

    async def bodies(self, after: int, limit: int) -> Sequence[Reread]:
        """The next files of whatever channels in the order of their numbers, after this one."""
        rows = await self.session.execute(
            select(
                DocumentRow.id,
                DocumentRow.channel_id,
                DocumentRow.path,
                DocumentRow.body,
                DocumentRow.prose,
                DocumentRow.about,
                DocumentRow.names,
                DocumentRow.leads,
            )
            .where(DocumentRow.id > after)
            .order_by(DocumentRow.id)
            .limit(limit)
        )
        return [
            Reread(
                row.id,
                row.channel_id,
                row.path,
                row.body,
                row.prose,
                _subject(row),
            )
            for row in rows
        ]

    async def set_read(self, document_id: int, prose: str, subject: Subject) -> None:
        """The file is as it was; what is understood of it has changed."""
        await index.run(self.session, index.drop_documents, [document_id])
        await pages.touch_documents(self.session, [document_id])
        await self.session.execute(
            update(DocumentRow)
            .where(DocumentRow.id == document_id)
            .values(prose=prose, **subject.columns())
        )
        await index.run(self.session, index.add_documents, [document_id])
        await pages.touch_documents(self.session, [document_id])

    async def paper_texts(self, channel_id: int, urls: Sequence[str]) -> Mapping[str, str]:
        """What is searched of the papers of these addresses, as a channel's list has them."""
        if not urls:
            return {}
        rows = await self.session.execute(
            select(
                PaperRow.url,
                PaperRow.arxiv_id,
                PaperRow.title,
                PaperRow.authors,
                PaperRow.abstract,
                EntryRow.own_words,
            )
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(EntryRow.channel_id == channel_id, among(self.session, PaperRow.url, urls))
        )
        return {row.url: pages.paper_text(row.url, pages.shown(row)) for row in rows}

    async def take_texts(self, take_ids: Sequence[int]) -> Mapping[int, str]:
        """The texts of these takes; those that were withdrawn are missing."""
        rows = await self.session.execute(
            select(TakeRow.id, TakeRow.text).where(among(self.session, TakeRow.id, take_ids))
        )
        return dict(rows.all())
