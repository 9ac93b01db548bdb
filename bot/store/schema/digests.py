"""Digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class DigestRow(Base):
    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("channel_id", "period_start"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    period_start: Mapped[datetime] = mapped_column()
    period_end: Mapped[datetime] = mapped_column()
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column()
    day: Mapped[str] = mapped_column(String(10))
    intro: Mapped[str] = mapped_column()
    arranged: Mapped[list[int] | None] = mapped_column()
    """Its entries in the order in which it shows them."""
    settings: Mapped[dict[str, Any] | None] = mapped_column()
    """The channel's settings that it was made with; null where it came from a file."""
    planned_at: Mapped[datetime] = mapped_column()
    posted_at: Mapped[datetime | None] = mapped_column()
    thread_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
