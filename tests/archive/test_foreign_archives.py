"""Archives of other programs, as a host imports them: what is on the list afterwards, and what the
report says of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.archive.contents import ArchiveContents, contents
from bot.archive.exporter import Format, export_archive
from bot.archive.importing.destination import NamedDestination
from bot.archive.importing.importer import Import, import_archive
from bot.archive.importing.report import Report
from bot.archive.site import SiteOptions, site
from bot.model.people import Member
from bot.papers.search import PaperSearch
from bot.store import Store
from tests.archive.reading import forms

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
NOTE = "https://arxiv.org/abs/2007.10909\n\nSliceOut (Pascal Notin, Yarin Gal)\n\n{}\n"
PAGE = """# Attention Is All You Need

Link: https://arxiv.org/abs/1706.03762
Tags: nlp
Date Read: June 1, 2023

We liked it.
"""
TABLE = "Name,Link,Notes\nAttention Is All You Need,https://arxiv.org/abs/1706.03762,Read it\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


async def imported(
    store: Store, path: Path, *, dry_run: bool = False
) -> tuple[Report, ArchiveContents | None]:
    report = await import_archive(store, path, "ml", now=NOW, dry_run=dry_run)
    async with store.read() as tx:
        channels = await tx.channels.named("ml")
        return report, await contents(tx, channels[0]) if channels else None


async def test_a_zip_in_a_zip_of_notion(store: Store, tmp_path: Path) -> None:
    name = "Papers/Attention Is All You Need 1a2b3c4d5e6f47a8b9c0d1e2f3a4b5c6.md"
    inner = zipped(
        {name: PAGE.encode(), "Papers 0f.csv": TABLE.encode(), "data.csv": b"a,b\n1,2\n"}
    )
    path = tmp_path / "Export.zip"
    path.write_bytes(zipped({"Export-Part-1.zip": inner}))
    report, archive = await imported(store, path)
    assert archive is not None
    assert (report.files, report.imported, report.papers, report.takes) == (3, 2, 1, 2)
    assert [one.reason for one in report.skipped] == ["no list of papers"]
    [entry] = archive.entries.values()
    assert entry.paper.shown_title == "Attention Is All You Need"
    assert {take.text for take in archive.takes.values()} == {"We liked it.", "Read it"}
    assert {take.created_at.date().isoformat() for take in archive.takes.values()} >= {"2023-06-01"}


async def test_files_in_other_encodings_come_back(store: Store, tmp_path: Path) -> None:
    files = {
        "230101 a.md": NOTE.format("학습률을 낮추니 잘 되더라.").encode("cp949"),
        "230102 b.md": NOTE.format("とても良い論文。").encode("cp932"),
        "230103 c.md": NOTE.format("这篇论文很好，值得一读。").encode("gb18030"),
        "230104 d.md": NOTE.format("Très bon – vraiment.").encode("cp1252"),
        "230105 e.md": NOTE.format("한국어 comment").encode("utf-16"),
        "230106 f.md": NOTE.format("한국어").encode("utf-8-sig"),
    }
    report, archive = await imported(store, put(tmp_path / "in", files))
    assert archive is not None
    assert {take.text for take in archive.takes.values()} == {
        "학습률을 낮추니 잘 되더라.",
        "とても良い論文。",
        "这篇论文很好，值得一读。",
        "Très bon – vraiment.",
        "한국어 comment",
        "한국어",
    }
    assert set(report.read_as) == set(list(files)[:5])
    assert "230101 a.md: Korean (cp949)" in report.as_text()
    await export_archive(store, tmp_path / "out", archive.channel, Format.MARKDOWN)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files} == files
    # What the old encoding cannot write does not stop an export.
    first = next(take for take in archive.takes.values() if take.text.startswith("학습률"))
    async with store.begin() as tx:
        await tx.takes.edit(first.id, "좋다 🙂", NOW)
    await export_archive(store, tmp_path / "out", archive.channel, Format.MARKDOWN)
    assert (tmp_path / "out" / "230101 a.md").read_bytes() == NOTE.format("좋다 🙂").encode()


async def test_a_dry_run_tells_of_each_file(store: Store, tmp_path: Path) -> None:
    files = {
        "230101 SliceOut.md": NOTE.format("빠르다.").encode(),
        "page.md": PAGE.encode(),
        "essay.md": "아무 논문도 없는 글.".encode(),
    }
    report, archive = await imported(store, put(tmp_path, files), dry_run=True)
    assert archive is None
    assert report.each == {
        "230101 SliceOut.md": "note of 2023-01-01: “SliceOut” (2007.10909), 1 take",
        "essay.md": "note without a day: 0 papers, 0 takes",
        "page.md": "note of 2023-06-01: “Attention Is All You Need” (1706.03762), 1 take, #nlp",
    }
    assert report.unsure == {"essay.md": ["no paper was found in it"]}
    assert "least sure of (1):\n  essay.md: no paper was found in it" in report.as_text()


async def test_every_form_comes_back_to_the_byte(store: Store, tmp_path: Path) -> None:
    files = {file.path: file.text.encode() for file in forms()}
    _, archive = await imported(store, put(tmp_path / "in", files))
    assert archive is not None
    writers = {take.member.name for take in archive.takes.values()}
    assert {"Ada", "Grace", "Minji"} <= writers
    days = {take.text: take.created_at.date().isoformat() for take in archive.takes.values()}
    assert days["selective state spaces"] == "2024-01-03"  # the day of a row
    assert days["Windows."] in ("2018-07-02", "2024-05-01", "2026-07-29")
    assert days["No recurrence."] in ("2018-06-28", "2018-06-01")  # of a heading, of a folder
    async with store.read() as tx:
        tags = dict(await tx.connections.tags(archive.channel.id))
        entry = next(
            one for one in archive.entries.values() if one.paper.data.arxiv_id == "1706.03762"
        )
        related = await tx.connections.sharing_tags(archive.channel.id, entry.id, 10)
    assert {"ssl", "contrastive-learning", "long-context", "GAN", "Reading_Group"} <= set(tags)
    assert related
    searching = PaperSearch(store)
    for query, count in (("tag:reading_group", 1), ("tag:ssl normalising", 1), ("tag:none", 0)):
        assert len((await searching.search_named("ml", query)).hits) == count, query
    await export_archive(store, tmp_path / "out", archive.channel, Format.MARKDOWN)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files} == files
    # A take that is edited is written as its place asks.
    for take in archive.takes.values():
        if take.text in ('We "liked" it, a lot', 'Line "one".\nLine two.', "We liked it | a lot"):
            async with store.begin() as tx:
                await tx.takes.edit(take.id, 'Now | "so", yes', NOW)
    await export_archive(store, tmp_path / "out", archive.channel, Format.MARKDOWN)
    again = await import_archive(store, tmp_path / "out", "again", now=NOW)
    async with store.read() as tx:
        [channel] = await tx.channels.named("again")
        after = await contents(tx, channel)
    assert again.failed == []
    texts = [take.text for take in after.takes.values()]
    assert texts.count('Now | "so", yes') == 3


async def test_names_that_a_member_hands_over_stay_unused(store: Store, tmp_path: Path) -> None:
    """Who wrote what is told by the host's files alone."""
    path = put(tmp_path, {"page.md": PAGE.replace("Tags: nlp", "Read by: Ada").encode()})
    await Import(store, NamedDestination("ml", NOW), NOW, importer=Member(11, "Grace")).file(path)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        archive = await contents(tx, channel)
    assert [take.member.name for take in archive.takes.values()] == ["archive"]


