"""Many rows at a time, for an archive that comes in: the same rules as one by one, fewer trips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Metadata
from bot.model.take import How
from bot.store import index
from bot.store.among import among
from bot.store.insert import alone, drawn, insert, many
from bot.store.schema import Base, EntryRow, PaperRow, TakeRow


class NewPaper(NamedTuple):
    """A paper as a file names it; of an arXiv paper the metadata is still owed."""

    scope: int
    url: str
    arxiv_id: str | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""

    @property
    def key(self) -> tuple[int, str]:
        return self.scope, self.url


class NewEntry(NamedTuple):
    """A paper for a channel's list."""

    paper_id: int
    member_id: int
    added_at: datetime
    digest_id: int | None


class NewTake(NamedTuple):
    """A take that was written elsewhere."""

    entry_id: int
    member_id: int
    text: str
    created_at: datetime
    digest_id: int | None


class _Entry(NamedTuple):
    """An entry with its paper, as the index wants to see it."""

    id: int
    channel_id: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    arxiv_id: str | None
    url: str


class _Take(NamedTuple):
    id: int
    channel_id: int
    text: str


class Bulk:
    """What it adds it knows: neither numbers nor words are asked back, where nobody else writes."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.alone = alone(session)
        self._made: dict[int, NewPaper] = {}
        """Papers that were added here, by their numbers."""
        self._channels: dict[int, int] = {}
        """Channels of the entries that were told of, by the entries' numbers."""

    async def known_papers(
        self, keys: Sequence[tuple[int, str]]
    ) -> Mapping[tuple[int, str], tuple[int, bool]]:
        """Number of each paper that the catalogue has, and whether its title is still owed."""
        found: dict[tuple[int, str], tuple[int, bool]] = {}
        if not keys:
            return found
        rows = await self.session.execute(
            select(
                PaperRow.id, PaperRow.scope, PaperRow.url, PaperRow.title, PaperRow.metadata_state
            ).where(among(self.session, PaperRow.url, {url for _, url in keys}))
        )
        for number, scope, url, title, state in rows:
            found[scope, url] = number, not title and state != Metadata.UNKNOWN.value
        return {key: found[key] for key in keys if key in found}

    async def papers(
        self, wanted: Sequence[NewPaper]
    ) -> tuple[Mapping[tuple[int, str], int], list[int]]:
        """The numbers of papers by their keys, and those that are new or were given a title."""
        first: dict[tuple[int, str], NewPaper] = {}
        for paper in wanted:
            known = first.get(paper.key)
            if known is None or (paper.title and not known.title):
                first[paper.key] = paper
        found = await self.known_papers(list(first))
        numbers = {key: number for key, (number, _) in found.items()}
        changed: list[int] = []
        for key, (number, owed) in found.items():
            if owed and first[key].title:
                await self._give_title(number, first[key])
                changed.append(number)
        missing = [paper for key, paper in first.items() if key not in found]
        if missing:
            made = await self._add_papers(missing)
            numbers |= made
            changed += made.values()
        return numbers, changed

    async def _add_papers(self, missing: Sequence[NewPaper]) -> Mapping[tuple[int, str], int]:
        numbers = await drawn(self.session, PaperRow, len(missing))
        new = dict(zip(numbers, missing, strict=True))
        await self._insert(PaperRow, [_paper_values(*numbered) for numbered in new.items()])
        made = {paper.key: number for number, paper in new.items()}
        if not self.alone:
            # Another process may have been first with some of them: the numbers are asked for.
            found = await self.known_papers(list(made))
            made = {key: number for key, (number, _) in found.items()}
        self._made |= {
            number: paper for number, paper in new.items() if made.get(paper.key) == number
        }
        return made

    def texts(self, urls: Collection[str]) -> dict[str, str]:
        """What is searched of those papers among these addresses that were added here."""
        return {
            paper.url: index.paper_text(paper) for paper in self._made.values() if paper.url in urls
        }

    async def _give_title(self, number: int, paper: NewPaper) -> None:
        self._made.pop(number, None)  # what is at hand of it is the paper as it was
        await index.run(self.session, index.drop_papers, [number])
        await self.session.execute(
            update(PaperRow)
            .where(PaperRow.id == number)
            .values(title=paper.title, authors=list(paper.authors), abstract=paper.abstract)
        )
        await index.run(self.session, index.add_papers, [number])

    async def entries(
        self, channel_id: int, wanted: Sequence[NewEntry]
    ) -> tuple[Mapping[int, int], int]:
        """The numbers of entries by their paper's, and how many of them are new.

        An entry that was taken off the list comes back.
        """
        first: dict[int, NewEntry] = {}
        for entry in wanted:
            first.setdefault(entry.paper_id, entry)
        old = [paper for paper in first if not (self.alone and paper in self._made)]
        numbers = await self._known_entries(channel_id, old)
        missing = [entry for paper, entry in first.items() if paper not in numbers]
        made = await self._add_entries(channel_id, missing) if missing else {}
        at_hand = [
            _Entry(number, channel_id, of.title, of.authors, of.abstract, of.arxiv_id, of.url)
            for paper, number in made.items()
            if (of := self._made.get(paper)) is not None
        ]
        others = [number for paper, number in made.items() if paper not in self._made]
        await index.run(self.session, index.add_entry_rows, at_hand)
        await index.run(self.session, index.add_entries, others)
        numbers |= made
        self._channels |= dict.fromkeys(numbers.values(), channel_id)
        return numbers, len(made)

    async def _add_entries(self, channel_id: int, missing: Sequence[NewEntry]) -> dict[int, int]:
        numbers = await drawn(self.session, EntryRow, len(missing))
        rows = [
            {
                "id": number,
                "channel_id": channel_id,
                "paper_id": entry.paper_id,
                "member_id": entry.member_id,
                "how": How.ARCHIVE.value,
                "added_at": entry.added_at,
                "digest_id": entry.digest_id,
            }
            for number, entry in zip(numbers, missing, strict=True)
        ]
        await self._insert(EntryRow, rows)
        if not self.alone:
            return await self._known_entries(channel_id, [entry.paper_id for entry in missing])
        return {entry.paper_id: number for number, entry in zip(numbers, missing, strict=True)}

    async def listed(self, channel_id: int | None, known: Iterable[tuple[int, bool]]) -> list[int]:
        """Which of these papers, as `known_papers` gives them, are on a channel's list."""
        if channel_id is None:
            return []
        found = await self.session.scalars(
            select(EntryRow.paper_id).where(
                EntryRow.channel_id == channel_id,
                among(self.session, EntryRow.paper_id, [number for number, _ in known]),
                EntryRow.removed_at.is_(None),
            )
        )
        return list(found)

    async def _known_entries(self, channel_id: int, papers: Sequence[int]) -> dict[int, int]:
        numbers: dict[int, int] = {}
        removed: list[int] = []
        if not papers:
            return numbers
        rows = await self.session.execute(
            select(EntryRow.id, EntryRow.paper_id, EntryRow.removed_at).where(
                EntryRow.channel_id == channel_id, among(self.session, EntryRow.paper_id, papers)
            )
        )
        for number, paper, removed_at in rows:
            numbers[paper] = number
            if removed_at is not None:
                removed.append(number)
        if removed:
            await self.session.execute(
                update(EntryRow)
                .where(among(self.session, EntryRow.id, removed))
                .values(removed_at=None)
            )
            await index.run(self.session, index.add_entries, removed)
        return numbers

    async def takes(self, new: Sequence[NewTake]) -> list[int]:
        """Add takes; returns their numbers, in order."""
        if not new:
            return []
        numbers = await drawn(self.session, TakeRow, len(new))
        rows: list[dict[str, Any]] = [
            {
                "id": number,
                "entry_id": take.entry_id,
                "member_id": take.member_id,
                "text": take.text,
                "created_at": take.created_at,
                "digest_id": take.digest_id,
            }
            for number, take in zip(numbers, new, strict=True)
        ]
        await self._insert(TakeRow, rows)
        at_hand = [
            _Take(number, self._channels[take.entry_id], take.text)
            for number, take in zip(numbers, new, strict=True)
            if take.entry_id in self._channels
        ]
        others = [
            number
            for number, take in zip(numbers, new, strict=True)
            if take.entry_id not in self._channels
        ]
        await index.run(self.session, index.add_take_rows, at_hand)
        await index.run(self.session, index.add_takes, others)
        return numbers

    async def _insert(self, table: type[Base], rows: list[dict[str, Any]]) -> None:
        """Many rows by the driver's own `executemany`; those that are there already stay."""
        made = insert(self.session, table).on_conflict_do_nothing()
        await self.session.run_sync(lambda sync: many(sync.connection(), made, rows))


def _paper_values(number: int, paper: NewPaper) -> dict[str, Any]:
    owed = paper.arxiv_id is not None
    return {
        "id": number,
        "scope": paper.scope,
        "url": paper.url,
        "arxiv_id": paper.arxiv_id,
        "title": paper.title,
        "authors": list(paper.authors),
        "abstract": paper.abstract,
        "categories": [],
        "withdrawn": False,
        "metadata_state": (Metadata.PENDING if owed else Metadata.COMPLETE).value,
        "asked": 0,
    }
