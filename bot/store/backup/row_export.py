"""Whole rows as plain mappings, for an archive that keeps everything a channel says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.queries.in_list import among
from bot.store.queries.own_words import as_shown
from bot.store.queries.papers import data_of
from bot.store.schema import (
    Base,
    DigestRow,
    DocumentRow,
    EntryRow,
    MemberRow,
    PaperRow,
    TakeRow,
)

Row: TypeAlias = dict[str, Any]

TABLES: Final[Mapping[str, type[Base]]] = {
    "member": MemberRow,
    "paper": PaperRow,
    "digest": DigestRow,
    "entry": EntryRow,
    "take": TakeRow,
    "document": DocumentRow,
}
COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "member": ("discord_id", "name"),
    "paper": (
        "url", "arxiv_id", "title", "authors", "abstract", "categories", "published", "updated",
        "version", "comment", "doi", "journal_ref", "withdrawn", "report_number", "metadata_state",
    ),
    "digest": (
        "period_start", "period_end", "number", "state", "title", "day", "intro", "planned_at",
        "posted_at", "settings",
    ),
    "entry": ("paper_id", "member_id", "how", "added_at", "removed_at", "digest_id"),
    "take": ("entry_id", "member_id", "text", "created_at", "edited_at", "digest_id"),
    "document": (
        "path", "kind", "checksum", "day", "title", "digest_id", "body", "imported_at",
    ),
}  # fmt: skip
"""What goes out of each table, and what alone comes in: nothing that names a message, a thread, a
channel or a guild, which mean nothing elsewhere, and nothing that is made anew from the rest."""


class Rows:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def digests(self, channel_id: int) -> list[Row]:
        return await self._all(
            "digest",
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id),
        )

    async def arranged(self, channel_id: int) -> Mapping[int, Sequence[int]]:
        """The order that a manager gave the entries of a digest, of those that have one."""
        rows = await self.session.execute(
            select(DigestRow.id, DigestRow.arranged)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id)
        )
        return {number: entries for number, entries in rows if entries}

    async def entries(self, channel_id: int) -> list[Row]:
        return await self._all(
            "entry",
            select(EntryRow).where(EntryRow.channel_id == channel_id).order_by(EntryRow.id),
        )

    async def takes(self, channel_id: int) -> list[Row]:
        return await self._all(
            "take",
            select(TakeRow)
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(TakeRow.id),
        )

    async def documents(self, channel_id: int) -> list[Row]:
        return await self._all(
            "document",
            select(DocumentRow)
            .where(DocumentRow.channel_id == channel_id)
            .order_by(DocumentRow.id),
        )

    async def members(self, numbers: Sequence[int]) -> list[Row]:
        """These members, in the order asked for."""
        statement = select(MemberRow).where(among(self.session, MemberRow.id, numbers))
        by_number = {row["id"]: row for row in await self._all("member", statement)}
        return [by_number[number] for number in numbers]

    async def papers(self, channel_id: int) -> list[Row]:
        """The papers of a channel's entries, in their order, as the channel sees them."""
        rows = await self.session.execute(
            select(PaperRow, EntryRow.own_words)
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(EntryRow.id)
        )
        found: list[Row] = []
        for paper, words in rows:
            shown = as_shown(data_of(paper), words)
            row = _row(paper, COLUMNS["paper"]) | shown._asdict()
            if words and not paper.title:
                row["metadata_state"] = words.get("metadata_state", paper.metadata_state)
            found.append({name: _listed(value) for name, value in row.items()})
        self.session.expunge_all()
        return found

    async def _all(self, kind: str, statement: Select[Any]) -> list[Row]:
        found = [_row(row, COLUMNS[kind]) for row in await self.session.scalars(statement)]
        self.session.expunge_all()
        return found


def _row(row: Base, columns: Iterable[str]) -> Row:
    return {name: getattr(row, name) for name in ("id", *columns)}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
