"""The database: SQLAlchemy models, engine, transactions and named queries."""

from bot.store.away import DatabaseAway
from bot.store.changes import change_mark
from bot.store.clock import SharedClock, database_time, set_by
from bot.store.engine import Store
from bot.store.leader import Leader
from bot.store.lock_file import DatabaseInUse
from bot.store.migrate import ForeignDatabase, SchemaNewer, current, upgrade
from bot.store.owner import Owner, owner_of
from bot.store.session_locks import SessionLocks
from bot.store.transaction import Transaction
from bot.store.trouble import DatabaseUnusable
from bot.store.url import BadDatabaseUrl

__all__ = [
    "BadDatabaseUrl",
    "DatabaseAway",
    "DatabaseInUse",
    "DatabaseUnusable",
    "ForeignDatabase",
    "Leader",
    "Owner",
    "SchemaNewer",
    "SessionLocks",
    "SharedClock",
    "Store",
    "Transaction",
    "change_mark",
    "current",
    "database_time",
    "owner_of",
    "set_by",
    "upgrade",
]
