"""`/settings import`: an archive handed over in chat."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.sandbox import Person
from tests.bot import Bot

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
    assert b"1 files: 1 imported" in report.data
    shown = await grace.slash("/paper show", paper="2007.10909")
    assert "channel slicing" in shown.text
    again = await ada.slash("/settings import", file=("200801 SliceOut.md", NOTE))
    assert "Nothing new" in again.text


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
        ("photo.png", b"\x89PNG\r\n", "neither Markdown nor a ZIP"),
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


async def test_a_binary_file_is_skipped(ada: Person) -> None:
    reply = await ada.slash("/settings import", file=("x.md", b"\0" * 100))
    assert reply.private
    assert "Nothing new" in reply.text
    assert "1 skipped" in reply.text
