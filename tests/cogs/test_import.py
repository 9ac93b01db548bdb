"""`/settings import`: an archive handed over in chat."""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
import time
import zipfile

import pytest
from sqlalchemy import func, select

from bot.archive.importing.job import ImportRequest
from bot.model.channel import ChannelSettings
from bot.model.people import Member, Place
from bot.sandbox import Person
from bot.store.schema import EntryRow, ImportRow, TakeRow
from tests.bot import Bot
from tests.clock import Clock

NOTE = b"""https://arxiv.org/abs/2007.10909

SliceOut (Pascal Notin, Aidan N. Gomez)

channel slicing as a kind of dropout

#dropout
"""


def packed(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"notes/{name}.md", data)
    return made.getvalue()


async def test_a_note_goes_onto_the_list_of_its_channel(ada: Person, grace: Person) -> None:
    reply = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert reply.private
    assert "1 paper, 1 take" in reply.text
    [report] = reply.post.attachments
    assert b"1 file: 1 imported" in report.data
    shown = await grace.slash("/paper show", paper="2007.10909")
    assert "channel slicing" in shown.text
    again = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert "Nothing new" in again.text


async def test_an_imported_post_is_not_being_posted(ada: Person, minji: Person) -> None:
    await ada.slash("/settings import", file=("200719 Old.md", b"# 200719 Old\n\n" + NOTE))
    line = (await ada.slash("/digest history")).text.splitlines()[-1]
    assert line == "- Jul 19, 2020 · 200719 Old · imported"
    assert (await minji.slash("/digest history")).text.endswith("200719 Old · 가져온 글")


@pytest.mark.parametrize("file", [("notes.md", b"no link here"), ("empty.md", b"")])
async def test_a_file_without_a_paper_is_said_to_have_none(
    ada: Person, file: tuple[str, bytes]
) -> None:
    told = (await ada.slash("/settings import", file=file)).text
    assert told.startswith("**No paper was found in this file**")
    assert "Imported" not in told


async def test_a_zip_of_notes(ada: Person, bot: Bot) -> None:
    data = packed(one=NOTE, two=NOTE.replace(b"10909", b"10396"))
    reply = await ada.slash("/settings import", file=("notes.zip", data))
    assert "2 papers, 2 takes" in reply.text
    async with bot.app.store.read() as tx:
        assert [channel.name for channel in await tx.channels.every()] == ["papers"]


async def test_members_may_not(grace: Person) -> None:
    reply = await grace.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert reply.private
    assert "may manage this channel" in reply.text


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("photo.png", b"\x89PNG\r\n", "neither Markdown, a library of papers nor a ZIP"),
        ("notes.zip", b"PK\x03\x04 broken", "can't be imported"),
        ("export.jsonl", b'{"a": 1}\n', "not an archive of Papertakes"),
        ("export.jsonl", b"\xff\xfe", "cannot be read"),
        ("long.md", b"x" * (10 * 2**20 + 1), "10.0 MB"),
    ],
)
async def test_what_cannot_be_imported_is_told_and_leaves_nothing(
    ada: Person, bot: Bot, name: str, data: bytes, told: str
) -> None:
    reply = await ada.slash("/settings import", file=(name, data))
    assert reply.private
    assert told in reply.text
    assert "/tmp" not in reply.text
    async with bot.app.store.read() as tx:
        assert await tx.channels.every() == []


def many(count: int) -> bytes:
    notes = {
        f"200701 Note {number}": NOTE.replace(b"10909", b"%05d" % (10_000 + number))
        for number in range(count)
    }
    return packed(**notes)


async def counted(bot: Bot) -> tuple[int, int]:
    """Entries and takes that are there by now."""
    async with bot.app.store.read() as tx:
        tables = (EntryRow, TakeRow)
        return tuple([await tx.session.scalar(select(func.count(one.id))) or 0 for one in tables])


async def test_one_file_after_the_other_and_on_after_a_restart(
    ada: Person, bot: Bot, clock: Clock
) -> None:
    """The second is told that it waits; what a stop breaks off goes on, and is told afterwards."""
    count = 600
    first = asyncio.create_task(ada.slash("/settings import", file=("many.zip", many(count))))
    while (await counted(bot))[0] == 0:
        await asyncio.sleep(0.05)
    second = asyncio.create_task(ada.slash("/settings import", file=("200801 SliceOut.md", NOTE)))
    while not any("Another file" in post.text for post in ada.sees()):
        await asyncio.sleep(0.05)
    begun = time.monotonic()
    await bot.stop()
    assert time.monotonic() - begun < 5
    assert "goes on by itself" in (await first).text
    assert any("goes on by itself" in post.text for post in ada.sees())
    await second
    await bot.start()
    assert (await counted(bot))[0] < count
    while (await counted(bot)) != (count + 1, count + 1):
        await asyncio.sleep(0.05)
    await bot.app.tick()
    clock.advance(minutes=2)
    await bot.app.tick()
    await bot.settle()
    said = [post.text for post in ada.sees()]
    assert any("**many.zip** is imported" in text for text in said)
    assert any("**200801 SliceOut.md** is imported: 1 paper, 1 take" in text for text in said)
    clock.advance(days=2)
    await bot.app.tick()
    async with bot.app.store.read() as tx:
        assert await tx.session.scalar(select(func.count(ImportRow.id))) == 0


async def test_a_server_that_hands_over_too_many_is_refused(bot: Bot, ada: Person) -> None:
    queue = bot.app.services.imports.queue
    place = Place(ada.place().record.guild_id, 5, "elsewhere")
    async with bot.app.store.begin() as tx:
        for _ in range(3):
            job = ImportRequest("x.md", place, Member(1, "Eve"), ChannelSettings())
            await tx.imports.add(place.guild_id, job.as_data(), b"x", bot.clock())
    reply = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert reply.private
    assert "Enough files wait" in reply.text
    await queue.work()
    reply = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert "1 paper, 1 take" in reply.text


async def test_a_file_that_ends_its_process_is_given_up(
    bot: Bot, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    reply = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert reply.private
    assert "Something went wrong while `200801 SliceOut.md` was imported (id " in reply.text


async def test_a_binary_file_is_skipped(ada: Person) -> None:
    reply = await ada.slash("/settings import", file=("x.md", b"\0" * 100))
    assert reply.private
    assert "Nothing new" in reply.text
    assert "1 skipped" in reply.text


async def test_without_the_intent_the_past_is_not_read(ada: Person) -> None:
    reply = await ada.slash("/settings import", history=True)
    assert reply.private
    assert "Message Content Intent" in reply.text
    assert "DiscordChatExporter" in reply.text
