"""Digests: one row for each period that has ended or was posted early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.channel import ChannelSettings, read_settings, write_settings
from bot.model.digest import Digest, DigestState, Earlier, message_url
from bot.model.outbox import OutboxKind
from bot.store.queries.decoded import decoded
from bot.store.queries.insert import insert
from bot.store.schema import ChannelRow, DigestRow, DocumentRow, EntryRow, OutboxRow

_WITH_TEXT = (DigestState.PLANNED.value, DigestState.POSTED.value)


def plain(row: DigestRow) -> Digest:
    """A row as plain data."""
    return Digest(
        id=row.id,
        channel_id=row.channel_id,
        period_start=row.period_start,
        period_end=row.period_end,
        number=row.number,
        state=DigestState(row.state),
        title=row.title,
        day=date.fromisoformat(row.day),
        intro=row.intro,
        posted_at=row.posted_at,
        thread_id=row.thread_id,
        message_id=row.message_id,
        arranged=tuple(row.arranged or ()),
        settings=None if row.settings is None else read_settings(row.settings),
    )


class DigestRepository:
    """Digests, one for a channel and a period."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_period(self, channel_id: int, period_start: datetime) -> Digest | None:
        row = await self.session.scalar(
            select(DigestRow).where(
                DigestRow.channel_id == channel_id, DigestRow.period_start == period_start
            )
        )
        return plain(row) if row else None

    async def of_day(self, channel_id: int, moment: datetime) -> Digest | None:
        """The digest of the period that a moment lies in."""
        row = await self.session.scalar(
            select(DigestRow)
            .where(
                DigestRow.channel_id == channel_id,
                DigestRow.period_start <= moment,
                DigestRow.period_end > moment,
            )
            .order_by(DigestRow.period_start.desc())
            .limit(1)
        )
        return plain(row) if row else None

    async def of_dates(self, channel_id: int, first: date, last: date) -> Digest | None:
        """The newest digest that stands for one of these dates, as its title says it."""
        return await self._newest(
            channel_id, DigestRow.day.between(first.isoformat(), last.isoformat())
        )

    async def numbered(self, channel_id: int, number: int) -> Digest | None:
        """The digest with this serial number."""
        return await self._newest(channel_id, DigestRow.number == number)

    async def last(self, channel_id: int) -> Digest | None:
        """The channel's newest digest; periods without one are left out."""
        return await self._newest(channel_id, true())

    async def titles(self, channel_id: int) -> Sequence[tuple[int, str]]:
        """The ids and titles of the channel's digests, the newest first."""
        rows = await self.session.scalars(self._with_text(channel_id))
        return [(row.id, row.title) for row in rows]

    async def titles_since(self, channel_id: int, day: date) -> set[str]:
        """The titles of the channel's digests of that day and later."""
        rows = await self.session.scalars(
            select(DigestRow.title).where(
                DigestRow.channel_id == channel_id,
                DigestRow.day >= day.isoformat(),
                DigestRow.state.in_(_WITH_TEXT),
            )
        )
        return set(rows)

    async def _newest(self, channel_id: int, condition: ColumnElement[bool]) -> Digest | None:
        row = await self.session.scalar(self._with_text(channel_id).where(condition).limit(1))
        return plain(row) if row else None

    def _with_text(self, channel_id: int) -> Select[DigestRow]:
        return (
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id, DigestRow.state.in_(_WITH_TEXT))
            .order_by(DigestRow.period_start.desc(), DigestRow.id.desc())
        )

    async def unfiled(self, channel_id: int, day: date, title: str) -> int | None:
        """The digest that an import made for a file of that day and title, if the file itself is
        not kept yet."""
        filed = select(DocumentRow.id).where(DocumentRow.digest_id == DigestRow.id).exists()
        number: int | None = await self.session.scalar(
            select(DigestRow.id).where(
                DigestRow.channel_id == channel_id,
                DigestRow.day == day.isoformat(),
                DigestRow.title == title,
                DigestRow.state == DigestState.POSTED.value,
                DigestRow.posted_at.is_(None),
                ~filed,
            )
        )
        return number

    async def get(self, digest_id: int) -> Digest | None:
        """A digest by its id."""
        row = await self.session.get(DigestRow, digest_id, populate_existing=True)
        return plain(row) if row else None

    async def planned(self, channel_id: int) -> Sequence[Digest]:
        """The channel's digests that are not posted whole yet, the oldest first."""
        rows = await self.session.scalars(
            select(DigestRow)
            .where(
                DigestRow.channel_id == channel_id,
                DigestRow.state == DigestState.PLANNED.value,
            )
            .order_by(DigestRow.period_start)
        )
        return decoded(rows, plain)

    async def of_thread(self, thread_id: int) -> Digest | None:
        """The digest whose thread that is."""
        row = await self.session.scalar(
            select(DigestRow).where(DigestRow.thread_id == thread_id).limit(1)
        )
        return plain(row) if row else None

    async def guild_of(self, digest_id: int) -> int | None:
        """Discord's id of the guild that a digest is for."""
        guild_id: int | None = await self.session.scalar(
            select(ChannelRow.guild_id)
            .join(DigestRow, DigestRow.channel_id == ChannelRow.id)
            .where(DigestRow.id == digest_id)
        )
        return guild_id

    async def earlier(self, entries: Sequence[int], but: int | None) -> Mapping[int, Earlier]:
        """For each of these entries, where a digest other than `but` showed it first."""
        first = (
            select(
                OutboxRow.digest_id,
                OutboxRow.entry_id,
                func.min(OutboxRow.message_id).label("message_id"),
            )
            .where(OutboxRow.entry_id.in_(entries), OutboxRow.kind == OutboxKind.MESSAGE.value)
            .group_by(OutboxRow.digest_id, OutboxRow.entry_id)
            .subquery()
        )
        rows = await self.session.execute(
            select(
                EntryRow.id,
                DigestRow.title,
                ChannelRow.guild_id,
                DigestRow.thread_id,
                first.c.message_id,
            )
            .join(DigestRow, EntryRow.digest_id == DigestRow.id)
            .join(ChannelRow, EntryRow.channel_id == ChannelRow.id)
            .outerjoin(
                first,
                and_(first.c.digest_id == DigestRow.id, first.c.entry_id == EntryRow.id),
            )
            .where(
                EntryRow.id.in_(entries),
                DigestRow.thread_id.is_not(None),
                # A paper without takes was shown only where such papers are listed.
                or_(
                    first.c.message_id.is_not(None),
                    DigestRow.settings["untaken"].as_string().is_distinct_from("left_out"),
                ),
            )
            .where(DigestRow.id != (but or 0))
        )
        return {
            entry: Earlier(title, message_url(guild, thread, message))
            for entry, title, guild, thread, message in rows
            if thread is not None
        }

    async def history(self, channel_id: int, limit: int) -> Sequence[Digest]:
        """The channel's digests, the newest first; empty periods left out."""
        rows = await self.session.scalars(
            select(DigestRow)
            .where(DigestRow.channel_id == channel_id, DigestRow.state != DigestState.EMPTY.value)
            .order_by(DigestRow.period_start.desc())
            .limit(limit)
        )
        return decoded(rows, plain)

    async def next_number(self, channel_id: int) -> int:
        """The number of the channel's next digest: skipped and empty periods do not count."""
        last = await self.session.scalar(
            select(func.max(DigestRow.number)).where(
                DigestRow.channel_id == channel_id, DigestRow.state.in_(_WITH_TEXT)
            )
        )
        return (last or 0) + 1

    async def add(
        self,
        channel_id: int,
        start: datetime,
        end: datetime,
        state: DigestState,
        now: datetime,
        *,
        number: int = 0,
        title: str = "",
        day: date,
        intro: str = "",
        arranged: Sequence[int] = (),
        settings: ChannelSettings | None = None,
    ) -> int | None:
        """Note what becomes of a period. None if it was noted already: the first one stands."""
        made = (
            insert(self.session, DigestRow)
            .values(
                channel_id=channel_id,
                period_start=start,
                period_end=end,
                number=number,
                state=state.value,
                title=title,
                day=day.isoformat(),
                intro=intro,
                arranged=list(arranged) or None,
                settings=None if settings is None else write_settings(settings),
                planned_at=now,
            )
            .on_conflict_do_nothing(index_elements=["channel_id", "period_start"])
        )
        result = await self.session.execute(made.returning(DigestRow.id))
        number_made: int | None = result.scalar_one_or_none()
        return number_made

    async def reopen(self, channel_id: int, start: datetime) -> None:
        """The period is not left out (or empty) any more: a digest may be noted for it."""
        await self.session.execute(
            delete(DigestRow).where(
                DigestRow.channel_id == channel_id,
                DigestRow.period_start == start,
                DigestRow.state.not_in(_WITH_TEXT),
            )
        )

    async def end_period(self, channel_id: int, start: datetime, end: datetime) -> None:
        """The period that began at `start` has ended, earlier or later than was noted."""
        await self.session.execute(
            update(DigestRow)
            .where(DigestRow.channel_id == channel_id, DigestRow.period_start == start)
            .values(period_end=end)
        )

    async def set_place(self, digest_id: int, *, message_id: int | None, thread_id: int) -> None:
        """Where it stands at Discord."""
        values: dict[str, object] = {"thread_id": thread_id}
        if message_id is not None:
            values["message_id"] = message_id
        await self.session.execute(
            update(DigestRow).where(DigestRow.id == digest_id).values(**values)
        )

    async def posted(self, digest_id: int, now: datetime) -> None:
        await self.session.execute(
            update(DigestRow)
            .where(DigestRow.id == digest_id, DigestRow.posted_at.is_(None))
            .values(state=DigestState.POSTED.value, posted_at=now)
        )

    async def renumber(self, channel_id: int) -> None:
        """Number the digests of an archive by their days."""
        rows = await self.session.execute(
            select(DigestRow.id, DigestRow.number)
            .where(DigestRow.channel_id == channel_id, DigestRow.state.in_(_WITH_TEXT))
            .order_by(DigestRow.period_start, DigestRow.id)
        )
        for number, (digest, before) in enumerate(rows.all(), start=1):
            if before != number:
                await self.session.execute(
                    update(DigestRow).where(DigestRow.id == digest).values(number=number)
                )

    async def rewrite(self, digest_id: int, *, title: str, intro: str) -> None:
        """The file that a digest came from has changed."""
        await self.session.execute(
            update(DigestRow).where(DigestRow.id == digest_id).values(title=title, intro=intro)
        )
