"""The tables, a module for each subject.

Rows stay in this room: what leaves it is the plain data of `bot/model`. Every class is imported
here, so that the base class knows all tables.
"""

from bot.store.schema.archive import (
    DocumentRow,
    HistoryMessageRow,
    HistoryRow,
    ImportRow,
    PublicationRow,
)
from bot.store.schema.base import NAMING, Base, Id, Moment, Snowflake
from bot.store.schema.channels import ChannelRow
from bot.store.schema.delivery import OutboxRow
from bot.store.schema.derived import DerivedRow
from bot.store.schema.digests import DigestRow
from bot.store.schema.entries import EntryRow, EntryTagRow
from bot.store.schema.mailings import AnnouncedRow, HarvestRow, MailingRow, TakenRow, WatchRow
from bot.store.schema.members import ActRow, MemberRow
from bot.store.schema.papers import PaperRow, PastPaperRow
from bot.store.schema.subscriptions import ArrivalRow, SubscriptionRow
from bot.store.schema.summaries import DiscardedSummaryRow, ModelUseRow, SummaryRow
from bot.store.schema.takes import TakeLinkRow, TakeRow, TakeTagRow

__all__ = [
    "NAMING",
    "ActRow",
    "AnnouncedRow",
    "ArrivalRow",
    "Base",
    "ChannelRow",
    "DerivedRow",
    "DigestRow",
    "DiscardedSummaryRow",
    "DocumentRow",
    "EntryRow",
    "EntryTagRow",
    "HarvestRow",
    "HistoryMessageRow",
    "HistoryRow",
    "Id",
    "ImportRow",
    "MailingRow",
    "MemberRow",
    "ModelUseRow",
    "Moment",
    "OutboxRow",
    "PaperRow",
    "PastPaperRow",
    "PublicationRow",
    "Snowflake",
    "SubscriptionRow",
    "SummaryRow",
    "TakeLinkRow",
    "TakeRow",
    "TakeTagRow",
    "TakenRow",
    "WatchRow",
]
