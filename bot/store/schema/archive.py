"""Files that were taken in, a channel's past, and where its archive is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class DocumentRow(Base):
    """A file that came from an archive, or that was written back to one."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("channel_id", "path"),
        Index(None, "channel_id", "checksum"),
        Index(None, "channel_id", "about"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column()
    """Within the archive, with slashes."""
    kind: Mapped[str] = mapped_column(String(16))
    checksum: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file as it was read."""
    day: Mapped[str | None] = mapped_column(String(10))
    title: Mapped[str] = mapped_column()
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("digests.id", ondelete="SET NULL"), index=True
    )
    body: Mapped[str] = mapped_column()
    """Its pieces between takes, see `bot.archive.parser.body`; ASCII."""
    prose: Mapped[str] = mapped_column(server_default="")
    """What a search finds of it beside its takes and papers, see `bot.archive.parser.prose`."""
    about: Mapped[str | None] = mapped_column()
    """The address of the one paper that it is about, see `bot.archive.parser.subject`."""
    names: Mapped[list[str]] = mapped_column(server_default="[]")
    """What it calls that paper."""
    leads: Mapped[list[Any]] = mapped_column(JSON, server_default="[]")
    """What it leads to outside its takes: kinds and targets, as in `take_links`."""
    imported_at: Mapped[datetime] = mapped_column()


class ImportRow(Base):
    """A file that a member handed over, until it is taken in and the member is told."""

    __tablename__ = "imports"
    __table_args__ = (Index(None, "ended_at", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    asked: Mapped[dict[str, Any]] = mapped_column()
    """Who hands it over, where, and under what name, see `bot.archive.importing.job`."""
    data: Mapped[bytes] = mapped_column()
    """The file; empty once it is taken in."""
    created_at: Mapped[datetime] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    ended_at: Mapped[datetime | None] = mapped_column()
    told: Mapped[bool] = mapped_column(default=False)
    """Whether the member has heard what came of it."""


class HistoryRow(Base):
    """What was read of a Discord channel's past, until it is taken in or a day old."""

    __tablename__ = "histories"

    discord_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    read_to: Mapped[int] = mapped_column(Snowflake)
    """The newest message that was read."""
    messages: Mapped[int] = mapped_column()
    """How many were read."""
    vouched: Mapped[bool] = mapped_column()
    """Whether Discord itself told them, and not a file that somebody handed over."""
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """See `bot.model.history.FoundMessage`."""
    touched_at: Mapped[datetime] = mapped_column(index=True)


class HistoryMessageRow(Base):
    """A message of a channel's past that was taken in, so that it never is again: as what brought
    a paper, or (`reply`) as a take."""

    __tablename__ = "history_messages"

    channel_id: Mapped[int] = mapped_column(
        ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    reply: Mapped[bool] = mapped_column(primary_key=True)


class PublicationRow(Base):
    """How far the archive is published at one place, see `bot.archive.publish`."""

    __tablename__ = "publications"

    place: Mapped[str] = mapped_column(primary_key=True)
    """A folder or a repository, without a password."""
    up_to: Mapped[datetime | None] = mapped_column()
    """When the newest digest was posted that is there."""
    commit: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column()
    tried_at: Mapped[datetime | None] = mapped_column()
    tries: Mapped[int] = mapped_column(default=0)
    """How many have failed since one did not."""
    trouble: Mapped[str | None] = mapped_column()
