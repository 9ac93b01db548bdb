"""One transaction's view of the store: a named query is a method of one of its parts."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.fulltext.search import Searches
from bot.store.fulltext.search_titles import TitleSearches
from bot.store.queries.acts import ActRepository
from bot.store.queries.backlinks import BacklinkRepository
from bot.store.queries.channels import ChannelRepository
from bot.store.queries.cleaning import Cleaning
from bot.store.queries.digests import DigestRepository
from bot.store.queries.documents import DocumentRepository
from bot.store.queries.entries import EntryRepository
from bot.store.queries.histories import HistoryRepository
from bot.store.queries.imports import ImportRepository
from bot.store.queries.mailings import MailingRepository
from bot.store.queries.member_data import MemberDataRepository
from bot.store.queries.members import MemberRepository
from bot.store.queries.message_links import MessageLinks
from bot.store.queries.outbox import OutboxRepository
from bot.store.queries.papers import PaperRepository
from bot.store.queries.publications import PublicationRepository
from bot.store.queries.refused import HeldRows
from bot.store.queries.sending import Sending
from bot.store.queries.subscriptions import ArrivalRepository, SubscriptionRepository
from bot.store.queries.summaries import SummaryRepository
from bot.store.queries.takes import TakeRepository


class Transaction:
    """The queries, a part for each table, all within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.acts = ActRepository(session)
        self.channels = ChannelRepository(session)
        self.members = MemberRepository(session)
        self.papers = PaperRepository(session)
        self.entries = EntryRepository(session)
        self.takes = TakeRepository(session)
        self.digests = DigestRepository(session)
        self.outbox = OutboxRepository(session)
        self.sending = Sending(session)
        self.held = HeldRows(session)
        self.personal = MemberDataRepository(session)
        self.documents = DocumentRepository(session)
        self.histories = HistoryRepository(session)
        self.message_links = MessageLinks(session)
        self.imports = ImportRepository(session)
        self.mailings = MailingRepository(session)
        self.subscriptions = SubscriptionRepository(session)
        self.arrivals = ArrivalRepository(session)
        self.searches = Searches(session)
        self.titles = TitleSearches(session)
        self.connections = BacklinkRepository(session)
        self.summaries = SummaryRepository(session)
        self.cleaning = Cleaning(session)
        self.publications = PublicationRepository(session)
