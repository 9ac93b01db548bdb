"""Everything into one file, and out of it again, from either database into either."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.archive.importing.importer import import_archive
from bot.derived import DERIVED
from bot.papers.search import PaperSearch
from bot.store import SchemaNewer, Store, upgrade
from bot.store.backup.dump import BackupFailed, backup, restore
from bot.store.derived import refresh
from bot.store.migrate import bring
from bot.store.schema import Base, TakeRow
from tests.databases import Databases

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
NOW = datetime(2026, 7, 29, 12, 30, 1, 250, tzinfo=UTC)


async def contents(store: Store) -> dict[str, list[Any]]:
    """All rows of all tables, also what is derived, but not which version of it there is."""
    async with store.read() as tx:
        return {
            table.name: [tuple(row) for row in await tx.session.execute(
                sa.select(table).order_by(*table.primary_key.columns)
            )]
            for table in Base.metadata.sorted_tables if table.name != "derived"
        }  # fmt: skip


@pytest.fixture
async def filled(store: Store) -> Store:
    await import_archive(store, ARCHIVE / "2021", "ml", now=NOW)
    return store


@pytest.fixture
async def empty(databases: Databases) -> AsyncIterator[Store]:
    made = Store(await databases.empty())
    yield made
    await made.close()


async def test_what_was_backed_up_comes_back(filled: Store, empty: Store, tmp_path: Path) -> None:
    counts = await backup(filled, tmp_path / "all.zip", NOW)
    assert counts["takes"] > 30
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0
    assert await restore(empty, tmp_path / "all.zip") == counts
    await refresh(empty, DERIVED)
    assert await contents(empty) == await contents(filled)
    for asked in ("학습", "transformer"):
        found = await PaperSearch(empty).search_named("ml", asked)
        assert found == await PaperSearch(filled).search_named("ml", asked)
        assert found.hits


async def test_new_rows_follow_the_restored_ones(
    filled: Store, empty: Store, tmp_path: Path
) -> None:
    await backup(filled, tmp_path / "all.zip", NOW)
    await restore(empty, tmp_path / "all.zip")
    report = await import_archive(empty, ARCHIVE / "2020", "ml", now=NOW)
    assert report.takes > 30


async def test_from_sqlite_to_postgresql_and_back(postgresql: str, tmp_path: Path) -> None:
    servers = Databases(tmp_path, postgresql)
    first, back = (Store(f"sqlite:///{tmp_path / name}.db") for name in ("first", "back"))
    post = Store(await servers.empty())
    try:
        await upgrade(first)
        await refresh(first, DERIVED)
        await import_archive(first, ARCHIVE / "2021", "ml", now=NOW)
        await backup(first, tmp_path / "1.zip", NOW)
        await restore(post, tmp_path / "1.zip")
        await refresh(post, DERIVED)
        await backup(post, tmp_path / "2.zip", NOW)
        await restore(back, tmp_path / "2.zip")
        await refresh(back, DERIVED)
        assert await contents(back) == await contents(first) == await contents(post)
        assert (await import_archive(post, ARCHIVE / "2020", "ml", now=NOW)).takes > 30
    finally:
        for store in (first, back, post):
            await store.close()
        await asyncio.to_thread(servers.drop)


async def test_only_into_an_empty_database(filled: Store, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "all.zip", NOW)
    before = await contents(filled)
    with pytest.raises(BackupFailed, match="not empty"):
        await restore(filled, tmp_path / "all.zip")
    assert await contents(filled) == before


async def test_into_an_empty_database_that_was_migrated(
    filled: Store, databases: Databases, tmp_path: Path
) -> None:
    await backup(filled, tmp_path / "all.zip", NOW)
    migrated = Store(await databases.fresh())
    await restore(migrated, tmp_path / "all.zip")
    await refresh(migrated, DERIVED)
    assert await contents(migrated) == await contents(filled)
    await migrated.close()


def changed(path: Path, name: str, data: bytes | None) -> Path:
    """A copy of a backup with one of its files changed, or left out."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for one in source.namelist():
            if one != name:
                target.writestr(one, source.read(one))
        if data is not None:
            target.writestr(name, data)
    return other


def without_sources(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """An entry as a version kept it that did not know where its title comes from."""
    return tuple(
        {key: value for key, value in cell.items() if key != "source"}
        if isinstance(cell, dict)
        else cell
        for cell in row
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("takes.jsonl", None),
        ("takes.jsonl", b""),
        ("takes.jsonl", b'{"id": '),
        ("takes.jsonl", b'{"id": 1, "nonsense": 2}\n'),
        ("papertakes.json", None),
        ("papertakes.json", b'{"format": "other", "version": 1}'),
        ("papertakes.json", b"[]"),
    ],
)
async def test_a_backup_that_is_not_whole_leaves_nothing(
    filled: Store, databases: Databases, tmp_path: Path, name: str, data: bytes | None
) -> None:
    await backup(filled, tmp_path / "all.zip", NOW)
    target = Store(await databases.fresh())
    with pytest.raises(BackupFailed, match="not a whole backup"):
        await restore(target, changed(tmp_path / "all.zip", name, data))
    assert not any((await contents(target)).values())
    await target.close()


