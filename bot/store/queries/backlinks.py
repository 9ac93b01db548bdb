"""Tags and links of takes: what hangs together on a channel's list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import CompoundSelect, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.isolation import RecordKind, each, isolated
from bot.model.connection import Lead, LeadKind, note_key, part_of, undated
from bot.model.paper import Paper
from bot.model.take import Take
from bot.store.queries import documents, papers, takes
from bot.store.queries.decoded import decoded
from bot.store.queries.in_list import among
from bot.store.queries.own_words import shown_title
from bot.store.schema import (
    DocumentRow,
    EntryRow,
    EntryTagRow,
    PaperRow,
    TakeLinkRow,
    TakeRow,
    TakeTagRow,
)

_PARTS: Final = 200
"""Parts of a series that are looked at: their numbers have two digits."""

_SHORTEST: Final = 4
"""Letters of a note's name that is taken for the beginning of a paper's title."""


def tagged_entries(tag: str) -> CompoundSelect[int]:
    """The entries with a tag, by its key: in one of their takes, or told by a file."""
    taken = (
        select(TakeRow.entry_id)
        .join(TakeTagRow, TakeTagRow.take_id == TakeRow.id)
        .where(TakeTagRow.tag == tag)
    )
    return taken.union(select(EntryTagRow.entry_id).where(EntryTagRow.tag == tag))


class BacklinkRepository:
    """Links between takes, and from takes to papers."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    # -- tags --------------------------------------------------------------------------------------

    async def tags(self, channel_id: int) -> Sequence[tuple[str, int]]:
        """The channel's tags, as last written, with the number of takes and of papers of
        which a file tells them beside; the most used first."""
        newest = func.max(TakeTagRow.take_id)
        rows = await self.session.execute(
            self._of_channel(select(TakeTagRow.tag, func.count(), newest), channel_id).group_by(
                TakeTagRow.tag
            )
        )
        counts = [(tag, count, take) for tag, count, take in rows]
        written = await self.session.execute(
            select(TakeTagRow.take_id, TakeTagRow.tag, TakeTagRow.name).where(
                among(self.session, TakeTagRow.take_id, [take for _, _, take in counts])
            )
        )
        names = {(take, tag): name for take, tag, name in written}
        found = {tag: (names[take, tag], count) for tag, count, take in counts}
        for tag, name, count in await self._told(channel_id):
            known, before = found.get(tag, (name, 0))
            found[tag] = known, before + count
        return [one for _, one in sorted(found.items(), key=lambda one: (-one[1][1], one[0]))]

    async def _told(self, channel_id: int) -> Sequence[tuple[str, str, int]]:
        """Tags that files tell of papers in none of whose takes they stand, and of how many."""
        taken = select(TakeTagRow.take_id).join(TakeRow, TakeRow.id == TakeTagRow.take_id)
        rows = await self.session.execute(
            select(EntryTagRow.tag, func.max(EntryTagRow.name), func.count())
            .join(EntryRow, EntryRow.id == EntryTagRow.entry_id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                ~taken.where(
                    TakeRow.entry_id == EntryTagRow.entry_id, TakeTagRow.tag == EntryTagRow.tag
                ).exists(),
            )
            .group_by(EntryTagRow.tag)
        )
        return [(tag, name, count) for tag, name, count in rows]

    async def tagged(self, channel_id: int, tags: Sequence[str]) -> Sequence[Take]:
        """The channel's takes that have one of these tags, by their keys."""
        with_tag = select(TakeTagRow.take_id).where(TakeTagRow.tag.in_(tags))
        rows = await self.session.scalars(
            select(TakeRow)
            .options(joinedload(TakeRow.member))
            .join(EntryRow, EntryRow.id == TakeRow.entry_id)
            .where(EntryRow.channel_id == channel_id, TakeRow.id.in_(with_tag))
            .order_by(TakeRow.id)
        )
        return decoded(rows, takes.plain)

    async def sharing_tags(self, channel_id: int, entry_id: int, limit: int) -> Sequence[int]:
        """Entries that have tags in common with this one; rare tags count for more."""
        own = (
            select(TakeTagRow.tag)
            .join(TakeRow, TakeRow.id == TakeTagRow.take_id)
            .where(TakeRow.entry_id == entry_id)
            .union(select(EntryTagRow.tag).where(EntryTagRow.entry_id == entry_id))
        )
        tags = (await self.session.scalars(own)).all()
        if not tags:
            return []
        counts = await self.session.execute(
            self._of_channel(select(TakeTagRow.tag, func.count()), channel_id)
            .where(TakeTagRow.tag.in_(tags))
            .group_by(TakeTagRow.tag)
        )
        number_of: dict[str, int] = dict(counts.all())
        for tag, _, count in await self._told(channel_id):
            number_of[tag] = number_of.get(tag, 0) + count
        weight = {tag: 1.0 / number_of.get(tag, 1) for tag in tags}
        score: dict[int, float] = {}
        for tag in sorted(weight, key=lambda tag: -weight[tag]):
            rows = await self.session.scalars(
                select(EntryRow.id)
                .where(
                    EntryRow.id.in_(tagged_entries(tag)),
                    EntryRow.channel_id == channel_id,
                    EntryRow.removed_at.is_(None),
                    EntryRow.id != entry_id,
                )
                .order_by(EntryRow.id.desc())
                .limit(limit * 8)
            )
            for other in rows:
                score[other] = score.get(other, 0.0) + weight[tag]
        return sorted(score, key=lambda other: (-score[other], -other))[:limit]

    # -- links -------------------------------------------------------------------------------------

    async def mentions(self, channel_id: int, entry_id: int, limit: int) -> Sequence[int]:
        """Entries whose takes lead to this one's paper or note, the newest first."""
        row = await self.session.scalar(
            select(EntryRow).options(joinedload(EntryRow.paper)).where(EntryRow.id == entry_id)
        )
        if row is None:
            return []
        names = await self._notes_of(channel_id, entry_id)
        title = papers.plain(row.paper, row.own_words).data.title
        names |= {note_key(title)} if title else set()
        to_paper = (TakeLinkRow.kind == LeadKind.URL.value) & (TakeLinkRow.target == row.paper.url)
        to_note = (TakeLinkRow.kind == LeadKind.NOTE.value) & TakeLinkRow.target.in_(names)
        rows = await self.session.scalars(
            select(TakeRow.entry_id)
            .join(TakeLinkRow, TakeLinkRow.take_id == TakeRow.id)
            .join(EntryRow, EntryRow.id == TakeRow.entry_id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                EntryRow.id != entry_id,
                or_(to_paper, to_note),
            )
            .distinct()
            .order_by(TakeRow.entry_id.desc())
            .limit(limit)
        )
        found = set(rows)
        wanted = [(LeadKind.URL.value, row.paper.url)]
        wanted += [(LeadKind.NOTE.value, name) for name in sorted(names)]
        for kind, target in wanted:
            found |= set(
                await self.session.scalars(
                    documents.entries_leading(kind, target)
                    .where(
                        EntryRow.channel_id == channel_id,
                        EntryRow.removed_at.is_(None),
                        EntryRow.id != entry_id,
                    )
                    .limit(limit)
                )
            )
        return sorted(found, reverse=True)[:limit]

    async def leads(self, entry_id: int) -> Sequence[Lead]:
        """What the takes on an entry lead to, and the files about its paper beside these."""
        rows = await self.session.execute(
            select(TakeLinkRow.kind, TakeLinkRow.target)
            .join(TakeRow, TakeRow.id == TakeLinkRow.take_id)
            .where(TakeRow.entry_id == entry_id)
            .order_by(TakeRow.created_at, TakeRow.id, TakeLinkRow.target)
        )
        found = each(
            RecordKind.LINK,
            rows,
            lambda one: Lead(LeadKind(one.kind), one.target),
            name=lambda one: entry_id,
        )
        about = documents.entries_about(EntryRow.id == entry_id)
        told = about.with_only_columns(DocumentRow.leads).order_by(DocumentRow.id)
        for its in await self.session.scalars(told):
            found += [Lead(LeadKind(kind), target) for kind, target in its]
        return list(dict.fromkeys(found))

    async def papers_at(self, scope: int, urls: Sequence[str]) -> Sequence[Paper]:
        """The papers of these addresses that arXiv or the guild `scope` knows."""
        known = or_(PaperRow.arxiv_id.is_not(None), PaperRow.scope == scope)
        rows = await self.session.scalars(select(PaperRow).where(PaperRow.url.in_(urls), known))
        by_url = {paper.url: paper for paper in decoded(rows, papers.plain)}
        return [by_url[url] for url in urls if url in by_url]

    async def of_note(self, channel_id: int, name: str) -> Sequence[int]:
        """The entries that a note's name means: of the file so called, else of a title."""
        rows = await self.session.execute(
            select(DocumentRow.path, DocumentRow.body).where(
                DocumentRow.channel_id == channel_id,
                or_(
                    func.lower(DocumentRow.path) == f"{name}.md",
                    func.lower(DocumentRow.path).endswith(f"/{name}.md", autoescape=True),
                ),
            )
        )
        held: set[int] = set(
            await self.session.scalars(
                documents.entries_about(
                    DocumentRow.channel_id == channel_id, documents.is_called(name)
                ).where(EntryRow.removed_at.is_(None))
            )
        )
        take_ids = [take for _, taken in _files(rows) for take in taken]
        if take_ids:
            held |= set(
                await self.session.scalars(
                    select(TakeRow.entry_id).where(TakeRow.id.in_(take_ids)).distinct()
                )
            )
        if held:
            return sorted(held)
        bare = undated(name)
        if len(bare) < _SHORTEST:
            return []
        titled = await self.session.scalars(
            select(EntryRow.id)
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                func.lower(shown_title()).startswith(bare, autoescape=True),
            )
            .order_by(func.length(shown_title()), EntryRow.id)
            .limit(2)
        )
        return titled.all()

    async def in_series(
        self, channel_id: int, name: str, entry_id: int, limit: int
    ) -> Sequence[int]:
        """The entries with a part of a series, in the order of the parts' numbers.

        Of a long series the parts around those of an entry that has one.
        """
        rows = await self.session.execute(
            select(TakeRow.entry_id, TakeRow.text)
            .join(TakeLinkRow, TakeLinkRow.take_id == TakeRow.id)
            .join(EntryRow, EntryRow.id == TakeRow.entry_id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                TakeLinkRow.kind == LeadKind.SERIES.value,
                TakeLinkRow.target == name,
            )
            .order_by(TakeRow.id)
            .limit(_PARTS)
        )
        parts: list[tuple[int, int]] = []
        for entry, text in rows:
            with isolated(RecordKind.LINK, entry):
                if part := part_of(text):
                    parts.append((part.number, entry))
        parts.sort(key=lambda one: one[0])  # of two parts of one number the older first
        entries = list(dict.fromkeys(entry for _, entry in parts))
        here = entries.index(entry_id) if entry_id in entries else 0
        begin = max(0, min(here - limit // 2, len(entries) - limit))
        return entries[begin : begin + limit]

    async def _notes_of(self, channel_id: int, entry_id: int) -> set[str]:
        """The names of the single notes about an entry's paper, and what these call it."""
        about = documents.entries_about(EntryRow.id == entry_id).with_only_columns(
            DocumentRow.path, DocumentRow.names
        )
        names: set[str] = set()
        for path, told in await self.session.execute(about):
            names |= {note_key(one) for one in (_stem(path), *told)}
        takes_here = (
            await self.session.scalars(select(TakeRow.id).where(TakeRow.entry_id == entry_id))
        ).all()
        conditions = [DocumentRow.body.contains(f'"{take}":') for take in takes_here[:50]]
        if not conditions:
            return names
        rows = await self.session.execute(
            select(DocumentRow.path, DocumentRow.body).where(
                DocumentRow.channel_id == channel_id, DocumentRow.kind == "note", or_(*conditions)
            )
        )
        return names | {
            note_key(_stem(path))
            for path, taken in _files(rows)
            if not taken.isdisjoint(takes_here)
        }

    def _of_channel(self, statement: Select, channel_id: int) -> Select:  # type: ignore[type-arg]
        return (
            statement.join(TakeRow, TakeRow.id == TakeTagRow.take_id)
            .join(EntryRow, EntryRow.id == TakeRow.entry_id)
            .where(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _files(rows: Iterable[Any]) -> list[tuple[str, set[int]]]:
    """Files, by their paths, with the numbers of the takes that they hold."""
    return each(
        RecordKind.FILE,
        rows,
        lambda row: (row.path, {int(take) for take in json.loads(row.body)["m"]}),
        name=lambda row: row.path,
    )
