"""Many rows at a time, for an archive that comes in: the same rules as one by one, fewer trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Metadata, PaperData
from bot.model.take import How
from bot.store.fulltext import pages
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.queries.own_words import OwnWords, TitleSource, joined, own_words
from bot.store.queries.takes import TakeRepository
from bot.store.schema import EntryRow, PaperRow


class NewPaper(NamedTuple):
    """A paper as a file names it. `said` is what it says of it, for the channel's own entry; what
    the catalogue says is for arXiv to tell."""

    scope: int
    url: str
    said: PaperData
    source: TitleSource = TitleSource.HEAD

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from other papers in the catalogue."""
        return self.scope, self.url

    @property
    def words(self) -> OwnWords | None:
        """What the file says of it, as an entry keeps it."""
        return own_words(self.said, self.source)


class NewEntry(NamedTuple):
    """A paper for a channel's list."""

    paper_id: int
    member_id: int
    added_at: datetime
    digest_id: int | None
    words: OwnWords | None


class NewTake(NamedTuple):
    """A take that was written elsewhere."""

    entry_id: int
    member_id: int
    text: str
    created_at: datetime
    digest_id: int | None


class BulkRepository:
    """Papers, entries and takes of an archive, many together."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def known_papers(
        self, keys: Sequence[tuple[int, str]], *, hold: bool = True
    ) -> Mapping[tuple[int, str], int]:
        """The number of each paper that the catalogue has.

        With `hold` they are kept until their entries are there, see `queries.past_papers`; a
        transaction that only reads can hold nothing.
        """
        if not keys:
            return {}
        wanted = select(PaperRow.scope, PaperRow.url, PaperRow.id).where(
            among(self.session, PaperRow.url, {url for _, url in keys})
        )
        if hold:
            wanted = wanted.with_for_update(read=True, key_share=True)
        rows = await self.session.execute(wanted)
        found = {(scope, url): paper_id for scope, url, paper_id in rows}
        return {key: found[key] for key in keys if key in found}

    async def papers(
        self, wanted: Sequence[NewPaper]
    ) -> tuple[Mapping[tuple[int, str], int], list[int]]:
        """The numbers of papers by their keys, and those that are new."""
        first: dict[tuple[int, str], NewPaper] = {}
        for paper in wanted:
            first.setdefault(paper.key, paper)
        known = await self.known_papers(list(first))
        rows = [_paper_row(paper) for key, paper in first.items() if key not in known]
        if not rows:
            return known, []
        made = insert(self.session, PaperRow).on_conflict_do_nothing()
        back = made.returning(PaperRow.scope, PaperRow.url, PaperRow.id)
        new = {(scope, url): id for scope, url, id in await self.session.execute(back, rows)}
        # Another process may have been first with some of them.
        others = [key for key in first if key not in known and key not in new]
        return {**known, **new, **await self.known_papers(others)}, list(new.values())

    async def entries(
        self, channel_id: int, wanted: Sequence[NewEntry]
    ) -> tuple[Mapping[int, int], int]:
        """The numbers of entries by their paper's, and how many of them are new.

        An entry that was taken off the list comes back. What is said of a paper now goes with what
        was said before.
        """
        first: dict[int, NewEntry] = {}
        for entry in wanted:
            known = first.get(entry.paper_id)
            if known is not None:
                entry = known._replace(words=joined(known.words, entry.words))
            first[entry.paper_id] = entry
        there = await self._known_entries(channel_id, list(first.values()))
        rows = [
            _entry_row(channel_id, entry) for paper, entry in first.items() if paper not in there
        ]
        if not rows:
            return there, 0
        made = insert(self.session, EntryRow).on_conflict_do_nothing()
        back = made.returning(EntryRow.paper_id, EntryRow.id)
        new = dict((await self.session.execute(back, rows)).all())
        pages.touch(self.session, new.values())
        # A member may have been first with some of them.
        others = [entry for paper, entry in first.items() if not (paper in there or paper in new)]
        return {**there, **new, **await self._known_entries(channel_id, others)}, len(new)

    async def listed(self, channel_id: int | None, papers: Iterable[int]) -> list[int]:
        """Which of these papers are on a channel's list."""
        if channel_id is None:
            return []
        found = await self.session.scalars(
            select(EntryRow.paper_id).where(
                EntryRow.channel_id == channel_id,
                among(self.session, EntryRow.paper_id, list(papers)),
                EntryRow.removed_at.is_(None),
            )
        )
        return list(found)

    async def _known_entries(self, channel_id: int, wanted: Sequence[NewEntry]) -> dict[int, int]:
        """The entries that are there already, brought back and given words where they need it."""
        entry_ids: dict[int, int] = {}
        if not wanted:
            return entry_ids
        said = {entry.paper_id: entry.words for entry in wanted}
        rows = await self.session.execute(
            select(
                EntryRow.id,
                EntryRow.paper_id,
                EntryRow.removed_at,
                EntryRow.own_words,
                PaperRow.title != "",
            )
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .where(
                EntryRow.channel_id == channel_id,
                among(self.session, EntryRow.paper_id, list(said)),
            )
        )
        removed: list[int] = []
        told: dict[int, OwnWords] = {}
        for entry_id, paper, removed_at, words, named in rows:
            entry_ids[paper] = entry_id
            if removed_at is not None:
                removed.append(entry_id)
            new = joined(words, said[paper])
            if not named and new and new != words:
                told[entry_id] = new
        again = list({*removed, *told})
        if removed:
            await self.session.execute(
                update(EntryRow)
                .where(among(self.session, EntryRow.id, removed))
                .values(removed_at=None)
            )
        for entry_id, words in told.items():
            await self.session.execute(
                update(EntryRow).where(EntryRow.id == entry_id).values(own_words=words)
            )
        pages.touch(self.session, again)
        return entry_ids

    async def takes(self, new: Sequence[NewTake]) -> list[int]:
        """Add takes; returns their numbers, in order."""
        return await TakeRepository(self.session).add_many([take._asdict() for take in new])


def _paper_row(paper: NewPaper) -> dict[str, Any]:
    owed = paper.said.arxiv_id is not None
    return {
        "scope": paper.scope,
        "url": paper.url,
        "arxiv_id": paper.said.arxiv_id,
        "title": "",
        "authors": [],
        "abstract": "",
        "categories": [],
        "metadata_state": (Metadata.PENDING if owed else Metadata.COMPLETE).value,
    }


def _entry_row(channel_id: int, entry: NewEntry) -> dict[str, Any]:
    return {
        "channel_id": channel_id,
        "paper_id": entry.paper_id,
        "member_id": entry.member_id,
        "how": How.ARCHIVE.value,
        "added_at": entry.added_at,
        "digest_id": entry.digest_id,
        "own_words": entry.words,
    }
