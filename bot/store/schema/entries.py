"""Papers on a channel's list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.schema.base import Base, Id, Snowflake
from bot.store.schema.members import MemberRow
from bot.store.schema.papers import PaperRow


class EntryRow(Base):
    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("channel_id", "paper_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    how: Mapped[str] = mapped_column(String(16))
    added_at: Mapped[datetime] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column()
    """Off the list; its takes are kept and come back with it."""
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("digests.id", ondelete="SET NULL"), index=True
    )
    """The first digest that showed it."""
    own_words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the channel says of the paper, see `bot.store.queries.own_words`."""
    card_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    card_message_id: Mapped[int | None] = mapped_column(Snowflake, index=True)

    paper: Mapped[PaperRow] = relationship(lazy="raise")
    member: Mapped[MemberRow] = relationship(lazy="raise")


class EntryTagRow(Base):
    """A tag that a file tells of a paper beside its takes: in properties, as a keyword."""

    __tablename__ = "entry_tags"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    """Its key, see `bot.text.tags.tag_key`."""
    name: Mapped[str] = mapped_column()
