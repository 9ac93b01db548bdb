"""Papers that are not kept any more: what arXiv says of them goes, what is known of them stays.

Nobody needs the title and the abstract of a paper that came by months ago, but a later mailing may
name it again: whether that is a cross-list or a new version, and which channels have had it, is
told by a line for each of them. Whoever puts a paper into the catalogue puts its line back, so that
everything else finds it as if it had never been away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model.connection import LeadKind
from bot.model.subscription import ArrivalState
from bot.store.fulltext import index
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import (
    AnnouncedRow,
    ArrivalRow,
    ChannelRow,
    EntryRow,
    OutboxRow,
    PaperRow,
    PastPaperRow,
    TakeLinkRow,
)


class PastPapers:
    """Papers of which only a line is kept."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(
        self, announced: date, arrived: date, limit: int, *, after: int = 0
    ) -> Sequence[int]:
        """The next papers after a number that nobody needs: see `_NEEDLESS`."""
        paper_id = AnnouncedRow.paper_id
        rows = await self.session.scalars(
            select(paper_id)
            .distinct()
            .join(PaperRow, PaperRow.id == paper_id)
            .where(paper_id > after, AnnouncedRow.mailing < announced)
            .where(_NEEDLESS)
            .order_by(paper_id)
            .limit(limit),
            {"announced": announced, "arrived": arrived},
        )
        return rows.all()

    async def put_away(self, paper_ids: Collection[int], announced: date, arrived: date) -> int:
        """Remove those of these papers that still nobody needs, but for their lines; how many."""
        # Who lists one of them now waits for the lock; who was quicker is seen afterwards.
        lock = select(PaperRow.id).where(among(self.session, PaperRow.id, paper_ids))
        held = (await self.session.scalars(lock.with_for_update(skip_locked=True))).all()
        rows = await self.session.execute(
            select(PaperRow.arxiv_id, PaperRow.id).where(
                among(self.session, PaperRow.id, held), _NEEDLESS
            ),
            {"announced": announced, "arrived": arrived},
        )
        going: dict[str, int] = {arxiv_id: paper_id for arxiv_id, paper_id in rows if arxiv_id}
        if not going:
            return 0
        # There may be a line already of one that came into the catalogue by an import.
        await self.put_back(going)
        ids = list(going.values())
        said, had = await self._said(ids), await self._had(ids)
        lines = [
            {"arxiv_id": arxiv_id, "announced": said[paper_id], "arrivals": had[paper_id]}
            for arxiv_id, paper_id in going.items()
        ]
        await self.session.execute(insert(self.session, PastPaperRow), lines)
        await index.run(self.session, index.drop_titles, ids)
        for table, column in (
            (AnnouncedRow, AnnouncedRow.paper_id),
            (ArrivalRow, ArrivalRow.paper_id),
            (PaperRow, PaperRow.id),
        ):
            await self.session.execute(delete(table).where(among(self.session, column, ids)))
        return len(ids)

    async def put_back(self, paper_ids: Mapping[str, int]) -> list[int]:
        """Let papers that are in the catalogue anew have what was known of them: the numbers of
        those that had a line. By arXiv id."""
        lines = await self.session.execute(
            select(PastPaperRow.arxiv_id, PastPaperRow.announced, PastPaperRow.arrivals).where(
                among(self.session, PastPaperRow.arxiv_id, paper_ids)
            )
        )
        found = lines.all()
        if not found:
            return []
        channels = set(await self.session.scalars(select(ChannelRow.id)))
        said = [
            _announced(paper_ids[arxiv_id], one)
            for arxiv_id, announced, _ in found
            for one in announced
        ]
        had = [
            _arrival(paper_ids[arxiv_id], one)
            for arxiv_id, _, arrivals in found
            for one in arrivals
            if one[0] in channels
        ]
        for table, keys, rows in (
            (AnnouncedRow, ["mailing", "paper_id"], said),
            (ArrivalRow, ["channel_id", "paper_id", "mailing"], had),
        ):
            if rows:
                made = insert(self.session, table).on_conflict_do_nothing(index_elements=keys)
                await self.session.execute(made, rows)
        ids = [arxiv_id for arxiv_id, *_ in found]
        await self.session.execute(
            delete(PastPaperRow).where(among(self.session, PastPaperRow.arxiv_id, ids))
        )
        return [paper_ids[arxiv_id] for arxiv_id in ids]

    async def _said(self, ids: Collection[int]) -> Mapping[int, list[Any]]:
        rows = await self.session.execute(
            select(
                AnnouncedRow.paper_id,
                AnnouncedRow.mailing,
                AnnouncedRow.kind,
                AnnouncedRow.categories,
                AnnouncedRow.added,
                AnnouncedRow.version_date,
            )
            .where(among(self.session, AnnouncedRow.paper_id, ids))
            .order_by(AnnouncedRow.paper_id, AnnouncedRow.mailing)
        )
        said: dict[int, list[Any]] = defaultdict(list)
        for paper_id, mailing, kind, categories, added, version in rows:
            line = [mailing.isoformat(), kind, categories, added, version.isoformat()]
            said[paper_id].append(line)
        return said

    async def _had(self, ids: Collection[int]) -> Mapping[int, list[Any]]:
        rows = await self.session.execute(
            select(
                ArrivalRow.paper_id,
                ArrivalRow.channel_id,
                ArrivalRow.mailing,
                ArrivalRow.reasons,
                ArrivalRow.delivery,
                ArrivalRow.state,
                ArrivalRow.outbox_key,
            )
            .where(among(self.session, ArrivalRow.paper_id, ids))
            .order_by(ArrivalRow.paper_id, ArrivalRow.id)
        )
        had: dict[int, list[Any]] = defaultdict(list)
        for paper_id, channel, mailing, *others in rows:
            had[paper_id].append([channel, mailing.isoformat(), *others])
        return had


