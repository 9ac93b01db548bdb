"""What arXiv sent out, and how far it has been read."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.schema.base import Base, Id


class MailingRow(Base):
    """What is known of the mailing of a date."""

    __tablename__ = "mailings"

    date: Mapped[dt.date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    papers: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None] = mapped_column()
    problem: Mapped[str | None] = mapped_column(String(16))
    """Why the feed was of no use when it was last asked."""
    asked: Mapped[int] = mapped_column(default=0)
    """How often the feed was asked in vain."""
    ask_after: Mapped[datetime | None] = mapped_column()


class WatchRow(Base):
    """A category that is taken in, see `bot.model.subscription.Watch`."""

    __tablename__ = "watches"

    category: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[dt.date] = mapped_column()
    floor: Mapped[str] = mapped_column(String(32))
    complete: Mapped[dt.date] = mapped_column()


class TakenRow(Base):
    """What was taken whole of a mailing, category by category."""

    __tablename__ = "taken"

    date: Mapped[dt.date] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(32), primary_key=True)
    feed_at: Mapped[datetime | None] = mapped_column()
    listed_at: Mapped[datetime | None] = mapped_column()
    """OAI-PMH's list of the day, as it was while the day was not over."""
    done_at: Mapped[datetime | None] = mapped_column()
    """The same when the day was over: there is nothing more to come."""


class HarvestRow(Base):
    """A list of OAI-PMH that is being taken, page by page; gone when it was taken whole."""

    __tablename__ = "harvests"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    oai_set: Mapped[str] = mapped_column(String(64))
    """Empty: everything."""
    categories: Mapped[list[str]] = mapped_column()
    first: Mapped[dt.date] = mapped_column()
    last: Mapped[dt.date] = mapped_column()
    final: Mapped[bool] = mapped_column()
    token: Mapped[str | None] = mapped_column()
    begun_at: Mapped[datetime | None] = mapped_column()
    pages: Mapped[int] = mapped_column(default=0)
    unread: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    ask_after: Mapped[datetime | None] = mapped_column()


class AnnouncedRow(Base):
    """What one mailing says of one paper, see `bot.model.subscription.Announced`."""

    __tablename__ = "announced"

    mailing: Mapped[dt.date] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    categories: Mapped[list[str]] = mapped_column()
    added: Mapped[list[str]] = mapped_column()
    version_date: Mapped[dt.date] = mapped_column()
