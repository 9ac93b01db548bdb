"""Subscriptions, and the papers that arrived in channels because of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from bot.model.subscription import (
    Arrival,
    ArrivalKind,
    ArrivalState,
    Delivery,
    Subscription,
)
from bot.store.queries import members, papers
from bot.store.queries.decoded import decoded, decoded_in_turn
from bot.store.queries.in_list import among
from bot.store.queries.insert import insert
from bot.store.schema import ArrivalRow, SubscriptionRow


def plain(row: SubscriptionRow) -> Subscription:
    """A row as plain data."""
    return Subscription(
        id=row.id,
        channel_id=row.channel_id,
        member=members.plain(row.member),
        query=row.query,
        kinds=tuple(ArrivalKind(kind) for kind in row.kinds),
        delivery=Delivery(row.delivery),
        cap=row.cap,
        paused=row.paused,
        since=row.since,
        created_at=row.created_at,
    )


def _arrival(row: ArrivalRow) -> Arrival:
    return Arrival(
        id=row.id,
        channel_id=row.channel_id,
        paper=papers.plain(row.paper),
        mailing=row.mailing,
        reasons=tuple(row.reasons),
        delivery=Delivery(row.delivery),
        state=ArrivalState(row.state),
    )


class SubscriptionRepository:
    """Saved queries of channels."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(
        self,
        channel_id: int,
        member_id: int,
        *,
        query: str,
        kinds: Sequence[ArrivalKind],
        delivery: Delivery,
        cap: int | None,
        since: date,
        now: datetime,
    ) -> Subscription:
        """Keep a new subscription."""
        subscription_id = await self.session.scalar(
            plain_insert(SubscriptionRow)
            .values(
                channel_id=channel_id,
                member_id=member_id,
                query=query,
                kinds=[kind.value for kind in kinds],
                delivery=delivery.value,
                cap=cap,
                paused=False,
                since=since,
                created_at=now,
                revision=await self._next_revision(),
            )
            .returning(SubscriptionRow.id)
        )
        assert subscription_id is not None
        made = await self.get(channel_id, subscription_id)
        assert made is not None
        return made

    async def change(self, subscription_id: int, **values: Any) -> None:
        """Change a subscription; `removed_at` takes it away."""
        await self.session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.id == subscription_id)
            .values(revision=await self._next_revision(), **values)
        )

    async def get(self, channel_id: int, subscription_id: int) -> Subscription | None:
        found = await self._many(
            and_(
                SubscriptionRow.id == subscription_id,
                SubscriptionRow.channel_id == channel_id,
                SubscriptionRow.removed_at.is_(None),
            )
        )
        return found[0] if found else None

    async def by_id(self, subscription_id: int) -> Subscription:
        """A subscription that there is or was, of whatever channel."""
        [found] = await self._many(SubscriptionRow.id == subscription_id)
        return found

    async def of_channel(self, channel_id: int) -> Sequence[Subscription]:
        """A channel's subscriptions, in the order in which they were made."""
        return await self._many(
            and_(SubscriptionRow.channel_id == channel_id, SubscriptionRow.removed_at.is_(None))
        )

    async def queries(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """The next subscriptions' numbers and queries after this number, of whatever channels."""
        rows = await self.session.execute(
            select(SubscriptionRow.id, SubscriptionRow.query)
            .where(SubscriptionRow.id > after, SubscriptionRow.removed_at.is_(None))
            .order_by(SubscriptionRow.id)
            .limit(limit)
        )
        return [(row.id, row.query) for row in rows]

    async def changed_since(self, revision: int) -> tuple[Sequence[Subscription], set[int], int]:
        """What is new to a reader: subscriptions that work, those that do not, the new revision.

        Changes of the last revision known are among them: two may have the same.
        """
        rows = await self.session.execute(
            select(SubscriptionRow)
            .options(joinedload(SubscriptionRow.member))
            .where(SubscriptionRow.revision >= revision)
            .order_by(SubscriptionRow.id),
            execution_options={"populate_existing": True},
        )
        live: list[Subscription] = []
        gone, newest = set[int](), revision

        def read(one: Any) -> None:
            nonlocal newest
            (row,) = one
            newest = max(newest, row.revision)
            found = [] if row.removed_at is not None or row.paused else decoded([row], plain)
            live.extend(found)
            if not found:
                gone.add(row.id)

        await decoded_in_turn(rows, read)
        return live, gone, newest

    async def makers(self, subscription_ids: Collection[int]) -> Mapping[int, int]:
        """Who made these subscriptions, as members' numbers; removed ones are known still."""
        rows = await self.session.execute(
            select(SubscriptionRow.id, SubscriptionRow.member_id).where(
                SubscriptionRow.id.in_(subscription_ids)
            )
        )
        return {row.id: row.member_id for row in rows}

    async def newest_revision(self) -> int:
        """The revision of the last change to any subscription."""
        return await self.session.scalar(select(func.max(SubscriptionRow.revision))) or 0

    async def _next_revision(self) -> int:
        return await self.newest_revision() + 1

    async def _many(self, condition: ColumnElement[bool]) -> Sequence[Subscription]:
        rows = await self.session.scalars(
            select(SubscriptionRow)
            .options(joinedload(SubscriptionRow.member))
            .where(condition)
            .order_by(SubscriptionRow.id),
            execution_options={"populate_existing": True},
        )
        return decoded(rows, plain)


class ArrivalRepository:
    """Papers that mailings brought to channels."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Papers for channels; one that the channel had with that mailing is left as it is."""
        if rows:
            await self.session.execute(
                insert(self.session, ArrivalRow).on_conflict_do_nothing(
                    index_elements=["channel_id", "paper_id", "mailing"]
                ),
                rows,
            )

    async def known(
        self, channels: Collection[int], paper_ids: Collection[int]
    ) -> Mapping[tuple[int, int], date]:
        """With which mailing these channels had these papers last, by (channel, paper)."""
        rows = await self.session.execute(
            select(ArrivalRow.channel_id, ArrivalRow.paper_id, func.max(ArrivalRow.mailing))
            .where(
                among(self.session, ArrivalRow.paper_id, paper_ids),
                among(self.session, ArrivalRow.channel_id, channels),
            )
            .group_by(ArrivalRow.channel_id, ArrivalRow.paper_id)
        )
        return {(channel, paper): mailing for channel, paper, mailing in rows}

    async def counts(self, channels: Collection[int], day: date) -> Mapping[int, int]:
        """How many papers of a mailing each subscription of these channels has brought."""
        rows = await self.session.scalars(
            select(ArrivalRow.reasons).where(
                ArrivalRow.channel_id.in_(channels),
                ArrivalRow.mailing == day,
                ArrivalRow.state != ArrivalState.CAPPED.value,
            )
        )
        found: dict[int, int] = {}
        for reasons in rows:
            for subscription_id in reasons:
                found[subscription_id] = found.get(subscription_id, 0) + 1
        return found

    async def capped(self, channel_id: int, days: Collection[date]) -> int:
        """How many papers of these mailings a cap has kept from a channel."""
        count = await self.session.scalar(
            select(func.count()).where(
                ArrivalRow.channel_id == channel_id,
                ArrivalRow.mailing.in_(days),
                ArrivalRow.state == ArrivalState.CAPPED.value,
            )
        )
        return count or 0

    async def any_of(self, channel_id: int, day: date) -> bool:
        """Whether a mailing has brought anything for a channel."""
        arrival_id = await self.session.scalar(
            select(ArrivalRow.id)
            .where(ArrivalRow.channel_id == channel_id, ArrivalRow.mailing == day)
            .limit(1)
        )
        return arrival_id is not None

    async def channels_waiting(self) -> Sequence[int]:
        """Channels for which papers are owed."""
        rows = await self.session.scalars(
            select(ArrivalRow.channel_id)
            .where(ArrivalRow.state == ArrivalState.PENDING.value)
            .distinct()
            .order_by(ArrivalRow.channel_id)
        )
        return rows.all()

    async def waiting(self, channel_id: int) -> Sequence[Arrival]:
        """What is owed to a channel, by mailing and in the order of the announcement."""
        return await self._many(
            and_(
                ArrivalRow.channel_id == channel_id,
                ArrivalRow.state == ArrivalState.PENDING.value,
            )
        )

    async def of_papers(self, channel_id: int, paper_ids: Collection[int]) -> Sequence[Arrival]:
        return await self._many(
            and_(ArrivalRow.channel_id == channel_id, ArrivalRow.paper_id.in_(paper_ids))
        )

    async def settle(
        self, arrival_ids: Collection[int], state: ArrivalState, outbox_key: str | None = None
    ) -> None:
        await self.session.execute(
            update(ArrivalRow)
            .where(ArrivalRow.id.in_(arrival_ids))
            .values(state=state.value, outbox_key=outbox_key)
        )

    async def announcements_of(
        self, paper_ids: Collection[int], channel_id: int | None = None
    ) -> Sequence[str]:
        """The outbox's keys of the announcements that hold these papers, in one channel or all."""
        condition = and_(ArrivalRow.paper_id.in_(paper_ids), ArrivalRow.outbox_key.is_not(None))
        if channel_id is not None:
            condition = and_(condition, ArrivalRow.channel_id == channel_id)
        rows = await self.session.scalars(select(ArrivalRow.outbox_key).where(condition).distinct())
        return [key for key in rows if key is not None]

    async def _many(self, condition: ColumnElement[bool]) -> Sequence[Arrival]:
        rows = await self.session.scalars(
            select(ArrivalRow)
            .options(joinedload(ArrivalRow.paper))
            .where(condition)
            .order_by(ArrivalRow.mailing, ArrivalRow.id),
            execution_options={"populate_existing": True},
        )
        return decoded(rows, _arrival)
