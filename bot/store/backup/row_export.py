"""Whole rows of a channel, for an archive that keeps everything a channel says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.backup.row_json import Row, as_json
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


class RowExport:
    """The rows of a channel, as `as_json` has them, each with its `id` and the columns of its kind
    in COLUMNS."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def digests(self, channel_id: int) -> list[Row]:
        """The channel's digests, the oldest first."""
        return await self._all(
            _select("digest")
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id)
        )

    async def arranged(self, channel_id: int) -> Mapping[int, Sequence[int]]:
        """The order that a manager gave the entries of a digest, of those that have one."""
        rows = await self.session.execute(
            select(DigestRow.id, DigestRow.arranged)
            .where(DigestRow.channel_id == channel_id)
            .order_by(DigestRow.period_start, DigestRow.id)
        )
        return {id: entries for id, entries in rows if entries}

    async def entries(self, channel_id: int) -> list[Row]:
        """The channel's entries, in the order in which they came."""
        return await self._all(
            _select("entry").where(EntryRow.channel_id == channel_id).order_by(EntryRow.id)
        )

    async def takes(self, channel_id: int) -> list[Row]:
        """The takes on them, in the order in which they came."""
        return await self._all(
            _select("take")
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(TakeRow.id)
        )

    async def documents(self, channel_id: int) -> list[Row]:
        """The channel's files, in the order in which they came."""
        return await self._all(
            _select("document").where(DocumentRow.channel_id == channel_id).order_by(DocumentRow.id)
        )

    async def members(self, ids: Sequence[int]) -> list[Row]:
        """These members, in the order asked for."""
        statement = _select("member").where(among(self.session, MemberRow.id, ids))
        by_id = {row["id"]: row for row in await self._all(statement)}
        return [by_id[id] for id in ids]

    async def papers(self, channel_id: int) -> list[Row]:
        """The papers of a channel's entries, in their order, as the channel sees them."""
        statement = (
            _select("paper")
            .add_columns(EntryRow.own_words)
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(EntryRow.id)
        )
        return [as_json(_as_shown(row)) for row in await self.session.execute(statement)]

    async def _all(self, statement: Select[Any]) -> list[Row]:
        rows = await self.session.execute(statement)
        return [as_json(row) for row in rows.mappings()]


def _select(kind: str) -> Select[Any]:
    columns = TABLES[kind].__table__.c
    return select(*(columns[name] for name in ("id", *COLUMNS[kind])))


def _as_shown(row: Any) -> Row:
    known = {name: row._mapping[name] for name in ("id", *COLUMNS["paper"])}
    words = row.own_words
    shown = known | as_shown(data_of(row), words)._asdict()
    if words and not row.title:
        shown["metadata_state"] = words.get("metadata_state", row.metadata_state)
    return shown
