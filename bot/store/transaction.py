"""One transaction's view of the store: a named query is a method of one of its parts."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.fulltext.search import Searches
from bot.store.queries.acts import Acts
from bot.store.queries.channels import Channels
from bot.store.queries.cleaning import Cleaning
from bot.store.queries.connections import Connections
from bot.store.queries.digests import Digests
from bot.store.queries.documents import Documents
from bot.store.queries.entries import Entries
from bot.store.queries.held import HeldRows
from bot.store.queries.imports import Imports
from bot.store.queries.mailings import Mailings
from bot.store.queries.members import Members
from bot.store.queries.outbox import Outbox
from bot.store.queries.papers import Papers
from bot.store.queries.personal import Personal
from bot.store.queries.sending import Sending
from bot.store.queries.subscriptions import Arrivals, Subscriptions
from bot.store.queries.takes import Takes


class Transaction:
    """The queries, a part for each table, all within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.acts = Acts(session)
        self.channels = Channels(session)
        self.members = Members(session)
        self.papers = Papers(session)
        self.entries = Entries(session)
        self.takes = Takes(session)
        self.digests = Digests(session)
        self.outbox = Outbox(session)
        self.sending = Sending(session)
        self.held = HeldRows(session)
        self.personal = Personal(session)
        self.documents = Documents(session)
        self.imports = Imports(session)
        self.mailings = Mailings(session)
        self.subscriptions = Subscriptions(session)
        self.arrivals = Arrivals(session)
        self.searches = Searches(session)
        self.connections = Connections(session)
        self.cleaning = Cleaning(session)
