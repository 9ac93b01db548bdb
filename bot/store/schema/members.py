"""Members, and what each of them did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class MemberRow(Base):
    """A person in a guild; `discord_id` is null for a name that came with an archive."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("scope", "discord_id"), Index(None, "scope", "name"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[int] = mapped_column(Snowflake)
    discord_id: Mapped[int | None] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column()


class ActRow(Base):
    """An action of a member, done once however often it is delivered; forgotten after a day."""

    __tablename__ = "acts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """See `bot.model.people.Member.act`."""
    done_at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[dict[str, Any]] = mapped_column()
    """Numbers of the rows that came of it."""
