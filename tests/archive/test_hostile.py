"""Files that somebody made up: what is not taken from them, and that nobody else notices."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.archive.formats.records import FIELDS, LINKS
from bot.archive.importing.destination import NamedDestination, PlaceDestination
from bot.archive.importing.importer import Import
from bot.archive.importing.report import Report
from bot.archive.importing.sources import BadArchive, Skipped, open_source
from bot.archive.paths import refusal
from bot.model.channel import Channel, ChannelSettings
from bot.model.digest import DigestState
from bot.model.outbox import Draft, OutboxKind
from bot.model.paper import PaperData
from bot.model.people import Member, Place
from bot.model.take import How, MessageKind, TakeMessage
from bot.store import Store
from bot.store.backup.row_export import COLUMNS
from bot.store.schema import Base

NOW = datetime(2020, 7, 22, 12, tzinfo=UTC)
START = datetime(2020, 7, 19, 18, tzinfo=UTC)
HERE = Place(7, 70, "here")
MALLORY = Member(666, "Mallory", manages=True)
HEAD = {"type": "archive", "format": "papertakes-archive", "version": 1}
DAY = "2020-07-20T12:00:00+00:00"
MEMBER = {"type": "member", "n": 1, "discord_id": 11, "name": "Ada"}
PAPER = {
    "type": "paper", "n": 1, "url": "https://arxiv.org/abs/2007.10909", "arxiv_id": "2007.10909",
    "title": "Forged", "authors": ["Eve"], "abstract": "", "categories": [], "published": None,
    "updated": None, "version": None, "comment": None, "doi": None, "journal_ref": None,
    "withdrawn": False, "report_number": None, "metadata_state": "complete",
}  # fmt: skip
DIGEST = {
    "type": "digest", "n": 1, "period_start": "2020-07-05T18:00:00+00:00",
    "period_end": "2020-07-12T18:00:00+00:00", "number": 3, "state": "posted", "title": "Old",
    "day": "2020-07-12", "intro": "", "planned_at": DAY, "posted_at": DAY,
}  # fmt: skip
ENTRY = {
    "type": "entry", "n": 1, "paper": 1, "member": 1, "how": "command", "added_at": DAY,
    "removed_at": None, "digest": 1,
}  # fmt: skip
TAKE = {
    "type": "take", "n": 1, "entry": 1, "member": 1, "text": "Forged words", "created_at": DAY,
    "edited_at": None, "digest": 1,
}  # fmt: skip
DOCUMENT = {
    "type": "document", "n": 1, "path": "2020/200720 A.md", "kind": "note", "checksum": "0" * 64,
    "day": "2020-07-20", "title": "A", "digest": None, "imported_at": DAY,
    "body": {"p": ["Prose"], "m": {}},
}  # fmt: skip


def lines(*records: Mapping[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in (HEAD, *records)).encode()


WHOLE = (MEMBER, PAPER, DIGEST, ENTRY, TAKE, DOCUMENT)


async def hand_over(store: Store, data: bytes, name: str = "export.jsonl") -> Report:
    """What `/settings import` does with a member's file."""
    into = PlaceDestination(HERE, ChannelSettings(), NOW)
    return await Import(store, into, NOW, importer=MALLORY).data(name, data)


async def by_the_host(store: Store, data: bytes) -> Report:
    """What `papertakes import` does."""
    return await Import(store, NamedDestination("ml", NOW), NOW).data("export.jsonl", data)


