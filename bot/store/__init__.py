"""The database: SQLAlchemy models, engine, transactions and named queries."""

from bot.store.engine import BadDatabaseUrl, Store
from bot.store.leader import Leader
from bot.store.migrate import SchemaNewer, current, upgrade
from bot.store.transaction import Transaction

__all__ = ["BadDatabaseUrl", "Leader", "SchemaNewer", "Store", "Transaction", "current", "upgrade"]
