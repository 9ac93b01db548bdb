"""Bringing the schema up to this version's, at start and by `papertakes db upgrade`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import migrations
from bot.errors import HostError
from bot.store.engine import Store
from bot.store.fulltext import postings
from bot.store.trouble import usable

# Any number: the key of PostgreSQL's advisory lock under which one process migrates at a time.
_LOCK = 5_093_217


class SchemaNewer(HostError):
    """The database was made by a newer Papertakes; the message is one line."""


class ForeignDatabase(HostError):
    """The database is another program's; the message is one line."""


def config(connection: Connection) -> Config:
    """Alembic's configuration, working on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.attributes["connection"] = connection
    return made


async def upgrade(store: Store) -> None:
    """Run the migrations that are missing.

    Raises SchemaNewer, ForeignDatabase, DatabaseUnusable.
    """
    with usable(store):
        async with store.patient() as patient, patient.engine.begin() as connection:
            await connection.run_sync(bring)


async def current(store: Store) -> tuple[str | None, str]:
    """The revision that the database has and the one that this version wants.

    Raises SchemaNewer, ForeignDatabase, DatabaseUnusable.
    """
    with usable(store):
        async with store.engine.connect() as connection:
            return await connection.run_sync(_own_revisions)


def revision_of(connection: Connection) -> str | None:
    """The revision that a database has; None if it has no tables of this program."""
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_foreign(connection: Connection) -> None:
    """An empty database is taken; one with tables that no migration of ours made is not."""
    tables = inspect(connection).get_table_names()
    if connection.dialect.name == "postgresql":
        # What an extension brought (PostGIS has a table) is nobody's data.
        extensions = text(
            "SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid"
            " WHERE deptype = 'e'"
        )
        tables = list(set(tables) - set(connection.scalars(extensions)))
    # Alembic leaves its own, empty, where all was taken down again.
    if tables and "alembic_version" not in tables:
        some = ", ".join(sorted(tables)[:3])
        raise ForeignDatabase(
            f"database.url: the database holds another program's tables ({some}): "
            "name another file, or make a database of its own"
        )


def _own_revisions(connection: Connection) -> tuple[str | None, str]:
    """As `current`, of a database that this version can work with."""
    scripts = ScriptDirectory.from_config(config(connection))
    have, head = revision_of(connection), scripts.get_current_head()
    assert head is not None
    if have is None:
        _refuse_foreign(connection)
    else:
        _refuse_unknown(have, scripts)
    return have, head


def _refuse_unknown(revision: str, scripts: ScriptDirectory) -> None:
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaNewer(
            f"the database is at revision {revision}, which this version does not know: "
            "it was used by a newer Papertakes; install that one"
        )


def bring(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision within the connection's transaction.

    Raises SchemaNewer, ForeignDatabase.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    settings = config(connection)
    have, head = _own_revisions(connection)
    if revision != "head":
        _refuse_unknown(revision, ScriptDirectory.from_config(settings))
    if have != head:
        command.upgrade(settings, revision)
    if revision == "head":
        postings.create(connection)
