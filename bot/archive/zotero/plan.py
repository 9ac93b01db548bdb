"""What has to be changed in a Zotero library, so that it says what the archive says: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.archive.zotero.items import (
    OURS,
    ZoteroItem,
    ZoteroNote,
    is_automatic,
    plain_words,
    tag_data,
)

Data = Mapping[str, Any]
"""An object as Zotero has it: its `data`, with `key` and `version`."""

_ARXIV: Final = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf)/|[.:]\s*))((?:\d{4}\.\d{4,5})|(?:[a-z-]+/\d{7}))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ZoteroLibrary:
    """What a library holds: its top-level items, the notes that were made here, and the keys of
    what lies in its trash."""

    items: Sequence[Data]
    notes: Sequence[Data]
    trashed: frozenset[str] = frozenset()


@dataclass(slots=True)
class ZoteroPlan:
    """Objects to be written, parents before their notes, and notes to be deleted."""

    items: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    obsolete: list[Data] = field(default_factory=list)
    unchanged: int = 0
    """Papers of which nothing is to be written but perhaps notes."""
    left_in_trash: int = 0
    """Papers that somebody threw away there: they stay thrown away."""
    taken_out: int = 0
    """Papers that are no more on the list: out of the collection, but not out of the library."""


def marker(collection: str) -> str:
    """The tag by which notes that were made for a collection are known."""
    return f"papertakes:{collection}"


def plan(wanted: Sequence[ZoteroItem], library: ZoteroLibrary, collection: str) -> ZoteroPlan:
    """What is to be done; nothing where all is in step."""
    made = ZoteroPlan()
    known = _Known(library.items)
    notes = {note["key"]: note for note in library.notes}
    kept: set[str] = set()
    for item in wanted:
        there = known.find(item)
        if there is None and item.key in library.trashed:
            made.left_in_trash += 1
            kept.update(note.key for note in item.notes)
            continue
        change = _new(item, collection) if there is None else _changed(item, there, collection)
        if change is None:
            made.unchanged += 1
        else:
            made.items.append(change)
        parent = item.key if there is None else there["key"]
        kept.add(parent)
        for note in item.notes:
            kept.add(note.key)
            if note.key not in library.trashed:
                made.notes += _note(note, notes.get(note.key), parent, collection)
    for there in library.items:
        if there["key"] not in kept and _is_ours(there) and collection in there["collections"]:
            others = [one for one in there["collections"] if one != collection]
            made.items.append(_part(there, collections=others))
            made.taken_out += 1
    made.obsolete = [note for key, note in notes.items() if key not in kept]
    return made


class _Known:
    """The items of a library, found by key, by arXiv's id, by address."""

    def __init__(self, items: Sequence[Data]) -> None:
        self.by: dict[str, Data] = {}
        # The first one that was there is the one that is meant.
        for item in sorted(items, key=lambda one: one.get("dateAdded", ""), reverse=True):
            for name in _names(item):
                self.by[name] = item

    def find(self, item: ZoteroItem) -> Data | None:
        names = (item.key, f"arxiv:{item.arxiv_id}", _address(item.url))
        return next((self.by[name] for name in names if name in self.by), None)


def _names(item: Data) -> Iterator[str]:
    yield item["key"]
    extra = str(item.get("extra", ""))
    yield from re.findall(rf"^{OURS}(\w{{8}})\s*$", extra, re.MULTILINE)
    for place in ("extra", "archiveID", "url", "DOI"):
        for number in _ARXIV.findall(str(item.get(place, ""))):
            yield f"arxiv:{number}"
    if item.get("url"):
        yield _address(str(item["url"]))


def _address(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


def _is_ours(item: Data) -> bool:
    return OURS in str(item.get("extra", ""))


def _new(item: ZoteroItem, collection: str) -> dict[str, Any]:
    return {
        **item.fields,
        "key": item.key,
        "version": 0,
        "collections": [collection],
        "tags": tag_data(item.tags),
        "relations": {},
    }


def _changed(item: ZoteroItem, there: Data, collection: str) -> dict[str, Any] | None:
    """What is to be written of an item that is there; None for nothing. Of one that somebody else
    made only the collection and the tags: its fields are theirs."""
    changes: dict[str, Any] = {}
    ours = _is_ours(there)
    if ours and there["itemType"] == item.fields["itemType"]:
        changes = {
            name: value
            for name, value in item.fields.items()
            if name != "extra" and not _same(there.get(name, ""), value)
        }
    if collection not in there["collections"]:
        changes["collections"] = [*there["collections"], collection]
    tags = _tags(item, there, ours=ours)
    if tags is not None:
        changes["tags"] = tags
    return _part(there, **changes) if changes else None


def _tags(item: ZoteroItem, there: Data, *, ours: bool) -> list[dict[str, Any]] | None:
    """The tags as they are to be; None if they are. What a person gave stays."""
    have = list(there["tags"])
    kept = [tag for tag in have if not (ours and is_automatic(tag)) or tag["tag"] in item.tags]
    names = {tag["tag"] for tag in kept}
    new = tag_data([name for name in item.tags if name not in names])
    return [*kept, *new] if new or len(kept) < len(have) else None


def _note(
    note: ZoteroNote, there: Data | None, parent: str, collection: str
) -> list[dict[str, Any]]:
    wanted = (*note.tags, marker(collection))
    if there is None:
        made = {"itemType": "note", "key": note.key, "version": 0, "parentItem": parent}
        return [made | {"note": note.content, "tags": tag_data(wanted), "relations": {}}]
    changes: dict[str, Any] = {}
    if plain_words(there["note"]) != plain_words(note.content):
        changes["note"] = note.content
    if {tag["tag"] for tag in there["tags"]} != set(wanted):
        changes["tags"] = tag_data(wanted)
    if there.get("parentItem") != parent:
        changes["parentItem"] = parent
    return [_part(there, **changes)] if changes else []


def _part(there: Data, **changes: Any) -> dict[str, Any]:
    """An object's changes alone: the rest of it stays as it is."""
    return {"key": there["key"], "version": there["version"], **changes}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.split()) == " ".join(other.split())
    return bool(one == other)
