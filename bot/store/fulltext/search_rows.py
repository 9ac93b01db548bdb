"""Rows that a search found, read as plain data: columns alone, which takes a third of the time that
the ORM's objects take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.isolation import RecordKind, each
from bot.model.paper import Metadata, Paper, PaperData
from bot.model.people import Member
from bot.model.take import Entry, How, MessageKind, Take, TakeMessage
from bot.store.queries.in_list import among
from bot.store.queries.own_words import OwnWords, as_shown
from bot.store.schema import EntryRow, MemberRow, PaperRow, TakeRow

R = TypeVar("R")

Wanted = Select[Any] | Sequence[int]
"""Numbers of rows, or a statement that gives them."""

_MEMBER: Final = (MemberRow.discord_id, MemberRow.name)
_PAPER: Final = (
    PaperRow.id, PaperRow.url, PaperRow.metadata_state, PaperRow.arxiv_id, PaperRow.title,
    PaperRow.authors, PaperRow.abstract, PaperRow.categories, PaperRow.published,
    PaperRow.updated, PaperRow.version, PaperRow.comment, PaperRow.doi, PaperRow.journal_ref,
    PaperRow.withdrawn, PaperRow.report_number,
)  # fmt: skip
_ENTRY: Final = (
    EntryRow.id, EntryRow.channel_id, EntryRow.how, EntryRow.added_at, EntryRow.digest_id,
    EntryRow.own_words,
)  # fmt: skip
_TAKE: Final = (
    TakeRow.id, TakeRow.entry_id, TakeRow.text, TakeRow.created_at, TakeRow.edited_at,
    TakeRow.digest_id, TakeRow.shown_as, TakeRow.shown_channel_id, TakeRow.shown_message_id,
)  # fmt: skip


async def entries(session: AsyncSession, wanted: Wanted) -> Sequence[Entry]:
    """These entries, the newest first; their takes are not counted."""
    statement = (
        select(*_ENTRY, *_MEMBER, *_PAPER)
        .select_from(EntryRow)
        .join(MemberRow, MemberRow.id == EntryRow.member_id)
        .join(PaperRow, PaperRow.id == EntryRow.paper_id)
        .where(_is(session, EntryRow.id, wanted))
        .order_by(EntryRow.id.desc())
    )
    return _each(await session.execute(statement), _entry)


async def takes(session: AsyncSession, wanted: Wanted) -> Sequence[Take]:
    """These takes, the newest first."""
    statement = (
        select(*_TAKE, *_MEMBER)
        .select_from(TakeRow)
        .join(MemberRow, MemberRow.id == TakeRow.member_id)
        .where(_is(session, TakeRow.id, wanted))
        .order_by(TakeRow.id.desc())
    )
    return _each(await session.execute(statement), _take)


async def papers(session: AsyncSession, wanted: Wanted) -> Sequence[Paper]:
    """These papers, the newest first."""
    statement = (
        select(*_PAPER).where(_is(session, PaperRow.id, wanted)).order_by(PaperRow.id.desc())
    )
    return _each(await session.execute(statement), _paper)


def _each(rows: Iterable[Any], read: Callable[..., R]) -> list[R]:
    """What is read of each row; one that holds what cannot be is left out."""
    return each(RecordKind.ROW, rows, lambda row: read(*row), name=lambda row: row[0])


def _is(session: AsyncSession, key: Any, wanted: Wanted) -> ColumnElement[bool]:
    if not isinstance(wanted, Select):
        return among(session, key, wanted)
    condition: ColumnElement[bool] = key.in_(wanted)
    return condition


def _entry(
    entry_id: int, channel_id: int, how: str, added_at: Any, digest_id: int | None,
    words: OwnWords | None, member_id: int | None, member: str, *paper: Any,
) -> Entry:  # fmt: skip
    known = _paper(*paper)
    return Entry(
        id=entry_id,
        channel_id=channel_id,
        paper=replace(known, data=as_shown(known.data, words)),
        member=Member(member_id, member),
        how=How(how),
        added_at=added_at,
        digest_id=digest_id,
    )


def _paper(
    paper_id: int, url: str, state: str, arxiv_id: str | None, title: str, authors: Sequence[str],
    abstract: str, categories: Sequence[str], *rest: Any,
) -> Paper:  # fmt: skip
    data = PaperData(arxiv_id, title, tuple(authors), abstract, tuple(categories), *rest)
    return Paper(paper_id, url, data, Metadata(state))


def _take(
    take_id: int, entry_id: int, text: str, created_at: Any, edited_at: Any, digest_id: int | None,
    shown_as: str | None, channel_id: int | None, message_id: int | None,
    member_id: int | None, member: str,
) -> Take:  # fmt: skip
    message = None
    if shown_as is not None and channel_id is not None and message_id is not None:
        message = TakeMessage(MessageKind(shown_as), channel_id, message_id)
    return Take(
        id=take_id,
        entry_id=entry_id,
        member=Member(member_id, member),
        text=text,
        created_at=created_at,
        edited_at=edited_at,
        digest_id=digest_id,
        message=message,
    )