async def test_images_are_kept_beside_their_notes(store: Store, tmp_path: Path) -> None:
    files = {
        "230101 a.md": NOTE.format("![그림](images/a.png)").encode(),
        "images/a.png": b"\x89PNG\r\n\x1a\n\0\0\0" + bytes(range(256)),
        "images/b.SVG": b"<svg><text>unsearched</text></svg>",
    }
    report, archive = await imported(store, put(tmp_path / "in", files))
    assert archive is not None
    assert (report.imported, report.images, report.takes) == (3, 2, 1)
    await export_archive(store, tmp_path / "out", archive.channel, Format.MARKDOWN)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files} == files
    assert (await PaperSearch(store).search_named("ml", "unsearched")).hits == ()
    shown = dict(site(archive, SiteOptions()))
    [image] = [address for address in shown if address.startswith("images/")]
    assert shown[image] == files["images/a.png"]
    assert any(f'src="../{image}" alt="그림"'.encode() in page for page in shown.values())
    await export_archive(store, tmp_path / "json", archive.channel, Format.JSON)
    [path] = (tmp_path / "json").glob("*.jsonl")
    await import_archive(store, path, "again", now=NOW)
    async with store.read() as tx:
        [channel] = await tx.channels.named("again")
    await export_archive(store, tmp_path / "again", channel, Format.MARKDOWN)
    assert {name: (tmp_path / "again" / name).read_bytes() for name in files} == files
