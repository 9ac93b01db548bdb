"""What is kept is for its owner alone: files, and what errors tell of rows."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from bot.config import DatabaseConfig
from bot.store import BadDatabaseUrl, Store, owner_of, upgrade
from bot.store.backup.dump import backup, restore
from bot.store.private import keep_private
from bot.store.schema import OutboxRow
from bot.store.url import database_url

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
WORDS = "words of a member that are nobody's business"


@pytest.fixture
def wide() -> Iterator[None]:
    """What is made is readable by all."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    """The rights of all files in a folder, by their names."""
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()}


def open_to_all(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o664)


async def test_sqlite_s_files(tmp_path: Path, wide: None) -> None:
    file = tmp_path / "takes.db"
    store = Store(f"sqlite:///{file}")
    owner = owner_of(store, None)
    await owner.start()
    await upgrade(store)
    await backup(store, tmp_path / "copy.zip", NOW)
    assert rights(tmp_path) == dict.fromkeys(
        ["takes.db", "takes.db-wal", "takes.db-shm", "takes.db.lock", "copy.zip"], 0o600
    )
    again = Store(f"sqlite:///{tmp_path / 'again.db'}")
    await restore(again, tmp_path / "copy.zip")
    # From before, or by another hand.
    open_to_all(tmp_path)
    (tmp_path / ".copy.zip.part").write_bytes(b"")
    (tmp_path / "link.db").symlink_to(file)
    other = Store(f"sqlite:///{tmp_path / 'link.db'}")
    async with other.read() as tx:
        await tx.session.execute(text("SELECT 1"))
    await backup(other, tmp_path / "copy.zip", NOW)
    await other.close()
    await store.close()
    await owner.close()
    await again.close()
    ours = {name: mode for name, mode in rights(tmp_path).items() if "again" not in name}
    assert set(ours.values()) == {0o600}


def test_a_file_that_cannot_be_made_is_left_to_sqlite(tmp_path: Path) -> None:
    keep_private(tmp_path / "nowhere" / "takes.db")
    assert not (tmp_path / "nowhere").exists()


def test_the_default_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide: None) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    url = DatabaseConfig().resolved()
    assert url == f"sqlite:///{tmp_path}/papertakes/papertakes.db"
    assert (tmp_path / "papertakes").stat().st_mode & 0o777 == 0o700
    (tmp_path / "papertakes").chmod(0o755)
    assert DatabaseConfig().resolved() == url
    assert (tmp_path / "papertakes").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "row",
    [
        {"text": WORDS, "kind": None},
        {"text": WORDS, "state": WORDS * 3},
        {"text": WORDS + "\ud800"},
        {"text": [WORDS]},
        {"text": WORDS, "attempts": WORDS},
        {"text": WORDS, "not_before": datetime(2026, 7, 29)},
    ],
    ids=["null", "too long", "surrogate", "type", "number", "zone"],
)
async def test_an_error_tells_no_row(store: Store, row: dict[str, object]) -> None:
    """Not in its traceback either, where PostgreSQL's DETAIL has the whole row."""
    values = {"lane": "a", "seq": 1, "key": "k", "kind": "message", "state": "pending", "salt": "s"}
    said = ""
    try:
        async with store.begin() as tx:
            await tx.session.execute(insert(OutboxRow).values({**values, **row}))
    except Exception:
        said = traceback.format_exc()
    assert WORDS not in said
    assert said or store.sqlite


@pytest.mark.parametrize(
    "typed",
    [
        "s3cretword",
        "postgres:/club:s3cretword@db/x",
        "postgress://club:s3cretword@db/x",
        "s3cretword://db/x",
        "postgresql://club:p@s3cretword@db/x",
        "postgresql://club:1@s3cretword@db/x",
        "postgresql://club:s3cretword@db:55432x/x",
        "postgresql://club:s3cretword/1/@@db",
        "postgresql://club:1/s3cretword@db@/x",
        "postgresql://db/x?s3cretword=1",
        "postgresql://db/x?a s3cretword&=1",
        "mysql://club:s3cretword@db/x",
        "",
    ],
)
def test_a_mistyped_url_is_not_told_back(typed: str) -> None:
    told = ""
    try:
        database_url(typed)
    except BadDatabaseUrl as error:
        told = f"{error}\n{traceback.format_exc()}"
    assert told.startswith("database.url: ")
    assert "s3cretword" not in told.replace("database_url(typed)", "")


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ("postgresql://club:s3cret@db/x", "s3cret"),
        ("postgres://club:p%40ss%2Fword@db/x", "p@ss/word"),
        ("POSTGRESQL://club:p/ss:word?@db/x", "p/ss:word?"),
        (" postgresql+psycopg2://club:s3cret@db/x\n", "s3cret"),
    ],
)
def test_a_password_is_understood(typed: str, password: str) -> None:
    url = database_url(typed)
    assert (url.drivername, url.username, url.password, url.host, url.database) == (
        "postgresql+asyncpg", "club", password, "db", "x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("bot.db", "bot.db"),
        ("data/takes.SQLite3", "data/takes.SQLite3"),
        ("./x", "x"),
        ("../x.db", "../x.db"),
        ("/var/lib/x.db", "/var/lib/x.db"),
        ("/var/lib/takes of the club", "/var/lib/takes of the club"),
        ("~/x.db", str(Path.home() / "x.db")),
        ("sqlite:x.db", "x.db"),
        ("sqlite:/var/lib/x.db", "/var/lib/x.db"),
        ("SQLITE:///x.db", "x.db"),
        ("sqlite:////var/lib/x.db", "/var/lib/x.db"),
        ("sqlite+aiosqlite:x.db", "x.db"),
    ],
)
def test_a_file_is_understood_as_people_write_it(typed: str, file: str) -> None:
    url = database_url(typed)
    assert (url.drivername, url.database) == ("sqlite+aiosqlite", file)


@pytest.mark.parametrize(
    "typed",
    [
        "C:\\papertakes\\x.db",
        "C:/x.db",
        "sqlite://x.db",
        "sqlite://var/lib/x.db",
        "sqlite//x.db",
        "file:x.db",
        "papertakes",
        "localhost/papertakes",
        "club:s3cretword@db/x.db",
        "/club:s3cretword@db/x.db",
        "postgresql:club:s3cretword@db/x",
        "postgresql:/club:s3cretword@db/x",
        "postgresql//club:s3cretword@db/x",
        "sqlite:club:s3cretword@db/x",
        "jdbc:postgresql://club:s3cretword@db/x",
        "host=db user=club password=s3cretword",
    ],
)
def test_what_is_no_database_is_refused_with_the_forms_that_work(typed: str) -> None:
    with pytest.raises(BadDatabaseUrl) as refused:
        database_url(typed)
    told = str(refused.value)
    assert told.startswith("database.url: ")
    assert "sqlite:////var/lib/" in told
    assert "s3cretword" not in told
    assert "\n" not in told


def test_a_hosting_company_s_url() -> None:
    url = database_url("postgres://club:s3cret@db/x?sslmode=require")
    assert url.query == {"ssl": "require"}
    with pytest.raises(BadDatabaseUrl, match="channel_binding"):
        database_url("postgres://club:s3cret@db/x?channel_binding=require")


async def test_an_error_of_the_database_can_be_told(store: Store) -> None:
    """Whoever writes it down must not fail over it."""
    with pytest.raises(SQLAlchemyError) as caught:
        async with store.read() as tx:
            await tx.session.execute(text("SELECT CAST(:x AS text), nothing"), {"x": "a secret"})
    assert "nothing" in str(caught.value)
    assert "a secret" not in str(caught.value)
