"""Importing an archive: what lands on the list, twice the same, interrupted, hostile."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.archive.importing import sources
from bot.archive.importing.importer import import_archive, import_bytes
from bot.archive.importing.report import Report
from bot.archive.importing.sources import BadArchive
from bot.archive.parser.body import assemble, load
from bot.archive.parser.encodings import encoded
from bot.archive.parser.post import post_text
from bot.config import DigestConfig as NewChannel
from bot.digest import markdown
from bot.digest.service import DigestService
from bot.errors import NoChannel
from bot.model.paper import PaperData
from bot.model.people import Member
from bot.model.take import How
from bot.papers.channels import PaperChannels
from bot.store import Store
from bot.store.backup.channel_export import ChannelExport
from bot.store.schema import Base, DigestRow, DocumentRow, EntryRow, PaperRow, TakeRow

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
POST = ARCHIVE / "reviews" / "200726 Thoughts on recent papers.md"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
NOTE = "https://arxiv.org/abs/2001.00309\n\nBlend (Ada Lovelace, Alan Turing)\n\n글.\n\n#seg\n"


async def run(store: Store, path: Path, **options: object) -> Report:
    return await import_archive(store, path, "ml", now=NOW, **options)  # type: ignore[arg-type]


async def counts(store: Store) -> list[int]:
    tables: list[type[Base]] = [PaperRow, EntryRow, TakeRow, DigestRow, DocumentRow]
    async with store.read() as tx:
        return [
            await tx.session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        ]


async def files(store: Store) -> Mapping[str, bytes]:
    """The channel's files as they would be written back."""
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        found = {}
        async for document in ChannelExport(tx.session).documents(channel.id):
            body = load(document.body)
            texts = await tx.documents.take_texts(list(body.marks))
            found[document.path] = encoded(assemble(body, texts), body.encoding)
        return found


async def digest(store: Store, period: str) -> str:
    digests = DigestService(store, PaperChannels(NewChannel(), lambda: NOW), lambda: NOW)
    return markdown.render((await digests.listing_of("ml", period)).compiled)


def tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(
        line for line, after in zip(lines, [*lines[1:], "."], strict=True) if line or after
    )


async def test_the_whole_archive_goes_in_and_comes_back(store: Store) -> None:
    report = await run(store, ARCHIVE)
    originals = {
        path.relative_to(ARCHIVE).as_posix(): path.read_bytes() for path in ARCHIVE.rglob("*.md")
    }
    assert await files(store) == originals
    assert report.imported == len(originals)
    assert (report.papers, report.entries, report.takes, report.digests) == (272, 272, 242, 11)
    before = await counts(store)
    again = await run(store, ARCHIVE)
    assert await counts(store) == before
    assert (again.unchanged, again.imported, again.takes) == (len(originals), 0, 0)


async def test_a_weekly_post_is_a_digest_of_its_day(store: Store) -> None:
    await run(store, POST)
    assert tidy(await digest(store, "2020-07-26")) == tidy(POST.read_text("utf-8"))
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        [kept] = await tx.digests.history(channel.id, 10)
    assert (kept.day, kept.title, kept.number) == (
        date(2020, 7, 26),
        "200726 최근 논문들에 대한 생각",
        1,
    )
    assert (channel.scope, channel.discord_id) == (0, None)
    assert (channel.settings.language, channel.settings.closing_tag) == ("ko", "#review")


async def test_a_weekly_post_is_given_back_as_it_was_written(store: Store) -> None:
    await run(store, ARCHIVE)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        for path in (ARCHIVE / "reviews").glob("*.md"):
            kept = await tx.documents.by_paths(channel.id, [f"reviews/{path.name}"])
            number = kept[f"reviews/{path.name}"].digest_id
            assert number is not None
            assert await post_text(tx, number) == path.read_bytes().decode()
        assert await post_text(tx, 9_999) is None


