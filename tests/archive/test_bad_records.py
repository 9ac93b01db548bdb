"""One bad record costs only itself: every format of the export, and an import."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.exporter import Format, export_archive
from bot.archive.importer import import_archive
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How
from bot.store import Store
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
        "bot.archive.tree.post",
        "bot.archive.tree.note",
        "bot.archive.tree.index",
        "bot.archive.notes.safe_name",
        "bot.digest.markdown._paper",
        "bot.digest.markdown._section",
    ),
    Format.BIBTEX: ("bot.archive.bibliography._bibtex", "bot.archive.bibtex.latex"),
    Format.RIS: ("bot.archive.bibliography._ris",),
    Format.CSL: ("bot.archive.bibliography._csl",),
    Format.SITE: (
        "bot.archive.site.gather.parse",
        "bot.archive.site.gather.readable",
        "bot.archive.site.gather.paper_address",
        "bot.archive.site.gather.tags_of",
        "bot.archive.site.gather._parts",
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
