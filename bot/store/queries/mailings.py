"""Mailings: what was taken in of each, what each said of which paper, and what is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.intake import Mailing, MailingState, OaiHarvest, Problem, TakenMailing
from bot.model.paper import Paper
from bot.model.subscription import Announced, ArrivalKind, Watch
from bot.store.queries import papers
from bot.store.queries.decoded import decoded
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import AnnouncedRow, HarvestRow, MailingRow, PaperRow, TakenRow, WatchRow


def _mailing(row: MailingRow) -> Mailing:
    return Mailing(
        date=row.date,
        state=MailingState(row.state),
        papers=row.papers,
        taken_at=row.taken_at,
        problem=Problem(row.problem) if row.problem else None,
        asked=row.asked,
        ask_after=row.ask_after,
    )


def _harvest(row: HarvestRow) -> OaiHarvest:
    return OaiHarvest(
        id=row.id,
        oai_set=row.oai_set,
        categories=tuple(row.categories),
        first=row.first,
        last=row.last,
        final=row.final,
        token=row.token,
        begun_at=row.begun_at,
        pages=row.pages,
        unread=row.unread,
        empty=row.empty,
        failures=row.failures,
        ask_after=row.ask_after,
    )


def _announced(row: AnnouncedRow) -> Announced:
    return Announced(
        mailing=row.mailing,
        paper_id=row.paper_id,
        kind=ArrivalKind(row.kind),
        categories=tuple(row.categories),
        added=tuple(row.added),
        version_date=row.version_date,
    )


class MailingRepository:
    """Mailings, and how far each was taken in."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    # -- the mailings themselves -------------------------------------------------------------------

    async def get(self, day: date) -> Mailing:
        """What is known of the mailing of a day."""
        row = await self.session.get(MailingRow, day, populate_existing=True)
        return _mailing(row) if row else Mailing(day)

    async def put(self, mailing: Mailing) -> None:
        """Keep what is known of a mailing now."""
        values: dict[str, Any] = {
            "state": mailing.state.value,
            "papers": mailing.papers,
            "taken_at": mailing.taken_at,
            "problem": mailing.problem.value if mailing.problem else None,
            "asked": mailing.asked,
            "ask_after": mailing.ask_after,
        }
        await self.session.execute(
            insert(self.session, MailingRow)
            .values(date=mailing.date, **values)
            .on_conflict_do_update(index_elements=["date"], set_=values)
        )

    async def count_taken(self, brought: Mapping[date, int], now: datetime) -> None:
        """Note that each of these mailings has brought so many papers more."""
        if not brought:
            return
        state = MailingState.TAKEN.value
        made = insert(self.session, MailingRow)
        changed = {
            "state": made.excluded.state,
            "papers": MailingRow.papers + made.excluded.papers,
            "taken_at": func.coalesce(MailingRow.taken_at, made.excluded.taken_at),
        }
        upsert = made.on_conflict_do_update(index_elements=["date"], set_=changed)
        rows = [
            {"date": day, "state": state, "papers": more, "taken_at": now, "asked": 0}
            for day, more in brought.items()
        ]
        await self.session.execute(upsert, rows)

    async def newest_taken(self) -> Mailing | None:
        """The newest mailing that brought papers."""
        row = await self.session.scalar(
            select(MailingRow)
            .where(MailingRow.state == MailingState.TAKEN.value)
            .order_by(MailingRow.date.desc())
            .limit(1)
        )
        return _mailing(row) if row else None

    async def highest_new(self, *, before: date) -> str | None:
        """The highest id that was announced as new before a day, in the mailings of a fortnight."""
        return await self.session.scalar(
            select(func.max(PaperRow.arxiv_id))
            .join(AnnouncedRow, AnnouncedRow.paper_id == PaperRow.id)
            .where(
                AnnouncedRow.mailing < before,
                AnnouncedRow.mailing >= before - timedelta(days=14),
                AnnouncedRow.kind == ArrivalKind.NEW.value,
                PaperRow.arxiv_id.not_like("%/%"),
            )
        )

    async def newest_dates(self, count: int) -> Sequence[date]:
        """The dates of the newest mailings that brought papers, the newest first."""
        rows = await self.session.scalars(
            select(MailingRow.date)
            .where(MailingRow.state == MailingState.TAKEN.value)
            .order_by(MailingRow.date.desc())
            .limit(count)
        )
        return rows.all()

    # -- watched categories ------------------------------------------------------------------------

    async def watches(self) -> Mapping[str, Watch]:
        """The categories that are taken in, by name."""
        rows = await self.session.execute(
            select(WatchRow.category, WatchRow.since, WatchRow.floor, WatchRow.complete)
        )
        return {name: Watch(name, since, floor, complete) for name, since, floor, complete in rows}

    async def watch(self, watches: Collection[Watch]) -> None:
        """Take these categories in, or note how far they are."""
        for one in watches:
            values = {"since": one.since, "floor": one.floor, "complete": one.complete}
            await self.session.execute(
                insert(self.session, WatchRow)
                .values(category=one.category, **values)
                .on_conflict_do_update(index_elements=["category"], set_=values)
            )

    async def unwatch(self, categories: Collection[str]) -> None:
        """Take these categories in no more."""
        await self.session.execute(delete(WatchRow).where(WatchRow.category.in_(categories)))

    # -- what was taken whole ----------------------------------------------------------------------

    async def taken(self, first: date, last: date) -> Mapping[tuple[date, str], TakenMailing]:
        """When the mailings of these days were taken whole, by day and category."""
        rows = await self.session.execute(
            select(
                TakenRow.date,
                TakenRow.category,
                TakenRow.feed_at,
                TakenRow.listed_at,
                TakenRow.done_at,
            ).where(TakenRow.date >= first, TakenRow.date <= last)
        )
        return {(day, name): TakenMailing(*moments) for day, name, *moments in rows}

    async def mark(
        self, days: Collection[date], categories: Collection[str], what: str, now: datetime
    ) -> None:
        """Note that a source was taken whole: `what` is `feed_at`, `listed_at` or `done_at`."""
        rows = [{"date": day, "category": name, what: now} for day in days for name in categories]
        if rows:
            made = insert(self.session, TakenRow)
            await self.session.execute(
                made.on_conflict_do_update(
                    index_elements=["date", "category"], set_={what: made.excluded[what]}
                ),
                rows,
            )

    # -- lists under way ---------------------------------------------------------------------------

    async def harvests(self) -> Sequence[OaiHarvest]:
        """The lists that are being taken, the oldest first."""
        rows = await self.session.scalars(select(HarvestRow).order_by(HarvestRow.id))
        return [_harvest(row) for row in rows]

    async def begin_harvests(self, new: Sequence[OaiHarvest]) -> None:
        """Note lists that are to be taken."""
        if new:
            await self.session.execute(
                plain_insert(HarvestRow),
                [
                    {
                        "oai_set": one.oai_set,
                        "categories": list(one.categories),
                        "first": one.first,
                        "last": one.last,
                        "final": one.final,
                        "pages": 0,
                        "unread": 0,
                        "empty": 0,
                        "failures": 0,
                    }
                    for one in new
                ],
            )

    async def change_harvest(self, harvest_id: int, **values: object) -> None:
        """Set columns of a list that is being taken."""
        await self.session.execute(
            update(HarvestRow).where(HarvestRow.id == harvest_id).values(**values)
        )

    async def end_harvests(self, harvest_ids: Collection[int]) -> None:
        """Forget lists that were taken whole."""
        await self.session.execute(delete(HarvestRow).where(HarvestRow.id.in_(harvest_ids)))

    async def brought(self, days: Collection[date], categories: Collection[str]) -> bool:
        """Whether a feed or list has brought papers of these categories on one of these days."""
        rows = await self.session.scalars(
            select(AnnouncedRow.categories).where(
                AnnouncedRow.mailing.in_(days), AnnouncedRow.kind != ArrivalKind.SEEN.value
            )
        )
        wanted = set(categories)
        return any(wanted & set(names) for names in rows)

    # -- what each mailing said --------------------------------------------------------------------

    async def newest_of(self, paper_ids: Collection[int]) -> Mapping[int, Announced]:
        """The newest that is known of each paper."""
        if not paper_ids:
            return {}
        rows = await self.session.scalars(
            select(AnnouncedRow)
            .where(among(self.session, AnnouncedRow.paper_id, paper_ids))
            .order_by(AnnouncedRow.mailing)
        )
        return {row.paper_id: _announced(row) for row in rows}

    async def announced_of(self, paper_id: int) -> Sequence[Announced]:
        """What the mailings said of a paper, the oldest first."""
        rows = await self.session.scalars(
            select(AnnouncedRow)
            .where(AnnouncedRow.paper_id == paper_id)
            .order_by(AnnouncedRow.mailing)
        )
        return decoded(rows, _announced)

    async def announce(self, lines: Sequence[Announced]) -> None:
        """Keep what a mailing said; a second source of the same one replaces the first's word."""
        if not lines:
            return
        made = insert(self.session, AnnouncedRow)
        changed = {
            name: made.excluded[name] for name in ("kind", "categories", "added", "version_date")
        }
        upsert = made.on_conflict_do_update(index_elements=["mailing", "paper_id"], set_=changed)
        await self.session.execute(upsert, [line._asdict() for line in lines])

    async def said_of(
        self, paper_ids: Collection[int], first: date, last: date
    ) -> Mapping[int, Announced]:
        """What the newest of the mailings of these days that had it said of each paper."""
        rows = await self.session.scalars(
            select(AnnouncedRow)
            .where(
                AnnouncedRow.paper_id.in_(paper_ids),
                AnnouncedRow.mailing.between(first, last),
                AnnouncedRow.kind != ArrivalKind.SEEN.value,
            )
            .order_by(AnnouncedRow.mailing)
        )
        return {row.paper_id: _announced(row) for row in rows}

    async def of_days(self, days: Collection[date]) -> Sequence[tuple[Announced, Paper]]:
        """All that these mailings announced, with the papers as they stand now."""
        rows = await self.session.execute(
            select(AnnouncedRow, PaperRow)
            .join(PaperRow, PaperRow.id == AnnouncedRow.paper_id)
            .where(AnnouncedRow.mailing.in_(days), AnnouncedRow.kind != ArrivalKind.SEEN.value)
            .order_by(AnnouncedRow.mailing.desc(), PaperRow.arxiv_id)
        )
        return decoded(rows, lambda one: (_announced(one[0]), papers.plain(one[1])))
