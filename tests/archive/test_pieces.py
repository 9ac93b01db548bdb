"""An import's short transactions: how long they are, and that it goes on wherever it was broken
off."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.archive.formats.jsonl import dump
from bot.archive.importing.destination import NamedDestination
from bot.archive.importing.importer import Import, import_archive
from bot.archive.importing.long_file import LONG
from bot.archive.importing.transactions import GOAL, PAUSE, ImportTransactions
from bot.archive.parser.model import FileKind
from bot.archive.parser.reader import LINE_LIMIT, parse, render
from bot.store import Store
from bot.store.schema import TakeRow
from tests.archive.test_importer import counts, files

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)


class BrokenOff(BaseException):
    """The process ends here."""


def breaking_off(store: Store, after: int) -> ImportTransactions:
    """Pieces of which each is thought to be long, so that there is a pause before the next one; in
    the pause after so many of them all ends."""
    ticks = itertools.count()
    left = itertools.count()

    async def pause(seconds: float) -> None:
        if next(left) >= after:
            raise BrokenOff

    return ImportTransactions(store, clock=lambda: float(next(ticks)), sleep=pause)


async def bring(store: Store, path: Path, pieces: ImportTransactions | None = None) -> None:
    work = Import(store, NamedDestination("ml", NOW), NOW)
    work.pieces = pieces or work.pieces
    await work.file(path)


def post(count: int, said: Callable[[int], str] = lambda number: f"Said {number}.") -> str:
    """A weekly post of so many papers; every third says what the one before says."""
    return "# 200726 Thoughts on recent papers\n\nHello.\n\n" + "".join(
        f"https://arxiv.org/abs/2007.{10_000 + number}\n\n"
        f"Title {number} (Ada Lovelace, Alan Turing)\n\n{said(number - number % 3)}\n\n"
        for number in range(count)
    )


async def test_a_long_file_goes_in_part_by_part_and_on_where_it_stood(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "200726 Thoughts on recent papers.md"
    text = post(LONG)
    path.write_text(text)
    for after in (1, 2, 4, 5):
        with pytest.raises(BrokenOff):
            await bring(store, path, breaking_off(store, after))
    begun = await counts(store)
    assert 0 < begun[2] < LONG
    assert begun[3:] == [1, 0]
    await bring(store, path)
    assert await counts(store) == [LONG, LONG, LONG, 1, 1]
    assert await files(store) == {path.name: text.encode()}
    await bring(store, path)
    assert await counts(store) == [LONG, LONG, LONG, 1, 1]


async def test_a_long_file_that_changed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "200726 Thoughts on recent papers.md"
    path.write_text(post(LONG))
    await bring(store, path)
    async with store.read() as tx:
        before = set(await tx.session.scalars(select(TakeRow.id)))
    # Those that stay say what they said; the others are new, and what nobody says any more is gone.
    changed = post(LONG, lambda number: f"Said {number}." if number < 150 else f"Now {number}.")
    path.write_text(changed)
    for after in (2, 3):
        with pytest.raises(BrokenOff):
            await bring(store, path, breaking_off(store, after))
    await bring(store, path)
    assert await counts(store) == [LONG, LONG, LONG, 1, 1]
    assert await files(store) == {path.name: changed.encode()}
    async with store.read() as tx:
        assert len(before & set(await tx.session.scalars(select(TakeRow.id)))) == 150


async def test_json_lines_go_on_where_they_stood(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "notes"
    source.mkdir()
    for number in range(30):
        note = f"https://arxiv.org/abs/2007.{10_000 + number}\n\nT (A. B, C. D)\n\ntext\n\ntext\n"
        (source / f"200726 Note {number}.md").write_text(note)
    await import_archive(store, source, "ml", now=NOW)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        lines = (await dump(tx, channel)).replace('"name": "ml"', '"name": "again"')
    path = tmp_path / "ml.jsonl"
    path.write_text(lines)
    again = NamedDestination("again", NOW)
    for after in range(6):
        work = Import(store, again, NOW)
        work.pieces = breaking_off(store, after)
        with pytest.raises(BrokenOff):
            await work.file(path)
    await Import(store, again, NOW).file(path)
    async with store.read() as tx:
        [channel] = await tx.channels.named("again")
        assert await dump(tx, channel) == lines


async def test_pieces_follow_the_time_that_they_take(store: Store) -> None:
    """On a slow disk they are small, on a quick one big, and there is room between them."""
    moments = iter([0.0])
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    pieces = ImportTransactions(store, clock=lambda: next(moments), sleep=pause)

    async def piece(took: float) -> int:
        nonlocal moments
        moments = iter([0.0, took])
        async with pieces.piece():
            pass
        return pieces.size

    first = pieces.size
    slow = [await piece(10 * GOAL) for _ in range(3)]
    assert first > slow[0] >= slow[1] >= slow[2] > 0
    # Nobody waits for more than one of those before there is a pause.
    assert paused == [PAUSE if store.sqlite else 0.0] * 2
    quick = [await piece(GOAL / 100) for _ in range(12)]
    assert quick[-1] > 10 * first
    assert len(paused) == 3


def test_a_file_of_endless_lines_is_kept_and_nothing_read_out_of_it() -> None:
    data = b"https://arxiv.org/abs/2007.10909\n" * LINE_LIMIT + b"\r\n"
    document = parse("200726 x.md", data)
    assert (document.kind, document.entries) == (FileKind.PAGE, ())
    assert render(document) == data
