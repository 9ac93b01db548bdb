"""Channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class ChannelRow(Base):
    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[int] = mapped_column(Snowflake)
    discord_id: Mapped[int | None] = mapped_column(Snowflake, unique=True)
    guild_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    name: Mapped[str] = mapped_column()
    forum: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column()
    period_start: Mapped[datetime] = mapped_column()
    next_digest_at: Mapped[datetime] = mapped_column(index=True)
    intro: Mapped[str | None] = mapped_column()
    arranged: Mapped[list[int] | None] = mapped_column()
    """Entries in the order in which a manager wants them in the next digest."""
    left_out: Mapped[list[int] | None] = mapped_column()
    """Entries that a manager has left out of the next digest."""
    created_at: Mapped[datetime] = mapped_column()