async def test_two_equal_takes_in_one_file(store: Store, tmp_path: Path) -> None:
    note = tmp_path / "210403 Two.md"
    text = "# 210403 생각\n\n" + "A: B (https://arxiv.org/abs/2103.17239)\n\n같다.\n\n" * 2
    note.write_text(text)
    await run(store, tmp_path)
    note.write_text(text + "끝.")
    await run(store, tmp_path)
    async with store.read() as tx:
        assert [take.text for take in await tx.takes.of_entries([1])] == ["같다.", "같다.\n\n끝."]
    assert list((await files(store)).values()) == [(text + "끝.").encode()]


async def test_an_attachment(store: Store) -> None:
    first = await import_bytes(store, "200129 BlendMask.md", NOTE.encode(), "ml", now=NOW)
    again = await import_bytes(store, "200129 BlendMask.md", NOTE.encode(), "ml", now=NOW)
    assert (first.takes, again.takes) == (1, 0)
    assert set(await files(store)) == {"200129 BlendMask.md"}
    with pytest.raises(BadArchive):
        await import_bytes(store, "../../x.png", b"", "ml", now=NOW)


async def test_a_single_note_is_an_entry_with_a_take_on_its_day(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "200129 BlendMask.md").write_text(NOTE)
    await run(store, tmp_path, member="Seonghyeon")
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        [entry] = await tx.entries.matching(channel.id, "", 10)
        [take] = await tx.takes.of_entries([entry.id])
    assert entry.paper.data.arxiv_id == "2001.00309"
    assert (entry.paper.title, entry.paper.metadata) == ("Blend", "pending")
    assert entry.paper.data.authors == ("Ada Lovelace", "Alan Turing")
    assert (entry.how, entry.member) == (How.ARCHIVE, Member(None, "Seonghyeon"))
    assert (take.text, take.created_at) == ("글.\n\n#seg", datetime(2020, 1, 29, 12, tzinfo=UTC))
    # Shown for its day, and not swept into the digest that runs now.
    assert "글." in await digest(store, "2020-01-29")
    assert "글." not in await digest(store, "today")


async def test_a_page_is_known_by_its_files_name(store: Store, tmp_path: Path) -> None:
    (tmp_path / "230706 Superalignment.md").write_text("https://openai.com/blog/x\n\n글.\n")
    await run(store, tmp_path)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        [entry] = await tx.entries.matching(channel.id, "", 10)
    assert (entry.paper.title, entry.paper.url) == ("Superalignment", "https://openai.com/blog/x")
    assert entry.paper.metadata == "complete"


async def test_what_the_catalogue_knows_better_stays(store: Store, tmp_path: Path) -> None:
    (tmp_path / "200129 A.md").write_text("https://arxiv.org/abs/2001.00309\n\n글.\n")
    await run(store, tmp_path)
    (tmp_path / "200130 B.md").write_text(NOTE)
    await run(store, tmp_path)
    (tmp_path / "200131 C.md").write_text(NOTE.replace("Blend", "Other"))
    await run(store, tmp_path)
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
        [entry] = await tx.entries.matching(channel.id, "Blend", 10)
        # What a file says is the channel's own word for it: the catalogue waits for arXiv.
        assert (await tx.papers.by_arxiv_ids(["2001.00309"]))["2001.00309"].data.title == ""
    assert entry.paper.title == "Blend"
    async with store.begin() as tx:
        await tx.papers.keep(0, entry.paper.url, PaperData("2001.00309", "BlendMask"))
        [entry] = await tx.entries.matching(channel.id, "BlendMask", 10)
    assert (entry.paper.title, entry.paper.data.authors) == ("BlendMask", ())


async def test_a_dry_run_writes_nothing_and_tells_what_would_be(store: Store) -> None:
    before = await counts(store)
    report = await run(store, ARCHIVE, dry_run=True)
    assert await counts(store) == before
    assert (report.takes, report.digests) == (242, 11)
    assert "would be imported" in report.as_text()
    assert report.as_data()["forms"]["URL, then title (authors)"] == 226


