"""Entries: which papers stand on which channel's list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.model.paper import PaperData
from bot.model.span import DigestSpan
from bot.model.take import Entry, How
from bot.store.fulltext import pages
from bot.store.fulltext.index import TAG_LIMIT
from bot.store.queries import members, papers
from bot.store.queries.decoded import decoded, decoded_in_turn
from bot.store.queries.digest_span import in_span
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.queries.own_words import as_shown, own_words, shown_title
from bot.store.schema import DocumentRow, EntryRow, EntryTagRow, PaperRow, TakeRow
from bot.text.tags import tag_key

TAGS: Final = 200
"""Tags that a file may tell of a paper."""


def _take_count() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(TakeRow.entry_id == EntryRow.id)
        .correlate(EntryRow)
        .scalar_subquery()
    )


def _select() -> Select[EntryRow, int]:
    return (
        select(EntryRow, _take_count())
        .options(joinedload(EntryRow.paper), joinedload(EntryRow.member))
        .order_by(EntryRow.added_at, EntryRow.id)
    )


def _called(row: Any) -> tuple[int, PaperData, list[str]]:
    entry_id, said, arxiv_id, title, authors, published = row
    known = PaperData(arxiv_id, title, authors=tuple(authors), published=published)
    return entry_id, as_shown(known, said), []


def plain(row: EntryRow, takes: int) -> Entry:
    """A row with its paper and member as plain data; `takes` is how many it has."""
    return Entry(
        id=row.id,
        channel_id=row.channel_id,
        paper=papers.plain(row.paper, row.own_words),
        member=members.plain(row.member),
        how=How(row.how),
        added_at=row.added_at,
        takes=takes,
        digest_id=row.digest_id,
    )


class EntryRepository:
    """Papers on channels' lists."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def tell_tags(self, channel_id: int, told: Mapping[str, Sequence[str]]) -> None:
        """Note the tags that a file tells of papers on a list, by their addresses."""
        listed = await self.session.execute(
            select(EntryRow.id, PaperRow.url)
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .where(EntryRow.channel_id == channel_id, among(self.session, PaperRow.url, set(told)))
        )
        rows = [
            {"entry_id": entry_id, "tag": tag_key(name), "name": name}
            for entry_id, url in listed
            for name in told[url][:TAGS]
            if len(name) <= TAG_LIMIT
        ]
        if rows:
            made = insert(self.session, EntryTagRow).on_conflict_do_nothing()
            await self.session.execute(made, rows)

    async def told_tags(self, channel_id: int) -> Mapping[int, Sequence[str]]:
        """The tags that files tell of a channel's papers, by entry."""
        rows = await self.session.execute(
            select(EntryTagRow.entry_id, EntryTagRow.name)
            .join(EntryRow, EntryRow.id == EntryTagRow.entry_id)
            .where(EntryRow.channel_id == channel_id)
            .order_by(EntryTagRow.entry_id, EntryTagRow.tag)
        )
        found: dict[int, list[str]] = defaultdict(list)
        for entry_id, name in rows:
            found[entry_id].append(name)
        return found

    async def add(
        self,
        channel_id: int,
        paper_id: int,
        member_id: int,
        how: How,
        now: datetime,
        said: PaperData | None = None,
    ) -> tuple[Entry, bool]:
        """The entry of a paper on a list, and whether this call put it there.

        An entry that was taken off comes back, with its takes, as added now. `said` is what the
        channel calls a paper that arXiv has not told of.
        """
        words = own_words(said) if said else None
        new = {"member_id": member_id, "how": how.value, "added_at": now}
        again = {**new, "removed_at": None, "digest_id": None}
        made = (
            insert(self.session, EntryRow)
            .values(channel_id=channel_id, paper_id=paper_id, **new, own_words=words)
            .on_conflict_do_update(
                index_elements=["channel_id", "paper_id"],
                set_=again | ({"own_words": words} if words else {}),
                where=EntryRow.removed_at.is_not(None),
            )
            .returning(EntryRow.id)
        )
        entry_id = (await self.session.execute(made)).scalar_one_or_none()
        if entry_id is not None:
            pages.touch(self.session, [entry_id])
        condition = and_(EntryRow.channel_id == channel_id, EntryRow.paper_id == paper_id)
        entry = await self._one(condition)
        assert entry is not None
        return entry, entry_id is not None

    async def of_paper(self, channel_id: int, paper_id: int) -> Entry | None:
        """The entry of a paper on a list, unless it was taken off."""
        return await self._one(
            and_(
                EntryRow.channel_id == channel_id,
                EntryRow.paper_id == paper_id,
                EntryRow.removed_at.is_(None),
            )
        )

    async def called(self, channel_id: int, paper_id: int) -> str:
        """The title that a channel gave a paper, also one that it took off its list."""
        entries = await self._many(
            and_(EntryRow.channel_id == channel_id, EntryRow.paper_id == paper_id)
        )
        return entries[0].paper.data.title if entries else ""

    async def of_papers(self, channel_id: int, paper_ids: Collection[int]) -> Sequence[Entry]:
        """The entries of these papers on a list, those taken off left out."""
        return await self._many(
            and_(
                EntryRow.channel_id == channel_id,
                EntryRow.paper_id.in_(paper_ids),
                EntryRow.removed_at.is_(None),
            )
        )

    async def get(self, channel_id: int, entry_id: int) -> Entry | None:
        """An entry by its number, if it is on this channel's list."""
        return await self._one(
            and_(
                EntryRow.id == entry_id,
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
            )
        )

    async def by_ids(self, entry_ids: Sequence[int]) -> Sequence[Entry]:
        """These entries, on whatever list, also if taken off."""
        return await self._many(EntryRow.id.in_(entry_ids))

    async def by_card(self, channel_id: int, message_id: int) -> Entry | None:
        """The entry whose card is that message."""
        return await self._one(
            and_(
                EntryRow.channel_id == channel_id,
                EntryRow.card_message_id == message_id,
                EntryRow.removed_at.is_(None),
            )
        )

    async def of_span(self, channel_id: int, span: DigestSpan) -> Sequence[Entry]:
        """The papers of a digest's material, and those that its takes are on."""
        takes = in_span(span, TakeRow.digest_id, TakeRow.created_at)
        has_takes = select(TakeRow.id).where(TakeRow.entry_id == EntryRow.id, takes).exists()
        return await self._many(
            and_(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                or_(in_span(span, EntryRow.digest_id, EntryRow.added_at), has_takes),
            )
        )

    async def on_list(self, channel_id: int) -> Sequence[Entry]:
        """All that stands on a channel's list."""
        return await self._many(
            and_(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        )

    async def matching(self, channel_id: int, typed: str, limit: int) -> Sequence[Entry]:
        """Entries whose title or reference contains what was typed, the newest first."""
        condition = and_(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        statement = _select().join(PaperRow, EntryRow.paper_id == PaperRow.id)
        if typed.strip():
            pattern = typed.strip()
            condition = and_(
                condition,
                or_(
                    shown_title().icontains(pattern, autoescape=True),
                    PaperRow.url.icontains(pattern, autoescape=True),
                ),
            )
        rows = await self.session.execute(
            statement.where(condition)
            .order_by(None)
            .order_by(EntryRow.added_at.desc(), EntryRow.id.desc())
            .limit(limit)
        )
        return decoded(rows, lambda one: plain(*one))

    async def names(
        self, channel_id: int, limit: int
    ) -> Sequence[tuple[int, PaperData, Sequence[str]]]:
        """The entries of a list, the newest first, with what their papers are called: title,
        authors, when they appeared, and the names that the channel's files have for them."""
        newest = (
            select(
                EntryRow.id,
                EntryRow.own_words,
                PaperRow.arxiv_id,
                PaperRow.title,
                PaperRow.authors,
                PaperRow.published,
            )
            .join(PaperRow, EntryRow.paper_id == PaperRow.id)
            .where(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
            .order_by(EntryRow.added_at.desc(), EntryRow.id.desc())
            .limit(limit)
        )
        rows = await self.session.execute(newest)
        called = {entry_id: (data, names) for entry_id, data, names in decoded(rows, _called)}
        of_files = (
            select(EntryRow.id, DocumentRow.names)
            .join(PaperRow, PaperRow.id == EntryRow.paper_id)
            .join(DocumentRow, DocumentRow.about == PaperRow.url)
            .where(EntryRow.channel_id == channel_id, DocumentRow.channel_id == channel_id)
            .order_by(DocumentRow.id)
        )
        for entry_id, names in await self.session.execute(of_files):
            if entry_id in called:
                called[entry_id][1].extend(names)
        return [(entry_id, data, names) for entry_id, (data, names) in called.items()]

    async def addresses(self, channel_id: int) -> Sequence[tuple[str, str]]:
        """The addresses of a list's papers, each with the title that is shown."""
        rows = await self.session.execute(
            select(PaperRow.url, shown_title())
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        )
        return [(url, title) for url, title in rows if title]

    async def remove(self, entry_id: int, now: datetime) -> None:
        """Take an entry off the list; its takes are kept."""
        pages.touch(self.session, [entry_id])
        await self.session.execute(
            update(EntryRow).where(EntryRow.id == entry_id).values(removed_at=now)
        )

    async def set_card(self, entry_id: int, channel_id: int, message_id: int) -> None:
        """Note where an entry's card stands."""
        await self.session.execute(
            update(EntryRow)
            .where(EntryRow.id == entry_id)
            .values(card_channel_id=channel_id, card_message_id=message_id)
        )

    async def cards_of(
        self, paper_id: int, channel_id: int | None = None
    ) -> Sequence[tuple[int, int, int]]:
        """Where a paper's cards stand, in one channel or all: (entry, Discord channel, message)."""
        wanted = select(EntryRow.id, EntryRow.card_channel_id, EntryRow.card_message_id).where(
            EntryRow.paper_id == paper_id,
            EntryRow.card_message_id.is_not(None),
            EntryRow.removed_at.is_(None),
        )
        if channel_id is not None:
            wanted = wanted.where(EntryRow.channel_id == channel_id)
        rows = await self.session.execute(wanted)
        return [
            (entry, channel, message)
            for entry, channel, message in rows
            if channel is not None and message is not None
        ]

    async def sharing_card(self, entry_id: int) -> Sequence[Entry]:
        """The entries shown on the same card as this one, itself among them."""
        card = select(EntryRow.card_message_id).where(EntryRow.id == entry_id).scalar_subquery()
        return await self._many(
            and_(
                or_(EntryRow.id == entry_id, EntryRow.card_message_id == card),
                EntryRow.removed_at.is_(None),
            )
        )

    async def freeze_taken(
        self, channel_id: int, before: datetime, digest_id: int, but: Collection[int] = ()
    ) -> None:
        """As `freeze`, but only those with takes in the digest: the others are carried over."""
        has_takes = select(TakeRow.id).where(
            TakeRow.entry_id == EntryRow.id, TakeRow.digest_id == digest_id
        )
        await self.session.execute(
            update(EntryRow)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.digest_id.is_(None),
                EntryRow.added_at < before,
                EntryRow.id.not_in(but),
                has_takes.exists(),
            )
            .values(digest_id=digest_id)
        )

    async def freeze(
        self, channel_id: int, before: datetime, digest_id: int, but: Collection[int] = ()
    ) -> None:
        """The entries that no digest showed yet, and that were added before, are shown by this.

        Those in `but` are not.
        """
        await self.session.execute(
            update(EntryRow)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.digest_id.is_(None),
                EntryRow.removed_at.is_(None),
                EntryRow.added_at < before,
                EntryRow.id.not_in(but),
            )
            .values(digest_id=digest_id)
        )

    async def _one(self, condition: object) -> Entry | None:
        rows = await self._many(condition)
        return rows[0] if rows else None

    async def _many(self, condition: object) -> Sequence[Entry]:
        rows = await self.session.execute(
            _select().where(condition),  # type: ignore[arg-type]
            execution_options={"populate_existing": True},
        )
        return await decoded_in_turn(rows, lambda one: plain(*one))
