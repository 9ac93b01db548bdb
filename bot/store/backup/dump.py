"""All that is kept, in one file that either database can be made from again.

A ZIP: `papertakes.json` tells the schema's revision and each table's rows, `TABLE.jsonl` has the
rows, one JSON object a line. What is derived (search indexes, tags, links) is left out and made
anew; what members did a moment ago is not remembered. Also from one database into the other.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError, StatementError

from bot.errors import HostError
from bot.isolation import RecordKind, either, is_of_record
from bot.store.away import DatabaseAway
from bot.store.backup.row_json import as_json, json_line
from bot.store.engine import Store
from bot.store.migrate import SchemaNewer, bring, current, revision_of
from bot.store.schema import ActRow, Base, DerivedRow, ImportRow, Moment, TakeLinkRow, TakeTagRow

FORMAT: Final = "papertakes-backup"
VERSION: Final = 1
MANIFEST: Final = "papertakes.json"
_LEFT_OUT: Final = {
    row.__tablename__ for row in (TakeTagRow, TakeLinkRow, DerivedRow, ActRow, ImportRow)
}
_AT_ONCE: Final = 500


class BackupFailed(HostError):
    """A backup could not be written, read or restored; the message is one line."""


def tables() -> Sequence[Table]:
    """The tables that a backup holds, those that others refer to first."""
    return [one for one in Base.metadata.sorted_tables if one.name not in _LEFT_OUT]


async def backup(store: Store, path: Path, now: datetime) -> Mapping[str, int]:
    """Write everything into a new file, as it is at one moment; returns the tables' rows.

    Writers go on meanwhile. A file that is there is replaced when the new one is whole. Raises
    BackupFailed.
    """
    revision, _ = await current(store)
    part = path.with_name(f".{path.name}.part")
    try:
        # Nobody else's business: it holds what members wrote.
        number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(number, 0o600)
        with os.fdopen(number, "w+b") as file:
            async with store.patient() as patient, patient.read() as tx:
                connection = await tx.session.connection()
                counts = await connection.run_sync(_write, file, revision, now)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except DatabaseAway:
        raise
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise BackupFailed(f"{path}: {error.strerror or error}") from None
    return counts


def _write(
    connection: Connection, file: IO[bytes], revision: str | None, now: datetime
) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables():
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                counts[table.name] = 0
                for row in _rows(connection, table):
                    out.write(_line(table, row))
                    counts[table.name] += 1
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "revision": revision,
            "made_at": now.isoformat(),
            "tables": counts,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return counts


def _line(table: Table, row: dict[str, Any]) -> bytes:
    """A row as JSON; what JSON has no form for as text, so that nothing is missing."""
    return either(
        RecordKind.ROW,
        f"{table.name} {row.get('id', '')}",
        lambda: json_line(row).encode(),
        lambda: json.dumps(row, default=str).encode() + b"\n",
    )


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """A table's rows as JSON has them, in the order of their keys, some hundreds at a time."""
    keys = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        statement = sa.select(table).order_by(*keys).limit(_AT_ONCE)
        if after is not None:
            statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, after)))
        found = connection.execute(statement).mappings().all()
        for row in found:
            yield as_json(row)
        if len(found) < _AT_ONCE:
            return
        after = tuple(found[-1][key.name] for key in keys)


async def restore(store: Store, path: Path) -> Mapping[str, int]:
    """Fill an empty database from a backup, all of it or nothing; returns the tables' rows.

    The schema is made as it was, then brought to this version's. What is derived is missing until
    `bot.store.derived` has made it anew. Raises BackupFailed, SchemaNewer.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            async with store.patient() as patient, patient.engine.begin() as connection:
                await connection.run_sync(_fill, archive, manifest)
    except DatabaseAway:
        raise
    except OSError as error:
        raise BackupFailed(f"{path}: {error.strerror or error}") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise BackupFailed(f"{path}: not a whole backup of Papertakes: {error}") from None
    except RecursionError:
        raise BackupFailed(f"{path}: not a whole backup of Papertakes: nested too deep") from None
    return dict(manifest["tables"])


def _manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    manifest = _json(archive.read(MANIFEST), MANIFEST)
    if manifest["format"] != FORMAT or manifest["version"] != VERSION:
        raise ValueError("of another format")
    if unknown := manifest["tables"].keys() - {table.name for table in tables()}:
        raise SchemaNewer(f"the backup has a table that this version does not know: {min(unknown)}")
    return dict(manifest)


def _json(text: str | bytes, where: str) -> Any:
    """Raises ValueError, with the place where no JSON is."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(f"{where}: nested too deep") from None
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    have = revision_of(connection)
    if have not in (None, manifest["revision"]):
        raise BackupFailed(
            f"the database is at revision {have}, the backup at {manifest['revision']}: "
            "restore into a database that does not exist yet"
        )
    bring(connection, manifest["revision"])
    held = sa.inspect(connection).get_table_names()
    for table in tables():
        if table.name in held and connection.scalar(sa.select(sa.literal(1)).select_from(table)):
            raise BackupFailed(f"the database is not empty: there are {table.name} in it")
    for table in tables():
        if table.name in manifest["tables"]:
            count = _insert(connection, archive, table)
            if count != manifest["tables"][table.name]:
                raise ValueError(f"{table.name} has {count} rows")
            _count_on(connection, table)
    bring(connection, "head")
    # Nothing that is derived is there yet.
    connection.execute(sa.delete(DerivedRow))


def _insert(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    with archive.open(f"{table.name}.jsonl") as file:
        rows: list[dict[str, Any]] = []
        for line in io.TextIOWrapper(file, "utf-8", newline="\n"):
            where = f"{table.name}.jsonl: row {count + 1}"
            row = _json(line, where)
            if not isinstance(row, dict):
                raise ValueError(f"{where}: no row")
            rows.append({name: _typed(table.c[name].type, row[name]) for name in row})
            count += 1
            if len(rows) == _AT_ONCE:
                _take_in(connection, table, rows, count)
                rows.clear()
        if rows:
            _take_in(connection, table, rows, count)
    return count


def _take_in(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], last: int
) -> None:
    """Raises ValueError for rows that no backup has."""
    try:
        connection.execute(_into(table, rows[0]), rows)
    except StatementError as error:
        if is_of_record(error) or isinstance(error, IntegrityError):
            between = f"{last - len(rows) + 1} to {last}"
            raise ValueError(f"{table.name}.jsonl: rows {between} do not fit") from None
        raise


def _into(table: Table, row: Mapping[str, Any]) -> Any:
    """An insert of the columns that the backup has: newer ones are their migration's affair."""
    columns: list[Any] = [
        sa.column(
            name,
            sa.JSON(none_as_null=True)
            if isinstance(table.c[name].type, sa.JSON)
            else table.c[name].type,
        )
        for name in row
    ]
    return sa.insert(sa.table(table.name, *columns))


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's sequence go on behind the numbers that were given."""
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    name = connection.scalar(sa.func.pg_get_serial_sequence(table.name, "id"))
    last = connection.scalar(sa.select(sa.func.max(table.c.id)))
    if name is not None and last is not None:
        connection.execute(sa.select(sa.func.setval(name, last)))
