"""Papertakes reads what it writes: every take comes back under its writer, with tags and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.archive.contents import ArchiveContents, contents
from bot.archive.exporter import Format, export_archive
from bot.archive.importing.importer import import_archive
from bot.archive.parser.reader import parse
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How
from bot.store import Store
from bot.text.tags import tags

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
START = datetime(2020, 7, 19, 18, tzinfo=UTC)
TAKES = [
    ("2007.10909", "Ada", "채널을 **잘라서** 학습. #efficiency\n\n- 하나\n- 둘"),
    ("2007.10909", "Grace", "### Deep\n\nSlices of channels.\n\n> quoted\n\nMore."),
    ("2001.10913", "김민지", "메모리 블럭을 쓴다. #memory\n\n```\ncode\n```"),
    ("2001.10913", "Ada", "See https://arxiv.org/abs/2007.10909 too."),
]


async def a_club(store: Store, name: str) -> Channel:
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(None, None, name),
            ChannelSettings(closing_tag="#review", language="en"),
            period_start=START,
            next_digest_at=START + timedelta(days=7),
            now=START,
        )
        entries: dict[str, int] = {}
        ids = {who: await tx.members.ensure(0, Member(None, who)) for _, who, _ in TAKES}
        for number in ("2007.10909", "2001.10913"):
            data = PaperData(number, f"Paper {number}: A Study", ("Pascal Notin", "Yarin Gal"))
            paper = await tx.papers.keep(0, f"https://arxiv.org/abs/{number}", data)
            entry, _ = await tx.entries.add(channel.id, paper.id, ids["Ada"], How.COMMAND, START)
            entries[number] = entry.id
        for at, (number, who, text) in enumerate(TAKES):
            await tx.takes.add(entries[number], ids[who], text, START + timedelta(hours=at))
        digest = await tx.digests.add(
            channel.id, START, START + timedelta(days=7), DigestState.POSTED, NOW,
            number=1, title="200726 Papers", day=date(2020, 7, 26), intro="Hello.",
        )  # fmt: skip
        assert digest is not None
        await tx.takes.freeze(channel.id, NOW, digest)
        await tx.entries.freeze(channel.id, NOW, digest)
    return channel


def said(archive: ArchiveContents) -> list[tuple[str | None, str, str, tuple[str, ...]]]:
    return sorted(
        (
            archive.entries[take.entry_id].paper.data.arxiv_id,
            take.member.name,
            take.text,
            tags(take.text),
        )
        for take in archive.takes.values()
    )


async def read(store: Store, channel: Channel) -> ArchiveContents:
    async with store.read() as tx:
        return await contents(tx, channel)


async def test_its_own_markdown_comes_back(store: Store, tmp_path: Path) -> None:
    channel = await a_club(store, "club")
    before = await read(store, channel)
    await export_archive(store, tmp_path, channel, Format.MARKDOWN)
    report = await import_archive(store, tmp_path, "again", now=NOW)
    async with store.read() as tx:
        [again] = await tx.channels.named("again")
    after = await read(store, again)
    assert said(after) == said(before)
    assert [(one.title, one.day) for one in after.digests if one.has_text] == [
        (one.title, one.day) for one in before.digests
    ]
    assert report.takes == len(TAKES)
    assert again.settings.closing_tag == "#review"


def test_bold_lines_in_a_hand_written_note_are_no_writers() -> None:
    text = (
        "https://arxiv.org/abs/2007.10909\n\nSliceOut (Pascal Notin, Yarin Gal)\n\n"
        "**Summary**\n\nIt slices.\n\n**Strengths**\n\nFast.\n"
    )
    [entry] = parse("200726 SliceOut.md", text.encode()).entries
    assert [take.writer for take in entry.takes] == [""]
