"""The database: SQLAlchemy models, engine, transactions and named queries."""

from bot.store.clock import SharedClock, database_time, set_by
from bot.store.engine import BadDatabaseUrl, Store
from bot.store.leader import Leader
from bot.store.migrate import ForeignDatabase, SchemaNewer, current, upgrade
from bot.store.transaction import Transaction
from bot.store.trouble import DatabaseUnusable

__all__ = [
    "BadDatabaseUrl",
    "DatabaseUnusable",
    "ForeignDatabase",
    "Leader",
    "SchemaNewer",
    "SharedClock",
    "Store",
    "Transaction",
    "current",
    "database_time",
    "set_by",
    "upgrade",
]
