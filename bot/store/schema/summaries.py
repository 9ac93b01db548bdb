"""Summaries that a language model writes, and how often it was asked."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Snowflake


class SummaryRow(Base):
    """A summary of a paper that a language model wrote or is to write."""

    __tablename__ = "summaries"
    __table_args__ = (Index(None, "state", "not_before"),)

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 where arXiv has not said it."""
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    """See `bot.store.queries.summaries`."""
    text: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str] = mapped_column(server_default="")
    attempts: Mapped[int] = mapped_column(default=0)
    """Answers that were of no use."""
    asked_at: Mapped[datetime] = mapped_column()
    """When it was last to be shown and not there."""
    not_before: Mapped[datetime] = mapped_column()


class DiscardedSummaryRow(Base):
    """A written summary that a guild does not want to see."""

    __tablename__ = "discarded_summaries"

    scope: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)


class ModelUseRow(Base):
    """How often a language model was asked on a day (UTC)."""

    __tablename__ = "model_use"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    requests: Mapped[int] = mapped_column()
