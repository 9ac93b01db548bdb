"""Exporting: files come back to the byte, nothing is rewritten in vain, everything round trips."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.contents import contents
from bot.archive.exporter import ExportReport, Format, export_archive
from bot.archive.formats.tree import TreeOptions
from bot.archive.importing.importer import import_archive
from bot.archive.importing.sources import BadArchive
from bot.archive.paths import Names, is_inside, safe_name
from bot.archive.writing import MANIFEST, ExportFailed, write_tree
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How
from bot.store import Store
from bot.store.backup.row_import import Restoring
from tests.databases import Databases

ARCHIVE = Path(__file__).parents[1] / "data" / "ml-papers"
NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
HEAD = '{"type": "archive", "format": "papertakes-archive", "version": 1}'
SLICE = PaperData(
    arxiv_id="2007.10909",
    title="SliceOut: Training & $O(n^2)$ 100% faster",
    authors=("Pascal Notin", "Aaron van den Oord", "Jan Niklas Böhm", "NAVER Team", "이영희"),
    abstract="An abstract.",
    categories=("cs.LG", "stat.ML"),
    published=datetime(2020, 7, 21, 17, tzinfo=UTC),
    doi="10.1000/x",
)


async def imported(store: Store, path: Path = ARCHIVE) -> Channel:
    await import_archive(store, path, "ml", now=NOW)
    return await the_channel(store)


async def the_channel(store: Store) -> Channel:
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
    return channel


async def lived(store: Store, name: str = "ml") -> Channel:
    """A channel with a posted digest by two members, and a take that came after it."""
    settings = ChannelSettings(closing_tag="#review", title="{date:%y%m%d} Papers")
    start = datetime(2020, 7, 19, 18, tzinfo=UTC)
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(None, None, name), settings, period_start=start,
            next_digest_at=start + timedelta(days=7), now=start,
        )  # fmt: skip
        ada = await tx.members.ensure(0, Member(11, "Ada"))
        grace = await tx.members.ensure(0, Member(12, "Grace"))
        paper = await tx.papers.keep(0, "https://arxiv.org/abs/2007.10909", SLICE)
        page = await tx.papers.keep(0, "https://example.org/a", PaperData(None, 'A "page": <x>'))
        first, _ = await tx.entries.add(channel.id, paper.id, ada, How.COMMAND, start)
        await tx.entries.add(channel.id, page.id, ada, How.COMMAND, start)
        await tx.takes.add(first.id, ada, "Slices **channels**. #training", start)
        await tx.takes.add(first.id, grace, "Nice.", start + timedelta(hours=1))
        number = await tx.digests.add(
            channel.id, start, start + timedelta(days=7), DigestState.POSTED, NOW,
            number=1, title="200726 Papers", day=date(2020, 7, 26), intro="Hello.",
        )  # fmt: skip
        assert number is not None
        await tx.takes.freeze(channel.id, NOW, number)
        await tx.entries.freeze(channel.id, NOW, number)
        await tx.takes.add(first.id, grace, "Later #training #gpu", start + timedelta(days=9))
    return channel


def tree_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and ".git" not in path.parts
    }


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def git(folder: Path, *words: str) -> list[str]:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


async def markdown(store: Store, folder: Path, **options: bool) -> ExportReport:
    return await export_archive(
        store, folder, await the_channel(store), Format.MARKDOWN, options=TreeOptions(**options)
    )


async def test_an_imported_archive_comes_back_to_the_byte(store: Store, tmp_path: Path) -> None:
    await imported(store)
    await markdown(store, tmp_path)
    written = tree_of(tmp_path)
    index = written.pop("INDEX.md").decode()
    assert written == {
        path.relative_to(ARCHIVE).as_posix(): path.read_bytes() for path in ARCHIVE.rglob("*.md")
    }
    assert "## weekly posts\n1. [210505 Thoughts on recent papers](2021/210505%20" in index
    assert (
        "## non autoregressive\n1. [200220 Imputer](2020/200220%20Imputer.md) #asr #ctc\n" in index
    )
    assert index.rstrip().splitlines()[-1].startswith("1. [")


async def test_a_second_export_writes_nothing(store: Store, tmp_path: Path) -> None:
    await imported(store)
    first = await markdown(store, tmp_path)
    before = times(tmp_path)
    second = await markdown(store, tmp_path)
    assert (first.written.unchanged, len(first.written.added)) == (0, 207)
    assert (second.written.unchanged, second.written.touched) == (207, [])
    assert times(tmp_path) == before


async def test_a_withdrawn_take_changes_its_file_only(store: Store, tmp_path: Path) -> None:
    channel = await imported(store)
    await markdown(store, tmp_path)
    async with store.begin() as tx:
        [entry] = await tx.entries.matching(channel.id, "Imputer", 2)
        [take] = await tx.takes.of_entries([entry.id])
        await tx.takes.edit(take.id, "고친 글.\n\n#asr", NOW)
    done = await markdown(store, tmp_path)
    assert done.written.changed == ["2020/200220 Imputer.md", "INDEX.md"]
    text = (tmp_path / "2020" / "200220 Imputer.md").read_text("utf-8")
    assert text.endswith("Navdeep Jaitly)\n\n고친 글.\n\n#asr")


async def test_a_channels_own_digests_and_notes(store: Store, tmp_path: Path) -> None:
    await lived(store)
    await markdown(store, tmp_path, front_matter=True)
    written = {path: data.decode() for path, data in tree_of(tmp_path).items()}
    assert set(written) == {"2020/200726 Papers.md", "2020/200728 SliceOut.md", "README.md"}
    post = written["2020/200726 Papers.md"]
    assert post.startswith(
        "# 200726 Papers\n\nHello.\n\nhttps://arxiv.org/abs/2007.10909\n\nSliceOut"
    )
    assert "**Ada**\n\nSlices **channels**. #training\n\n**Grace**\n\nNice." in post
    assert post.endswith('https://example.org/a\n\nA "page": <x>\n\n#review\n')
    note = written["2020/200728 SliceOut.md"]
    assert note.startswith(
        '---\ntitle: "SliceOut: Training & O(n²) 100% faster"\ndate: 2020-07-28\n'
    )
    assert 'tags: ["training", "gpu"]\n---\nhttps://arxiv.org/abs/2007.10909\n\n' in note
    assert note.endswith("\n\nLater #training #gpu\n")
    assert (
        "## training\n1. [200728 SliceOut](2020/200728%20SliceOut.md) #gpu" in written["README.md"]
    )


async def test_an_export_imported_elsewhere_says_the_same(
    store: Store, tmp_path: Path, databases: Databases
) -> None:
    await lived(store)
    await markdown(store, tmp_path / "a")
    other = Store(await databases.fresh())
    await import_archive(other, tmp_path / "a", "ml", now=NOW)
    await markdown(other, tmp_path / "b")
    written = tree_of(tmp_path / "b")
    written.pop("INDEX.md")
    assert written == tree_of(tmp_path / "a")
    await other.close()


async def test_json_lines_are_the_identity(
    store: Store, tmp_path: Path, databases: Databases
) -> None:
    await imported(store)
    channel = await lived(store, "other")
    async with store.begin() as tx:
        await tx.takes.delete(3)
        [entry] = await tx.entries.matching(channel.id, "SliceOut", 2)
        await tx.entries.remove(entry.id, NOW)
    other = Store(await databases.fresh())
    for name in ("ml", "other"):
        async with store.read() as tx:
            [channel] = await tx.channels.named(name)
        await export_archive(store, tmp_path / "a", channel, Format.JSON)
        first = await import_archive(other, tmp_path / "a" / f"{name}.jsonl", name, now=NOW)
        again = await import_archive(other, tmp_path / "a" / f"{name}.jsonl", name, now=NOW)
        assert (first.imported, again.imported, again.unchanged) == (1, 0, 1)
        async with other.read() as tx:
            [channel] = await tx.channels.named(name)
        await export_archive(other, tmp_path / "b", channel, Format.JSON)
    before, after = tree_of(tmp_path / "a"), tree_of(tmp_path / "b")
    assert before.keys() == after.keys()
    for name, data in before.items():
        assert data.splitlines() == after[name].splitlines()
    async with other.read() as tx:
        [channel] = await tx.channels.named("ml")
    await export_archive(other, tmp_path / "c", channel, Format.MARKDOWN)
    written = tree_of(tmp_path / "c")
    originals = {p.relative_to(ARCHIVE).as_posix(): p.read_bytes() for p in ARCHIVE.rglob("*.md")}
    assert [path for path, data in originals.items() if written[path] != data] == [
        "2019/190724 MixNet.md"
    ]
    await other.close()


async def test_json_lines_keep_how_digests_were_arranged(
    store: Store, tmp_path: Path, databases: Databases
) -> None:
    channel = await lived(store)
    async with store.begin() as tx:
        [digest] = await tx.digests.history(channel.id, 5)
        numbers = sorted((await contents(tx, channel)).entries)
        await Restoring(tx.session, channel).arrange(digest.id, numbers[::-1])
        await tx.channels.arrange(channel.id, arranged=numbers, left_out=numbers[:1])
        [channel] = await tx.channels.named("ml")
    await export_archive(store, tmp_path / "a", channel, Format.JSON)
    lines = [json.loads(line) for line in (tmp_path / "a" / "ml.jsonl").read_text().splitlines()]
    assert [line for line in lines if line["type"] == "arrangement"] == [
        {"type": "arrangement", "digest": 1, "entries": [2, 1]},
        {"type": "arrangement", "digest": None, "entries": [1, 2], "left_out": [1]},
    ]
    other = Store(await databases.fresh())
    await imported(other, ARCHIVE / "2021")  # so that numbers differ
    await import_archive(other, tmp_path / "a" / "ml.jsonl", "again", now=NOW)
    async with other.read() as tx:
        [channel] = await tx.channels.named("again")
    await export_archive(other, tmp_path / "b", channel, Format.JSON)
    assert [json.loads(line) for line in (tmp_path / "b" / "again.jsonl").read_text().splitlines()][
        2:
    ] == lines[2:]
    await other.close()


async def test_equal_takes_of_json_lines_are_all_kept(
    store: Store, tmp_path: Path, databases: Databases
) -> None:
    """Also when the archive comes again with one more of them."""
    channel = await lived(store)
    await export_archive(store, tmp_path, channel, Format.JSON)
    path = tmp_path / "ml.jsonl"
    lines = path.read_text().splitlines()
    [take] = [line for line in lines if '"type": "take", "n": 1,' in line]
    at = max(place for place, line in enumerate(lines) if '"type": "take"' in line) + 1
    other = Store(await databases.fresh())
    for count in (1, 3):
        more = [take.replace('"n": 1,', f'"n": {90 + number},') for number in range(count)]
        path.write_text("\n".join([*lines[:at], *more, *lines[at:]]) + "\n")
        for _ in range(2):
            await import_archive(other, path, "ml", now=NOW)
        async with other.read() as tx:
            [there] = await tx.channels.named("ml")
            archive = await contents(tx, there)
        text = json.loads(take)["text"]
        assert [one.text for one in archive.takes.values()].count(text) == 1 + count
    await other.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "not an archive"),
        (f'{HEAD}\n{{"type": "member", "n": 1, "discord_id": null}}', "line 2: not a record of a"),
        (f'{HEAD}\n{{"type": "member", "n": 1, "discord_id": null, "name": 7}}', "name is no str"),
        (f'{HEAD}\n{{"type": "member", "n": 1, "discord_id": [], "name": "a"}}', "no int"),
        (f'{HEAD}\n{{"type": "arrangement", "digest": 1, "entries": []}}', "line 2"),
        ('{"type": "archive", "format": "papertakes-archive", "version": 9}', "newer"),
        ('{"format": "papertakes-archive"}\n{"type": "take", "n": 1, "entry": 7}', "line"),
        (f"{HEAD}\n[]", "line 2"),
    ],
)
async def test_json_lines_that_are_none(store: Store, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(BadArchive, match=told):
        await import_archive(store, path, "ml", now=NOW)
    async with store.read() as tx:
        assert await tx.channels.named("ml") == []


async def test_bibliographies(store: Store, tmp_path: Path) -> None:
    channel = await lived(store)
    for format in (Format.BIBTEX, Format.RIS, Format.CSL):
        await export_archive(store, tmp_path, channel, format)
    bib = (tmp_path / "ml.bib").read_text("utf-8")
    assert bib.startswith("@misc{arXiv:2007.10909,\n")
    assert "  title = {{SliceOut: Training \\& $O(n^2)$ 100\\% faster}},\n" in bib
    assert (
        'author = {Notin, Pascal and van den Oord, Aaron and B{\\"o}hm, Jan Niklas'
        " and {NAVER Team} and 이영희}" in bib
    )
    for line in ("eprint = {2007.10909}", "archivePrefix = {arXiv}", "primaryClass = {cs.LG}",
                 "year = {2020}", "month = jul", "doi = {10.1000/x}"):  # fmt: skip
        assert f"  {line},\n" in bib
    ris = (tmp_path / "ml.ris").read_bytes().decode()
    assert ris.startswith("TY  - UNPB\r\nID  - arXiv:2007.10909\r\n")
    assert "AU  - van den Oord, Aaron\r\n" in ris
    assert ris.count("ER  - \r\n") == 2
    [item, page] = json.loads((tmp_path / "ml.csl.json").read_text("utf-8"))
    assert item["author"][1] == {"family": "van den Oord", "given": "Aaron"}
    assert item["issued"] == {"date-parts": [[2020, 7, 21]]}
    assert (page["type"], page["title"]) == ("webpage", 'A "page": <x>')


async def test_an_export_into_git(store: Store, tmp_path: Path) -> None:
    channel = await lived(store)
    folder = tmp_path / "repo"
    first = await export_archive(store, folder, channel, Format.MARKDOWN, git=True)
    assert first.commit is not None
    assert first.commit.splitlines()[0] == "Export ml: 3 added"
    (folder / "mine.md").write_text("not the export's")
    again = await export_archive(store, folder, channel, Format.MARKDOWN, git=True)
    assert again.commit is None
    async with store.begin() as tx:
        await tx.takes.delete(3)
    third = await export_archive(store, folder, channel, Format.MARKDOWN, git=True)
    assert third.commit is not None
    assert "- 2020/200728 SliceOut.md" in third.commit
    assert git(folder, "log", "--format=%s") == [
        "Export ml: 1 changed, 1 removed",
        "Export ml: 3 added",
    ]
    assert git(folder, "status", "--porcelain") == ["?? mine.md"]


async def test_line_ends_are_made_one_on_request(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "200101 A.md").write_bytes(b"\xef\xbb\xbfText.  \r\n\r\nMore")
    await imported(store, tmp_path / "in")
    await markdown(store, tmp_path / "out", tidy=True)
    assert (tmp_path / "out" / "200101 A.md").read_bytes() == b"Text.\n\nMore\n"


def test_an_interrupted_export_leaves_the_earlier_one_whole(tmp_path: Path) -> None:
    write_tree(tmp_path, [("a.md", b"one"), ("b.md", b"two")])

    def broken() -> object:
        yield "a.md", b"changed"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_tree(tmp_path, broken())  # type: ignore[arg-type]
    assert tree_of(tmp_path) == {"a.md": b"one", "b.md": b"two"}
    write_tree(tmp_path, [("a.md", b"changed")])
    assert tree_of(tmp_path) == {"a.md": b"changed"}


def test_what_somebody_changed_is_not_removed(tmp_path: Path) -> None:
    write_tree(tmp_path, [("x/a.md", b"one"), ("x/b.md", b"two")])
    (tmp_path / "x" / "a.md").write_bytes(b"mine")
    done = write_tree(tmp_path, [])
    assert done.removed == ["x/b.md"]
    assert tree_of(tmp_path) == {"x/a.md": b"mine"}


def test_exports_in_one_folder_leave_one_another_alone(tmp_path: Path) -> None:
    """Notes and a site, or those of two channels."""
    write_tree(tmp_path, [("a.md", b"one"), ("both.md", b"two")], "notes")
    write_tree(tmp_path, [("index.html", b"three"), ("both.md", b"two")], "site")
    assert set(tree_of(tmp_path)) == {"a.md", "both.md", "index.html"}
    assert write_tree(tmp_path, [("a.md", b"one")], "notes").removed == []
    assert write_tree(tmp_path, [], "site").removed == ["both.md", "index.html"]
    assert set(tree_of(tmp_path)) == {"a.md"}


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    done = write_tree(
        folder,
        [("../a.md", b"x"), ("/tmp/a.md", b"x"), ("link/a.md", b"x"), (".git/config", b"x"),
         ("C:/a.md", b"x"), ("a" * 300 + ".md", b"x"), ("fine.md", b"x")],
    )  # fmt: skip
    assert done.added == ["fine.md"]
    assert len(done.refused) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_what_is_no_plain_file_stays_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    names = ("folder.md", "pipe.md", "a.md", "a.md/b.md", "b.md/c.md", "b.md", "fine.md")
    done = write_tree(tmp_path, [(name, b"") for name in names])
    assert sorted(done.added) == ["a.md/b.md", "b.md/c.md", "fine.md"]
    assert {path for path, _ in done.refused} == {"folder.md", "pipe.md", "a.md", "b.md"}
    again = write_tree(tmp_path, [(name, b"") for name in names])
    assert (again.touched, again.unchanged) == ([], 3)


def test_a_read_only_place_is_told() -> None:
    with pytest.raises(ExportFailed) as failed:
        write_tree(Path("/proc/self/archive"), [("a.md", b"x")])
    assert "\n" not in str(failed.value)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportFailed) as failed:
        write_tree(tmp_path / "file" / "below", [("a.md", b"x")])
    assert "\n" not in str(failed.value)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    from bot.archive import writing

    original = writing._replace

    def full(target: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(target))

    writing._replace = full
    try:
        with pytest.raises(ExportFailed, match="No space left"):
            write_tree(tmp_path, [("a.md", b"x")])
    finally:
        writing._replace = original


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('A "page": <x>/y\\z|?*', "A page x y z"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("...", "untitled"),
        ("", "untitled"),
        ("trailing. ", "trailing"),
        ("a\u202eb\0c", "a b c"),
        ("한글 제목", "한글 제목"),
    ],
)
def test_a_name_that_any_system_takes(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_long_and_equal_names() -> None:
    assert len(safe_name("가" * 500).encode()) <= 180
    names = Names()
    assert [names.take(path) for path in ("a/X.md", "a/x.md", "a/X.md")] == [
        "a/X.md", "a/x 2.md", "a/X 3.md",
    ]  # fmt: skip
    assert is_inside("a/b.md")
    assert not is_inside("")


async def test_two_notes_of_one_name(store: Store, tmp_path: Path) -> None:
    channel = await lived(store)
    async with store.begin() as tx:
        data = SLICE._replace(arxiv_id="2007.10910", title="sliceout: another")
        paper = await tx.papers.keep(0, "https://arxiv.org/abs/2007.10910", data)
        ada = await tx.members.ensure(0, Member(11, "Ada"))
        entry, _ = await tx.entries.add(channel.id, paper.id, ada, How.COMMAND, NOW)
        await tx.takes.add(entry.id, ada, "x", datetime(2020, 7, 28, 19, tzinfo=UTC))
    await markdown(store, tmp_path)
    names = {path for path in tree_of(tmp_path) if "200728" in path}
    assert names == {"2020/200728 SliceOut.md", "2020/200728 sliceout 2.md"}
