"""Rows that nobody needs any more: which they are, and removing a few of them.

What is found in one transaction is asked about again in the one that removes it. Found first, so
that nobody who writes waits while a large table is gone through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Exists, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.model.outbox import OutboxKind, OutboxState
from bot.store.fulltext.postings import merge
from bot.store.queries.in_list import among
from bot.store.queries.outbox import OPEN
from bot.store.queries.past_papers import PastPapers
from bot.store.schema import ActRow, ArrivalRow, EntryRow, OutboxRow, TakenRow, WatchRow

_OVER: Final = (OutboxState.SENT.value, OutboxState.CANCELLED.value)
_EDITS: Final = ("card:", "take:")
"""Lanes of edits of messages that stand elsewhere."""
_NOTICES: Final = ("reminder:", "late:", "import:")
"""Lanes of words that are for a day. Others are said once for ever, and kept for that."""
_ANNOUNCEMENTS: Final = "arxiv:"


class Cleaning:
    """`limit` and the ids given bound the rows of one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.papers = PastPapers(session)

    async def acts(self, before: datetime, limit: int) -> int:
        """Forget what members did before."""
        old = select(ActRow.key).where(ActRow.done_at < before).order_by(ActRow.done_at)
        keys = (await self.session.scalars(old.limit(limit))).all()
        await self.session.execute(delete(ActRow).where(among(self.session, ActRow.key, keys)))
        return len(keys)

    async def taken(self, before: date, limit: int) -> int:
        """Forget which categories were taken in of the mailings before a day, the oldest first;
        never of one from which on something is still owed."""
        owed = await self.session.scalar(select(func.min(WatchRow.complete)))
        over = TakenRow.date < min(before, owed or before)
        oldest = await self.session.scalar(select(func.min(TakenRow.date)).where(over))
        names = select(TakenRow.category).where(TakenRow.date == oldest).limit(limit)
        some = (await self.session.scalars(names)).all()
        await self.session.execute(
            delete(TakenRow).where(
                TakenRow.date == oldest, among(self.session, TakenRow.category, some)
            )
        )
        return len(some)

    async def find_edits(self, before: datetime, limit: int, *, after: int = 0) -> Sequence[int]:
        """The next rows of the outbox after a number that are edits of messages which stand
        elsewhere, all of a message's made before."""
        return await self._find(_settled(_EDITS, before), limit, after)

    async def drop_edits(self, ids: Collection[int], before: datetime) -> int:
        """Remove these, as far as they are still such; how many."""
        return await self._drop(_settled(_EDITS, before), ids)

    async def find_notices(self, before: datetime, limit: int, *, after: int = 0) -> Sequence[int]:
        """The same of words that were for a day, and their own edits."""
        return await self._find(_settled(_NOTICES, before), limit, after)

    async def drop_notices(self, ids: Collection[int], before: datetime) -> int:
        """Remove these, as far as they are still such; how many."""
        return await self._drop(_settled(_NOTICES, before), ids)

    async def find_announcements(
        self, before: datetime, limit: int, *, after: int = 0
    ) -> Sequence[int]:
        """The same of announcements of which nobody has listed a paper there."""
        return await self._find(_unheeded(before), limit, after)

    async def drop_announcements(self, ids: Collection[int], before: datetime) -> int:
        """Remove these, as far as they are still such; how many."""
        return await self._drop(_unheeded(before), ids)

    async def merge_titles(self, *, begin: bool) -> bool:
        """Write a part of the index of titles anew, which the papers put away have left full of
        holes; whether there is more to do."""
        return await self.session.run_sync(
            lambda sync: merge(sync.connection(), "title_index", begin=begin)
        )

    async def _find(self, which: ColumnElement[bool], limit: int, after: int) -> Sequence[int]:
        rows = await self.session.scalars(
            select(OutboxRow.id)
            .where(OutboxRow.id > after, which)
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return rows.all()

    async def _drop(self, which: ColumnElement[bool], ids: Collection[int]) -> int:
        gone = await self.session.scalars(
            delete(OutboxRow)
            .where(among(self.session, OutboxRow.id, ids), which)
            .returning(OutboxRow.id)
        )
        return len(gone.all())


def _at(row: type[OutboxRow]) -> ColumnElement[datetime]:
    """When it was asked for last."""
    return func.coalesce(row.sending_since, row.created_at)


def _over(before: datetime) -> ColumnElement[bool]:
    """A row that is settled since then; none of a digest."""
    newest = select(func.max(aliased(OutboxRow).id)).scalar_subquery()
    return and_(
        OutboxRow.digest_id.is_(None),
        OutboxRow.state.in_(_OVER),
        _at(OutboxRow) < before,
        # SQLite would give the highest number again.
        OutboxRow.id < newest,
    )


def _beside(*conditions: Callable[[type[OutboxRow]], ColumnElement[bool]]) -> Exists:
    """Whether there is such a row in the same lane."""
    other = aliased(OutboxRow)
    asked = [condition(other) for condition in conditions]
    return exists().where(other.lane == OutboxRow.lane, *asked).correlate(OutboxRow)


def _settled(prefixes: Sequence[str], before: datetime) -> ColumnElement[bool]:
    """A row of such a lane, in which nothing is owed and nothing was done since."""
    lanes = or_(*(OutboxRow.lane.startswith(prefix) for prefix in prefixes))
    owed = _beside(lambda other: other.state.in_(OPEN))
    since = _beside(lambda other: _at(other) >= before)
    return and_(_over(before), lanes, ~owed, ~since)


def _unheeded(before: datetime) -> ColumnElement[bool]:
    """Announcements of which no paper was listed there."""
    listed = (
        exists()
        .where(
            ArrivalRow.outbox_key == OutboxRow.key,
            EntryRow.paper_id == ArrivalRow.paper_id,
            EntryRow.channel_id == ArrivalRow.channel_id,
        )
        .correlate(OutboxRow)
    )
    # A channel's lane goes on for ever: from its last message on history is searched.
    later = _beside(
        lambda other: other.seq > OutboxRow.seq, lambda other: other.state == OutboxState.SENT.value
    )
    # A forum's post is a lane of its own. It is where its messages stand, and goes after them.
    owed = _beside(lambda other: other.state.in_(OPEN))
    others = _beside(lambda other: other.id != OutboxRow.id)
    message = or_(
        and_(OutboxRow.target_id.is_not(None), later), and_(OutboxRow.target_id.is_(None), ~owed)
    )
    announcement = and_(OutboxRow.kind == OutboxKind.ANNOUNCEMENT.value, message)
    post = and_(OutboxRow.kind == OutboxKind.FORUM_POST.value, ~others)
    ours = OutboxRow.lane.startswith(_ANNOUNCEMENTS)
    return and_(_over(before), ours, or_(announcement, post), ~listed)