async def everything(store: Store, but: Sequence[str] = ()) -> dict[str, list[Any]]:
    """All rows of all tables."""
    async with store.read() as tx:
        return {
            table.name: [
                tuple(row)
                for row in await tx.session.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                )
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


async def another_club(store: Store) -> Channel:
    """A channel of another guild, with a posted digest, a card and a take that has a message."""
    async with store.begin() as tx:
        channel = await tx.channels.add(
            Place(8, 80, "theirs"), ChannelSettings(), period_start=START,
            next_digest_at=START + timedelta(days=7), now=START,
        )  # fmt: skip
        ada = await tx.members.ensure(8, Member(11, "Ada"))
        paper = await tx.papers.page(8, "https://example.org/a")
        said = PaperData(None, "Their secret title")
        entry, _ = await tx.entries.add(channel.id, paper.id, ada, How.COMMAND, START, said)
        await tx.entries.set_card(entry.id, 80, 801)
        take = await tx.takes.add(entry.id, ada, "Their words", START)
        await tx.takes.set_message(take.id, TakeMessage(MessageKind.TAKE, 80, 802))
        digest = await tx.digests.add(
            channel.id, START - timedelta(days=7), START, DigestState.POSTED, START, number=1,
            title="Theirs", day=START.date(),
        )  # fmt: skip
        assert digest is not None
        await tx.digests.set_place(digest, message_id=803, thread_id=804)
        await tx.outbox.put(
            [Draft("digest:1", 0, "digest:1:0", OutboxKind.MESSAGE, "x", target_id=80)]
        )
    return channel


FOREIGN: Mapping[str, Mapping[str, Any]] = {
    "member": {"id": 1, "scope": 8},
    "paper": {"id": 1, "scope": 8, "asked": 9, "asked_at": DAY},
    "digest": {"id": 1, "channel_id": 1, "thread_id": 804, "message_id": 803, "arranged": [1]},
    "entry": {
        "id": 1, "channel_id": 1, "paper_id": 1, "member_id": 1, "digest_id": 1,
        "card_channel_id": 80, "card_message_id": 801, "own_words": {"title": "Forged"},
    },
    "take": {
        "id": 1, "entry_id": 1, "member_id": 1, "digest_id": 1, "shown_as": "take",
        "shown_channel_id": 80, "shown_message_id": 802,
    },
    "document": {"id": 1, "channel_id": 1, "digest_id": 1, "prose": "Forged"},
}  # fmt: skip
"""Of each kind every column that leads out of the file."""
OTHER_TABLES = (
    {"type": "outbox", "n": 1, "lane": "digest:1", "seq": 1, "key": "x", "kind": "delete",
     "text": "", "target_id": 80, "message_id": 803, "state": "pending"},
    {"type": "subscription", "n": 1, "channel_id": 1, "query": "all:a", "delivery": "now"},
    {"type": "arrival", "n": 1, "channel_id": 1, "paper_id": 1, "state": "sent"},
    {"type": "channel", "name": "theirs", "id": 1, "discord_id": 80, "guild_id": 8, "scope": 8,
     "settings": {"post_to": 80, "post_to_forum": True, "title": "Forged"}, "intro": "Forged"},
)  # fmt: skip


async def test_a_file_with_everything_that_leads_out_of_it(store: Store) -> None:
    """Nothing of another guild changes, nothing of this one names a message, nothing is to be
    sent."""
    await another_club(store)
    before = await everything(store)
    attack = [one | FOREIGN[str(one["type"])] for one in WHOLE]
    report = await hand_over(store, lines(*OTHER_TABLES, *attack))
    assert (report.papers, report.entries, report.takes, report.digests) == (1, 1, 1, 1)
    after = await everything(store)
    for name, rows in before.items():
        assert after[name][: len(rows)] == rows, name
    for name in ("outbox", "subscriptions", "arrivals", "announced", "mailings"):
        assert after[name] == before[name], name
    async with store.read() as tx:
        channel = await tx.channels.find(HERE)
        assert channel is not None
        assert (channel.settings.post_to, channel.settings.title, channel.intro) == (None,) * 3
        [entry] = await tx.entries.matching(channel.id, "", 10)
        [take] = await tx.takes.of_entries([entry.id])
        [digest] = await tx.digests.history(channel.id, 10)
        assert await tx.entries.cards_of(entry.paper.id) == []
        assert take.message is None
        assert (digest.thread_id, digest.message_id, digest.arranged) == (None, None, ())
        # Not Ada's: nothing of hers came in, and nothing of hers can be taken back by it.
        assert (take.member, entry.member) == (Member(None, "archive"),) * 2
        assert await tx.takes.of_writer(7, 11) == []


@pytest.mark.parametrize("kind", sorted(LINKS))
def test_each_column_that_comes_in_has_its_bounds(kind: str) -> None:
    """A column that is new in the export is refused here until somebody says what it may hold."""
    beside = set(LINKS[kind]) | ({"body"} if kind == "document" else set())
    assert FIELDS[kind].keys() | beside == set(COLUMNS[kind])
    assert not FOREIGN[kind].keys() & FIELDS[kind].keys()


async def test_a_members_own_takes_come_back_as_theirs(store: Store) -> None:
    await hand_over(store, lines(MEMBER | {"discord_id": 666, "name": "Not me"}, *WHOLE[1:]))
    async with store.read() as tx:
        [take] = await tx.takes.of_writer(7, 666)
    assert (take.text, take.member.name) == ("Forged words", "Mallory")


async def test_the_host_may_say_who_wrote_what(store: Store) -> None:
    await by_the_host(store, lines(*WHOLE))
    async with store.read() as tx:
        [take] = await tx.takes.of_writer(0, 11)
    assert take.member.name == "Ada"


async def test_a_digest_does_not_stand_for_one_that_is_still_to_come(store: Store) -> None:
    running = {
        "period_start": "2020-07-19T18:00:00+00:00",
        "period_end": "2020-07-26T18:00:00+00:00",
    }
    skipped = DIGEST | running | {"state": "skipped"}
    coming = DIGEST | {"n": 2, "state": "planned", "period_start": "2020-07-26T18:00:00+00:00",
                       "period_end": "2020-08-02T18:00:00+00:00"}  # fmt: skip
    posted = DIGEST | running | {"n": 3}
    for _ in range(2):
        await hand_over(store, lines(skipped, coming, posted))
    async with store.read() as tx:
        channel = await tx.channels.find(HERE)
        assert channel is not None
        assert channel.period_start == START
        assert await tx.digests.of_period(channel.id, START) is None
        assert await tx.digests.of_period(channel.id, START + timedelta(days=7)) is None
        history = await tx.digests.history(channel.id, 10)
    assert [digest.state for digest in history] == ["posted", "posted"]


def without(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


ODD: Sequence[tuple[Mapping[str, Any], str]] = (
    (MEMBER | {"name": None}, "name is no str"),
    (MEMBER | {"name": "a" * 201}, "name is longer"),
    (MEMBER | {"name": "half \ud800"}, "half a character"),
    (MEMBER | {"name": "nul \0"}, "NUL"),
    (MEMBER | {"discord_id": -1}, "discord_id is not between"),
    (MEMBER | {"discord_id": 2**64}, "discord_id is not between"),
    (MEMBER | {"discord_id": True}, "discord_id is no int"),
    (MEMBER | {"discord_id": 1.0}, "discord_id is no int"),
    (without(MEMBER, "n"), "n is missing"),
    (MEMBER | {"n": -1}, "n is not between"),
    (MEMBER | {"n": True}, "n is no int"),
    (without(PAPER, "title"), "title is missing"),
    (PAPER | {"url": "https://arxiv.org/abs/2007.10910"}, "url is not that of arXiv"),
    (PAPER | {"url": "https://evil.example/"}, "url is not that of arXiv"),
    (PAPER | {"url": "http://arxiv.org/abs/2007.10909"}, "url is not that of arXiv"),
    (PAPER | {"arxiv_id": "2007.10909v2"}, "arxiv_id is none"),
    (PAPER | {"arxiv_id": "nonsense"}, "arxiv_id is none"),
    (PAPER | {"arxiv_id": 2007}, "arxiv_id is no str"),
    (PAPER | {"arxiv_id": None}, "url is arXiv's, without an arxiv_id"),
    *(
        (PAPER | {"arxiv_id": None, "url": url}, "url is no plain http")
        for url in (
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html",
            "java\tscript:alert(1)", "vbscript:x", "file:///etc/passwd", "//evil.example/",
            "ftp://example.org/", "https://user:pass@example.org/", "example.org", "https://", "",
            "http://[::1", "https://exa mple.org/",
        )
    ),
    (PAPER | {"authors": "Eve"}, "authors is no list"),
    (PAPER | {"authors": [1]}, "authors is no str"),
    (PAPER | {"authors": ["a"] * 10_001}, "authors has more"),
    (PAPER | {"published": "yesterday"}, "published is no moment"),
    (PAPER | {"published": "2020-07-20T12:00:00"}, "published has no time zone"),
    (PAPER | {"published": "0000-01-01T00:00:00+00:00"}, "published is no moment"),
    (PAPER | {"published": "0001-01-01T00:00:00+23:59"}, "published is not between"),
    (PAPER | {"published": "9999-12-31T23:59:59-23:59"}, "published is not between"),
    (PAPER | {"version": 10**30}, "version is not between"),
    (PAPER | {"withdrawn": 1}, "withdrawn is no bool"),
    (PAPER | {"metadata_state": "owned"}, "metadata_state is none of"),
    (DIGEST | {"state": "posted "}, "state is none of"),
    (DIGEST | {"number": -1}, "number is not between"),
    (DIGEST | {"number": 2**31}, "number is not between"),
    (DIGEST | {"period_start": "99999-01-01T00:00:00+00:00"}, "period_start is no moment"),
    (DIGEST | {"period_end": "2020-07-01T18:00:00+00:00"}, "before its period_start"),
    (DIGEST | {"settings": {"every": "0"}}, "settings cannot be used: every is odd"),
    (DIGEST | {"day": "0000-00-00"}, "day is no day"),
    (DIGEST | {"day": "1605-01-30"}, "day is not between"),
    (DIGEST | {"day": "20200712"}, "day is no day"),
    (ENTRY | {"paper": 2}, "paper is none of the records before"),
    (ENTRY | {"paper": True}, "paper is none of the records before"),
    (ENTRY | {"paper": [1]}, "paper is none of the records before"),
    (ENTRY | {"member": None}, "member is none of the records before"),
    (ENTRY | {"how": "magic"}, "how is none of"),
    (ENTRY | {"added_at": 1595246400}, "added_at is no str"),
    (TAKE | {"entry": 0}, "entry is none of the records before"),
    (TAKE | {"digest": -1}, "digest is none of the records before"),
    (TAKE | {"text": None}, "text is no str"),
    (TAKE | {"text": "a" * 4_000_001}, "text is longer"),
    (DOCUMENT | {"checksum": "0"}, "checksum is no SHA-256"),
    (DOCUMENT | {"kind": "exe"}, "kind is none of"),
    (DOCUMENT | {"path": "../../.git/hooks/post-commit.md"}, "leads out of the archive"),
    (DOCUMENT | {"path": ".github/workflows/x.md"}, "hidden"),
    (DOCUMENT | {"path": "run.sh"}, "no path of Markdown"),
    *(
        (DOCUMENT | {"body": body}, told)
        for body, told in (
            (None, "body is no object"),
            ({"p": "x", "m": {}}, "list of pieces"),
            ({"p": [[1, 0, 3]], "m": {}}, "without its mark"),
            ({"p": [[2, 0, 3]], "m": {"2": "0" * 18}}, "none of the records before"),
            ({"p": [[1, 0]], "m": {"1": "0" * 18}}, "a piece that is none"),
            ({"p": [[1, 3, 0]], "m": {"1": "0" * 18}}, "a piece that is none"),
            ({"p": [[1, 0, 10**9]] * 2, "m": {"1": "0" * 18}}, "longer than a file"),
            ({"p": ["a" * 4_000_001], "m": {}}, "longer than a file"),
            ({"p": ["\ud800"], "m": {}}, "a piece that no file has"),
            ({"p": [], "m": {"x": "0" * 18}}, "a mark of no take"),
            ({"p": [], "m": {"1": "x"}}, "no mark of a text"),
            ({"p": [[1, 0, 3, True, [[3, 0, "a"], [0, 3, "b"]]]], "m": {"1": "0" * 18}},
             "a piece that is none"),
        )
    ),
    ({"type": "arrangement", "digest": None, "entries": [9]}, "entry is none of the records"),
    ({"type": "arrangement", "digest": 9, "entries": []}, "digest is none of the records"),
    ({"type": "arrangement", "digest": None, "entries": {}}, "entries is no list"),
    (MEMBER, "n is that of an earlier one"),
)  # fmt: skip


@pytest.mark.parametrize("by", ["member", "host"])
async def test_what_is_odd_is_refused_with_its_line_and_leaves_nothing(
    store: Store, by: str
) -> None:
    before = await everything(store)
    for record, told in ODD:
        around = [one for one in WHOLE if one["type"] != record["type"] or record is MEMBER]
        kinds = [*LINKS, "arrangement"]
        earlier = [one for one in around if kinds.index(str(one["type"]))
                   <= kinds.index(str(record["type"]))]  # fmt: skip
        data = lines(*earlier, record)
        with pytest.raises(BadArchive) as refused:
            await (hand_over if by == "member" else by_the_host)(store, data)
        said = str(refused.value)
        assert said.startswith(f"line {len(earlier) + 2}: "), (record, said)
        assert told in said, (record, said)
        assert "\n" not in said
        assert len(said) < 300
    assert await everything(store) == before


NO_JSON: Sequence[tuple[bytes, str]] = (
    (b"[" * 10_000 + b"]" * 10_000, "nested too deeply"),
    (b'{"type": ' + b'{"a": ' * 10_000 + b"1" + b"}" * 10_001, "nested too deeply"),
    (b'{"type": "member", "n": ' + b"9" * 10_000 + b"}", "not a record of an archive"),
    (b'{"type": "member", "n": 1, "n": 2, "name": "a"}', "says one thing twice"),
    (b'{"type": "member", "n": NaN}', "NaN is no number"),
    (b'{"type": "member", "n": -Infinity}', "-Infinity is no number"),
    (b'{"type": "member", "n": 1e999, "name": "a"}', "n is no int"),
    (b'{"type": "member", "name": "\xff"}', "not UTF-8"),
    (b'{"type": "member"', "not a record of an archive"),
    (b'{"type": ["member"]}', "not a record of an archive"),
    (b"null", "not a record of an archive"),
    (b"\x00", "not a record of an archive"),
    (b'{"type": "member", "name": "' + b"a" * 8_000_000 + b'"}', "longer than 8,000,000 bytes"),
)


async def test_what_is_no_plain_json_is_refused_with_its_line(store: Store) -> None:
    for written, told in NO_JSON:
        with pytest.raises(BadArchive, match=told) as refused:
            await hand_over(store, lines(MEMBER) + written + b"\n")
        assert str(refused.value).startswith("line 3: ")
        assert "\n" not in str(refused.value)
    async with store.read() as tx:
        assert await tx.channels.every() == []


ODD_SETTINGS: Sequence[Mapping[str, Any]] = (
    {"time_zone": "Mars/Olympus"}, {"weekday": "someday"}, {"weekday": "sunday,sunday"},
    {"time": "25:99"}, {"time": 1800}, {"language": "xx"}, {"title": "{0.__class__}"},
    {"title": "a" * 1_000}, {"authors": -1}, {"authors": True}, {"every": "99"}, {"every": 2},
    {"abstract": 10**9}, {"order": "random"}, {"untaken": None}, {"pin": "on"},
    {"minimum_papers": 1.5}, {"phase": 30}, {"phase": "0"}, {"anchor": "x"},
    {"anchor": 1}, {"intro": "a" * 4_001},
)  # fmt: skip


async def test_settings_that_nobody_could_have_set(store: Store) -> None:
    for settings in ODD_SETTINGS:
        record = {"type": "channel", "name": "x", "settings": settings, "intro": None}
        with pytest.raises(BadArchive, match=r"line 2: .*settings cannot be used"):
            await by_the_host(store, lines(record))
    record = {"type": "channel", "name": "x", "intro": None, "settings": {"post_to": 80, "new": 1}}
    await by_the_host(store, lines(record, MEMBER))
    async with store.read() as tx:
        [channel] = await tx.channels.named("ml")
    assert channel.settings == ChannelSettings()


PLAIN = (
    "2020/200129 A.md", "한글 제목.md", "한글 제목.md", "GPT-4: a review.md", "GPT-4／Claude.md",
    "What is X?.md", "👩‍💻 notes.md", "생각….md", "a/b/c/d.txt", "console.md", "contents/x.md",
    "git.md", "v1.0/x.md", "com10.md", "_CON.md", "images/a.png",
)  # fmt: skip
REFUSED = (
    "", "../a.md", "a/../b.md", "/etc/a.md", "a//b.md", "./a.md", "a\\b.md", "..\\a.md", "C:/a.md",
    "c:a.md", "\\\\server\\a.md", ".git/config.md", ".GIT/config.md", "．git/x.md", "․git/x.md",
    ".g\u200cit/x.md", ".\u200bgit/x.md", "git~1/x.md", "GIT~1/x.md", ".github/x.md",
    "a/.hidden/x.md", ".obsidian/x.md", "．．/x.md", "‥/x.md", ".../x.md", "CON.md", "con",
    "Nul.md", "a/aux.txt", "COM1.md", "com¹.md", "ＣＯＮ.md", "CON .md", "CON..md", "LPT9/x.md",
    "CON:x.md", "conin$", "a./x.md", "a /x.md", " a/x.md", "x.md.", "x.md ", "a\0b.md", "a\nb.md",
    "a\x1bb.md",
    "a\u202eb.md", "a\ud800.md", "a" * 253 + ".md", "a/" * 600 + "x.md",
)  # fmt: skip


def test_paths_of_plain_folders_alone() -> None:
    assert [path for path in PLAIN if refusal(path) is not None] == []
    assert [path for path in REFUSED if refusal(path) is None] == []


async def test_paths_that_a_zip_may_not_have(store: Store) -> None:
    made = io.BytesIO()
    names = [path for path in REFUSED if path and "\ud800" not in path]
    with zipfile.ZipFile(made, "w") as archive:
        for path in names:
            info = zipfile.ZipInfo("x")
            info.filename = path  # what ZipInfo itself would tidy
            archive.writestr(info, b"text")
        archive.writestr("top/good.md", b"text")
    report = await hand_over(store, made.getvalue(), "notes.zip")
    async with store.read() as tx:
        channel = await tx.channels.find(HERE)
        assert channel is not None
        assert set(await tx.documents.checksums(channel.id)) == {"good.md"}
    assert len(report.skipped) == len(names)
    assert "\x1b" not in report.as_text()


async def test_a_backup_is_the_hosts_affair(store: Store) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("papertakes.json", '{"format": "papertakes-backup", "version": 1}')
        archive.writestr("outbox.jsonl", '{"id": 1}\n')
    with pytest.raises(BadArchive, match="whoever runs it can restore"):
        await hand_over(store, made.getvalue(), "all.zip")
    with pytest.raises(BadArchive, match="not an archive of Papertakes"):
        await hand_over(store, b'{"id": 1, "lane": "x"}\n', "outbox.jsonl")


def strange_zips() -> Sequence[bytes]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", b"text " * 1_000)
        archive.writestr("b.md", b"x")
    whole = made.getvalue()
    strange = [whole[:cut] for cut in range(0, len(whole), 7)]
    for at in range(0, len(whole), 3):
        strange += [whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :] for bits in (0xFF, 8)]
    return strange


def test_a_zip_that_was_tampered_with_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for data in strange_zips():
        path.write_bytes(data)
        try:
            source = open_source(path)
        except BadArchive:
            continue
        for found in source.files:
            assert isinstance(source.read(found), bytes | Skipped)
