"""One bad record costs only itself: every format of the export, and an import."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.archive.exporter import Format, export_archive
from bot.archive.formats.jsonl import dump
from bot.archive.importing.importer import import_archive
from bot.archive.importing.job import ImportOutcome, ImportRequest, told
from bot.archive.importing.queue import ImportQueue
from bot.config import LogConfig
from bot.isolation import Failures, RecordKind, failures
from bot.model.channel import Channel, ChannelSettings, write_settings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How
from bot.papers.search import PaperSearch
from bot.store import Store
from bot.store.schema import DigestRow
from tests.archive.clubs import NOW
from tests.archive.test_site import assert_whole
from tests.poison import MARK, poisoned

START = datetime(2020, 7, 19, 18, tzinfo=UTC)
GOOD = PaperData("2007.10909", "A good paper", ("Ada B.",), "It is good.", ("cs.LG",))
ODD = GOOD._replace(arxiv_id="2007.10910", title=f"{MARK} & *starred*")
FILE = "# 200712 Older thoughts\n\nhttps://arxiv.org/abs/2001.{}\n\n{} (A B, C D)\n\n{}\n"


@pytest.fixture
async def channel(store: Store, tmp_path: Path) -> Channel:
    """Two papers in a digest, two loose ones, two files; of each sort one can be poisoned."""
    async with store.begin() as tx:
        made = await tx.channels.add(
            Place(None, None, "club"), ChannelSettings(), period_start=START,
            next_digest_at=START + timedelta(days=7), now=START,
        )  # fmt: skip
        ada = await tx.members.ensure(0, Member(11, "Ada"))
        for number, data in enumerate((GOOD, ODD)):
            paper = await tx.papers.keep(0, f"https://arxiv.org/abs/{data.arxiv_id}", data)
            entry, _ = await tx.entries.add(made.id, paper.id, ada, How.COMMAND, START)
            words = f"{MARK} words" if number else "Good words"
            await tx.takes.add(entry.id, ada, f"{words}, see [[x]] #tag", START)
        digest = await tx.digests.add(
            made.id, START, START + timedelta(days=7), DigestState.POSTED, NOW,
            number=1, title="200726 Papers", day=date(2020, 7, 26), intro="Hello.",
        )  # fmt: skip
        assert digest is not None
        await tx.takes.freeze(made.id, NOW, digest)
        await tx.entries.freeze(made.id, NOW, digest)
        for number, data in enumerate((GOOD, ODD)):
            later = data._replace(arxiv_id=f"2008.0000{number + 1}", title=f"{data.title} later")
            paper = await tx.papers.keep(0, f"https://arxiv.org/abs/{later.arxiv_id}", later)
            entry, _ = await tx.entries.add(made.id, paper.id, ada, How.COMMAND, NOW)
            words = f"{MARK} later" if number else "Good later"
            await tx.takes.add(entry.id, ada, words, NOW)
    archive = tmp_path / "archive"
    archive.mkdir()
    archive.joinpath("200712 good.md").write_text(FILE.format("00001", "Good file", "Filed words"))
    archive.joinpath("200705 odd.md").write_text(FILE.format("00002", f"{MARK} file", "Odd words"))
    await import_archive(store, archive, "club", now=NOW)
    return made


async def exported(store: Store, folder: Path, channel: Channel, format: Format) -> dict[str, str]:
    done = await export_archive(store, folder, channel, format)
    assert done.written.refused == []
    return texts(folder)


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


WRITTEN = {
    Format.MARKDOWN: (
        "bot.archive.contents._file",
        "bot.archive.contents._post",
        "bot.archive.formats.tree.post",
        "bot.archive.formats.tree.note",
        "bot.archive.formats.tree.index",
        "bot.archive.formats.notes.safe_name",
        "bot.digest.markdown._paper",
        "bot.digest.markdown._section",
    ),
    Format.BIBTEX: ("bot.archive.formats.bibliography._bibtex", "bot.archive.formats.bibtex.latex"),
    Format.RIS: ("bot.archive.formats.bibliography._ris",),
    Format.CSL: ("bot.archive.formats.bibliography._csl",),
    Format.SITE: (
        "bot.archive.site.gather.parse_text",
        "bot.archive.site.gather.readable",
        "bot.archive.site.gather.paper_address",
        "bot.archive.site.gather.tags_of",
        "bot.archive.site.gather._parts",
        "bot.archive.site.gather.once",
        "bot.archive.site.resolve.links",
        "bot.archive.site.series.part_of",
        "bot.archive.site.markup.Markdown.render",
        "bot.archive.site.pages._beginning",
        "bot.archive.site.pages.Pages._render",
        "bot.archive.site.search.pieces",
        "bot.archive.site.build._doc",
    ),
}


@pytest.mark.parametrize("format", WRITTEN)
async def test_an_export_has_all_of_it(
    store: Store, tmp_path: Path, channel: Channel, format: Format
) -> None:
    """Whatever fails for one paper, take or file: its words are there, and all others."""
    for number, target in enumerate(WRITTEN[format]):
        with poisoned(target):
            files = await exported(store, tmp_path / str(number), channel, format)
        said = "\n".join(files.values())
        titles = ("A good paper", MARK, "Good file", "A good paper later", f"{MARK} file")
        words = ("Good words", f"{MARK} words", "Good later", f"{MARK} later", "Filed words")
        for text in titles if format in (Format.BIBTEX, Format.RIS, Format.CSL) else titles + words:
            assert text in said, (target, text)
        if format is Format.SITE:
            assert_whole({path: text.encode() for path, text in files.items()})


READING = (
    "bot.archive.importing.importer.parse",
    "bot.archive.importing.report.kept_as_text",
    "bot.archive.importing.batch.papers_in",
    "bot.archive.importing.batch.take_text",
    "bot.archive.importing.batch.build",
    "bot.archive.importing.batch.prose",
)


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("target", READING)
async def test_of_an_import_one_file_fails(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, long: bool
) -> None:
    """It is kept as it came, named in the report, and given back; the others are as always."""
    if long:
        monkeypatch.setattr("bot.archive.importing.long_file.LONG_TEXT", 10)
    archive = tmp_path / "archive"
    archive.mkdir()
    for number, title in enumerate(("Good", MARK, "Better", "Best")):
        text = FILE.format(f"0000{number + 1}", title, f"{title} words")
        archive.joinpath(f"20071{number} {title}.md").write_text(text)
    archive.joinpath(f"200711 {MARK}.md").write_bytes(
        archive.joinpath(f"200711 {MARK}.md").read_bytes() + b"\r\n\xff"
    )
    before = failures.counts[RecordKind.FILE]
    with poisoned(target):
        report = await import_archive(store, archive, "club", now=NOW)
    assert failures.counts[RecordKind.FILE] > before
    assert (report.imported, report.takes) == (4, 3)
    [left] = report.failed
    assert (left.path, left.how) == (f"200711 {MARK}.md", "kept as it came")
    assert f"{left.path}: kept as it came (id {left.id} in the log)" in report.as_text()
    async with store.read() as tx:
        [channel] = await tx.channels.named("club")
    found = await PaperSearch(store).search_named("club", f'"{MARK} words"')
    assert [hit.document.path for hit in found.hits if hit.document] == [left.path]
    back = tmp_path / "back"
    await export_archive(store, back, channel, Format.MARKDOWN)
    for path in archive.iterdir():
        assert back.joinpath(path.name).read_bytes() == path.read_bytes()
    again = await import_archive(store, archive, "club", now=NOW)
    assert (again.unchanged, again.imported, again.changed) == (4, 0, 0)


async def test_a_file_that_changed_and_fails_stays_as_it_was_kept(
    store: Store, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    note = archive / "200712 Note.md"
    note.write_text(FILE.format("00001", "Note", "First words"))
    await import_archive(store, archive, "club", now=NOW)
    note.write_text(FILE.format("00001", "Note", f"{MARK} words"))
    for target in ("bot.archive.importing.importer.parse", "bot.archive.importing.batch.build"):
        with poisoned(target):
            report = await import_archive(store, archive, "club", now=NOW)
        assert [one.how for one in report.failed] == ["left as it was kept before"]
    async with store.read() as tx:
        [channel] = await tx.channels.named("club")
        [entry] = await tx.entries.matching(channel.id, "", 10)
        assert [take.text for take in await tx.takes.of_entries([entry.id])] == ["First words"]
    assert (await import_archive(store, archive, "club", now=NOW)).changed == 1


async def test_of_a_dry_run_one_file_fails(store: Store, tmp_path: Path) -> None:
    for title in ("Good", MARK):
        text = FILE.format("00001", title, f"{title} words")
        tmp_path.joinpath(f"{title}.md").write_text(text)
    with poisoned("bot.archive.importing.batch.papers_in"):
        report = await import_archive(store, tmp_path, "club", now=NOW, dry_run=True)
    assert (report.imported, [one.path for one in report.failed]) == (1, [f"{MARK}.md"])
    assert "kept as it came" in report.as_text()


async def test_what_failed_in_the_workers_process_is_counted_in_the_bots(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process in the worker's place says what one with a failure would say."""
    noted = Failures()
    noted.note(RecordKind.FILE, "odd.md", ValueError())
    said = tmp_path / "said.json"
    said.write_text(json.dumps(told(ImportOutcome(files=2, imported=2, unread=1), noted.seen())))
    worker = tmp_path / "worker"
    worker.write_text(f"#!/bin/sh\ncat '{said}'\n")
    worker.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(worker))
    queue = ImportQueue(store, lambda: NOW, LogConfig(), lambda: None)
    asked = ImportRequest("x.zip", Place(7, 70, "here"), Member(1, "Ada"), ChannelSettings())
    number, _ = await queue.add(asked, b"")
    before = failures.counts[RecordKind.FILE]
    await queue.work()
    assert failures.counts[RecordKind.FILE] == before + 1
    assert (await queue.outcome(number)).unread == 1


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        ("bot.archive.formats.jsonl.load", f"{MARK} file"),
        ("bot.archive.formats.jsonl.read_settings", MARK),
        ("bot.archive.importing.restore.read_again", MARK),
    ],
)
async def test_json_lines_go_out_and_come_back(
    store: Store, tmp_path: Path, channel: Channel, target: str, mark: str
) -> None:
    """Of a record that cannot be told or read, the rest is there, and all others are."""
    async with store.begin() as tx:
        [digest, *_] = await tx.digests.history(channel.id, 1)
        await tx.session.execute(
            update(DigestRow)
            .where(DigestRow.id == digest.id)
            .values(settings=write_settings(ChannelSettings(title=MARK)))
        )
    path = tmp_path / "club.jsonl"

    async def back() -> None:
        async with store.read() as tx:
            path.write_text(await dump(tx, channel))
        await import_archive(store, path, "again", now=NOW)

    with poisoned(target, mark):
        await back()
    counts = Counter(json.loads(line)["type"] for line in path.read_text().splitlines())
    assert (counts["take"], counts["entry"], counts["document"]) == (6, 6, 2)
    async with store.read() as tx:
        [made] = await tx.channels.named("again")
        assert len(await tx.documents.checksums(made.id)) == 2
        takes = await tx.takes.of_entries(
            [one.id for one in await tx.entries.matching(made.id, "", 10)]
        )
    assert sum(MARK in take.text for take in takes) == 2
