"""Many rows at a time, for an archive that comes in: the same rules as one by one, fewer trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Metadata
from bot.model.take import How
from bot.store import index
from bot.store.insert import insert, many
from bot.store.schema import Base, EntryRow, PaperRow, TakeRow

_AT_ONCE = 500
"""Values in one IN list."""


@dataclass(frozen=True, slots=True)
class NewPaper:
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


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A paper for a channel's list."""

    paper_id: int
    member_id: int
    added_at: datetime
    digest_id: int | None


@dataclass(frozen=True, slots=True)
class NewTake:
    """A take that was written elsewhere."""

    entry_id: int
    member_id: int
    text: str
    created_at: datetime
    digest_id: int | None


class Bulk:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def known_papers(
        self, keys: Sequence[tuple[int, str]]
    ) -> Mapping[tuple[int, str], tuple[int, bool]]:
        """Number of each paper that the catalogue has, and whether its title is still owed."""
        found: dict[tuple[int, str], tuple[int, bool]] = {}
        urls = sorted({url for _, url in keys})
        for start in range(0, len(urls), _AT_ONCE):
            rows = await self.session.execute(
                select(
                    PaperRow.id, PaperRow.scope, PaperRow.url, PaperRow.title,
                    PaperRow.metadata_state,
                ).where(PaperRow.url.in_(urls[start : start + _AT_ONCE]))
            )  # fmt: skip
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
            await self._insert(PaperRow, [_paper_values(paper) for paper in missing])
            # Another process may have been first with some of them: the numbers are asked for.
            made = await self.known_papers([paper.key for paper in missing])
            numbers |= {key: number for key, (number, _) in made.items()}
            changed += [number for number, _ in made.values()]
        return numbers, changed

    async def _give_title(self, number: int, paper: NewPaper) -> None:
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
        numbers = await self._known_entries(channel_id, list(first))
        missing = [entry for paper, entry in first.items() if paper not in numbers]
        if not missing:
            return numbers, 0
        rows = [
            {
                "channel_id": channel_id,
                "paper_id": entry.paper_id,
                "member_id": entry.member_id,
                "how": How.ARCHIVE.value,
                "added_at": entry.added_at,
                "digest_id": entry.digest_id,
            }
            for entry in missing
        ]
        await self._insert(EntryRow, rows)
        made = await self._known_entries(channel_id, [entry.paper_id for entry in missing])
        await index.run(self.session, index.add_entries, list(made.values()))
        return numbers | made, len(made)

    async def listed(self, channel_id: int | None, known: Iterable[tuple[int, bool]]) -> list[int]:
        """Which of these papers, as `known_papers` gives them, are on a channel's list."""
        if channel_id is None:
            return []
        numbers, found = [number for number, _ in known], list[int]()
        for start in range(0, len(numbers), _AT_ONCE):
            found += await self.session.scalars(
                select(EntryRow.paper_id).where(
                    EntryRow.channel_id == channel_id,
                    EntryRow.paper_id.in_(numbers[start : start + _AT_ONCE]),
                    EntryRow.removed_at.is_(None),
                )
            )
        return found

    async def _known_entries(self, channel_id: int, papers: Sequence[int]) -> dict[int, int]:
        numbers: dict[int, int] = {}
        removed: list[int] = []
        for start in range(0, len(papers), _AT_ONCE):
            rows = await self.session.execute(
                select(EntryRow.id, EntryRow.paper_id, EntryRow.removed_at).where(
                    EntryRow.channel_id == channel_id,
                    EntryRow.paper_id.in_(papers[start : start + _AT_ONCE]),
                )
            )
            for number, paper, removed_at in rows:
                numbers[paper] = number
                if removed_at is not None:
                    removed.append(number)
        if removed:
            await self.session.execute(
                update(EntryRow).where(EntryRow.id.in_(removed)).values(removed_at=None)
            )
            await index.run(self.session, index.add_entries, removed)
        return numbers

    async def takes(self, new: Sequence[NewTake]) -> list[int]:
        """Add takes; returns their numbers, in order."""
        if not new:
            return []
        numbers = await self.numbers(TakeRow, len(new))
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
        await index.run(self.session, index.add_takes, numbers)
        return numbers

    async def numbers(self, table: type[Base], count: int) -> list[int]:
        """Numbers for rows that this transaction is about to add, so that none is asked back."""
        name = table.__tablename__
        if self.session.get_bind().dialect.name == "sqlite":
            # The one writer: nobody adds rows in between.
            last = await self.session.scalar(text(f"SELECT max(id) FROM {name}")) or 0
            return list(range(last + 1, last + 1 + count))
        drawn = await self.session.scalars(
            text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)"),
            {"name": name, "n": count},
        )
        return list(drawn)

    async def _insert(self, table: type[Base], rows: list[dict[str, Any]]) -> None:
        """Many rows by the driver's own `executemany`; those that are there already stay."""
        made = insert(self.session, table).on_conflict_do_nothing()
        await self.session.run_sync(lambda sync: many(sync.connection(), made, rows))


def _paper_values(paper: NewPaper) -> dict[str, Any]:
    owed = paper.arxiv_id is not None
    return {
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
