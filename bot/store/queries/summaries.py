"""Summaries that a language model wrote, those it is to write, and how often it was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model.paper import Paper
from bot.model.summary import SummaryKey, WrittenSummary
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.queries.papers import plain
from bot.store.schema import DiscardedSummaryRow, EntryRow, ModelUseRow, PaperRow, SummaryRow


class _State(StrEnum):
    WANTED = "wanted"
    WRITTEN = "written"
    GIVEN_UP = "given_up"
    """The model's answers were of no use: it is not asked again."""


_KEY: Final = ("paper_id", "version", "language")
_DISCARDED: Final = exists().where(
    DiscardedSummaryRow.paper_id == SummaryRow.paper_id,
    DiscardedSummaryRow.version == SummaryRow.version,
    DiscardedSummaryRow.language == SummaryRow.language,
)


def _is(key: SummaryKey) -> ColumnElement[bool]:
    return and_(
        SummaryRow.paper_id == key.paper_id,
        SummaryRow.version == key.version,
        SummaryRow.language == key.language,
    )


class SummaryRepository:
    """The written summaries."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of(
        self, scope: int, papers: Collection[Paper], language: str
    ) -> Mapping[int, WrittenSummary]:
        """Those of these papers, as they are now, by the paper's number; without what this guild
        has thrown away."""
        keys = {SummaryKey.of(paper, language) for paper in papers}
        if not keys:
            return {}
        rows = await self.session.scalars(
            select(SummaryRow).where(
                among(self.session, SummaryRow.paper_id, {key.paper_id for key in keys}),
                SummaryRow.language == language,
                SummaryRow.state == _State.WRITTEN.value,
                ~_DISCARDED.where(DiscardedSummaryRow.scope == scope),
            )
        )
        found = [
            WrittenSummary(SummaryKey(row.paper_id, row.version, row.language), row.text, row.model)
            for row in rows
        ]
        return {one.key.paper_id: one for one in found if one.key in keys}

    async def unknown(
        self, scope: int, papers: Sequence[Paper], language: str
    ) -> Sequence[SummaryKey]:
        """The keys of those of which there is no summary, whatever its state, nor a word of this
        guild that it wants none."""
        numbers = {paper.id for paper in papers}
        known: set[SummaryKey] = set()
        for row in (SummaryRow, DiscardedSummaryRow):
            chosen = select(row.paper_id, row.version).where(
                among(self.session, row.paper_id, numbers), row.language == language
            )
            if row is DiscardedSummaryRow:
                chosen = chosen.where(DiscardedSummaryRow.scope == scope)
            found = await self.session.execute(chosen)
            known |= {SummaryKey(number, version, language) for number, version in found}
        keys = [SummaryKey.of(paper, language) for paper in papers]
        return [key for key in keys if key not in known]

    async def is_wanted(self, scope: int, key: SummaryKey) -> bool:
        """Whether one is on its way that a guild will be shown."""
        found = await self.session.scalar(
            select(SummaryRow.paper_id).where(
                _is(key),
                SummaryRow.state == _State.WANTED.value,
                ~_DISCARDED.where(DiscardedSummaryRow.scope == scope),
            )
        )
        return found is not None

    async def want(self, keys: Collection[SummaryKey], now: datetime) -> None:
        """Have these written, if they are not yet."""
        for key in keys:
            await self.session.execute(
                insert(self.session, SummaryRow)
                .values(
                    paper_id=key.paper_id,
                    version=key.version,
                    language=key.language,
                    state=_State.WANTED.value,
                    attempts=0,
                    asked_at=now,
                    not_before=now,
                )
                .on_conflict_do_nothing(index_elements=_KEY)
            )

    async def next_wanted(self, now: datetime) -> tuple[SummaryKey, int, Paper] | None:
        """The one to be written next, how many answers were of no use, and its paper; what was
        asked for last goes first, since somebody may be looking at it."""
        found = (
            await self.session.execute(
                select(SummaryRow, PaperRow)
                .join(PaperRow, PaperRow.id == SummaryRow.paper_id)
                .where(SummaryRow.state == _State.WANTED.value, SummaryRow.not_before <= now)
                .order_by(SummaryRow.asked_at.desc(), SummaryRow.paper_id.desc())
                .limit(1)
            )
        ).first()
        if found is None:
            return None
        row, paper = found
        return SummaryKey(row.paper_id, row.version, row.language), row.attempts, plain(paper)

    async def keep(self, written: WrittenSummary) -> bool:
        """Keep what a model wrote; False if nobody waits for it any more."""
        changed = await self.session.scalar(
            update(SummaryRow)
            .where(_is(written.key), SummaryRow.state == _State.WANTED.value)
            .values(state=_State.WRITTEN.value, text=written.text, model=written.model)
            .returning(SummaryRow.paper_id)
        )
        return changed is not None

    async def put_off(self, key: SummaryKey, until: datetime, attempts: int) -> None:
        """Ask for it again, but not before."""
        await self.session.execute(
            update(SummaryRow).where(_is(key)).values(not_before=until, attempts=attempts)
        )

    async def give_up(self, key: SummaryKey) -> None:
        """Ask for it no more."""
        await self.session.execute(
            update(SummaryRow).where(_is(key)).values(state=_State.GIVEN_UP.value)
        )

    async def discard(self, scope: int, key: SummaryKey) -> None:
        """Show a guild this one no more."""
        await self.session.execute(
            insert(self.session, DiscardedSummaryRow)
            .values(scope=scope, paper_id=key.paper_id, version=key.version, language=key.language)
            .on_conflict_do_nothing(index_elements=("scope", *_KEY))
        )

    async def spend(self, day: date, most: int) -> bool:
        """Count one request of a day; False, and nothing counted, if it has had so many."""
        if most < 1:
            return False
        count = await self.session.scalar(
            insert(self.session, ModelUseRow)
            .values(day=day, requests=1)
            .on_conflict_do_update(
                index_elements=["day"],
                set_={"requests": ModelUseRow.requests + 1},
                where=ModelUseRow.requests < most,
            )
            .returning(ModelUseRow.requests)
        )
        return count is not None

    async def waiting_for_digest(self, channel_id: int, limit: int) -> Sequence[Paper]:
        """The newest papers of a channel's list that no digest has shown yet."""
        rows = await self.session.scalars(
            select(PaperRow)
            .join(EntryRow, EntryRow.paper_id == PaperRow.id)
            .where(
                EntryRow.channel_id == channel_id,
                EntryRow.removed_at.is_(None),
                EntryRow.digest_id.is_(None),
                PaperRow.abstract != "",
            )
            .order_by(EntryRow.added_at.desc())
            .limit(limit)
        )
        return [plain(row) for row in rows]
