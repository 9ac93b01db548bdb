"""The tables. Rows stay in this room: what leaves it is the plain data of `bot/model`."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite has no time zones: it is naive there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name != "sqlite" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# SQLite gives rowids (and reuse-free autoincrement) to INTEGER keys only.
Id = BigInteger().with_variant(Integer, "sqlite")
Snowflake = BigInteger()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: Moment,
        dt.date: Date,
        list[int]: JSON,
        dict[str, Any]: JSON,
        list[str]: JSON,
        str: Text,
    }


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


class MemberRow(Base):
    """A person in a guild; `discord_id` is null for a name that came with an archive."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("scope", "discord_id"), Index(None, "scope", "name"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[int] = mapped_column(Snowflake)
    discord_id: Mapped[int | None] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column()


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


class ActRow(Base):
    """An action of a member, done once however often it is delivered; forgotten after a day."""

    __tablename__ = "acts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """See `bot.model.people.Member.act`."""
    done_at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[dict[str, Any]] = mapped_column()
    """Numbers of the rows that came of it."""


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


class EntryTagRow(Base):
    """A tag that a file tells of a paper beside its takes: in properties, as a keyword."""

    __tablename__ = "entry_tags"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    """Its key, see `bot.text.tags.tag_key`."""
    name: Mapped[str] = mapped_column()


class TakeLinkRow(Base):
    """What a take leads to; made from the text whenever that changes."""

    __tablename__ = "take_links"
    __table_args__ = (Index(None, "kind", "target"),)

    take_id: Mapped[int] = mapped_column(
        ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)


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


class SubscriptionRow(Base):
    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(
        ForeignKey("channels.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    query: Mapped[str] = mapped_column()
    """As it is understood."""
    kinds: Mapped[list[str]] = mapped_column()
    delivery: Mapped[str] = mapped_column(String(8))
    cap: Mapped[int | None] = mapped_column()
    paused: Mapped[bool] = mapped_column(default=False)
    since: Mapped[dt.date] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    revision: Mapped[int] = mapped_column(index=True)
    """Grows with each change in the table, so that a reader finds what is new to it."""
    removed_at: Mapped[datetime | None] = mapped_column()

    member: Mapped[MemberRow] = relationship(lazy="raise")


class ArrivalRow(Base):
    """A paper that is for a channel: never twice with one mailing."""

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("channel_id", "paper_id", "mailing"),
        Index(None, "state", "channel_id"),
        Index(None, "channel_id", "mailing"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    mailing: Mapped[dt.date] = mapped_column()
    reasons: Mapped[list[int]] = mapped_column()
    delivery: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    outbox_key: Mapped[str | None] = mapped_column(String(128), index=True)

    paper: Mapped[PaperRow] = relationship(lazy="raise")


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


class DerivedRow(Base):
    """How far something that is derived has been made, see `bot.store.derived`."""

    __tablename__ = "derived"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column()
    after: Mapped[int | None] = mapped_column(BigInteger)
    """The last row's id; null when it is done."""
