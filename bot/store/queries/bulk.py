"""Many rows at a time, for an archive that comes in: the same rules as one by one, fewer trips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Metadata, PaperData
from bot.model.take import How
from bot.store.fulltext import index
from bot.store.queries.in_list import among
from bot.store.queries.insert import alone, drawn, insert, many
from bot.store.queries.own_words import OwnWords, own_words
from bot.store.schema import Base, EntryRow, PaperRow, TakeRow


class NewPaper(NamedTuple):
    """A paper as a file names it. `said` is what it says of it, for the channel's own entry; what
    the catalogue says is for arXiv to tell."""

    scope: int
    url: str
    said: PaperData

    @property
    def key(self) -> tuple[int, str]:
        return self.scope, self.url


class NewEntry(NamedTuple):
    """A paper for a channel's list."""

    paper_id: int
    member_id: int
    added_at: datetime
    digest_id: int | None
    said: PaperData


class NewTake(NamedTuple):
    """A take that was written elsewhere."""

    entry_id: int
    member_id: int
    text: str
    created_at: datetime
    digest_id: int | None


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
        """Papers that were added here, by their numbers: the catalogue knows no more of them."""
        self._shown: dict[str, PaperData] = {}
        """What is shown of papers whose entries were added here, by address."""
        self._channels: dict[int, int] = {}
        """Channels of the entries that were told of, by the entries' numbers."""

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
        found = {(scope, url): number for scope, url, number in rows}
        return {key: found[key] for key in keys if key in found}

    async def papers(
        self, wanted: Sequence[NewPaper]
    ) -> tuple[Mapping[tuple[int, str], int], list[int]]:
        """The numbers of papers by their keys, and those that are new."""
        first: dict[tuple[int, str], NewPaper] = {}
        for paper in wanted:
            first.setdefault(paper.key, paper)
        numbers = await self.known_papers(list(first))
        missing = [paper for key, paper in first.items() if key not in numbers]
        if not missing:
            return numbers, []
        made = await self._add_papers(missing)
        return {**numbers, **made}, list(made.values())

    async def _add_papers(self, missing: Sequence[NewPaper]) -> Mapping[tuple[int, str], int]:
        numbers = await drawn(self.session, PaperRow, len(missing))
        new = dict(zip(numbers, missing, strict=True))
        await self._insert(PaperRow, [_paper_values(*numbered) for numbered in new.items()])
        made = {paper.key: number for number, paper in new.items()}
        if not self.alone:
            # Another process may have been first with some of them: the numbers are asked for.
            made = dict(await self.known_papers(list(made)))
        self._made |= {
            number: paper for number, paper in new.items() if made.get(paper.key) == number
        }
        return made

    def texts(self, urls: Collection[str]) -> dict[str, str]:
        """What is searched of those papers among these addresses whose entries were added here."""
        return {url: index.paper_text(url, self._shown[url]) for url in urls if url in self._shown}

    async def entries(
        self, channel_id: int, wanted: Sequence[NewEntry]
    ) -> tuple[Mapping[int, int], int]:
        """The numbers of entries by their paper's, and how many of them are new.

        An entry that was taken off the list comes back. One that says nothing of its paper yet
        takes what is said now.
        """
        first: dict[int, NewEntry] = {}
        for entry in wanted:
            known = first.get(entry.paper_id)
            if known is None or (entry.said.title and not known.said.title):
                first[entry.paper_id] = entry if known is None else known._replace(said=entry.said)
        old = [paper for paper in first if not (self.alone and paper in self._made)]
        numbers = await self._known_entries(channel_id, [first[paper] for paper in old])
        missing = [entry for paper, entry in first.items() if paper not in numbers]
        made = await self._add_entries(channel_id, missing) if missing else {}
        at_hand: list[index.IndexedEntry] = []
        for paper, number in made.items():
            if (of := self._made.get(paper)) is not None:
                said = self._shown[of.url] = first[paper].said
                at_hand.append(
                    index.IndexedEntry(
                        number,
                        channel_id,
                        of.url,
                        said.arxiv_id,
                        said.title,
                        said.authors,
                        said.abstract,
                    )
                )
        others = [number for paper, number in made.items() if paper not in self._made]
        await index.run(self.session, index.add_listed, at_hand)
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
                "own_words": own_words(entry.said),
            }
            for number, entry in zip(numbers, missing, strict=True)
        ]
        await self._insert(EntryRow, rows)
        if not self.alone:
            return await self._numbers_of(channel_id, [entry.paper_id for entry in missing])
        return {entry.paper_id: number for number, entry in zip(numbers, missing, strict=True)}

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
        numbers: dict[int, int] = {}
        if not wanted:
            return numbers
        said = {entry.paper_id: own_words(entry.said) for entry in wanted}
        rows = await self.session.execute(
            select(
                EntryRow.id,
                EntryRow.paper_id,
                EntryRow.removed_at,
                or_(PaperRow.title != "", EntryRow.own_words.is_not(None)),
            )
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .where(
                EntryRow.channel_id == channel_id,
                among(self.session, EntryRow.paper_id, list(said)),
            )
        )
        removed: list[int] = []
        wordless: dict[int, OwnWords] = {}
        for number, paper, removed_at, named in rows:
            numbers[paper] = number
            if removed_at is not None:
                removed.append(number)
            if not named and (new := said[paper]):
                wordless[number] = new
        again = list({*removed, *wordless})
        await index.run(self.session, index.drop_entries, [n for n in wordless if n not in removed])
        if removed:
            await self.session.execute(
                update(EntryRow)
                .where(among(self.session, EntryRow.id, removed))
                .values(removed_at=None)
            )
        for number, words in wordless.items():
            await self.session.execute(
                update(EntryRow).where(EntryRow.id == number).values(own_words=words)
            )
        await index.run(self.session, index.add_entries, again)
        return numbers

    async def _numbers_of(self, channel_id: int, papers: Sequence[int]) -> dict[int, int]:
        rows = await self.session.execute(
            select(EntryRow.paper_id, EntryRow.id).where(
                EntryRow.channel_id == channel_id, among(self.session, EntryRow.paper_id, papers)
            )
        )
        return dict(rows.all())

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
    owed = paper.said.arxiv_id is not None
    return {
        "id": number,
        "scope": paper.scope,
        "url": paper.url,
        "arxiv_id": paper.said.arxiv_id,
        "title": "",
        "authors": [],
        "abstract": "",
        "categories": [],
        "withdrawn": False,
        "metadata_state": (Metadata.PENDING if owed else Metadata.COMPLETE).value,
        "asked": 0,
    }