async def aged(path: Path, revision: str, databases: Databases) -> Path:
    """A backup as it would have been made at an earlier revision: with its tables and columns."""
    old = Store(await databases.empty())
    async with old.engine.begin() as connection:
        await connection.run_sync(bring, revision)
        had = await connection.run_sync(
            lambda sync: {
                name: {column["name"] for column in sa.inspect(sync).get_columns(name)}
                for name in sa.inspect(sync).get_table_names()
            }
        )
    await old.close()
    made = path.with_name(f"{revision}.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as target:
        manifest = json.loads(source.read("papertakes.json"))
        # What channels call papers stood with the papers then.
        entries = [json.loads(line) for line in source.read("entries.jsonl").splitlines()]
        words = {row["paper_id"]: row["own_words"] or {} for row in entries}
        for name in list(manifest["tables"]):
            if name not in had:
                del manifest["tables"][name]
                continue
            rows = [json.loads(line) for line in source.read(f"{name}.jsonl").splitlines()]
            if name == "papers":
                rows = [row | words.get(row["id"], {}) for row in rows]
            kept = [{key: row[key] for key in row if key in had[name]} for row in rows]
            target.writestr(f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in kept))
        target.writestr("papertakes.json", json.dumps({**manifest, "revision": revision}))
    return made


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005", "0006"])
async def test_a_backup_of_an_earlier_version(
    filled: Store, empty: Store, databases: Databases, tmp_path: Path, revision: str
) -> None:
    """What that version kept is all there, and found; the rest is made or left empty."""
    await backup(filled, tmp_path / "all.zip", NOW)
    counts = await restore(empty, await aged(tmp_path / "all.zip", revision, databases))
    await refresh(empty, DERIVED)
    assert counts["takes"] > 30
    before, after = await contents(filled), await contents(empty)
    for name in ("channels", "papers", "members", "entries", "take_tags", "take_links"):
        if name == "entries":
            before[name] = [without_sources(row) for row in before[name]]
        assert after[name] == before[name], name
    if revision > "0001":
        assert after["documents"] == before["documents"]
    assert len(after["takes"]) == len(before["takes"])
    found = await PaperSearch(empty).search_named("ml", "학습")
    assert {hit.take.id for hit in found.hits if hit.take} == {
        hit.take.id
        for hit in (await PaperSearch(filled).search_named("ml", "학습")).hits
        if hit.take
    }
    assert (await import_archive(empty, ARCHIVE / "2020", "ml", now=NOW)).takes > 30


async def test_a_backup_of_a_newer_version(filled: Store, empty: Store, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "all.zip", NOW)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("papertakes.json"))
    manifest["revision"] = "9999"
    data = json.dumps(manifest).encode()
    with pytest.raises(SchemaNewer):
        await restore(empty, changed(tmp_path / "all.zip", "papertakes.json", data))


async def test_no_backup_and_no_place_for_one(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed):
        await restore(store, tmp_path / "missing.zip")
    (tmp_path / "text.zip").write_text("not a ZIP")
    with pytest.raises(BackupFailed):
        await restore(store, tmp_path / "text.zip")
    with pytest.raises(BackupFailed):
        await backup(store, tmp_path / "no" / "folder.zip", NOW)


async def test_a_backup_beside_writing_is_of_one_moment(
    filled: Store, empty: Store, tmp_path: Path
) -> None:
    async def write() -> None:
        for number in range(20):
            note = tmp_path / f"{200101 + number} Note.md"
            note.write_text(f"https://arxiv.org/abs/2001.{number:05}\n\nsaid {number}\n")
            await import_archive(filled, note, "ml", now=NOW)

    _, counts = await asyncio.gather(write(), backup(filled, tmp_path / "all.zip", NOW))
    await restore(empty, tmp_path / "all.zip")
    rows = await contents(empty)
    assert {name: len(rows[name]) for name in counts} == dict(counts)
    notes = len(await contents_of(empty, "said %"))
    assert counts["documents"] - notes == len(list((ARCHIVE / "2021").glob("*.md")))


async def contents_of(store: Store, like: str) -> list[str]:
    """The texts of takes like this."""
    async with store.read() as tx:
        found = await tx.session.scalars(sa.select(TakeRow.text).where(TakeRow.text.like(like)))
        return list(found)
