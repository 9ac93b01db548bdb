"""What is owed to Discord."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class OutboxRow(Base):
    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("lane", "seq"), Index(None, "state", "not_before"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    lane: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column()
    key: Mapped[str] = mapped_column(String(128), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column()
    target_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    """For an edit or a deletion: the message meant; otherwise what Discord made."""
    edits: Mapped[str | None] = mapped_column(String(128))
    """The key of the row whose message is meant, where its id was not known yet."""
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="SET NULL"))
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("digests.id", ondelete="CASCADE"), index=True
    )
    take_counts: Mapped[str | None] = mapped_column()
    """What stands in the text in the place of `bot.model.outbox.TAKE_COUNTS`."""
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    salt: Mapped[str] = mapped_column(String(16))
    """Makes the nonce this row's own."""
    not_before: Mapped[datetime | None] = mapped_column()
    sending_since: Mapped[datetime | None] = mapped_column()
    """The last request for it."""
    tried_at: Mapped[datetime | None] = mapped_column()
    """The first request for it that may have had its effect."""
    failed_since: Mapped[datetime | None] = mapped_column()
    held_for: Mapped[str | None] = mapped_column(String(32))
    """What it waits for while it is refused: see `bot.delivery.refusal_codes.Reason`."""
    created_at: Mapped[datetime | None] = mapped_column(default=func.now())
    """By the database's clock."""
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column()
