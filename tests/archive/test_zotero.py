"""`papertakes zotero push`: a collection in step with a channel, whatever happens in between."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.archive.importing.importer import import_archive
from bot.archive.zotero.client import ZoteroTrouble
from bot.archive.zotero.items import object_key
from bot.archive.zotero.push import PushReport, push
from bot.config import ZoteroConfig
from bot.store import Store
from tests.archive.zotero_server import GROUP, KEY, ZoteroFault, ZoteroServer

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)
NOTE = """https://arxiv.org/abs/2007.10909

SliceOut (Pascal Notin, Aidan N. Gomez)

channel *slicing* as a kind of dropout
and more

#dropout #efficiency
"""


@pytest.fixture
async def zotero() -> AsyncIterator[ZoteroServer]:
    async with ZoteroServer() as made:
        yield made


async def noted(store: Store, folder: Path, count: int = 1) -> None:
    """A channel with so many papers, a take on each."""
    for number in range(count):
        text = NOTE.replace("10909", f"{10909 + number}")
        (folder / f"200801 Note {number:03}.md").write_text(text)
    await import_archive(store, folder, "ml", now=NOW)


async def pushed(store: Store, zotero: ZoteroServer, **options: Any) -> PushReport:
    config = ZoteroConfig(key=SecretStr(KEY), group=GROUP, api_base=zotero.url)
    return await push(store, config, "ml", **options)


async def test_papers_come_with_their_takes_and_tags_and_only_once(
    store: Store, zotero: ZoteroServer, tmp_path: Path
) -> None:
    await noted(store, tmp_path)
    dry = await pushed(store, zotero, dry_run=True)
    assert (dry.added, dry.notes_added, zotero.writes) == (1, 1, 0)
    first = await pushed(store, zotero)
    assert (first.added, first.notes_added) == (1, 1)
    [collection] = zotero.collections.values()
    assert collection["name"] == "ml"
    [item], [note] = zotero.alive("preprint"), zotero.alive("note")
    assert item["collections"] == [collection["key"]]
    assert item["title"] == "SliceOut"
    assert item["creators"][0] == {
        "creatorType": "author", "firstName": "Pascal", "lastName": "Notin",
    }  # fmt: skip
    assert item["archiveID"] == "arXiv:2007.10909"
    assert item["extra"].startswith("arXiv:2007.10909")
    assert {tag["tag"] for tag in item["tags"]} == {"dropout", "efficiency"}
    assert note["parentItem"] == item["key"]
    assert "<strong>archive</strong>, 2020-08-01" in note["note"]
    assert "<em>slicing</em>" in note["note"]
    before = zotero.writes
    again = await pushed(store, zotero)
    assert (again.unchanged, zotero.writes) == (1, before)


async def test_a_push_that_breaks_off_at_any_request_goes_on_without_doubles(
    store: Store, zotero: ZoteroServer, tmp_path: Path
) -> None:
    await noted(store, tmp_path, 60)
    for after in (False, True):
        for _ in range(3):
            zotero.faults = [ZoteroFault("POST", drop=True, after=after)]
            with pytest.raises(ZoteroTrouble, match="does not answer"):
                await pushed(store, zotero)
    await pushed(store, zotero)
    assert len(zotero.collections) == 1
    assert (len(zotero.alive("preprint")), len(zotero.alive("note"))) == (60, 60)
    again = await pushed(store, zotero)
    assert (again.added, again.notes_added, again.unchanged) == (0, 0, 60)


async def test_it_waits_where_the_server_asks_for_it(
    store: Store, zotero: ZoteroServer, tmp_path: Path
) -> None:
    await noted(store, tmp_path)
    zotero.faults = [
        ZoteroFault("GET", 429, {"Retry-After": "0"}),
        ZoteroFault("POST", 429, {"Retry-After": "0"}),
        ZoteroFault("POST", 503, {"Retry-After": "0"}),
        ZoteroFault("POST", headers={"Backoff": "1"}, after=True),
    ]
    begun = time.monotonic()
    assert (await pushed(store, zotero)).added == 1
    assert time.monotonic() - begun > 1
    assert zotero.faults == []
    zotero.faults = [ZoteroFault("GET", 503, {"Retry-After": "3600"})]
    with pytest.raises(ZoteroTrouble, match="come back in 60 minutes"):
        await pushed(store, zotero)


async def test_what_somebody_made_or_changed_there_stays_theirs(
    store: Store, zotero: ZoteroServer, tmp_path: Path
) -> None:
    await noted(store, tmp_path, 2)
    zotero.put(
        key="AAAA2222", itemType="preprint", title="their own title",
        url="http://arxiv.org/abs/2007.10909v2", extra="", tags=[{"tag": "mine"}],
    )  # fmt: skip
    report = await pushed(store, zotero)
    assert (report.added, report.changed) == (1, 1)
    theirs = zotero.items["AAAA2222"]
    assert theirs["title"] == "their own title"
    assert {tag["tag"] for tag in theirs["tags"]} == {"mine", "dropout", "efficiency"}
    assert len(theirs["collections"]) == 1
    [ours] = [one for one in zotero.alive("preprint") if one is not theirs]
    ours["tags"] = [*ours["tags"], {"tag": "to read"}]
    assert (await pushed(store, zotero)).unchanged == 2
    # What was thrown away there is not brought back.
    zotero.trashed.add(ours["key"])
    report = await pushed(store, zotero)
    assert (report.left_in_trash, report.added) == (1, 0)


async def test_what_changes_here_changes_there(
    store: Store, zotero: ZoteroServer, tmp_path: Path
) -> None:
    await noted(store, tmp_path, 2)
    await pushed(store, zotero)
    async with store.begin() as tx:
        [channel] = await tx.channels.named("ml")
        entries = await tx.entries.matching(channel.id, "SliceOut", 5)
        [first] = await tx.takes.of_entries([entries[0].id])
        await tx.takes.edit(first.id, "said anew #other", NOW)
        await tx.entries.remove(entries[1].id, NOW)
    report = await pushed(store, zotero)
    assert (report.changed, report.taken_out, report.notes_changed) == (1, 1, 1)
    assert report.notes_deleted == 1
    kept = [item for item in zotero.alive("preprint") if item["collections"]]
    assert [tag["tag"] for tag in kept[0]["tags"]] == ["other"]
    assert len(zotero.alive("preprint")) == 2
    [note] = zotero.alive("note")
    assert "said anew" in note["note"]
    assert (await pushed(store, zotero)).unchanged == 1


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"key": SecretStr("")}, "zotero.key is missing"),
        ({"group": None}, "zotero.group is missing"),
        ({"key": SecretStr("wrong")}, "may not write"),
        ({"group": 5}, "no such group"),
    ],
)
async def test_what_cannot_be_used_is_told(
    store: Store, zotero: ZoteroServer, tmp_path: Path, config: dict[str, Any], told: str
) -> None:
    await noted(store, tmp_path)
    usual = ZoteroConfig(key=SecretStr(KEY), group=GROUP, api_base=zotero.url)
    with pytest.raises(ZoteroTrouble, match=told):
        await push(store, usual.model_copy(update=config), "ml")


def test_keys_are_zotero_s_and_always_the_same() -> None:
    assert object_key("paper", "1", "https://arxiv.org/abs/2007.10909") == object_key(
        "paper", "1", "https://arxiv.org/abs/2007.10909"
    )
    assert len({object_key(str(number)) for number in range(2_000)}) == 2_000
    assert not set("01O") & set("".join(object_key(str(number)) for number in range(500)))
