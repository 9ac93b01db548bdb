"""The schema: up from empty and down again, the same as the models, never on a newer one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text

from bot.archive.importing.importer import import_archive
from bot.derived import DERIVED
from bot.model.search import HitKind
from bot.papers.search import PaperSearch
from bot.store import SchemaNewer, Store, current, upgrade
from bot.store.derived import refresh
from bot.store.fulltext.postings import is_model
from bot.store.migrate import config
from bot.store.schema import Base, DocumentRow, PaperRow
from tests.archive_scan import ARCHIVE
from tests.databases import Databases

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)


async def test_up_from_empty_and_down_again(databases: Databases) -> None:
    store = Store(await databases.empty())
    await upgrade(store)
    assert (await current(store))[0] == (await current(store))[1]

    def down(connection: Connection) -> list[str]:
        command.downgrade(config(connection), "base")
        return inspect(connection).get_table_names()

    async with store.engine.begin() as connection:
        left = await connection.run_sync(down)
    assert set(left) <= {"alembic_version"}
    await upgrade(store)
    await store.close()


async def test_files_imported_earlier_are_found_after_an_upgrade(store: Store) -> None:
    await import_archive(store, ARCHIVE / "reviews", "ml", now=NOW)
    async with store.begin() as tx:
        before = (await tx.session.scalars(select(DocumentRow.prose))).all()
        await tx.takes.edit(1, "# A heading\n\nlooks like prose", NOW)
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0004"))
    await upgrade(store)
    await refresh(store, DERIVED)
    async with store.read() as tx:
        assert (await tx.session.scalars(select(DocumentRow.prose))).all() == before
    found = await PaperSearch(store).search_named("ml", '"좀 놀아서 분량이"')
    assert [hit.kind for hit in found.hits] == [HitKind.DOCUMENT]
    assert (await PaperSearch(store).search_named("ml", "looks")).hits[0].lines[0].take is not None


async def test_what_channels_call_papers_moves_to_their_entries(store: Store) -> None:
    """Titles that came with a file or a member leave the catalogue, and each channel keeps them."""
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0007"))
        for statement in (
            "INSERT INTO channels (id, scope, name, forum, settings, period_start, next_digest_at,"
            " created_at) VALUES (1, 7, 'a', false, '{}', '2020-07-19 18:00:00',"
            " '2020-07-26 18:00:00', '2020-07-19 18:00:00')",
            "INSERT INTO members (id, scope, name) VALUES (1, 7, 'Ada')",
            *(
                "INSERT INTO papers (id, scope, url, arxiv_id, title, authors, abstract,"
                " categories, withdrawn, metadata_state, asked)"
                f" VALUES ({number}, 0, '{url}', {name}, '{title}', '[\"Ada Lovelace\"]',"
                f" 'It''s one.', '[]', false, '{state}', 0)"
                for number, url, name, title, state in (
                    (1, "https://arxiv.org/abs/2007.10909", "'2007.10909'", "arXiv''s", "complete"),
                    (2, "https://arxiv.org/abs/2007.10910", "'2007.10910'", "a file''s", "pending"),
                    (3, "https://example.org/a", "NULL", "a member''s", "complete"),
                )
            ),
            *(
                "INSERT INTO entries (id, channel_id, paper_id, member_id, how, added_at) VALUES"
                f" ({number}, 1, {number}, 1, 'archive', '2020-07-20 18:00:00')"
                for number in (1, 2, 3)
            ),
        ):
            await connection.execute(text(statement))
    titles = select(PaperRow.title).order_by(PaperRow.id)
    for _ in range(2):
        await upgrade(store)
        async with store.read() as tx:
            assert (await tx.session.scalars(titles)).all() == ["arXiv's", "", ""]
            entries = await tx.entries.by_ids([1, 2, 3])
            assert [entry.paper.title for entry in entries] == ["arXiv's", "a file's", "a member's"]
            assert entries[1].paper.data.authors == ("Ada Lovelace",)
            assert entries[2].paper.data.abstract == "It's one."
        async with store.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.downgrade(config(sync), "0007"))
            assert (await connection.execute(titles)).scalars().all() == [
                "arXiv's", "a file's", "a member's",
            ]  # fmt: skip
    await upgrade(store)


async def test_the_models_are_what_the_migrations_make(store: Store) -> None:
    def drift(connection: Connection) -> list[object]:
        opts = {"compare_type": True, "include_name": is_model}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Base.metadata))

    async with store.engine.connect() as connection:
        assert await connection.run_sync(drift) == []


async def test_upgrading_twice_changes_nothing(store: Store) -> None:
    before = await current(store)
    await upgrade(store)
    assert await current(store) == before


async def test_a_newer_schema_is_refused_in_one_line(store: Store) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaNewer, match="9999") as refused:
        await upgrade(store)
    assert "\n" not in str(refused.value)
    with pytest.raises(SchemaNewer, match="9999"):
        await current(store)


async def test_sqlite_keeps_a_commit_through_a_power_cut(store: Store) -> None:
    if not store.sqlite:
        return
    async with store.engine.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            row = (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
            assert row == value, pragma
