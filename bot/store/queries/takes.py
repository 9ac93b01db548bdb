"""Takes: what members wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.model.span import DigestSpan
from bot.model.take import MessageKind, Take, TakeMessage
from bot.store.fulltext import index, pages
from bot.store.queries import members
from bot.store.queries.decoded import decoded, decoded_in_turn
from bot.store.queries.digest_span import in_span
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import EntryRow, MemberRow, TakeRow


def plain(row: TakeRow) -> Take:
    """A row with its member as plain data."""
    return Take(
        id=row.id,
        entry_id=row.entry_id,
        member=members.plain(row.member),
        text=row.text,
        created_at=row.created_at,
        edited_at=row.edited_at,
        digest_id=row.digest_id,
        message=_message(row),
    )


def _message(row: TakeRow) -> TakeMessage | None:
    if row.shown_as is None or row.shown_channel_id is None or row.shown_message_id is None:
        return None
    return TakeMessage(MessageKind(row.shown_as), row.shown_channel_id, row.shown_message_id)


def _select() -> Select[TakeRow]:
    return (
        select(TakeRow).options(joinedload(TakeRow.member)).order_by(TakeRow.created_at, TakeRow.id)
    )


_ALIKE = (TakeRow.entry_id, TakeRow.member_id, TakeRow.created_at, TakeRow.text)
"""Two takes that have these in common are the same in all but their ids."""


class TakeRepository:
    """Members' comments on entries."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, entry_id: int, member_id: int, text: str, now: datetime) -> Take:
        """Keep a new take."""
        row = TakeRow(entry_id=entry_id, member_id=member_id, text=text, created_at=now)
        self.session.add(row)
        await self.session.flush()
        await index.run(self.session, index.add_takes, [row.id])
        pages.touch(self.session, [entry_id])
        return plain((await self.session.scalars(_select().where(TakeRow.id == row.id))).one())

    async def add_many(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Add takes, told by their columns, the same for each; their ids, in order."""
        if not rows:
            return []
        made = insert(self.session, TakeRow).returning(TakeRow.id, *_ALIKE)
        # They come back in any order: each is known by what is in it.
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for id, *its in sorted(await self.session.execute(made, rows), key=itemgetter(0)):
            found[tuple(its)].append(id)
        ids = [found[tuple(row[column.key] for column in _ALIKE)].pop(0) for row in rows]
        await index.run(self.session, index.add_takes, ids)
        pages.touch(self.session, {row["entry_id"] for row in rows})
        return ids

    async def get(self, channel_id: int, take_id: int, *, hold: bool = False) -> Take | None:
        """A take by its number, if it belongs to this channel.

        With `hold` nobody else changes it until this transaction ends.
        """
        wanted = (
            _select()
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .where(TakeRow.id == take_id, EntryRow.channel_id == channel_id)
        )
        row = await self.session.scalar(wanted.with_for_update(of=TakeRow) if hold else wanted)
        return plain(row) if row else None

    async def by_id(self, take_id: int) -> Take | None:
        """A take, in whatever channel it is."""
        row = await self.session.scalar(_select().where(TakeRow.id == take_id))
        return plain(row) if row else None

    async def set_message(self, take_id: int, message: TakeMessage) -> None:
        """Note where a take is shown in the channel."""
        await self.session.execute(
            update(TakeRow)
            .where(TakeRow.id == take_id)
            .values(
                shown_as=message.shown.value,
                shown_channel_id=message.channel_id,
                shown_message_id=message.message_id,
            )
        )

    async def on_card(self, entry_id: int) -> Sequence[Take]:
        """The takes that an entry's card shows."""
        card = select(EntryRow.card_message_id).where(EntryRow.id == entry_id).scalar_subquery()
        rows = await self.session.scalars(
            _select().where(
                TakeRow.entry_id == entry_id,
                TakeRow.shown_as == MessageKind.CARD.value,
                TakeRow.shown_message_id == card,
            )
        )
        return decoded(rows, plain)

    async def of_writer(self, scope: int, discord_id: int) -> Sequence[Take]:
        """All that a member of the guild `scope` wrote, the oldest first."""
        rows = await self.session.scalars(
            _select()
            .join(MemberRow, TakeRow.member_id == MemberRow.id)
            .where(MemberRow.scope == scope, MemberRow.discord_id == discord_id)
        )
        return decoded(rows, plain)

    async def of_entries(self, entry_ids: Sequence[int]) -> Sequence[Take]:
        """All takes on these entries, in the order in which they were written."""
        rows = await self.session.scalars(_select().where(TakeRow.entry_id.in_(entry_ids)))
        return decoded(rows, plain)

    async def counts(self, entries: Sequence[int]) -> Mapping[int, int]:
        """How many takes each of these entries has; those without one are missing."""
        rows = await self.session.execute(
            select(TakeRow.entry_id, func.count())
            .where(among(self.session, TakeRow.entry_id, entries))
            .group_by(TakeRow.entry_id)
        )
        return dict(rows.all())

    async def of_span(self, channel_id: int, span: DigestSpan) -> Sequence[Take]:
        """The takes of a digest's material, in the order in which they were written."""
        rows = await self.session.execute(
            _select()
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                in_span(span, TakeRow.digest_id, TakeRow.created_at),
            )
        )
        return await decoded_in_turn(rows, lambda one: plain(*one))

    async def writers(self, digest_id: int) -> int:
        """How many members wrote a digest's takes."""
        count = await self.session.scalar(
            select(func.count(TakeRow.member_id.distinct())).where(TakeRow.digest_id == digest_id)
        )
        return count or 0

    async def writer_names(self, digest_id: int) -> Sequence[str]:
        """The names of those who wrote a digest's takes, one for each take."""
        names = await self.session.scalars(
            select(MemberRow.name)
            .join(TakeRow, TakeRow.member_id == MemberRow.id)
            .where(TakeRow.digest_id == digest_id)
        )
        return list(names)

    async def written(
        self, entries: Sequence[int], members: Sequence[int], first: datetime, last: datetime
    ) -> Mapping[tuple[int, datetime, str], list[int]]:
        """Members' takes on these entries between two moments, by entry, moment and text."""
        rows = await self.session.execute(
            select(TakeRow.id, TakeRow.entry_id, TakeRow.created_at, TakeRow.text)
            .where(
                among(self.session, TakeRow.entry_id, entries),
                among(self.session, TakeRow.member_id, members),
                TakeRow.created_at.between(first, last),
            )
            .order_by(TakeRow.id)
        )
        found: dict[tuple[int, datetime, str], list[int]] = defaultdict(list)
        for take_id, entry, moment, text in rows:
            found[entry, moment, text].append(take_id)
        return found

    async def of_member(
        self, channel_id: int, discord_id: int | None, typed: str, limit: int
    ) -> Sequence[tuple[Take, int]]:
        """Takes of one member (or of all), the newest first, each with its entry's number."""
        condition = and_(EntryRow.channel_id == channel_id, EntryRow.removed_at.is_(None))
        if discord_id is not None:
            condition = and_(condition, MemberRow.discord_id == discord_id)
        if typed.strip():
            condition = and_(condition, TakeRow.text.icontains(typed.strip(), autoescape=True))
        rows = await self.session.scalars(
            _select()
            .join(EntryRow, TakeRow.entry_id == EntryRow.id)
            .join(MemberRow, TakeRow.member_id == MemberRow.id)
            .where(condition)
            .order_by(None)
            .order_by(TakeRow.created_at.desc(), TakeRow.id.desc())
            .limit(limit)
        )
        return [(take, take.entry_id) for take in decoded(rows, plain)]

    async def edit(self, take_id: int, text: str, now: datetime) -> None:
        """Replace the text of a take."""
        await index.run(self.session, index.drop_takes, [take_id])
        await self.session.execute(
            update(TakeRow).where(TakeRow.id == take_id).values(text=text, edited_at=now)
        )
        await index.run(self.session, index.add_takes, [take_id])
        await pages.touch_takes(self.session, [take_id])

    async def delete(self, take_id: int) -> None:
        """Gone for good: what a member takes back is not kept."""
        await index.run(self.session, index.drop_takes, [take_id])
        await pages.touch_takes(self.session, [take_id])
        await self.session.execute(delete(TakeRow).where(TakeRow.id == take_id))

    async def freeze(
        self, channel_id: int, before: datetime, digest_id: int, but: Collection[int] = ()
    ) -> None:
        """The takes that no digest holds yet, and that were written before, are held by this.

        Those on the entries in `but` are not.
        """
        listed = select(EntryRow.id).where(
            EntryRow.channel_id == channel_id,
            EntryRow.removed_at.is_(None),
            EntryRow.id.not_in(but),
        )
        await self.session.execute(
            update(TakeRow)
            .where(
                TakeRow.digest_id.is_(None),
                TakeRow.created_at < before,
                TakeRow.entry_id.in_(listed),
            )
            .values(digest_id=digest_id)
        )