async def test_an_interrupted_import_goes_on(store: Store, tmp_path: Path) -> None:
    count = 60
    for number in range(count):
        (tmp_path / f"200101 Note {number}.md").write_text(NOTE.replace("글", f"글 {number}"))
    done: list[int] = []

    def interrupt(files: int, total: int) -> None:
        done.append(files)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await run(store, tmp_path, progress=interrupt)
    [kept] = done
    assert 0 < kept < count
    assert (await counts(store))[4] == kept
    report = await run(store, tmp_path)
    assert (report.unchanged, report.imported) == (kept, count - kept)
    assert len(await files(store)) == count


async def test_a_file_and_the_folder_it_is_in_are_one(store: Store) -> None:
    await run(store, POST)
    before = await counts(store)
    report = await run(store, ARCHIVE / "reviews")
    assert report.unchanged == 1
    assert (await run(store, POST)).unchanged == 1
    assert (await counts(store))[2] > before[2]


async def test_the_same_file_in_two_folders_is_kept_twice_with_one_take(
    store: Store, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "200129 BlendMask.md").write_text(NOTE)
    await run(store, tmp_path)
    assert set(await files(store)) == {"a/200129 BlendMask.md", "b/200129 BlendMask.md"}
    assert (await counts(store))[2] == 1


async def test_a_changed_file_changes_what_changed(store: Store, tmp_path: Path) -> None:
    note = tmp_path / "210403 Two.md"
    text = (
        "# 210403 생각\n\nA: B (https://arxiv.org/abs/2103.17239)\n\n하나.\n\n"
        "C: D (https://arxiv.org/abs/2103.15595)\n\n둘.\n"
    )
    note.write_text(text)
    await run(store, tmp_path)
    async with store.begin() as tx:
        [first, second] = await tx.takes.of_entries([1, 2])
        await tx.takes.edit(first.id, "하나, 나중에 고친.", NOW)
    note.write_text(text.replace("둘.", "셋."))
    report = await run(store, tmp_path)
    assert (report.changed, report.takes) == (1, 1)
    async with store.read() as tx:
        takes = await tx.takes.of_entries([1, 2])
        assert [take.text for take in takes] == ["하나, 나중에 고친.", "셋."]
        assert second.id not in {take.id for take in takes}
    [written] = (await files(store)).values()
    assert "하나, 나중에 고친." in written.decode()
    assert "셋." in written.decode()


async def test_a_withdrawn_take_is_in_no_table(store: Store) -> None:
    await run(store, POST)
    async with store.begin() as tx:
        [take] = await tx.takes.of_entries([1])
        await tx.takes.delete(take.id)
    async with store.read() as tx:
        bodies = (await tx.session.scalars(select(DocumentRow.body))).all()
    assert all("CO2" not in body for body in bodies)
    [written] = (await files(store)).values()
    assert b"CO2" not in written
    assert b"2007.10396" in written


