"""Papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id, Snowflake


class PaperRow(Base):
    """`scope` is 0 for arXiv's papers, which all guilds share, else the guild's id.

    What is said of them is arXiv's: a page that is not on arXiv has its address alone, its title is
    on the entries."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("scope", "url"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[int] = mapped_column(Snowflake)
    url: Mapped[str] = mapped_column()
    arxiv_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column()
    authors: Mapped[list[str]] = mapped_column()
    abstract: Mapped[str] = mapped_column()
    categories: Mapped[list[str]] = mapped_column()
    published: Mapped[datetime | None] = mapped_column()
    updated: Mapped[datetime | None] = mapped_column()
    version: Mapped[int | None] = mapped_column()
    comment: Mapped[str | None] = mapped_column()
    doi: Mapped[str | None] = mapped_column()
    journal_ref: Mapped[str | None] = mapped_column()
    withdrawn: Mapped[bool] = mapped_column(default=False)
    report_number: Mapped[str | None] = mapped_column()
    metadata_state: Mapped[str] = mapped_column(String(16), index=True)
    asked_at: Mapped[datetime | None] = mapped_column()
    """When arXiv was last asked for it in vain."""
    asked: Mapped[int] = mapped_column(default=0)
    """How often it was asked in vain."""


class PastPaperRow(Base):
    """What is still known of a paper that is not kept any more: `store.queries.past_papers`."""

    __tablename__ = "past_papers"
    # Its key is most of it: an index beside the table would hold that once more.
    __table_args__ = ({"sqlite_with_rowid": False},)

    arxiv_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    announced: Mapped[list[Any]] = mapped_column(JSON)
    """What each mailing said: its date, the kind, the categories, those added, the version's."""
    arrivals: Mapped[list[Any]] = mapped_column(JSON)
    """The channels that have had it: channel, mailing, reasons, delivery, state, outbox key."""
