"""Takes, and what is made from their text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.schema.base import Base, Id, Snowflake
from bot.store.schema.members import MemberRow


class TakeRow(Base):
    __tablename__ = "takes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    text: Mapped[str] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    edited_at: Mapped[datetime | None] = mapped_column()
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("digests.id", ondelete="SET NULL"), index=True
    )
    shown_as: Mapped[str | None] = mapped_column(String(8))
    """What its message in the channel is: see `bot.model.take.MessageKind`."""
    shown_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    shown_message_id: Mapped[int | None] = mapped_column(Snowflake, index=True)

    member: Mapped[MemberRow] = relationship(lazy="raise")


class TakeTagRow(Base):
    """A tag in a take's text; made from the text whenever that changes."""

    __tablename__ = "take_tags"

    take_id: Mapped[int] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    """Its key, see `bot.text.tags.tag_key`."""
    name: Mapped[str] = mapped_column()
    """As it is written."""


class TakeLinkRow(Base):
    """What a take leads to; made from the text whenever that changes."""

    __tablename__ = "take_links"
    __table_args__ = (Index(None, "kind", "target"),)

    take_id: Mapped[int] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
