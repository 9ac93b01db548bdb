"""Subscriptions, and the papers that came by them."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.schema.base import Base, Id
from bot.store.schema.members import MemberRow
from bot.store.schema.papers import PaperRow


class SubscriptionRow(Base):
    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(
        ForeignKey("channels.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    query: Mapped[str] = mapped_column()
    """As it is understood."""
    kinds: Mapped[list[str]] = mapped_column()
    delivery: Mapped[str] = mapped_column(String(8))
    cap: Mapped[int | None] = mapped_column()
    paused: Mapped[bool] = mapped_column(default=False)
    since: Mapped[dt.date] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    revision: Mapped[int] = mapped_column(index=True)
    """Grows with each change in the table, so that a reader finds what is new to it."""
    removed_at: Mapped[datetime | None] = mapped_column()

    member: Mapped[MemberRow] = relationship(lazy="raise")


class ArrivalRow(Base):
    """A paper that is for a channel: never twice with one mailing."""

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("channel_id", "paper_id", "mailing"),
        Index(None, "state", "channel_id"),
        Index(None, "channel_id", "mailing"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    mailing: Mapped[dt.date] = mapped_column()
    reasons: Mapped[list[int]] = mapped_column()
    delivery: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    outbox_key: Mapped[str | None] = mapped_column(String(128), index=True)

    paper: Mapped[PaperRow] = relationship(lazy="raise")
