"""The database: SQLAlchemy models, engine, transactions and named queries."""

from bot.store.engine import BadDatabaseUrl, Store
from bot.store.migrate import SchemaNewer, current, upgrade
from bot.store.transaction import Transaction

__all__ = ["BadDatabaseUrl", "SchemaNewer", "Store", "Transaction", "current", "upgrade"]