def _announced(paper_id: int, line: Sequence[Any]) -> dict[str, Any]:
    mailing, kind, categories, added, version = line
    return {
        "mailing": date.fromisoformat(mailing),
        "paper_id": paper_id,
        "kind": kind,
        "categories": categories,
        "added": added,
        "version_date": date.fromisoformat(version),
    }


def _arrival(paper_id: int, line: Sequence[Any]) -> dict[str, Any]:
    channel, mailing, reasons, delivery, state, outbox_key = line
    return {
        "channel_id": channel,
        "paper_id": paper_id,
        "mailing": date.fromisoformat(mailing),
        "reasons": reasons,
        "delivery": delivery,
        "state": state,
        "outbox_key": outbox_key,
    }


def _needless() -> ColumnElement[bool]:
    announced, arrived = (bindparam(name, type_=Date) for name in ("announced", "arrived"))
    other = aliased(AnnouncedRow)
    listed = exists().where(EntryRow.paper_id == PaperRow.id)
    named = exists().where(
        TakeLinkRow.kind == LeadKind.URL.value, TakeLinkRow.target == PaperRow.url
    )
    lately = exists().where(other.paper_id == PaperRow.id, other.mailing >= announced)
    shown = exists().where(OutboxRow.key == ArrivalRow.outbox_key).correlate(ArrivalRow)
    came = exists().where(
        ArrivalRow.paper_id == PaperRow.id,
        or_(
            ArrivalRow.mailing >= arrived,
            ArrivalRow.state == ArrivalState.PENDING.value,
            shown,
            ArrivalRow.id == _newest(ArrivalRow),
        ),
    )
    needed = or_(*(one.correlate(PaperRow) for one in (listed, named, lately, came)))
    return and_(PaperRow.arxiv_id.is_not(None), PaperRow.id < _newest(PaperRow), ~needed)


def _newest(table: type[ArrivalRow | PaperRow]) -> ScalarSelect[int]:
    """The highest number, which SQLite would give again to the next row if its own were gone."""
    return select(func.max(aliased(table).id)).scalar_subquery()


_NEEDLESS: Final = _needless()
"""Whether a paper of arXiv's was on no list ever, no take leads to it, no mailing since `announced`
had it, and no channel since `arrived`, nor does it stand in a message that is kept. Made once: it
takes longer than to ask it."""