async def test_bytes_that_are_not_text_come_back(store: Store, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + NOTE.replace("\n", "\r\n").encode() + b"\xff\xfe stray \x1b \x0b"
    (tmp_path / "200129 Odd.md").write_bytes(data)
    (tmp_path / "200130 Empty.md").write_bytes(b"")
    await run(store, tmp_path)
    assert await files(store) == {"200129 Odd.md": data, "200130 Empty.md": b""}


def make_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


async def test_a_zip_with_one_top_folder(store: Store, tmp_path: Path) -> None:
    path = make_zip(
        tmp_path / "a.zip",
        {"ml-papers-main/2020/200129 A.md": NOTE.encode(), "ml-papers-main/LICENSE": b"MIT"},
    )
    report = await run(store, path)
    assert set(await files(store)) == {"2020/200129 A.md"}
    assert [one.path for one in report.skipped] == ["ml-papers-main/LICENSE"]
    assert report.as_text().startswith("2 files: 1 imported, 0 updated, 0 unchanged, 1 skipped\n")


async def test_a_hostile_zip(store: Store, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    path = make_zip(
        tmp_path / "a.zip",
        {
            "../evil.md": b"x",
            "/etc/evil.md": b"x",
            "a/../../evil.md": b"x",
            "..\\evil.md": b"x",
            "C:/evil.md": b"x",
            "bomb.md": b"a" * 3_900_000,
            "big.md": b"ab" * 3_000_000,
            ".hidden/x.md": b"x",
            "binary.md": b"\0\1\2",
            "good.md": b"x",
        },
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    report = await run(store, path)
    assert set(await files(store)) == {"good.md"}
    assert len(report.skipped) == 10
    assert not (tmp_path.parent / "evil.md").exists()


async def test_a_bomb_of_many_members_is_read_to_a_limit(store: Store, tmp_path: Path) -> None:
    # Each member is packed no tighter than text may be; together they are 40 megabytes.
    words = random.Random(1).sample(range(10**6), 3_000)
    text = " ".join(map(str, words)).encode() * 50
    path = make_zip(tmp_path / "a.zip", {f"{n}.md": b"%d\n" % n + text for n in range(40)})
    report = await run(store, path, dry_run=True)
    assert 0 < report.imported < 25
    assert {one.reason.partition(" has ")[0] for one in report.skipped} == {"the archive"}


@pytest.mark.parametrize("kind", ["folder", "zip"])
async def test_more_files_than_are_looked_at(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(sources, "COUNT_LIMIT", 10)
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(f"note {number}")
    if kind == "folder":
        report = await run(store, folder)
        assert report.imported == 10
        assert [one.reason for one in report.skipped] == ["more than 10 files"]
        return
    path = make_zip(tmp_path / "a.zip", {one.name: one.read_bytes() for one in folder.iterdir()})
    with pytest.raises(BadArchive, match="more than 10 files"):
        await run(store, path)


async def test_a_broken_zip_is_told(store: Store, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.md": b"text " * 1000, "b.md": b"x"})
    data = bytearray(path.read_bytes())
    data[45] ^= 0xFF
    path.write_bytes(bytes(data))
    report = await run(store, path)
    assert set(await files(store)) == {"b.md"}
    assert [one.path for one in report.skipped] == ["a.md"]
    assert report.files == report.imported + len(report.skipped)


async def test_links_loops_and_binaries_in_a_folder(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "outside.md").symlink_to("/etc/passwd")
    (folder / "binary.md").write_bytes(b"\0" * 100)
    with (folder / "huge.md").open("wb") as file:
        file.truncate(2_000_000_000)
    os.mkfifo(folder / "pipe.md")
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian" / "x.md").write_text("x")
    (folder / "200129 A.md").write_text(NOTE)
    report = await run(store, folder)
    assert set(await files(store)) == {"200129 A.md"}
    assert {one.path for one in report.skipped} == {
        "outside.md", "binary.md", "huge.md", "pipe.md",
    }  # fmt: skip
    assert report.files == report.imported + len(report.skipped)


async def test_a_byte_order_mark_is_no_text(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "papers.csv"
    path.write_bytes(b"\xef\xbb\xbftitle,link\nDETR,https://arxiv.org/abs/2005.12872\n")
    report = await run(store, path)
    assert "\ufeff" not in report.as_text()


@pytest.mark.parametrize("name", ["nothing.md", "picture.png"])
async def test_no_archive(store: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(BadArchive, match=name) as refused:
        await run(store, tmp_path / name)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["0" * 18, "9" * 19, "1" * 40, "  "])
async def test_a_number_that_is_no_id(store: Store, name: str) -> None:
    with pytest.raises(NoChannel):
        await import_archive(store, POST, name, now=NOW)
