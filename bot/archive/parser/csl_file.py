"""Reading JSON of reference managers: CSL JSON, and Better BibTeX's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.archive.parser.library import LibraryRecord
from bot.archive.parser.properties import people

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')
_NOTES: Final = ("note", "annote", "annotation")
_DEEPEST: Final = 20

Span = tuple[int, int]


def csl_records(text: str) -> Iterator[LibraryRecord]:
    """The papers of a file; none if it is other JSON."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return
    items = data.get("items") if isinstance(data, dict) else data
    if not isinstance(items, list):
        return
    places = list(_objects(text, inside="items" if isinstance(data, dict) else None))
    folders = _collections(data) if isinstance(data, dict) else {}
    for item, (span, notes) in zip(items, places, strict=False):
        if isinstance(item, dict) and ("title" in item or "citation-key" in item):
            yield _record(item, span, notes, folders)


def _record(
    item: Mapping[str, Any], span: Span, notes: list[Span], folders: Mapping[Any, list[str]]
) -> LibraryRecord:
    def told(*keys: str) -> list[str]:
        return [value for key in keys if isinstance(value := item.get(key), str) and value]

    return LibraryRecord(
        *span,
        title=next(iter(told("title")), ""),
        authors=people([*_people(item.get("author") or item.get("creators")), ""]),
        abstract=next(iter(told("abstract", "abstractNote")), ""),
        references=told("arxiv", "archiveID", "number", "URL", "url", "DOI", "note", "extra"),
        tags=[*_tags(item), *folders.get(item.get("itemID"), ())],
        days=[*told("dateAdded", "dateModified"), _date(item.get("accessed"))],
        notes=notes,
    )


def _people(people: Any) -> Iterator[str]:
    for one in people if isinstance(people, list) else ():
        if isinstance(one, dict):
            given = one.get("given") or one.get("firstName") or ""
            family = one.get("family") or one.get("lastName") or one.get("name") or ""
            name = one.get("literal") or f"{given} {family}".strip()
            if one.get("creatorType", "author") == "author" and isinstance(name, str):
                yield name


def _tags(item: Mapping[str, Any]) -> Iterator[str]:
    tags = item.get("tags") or item.get("keyword") or ()
    for one in re.split(r"[,;]", tags) if isinstance(tags, str) else tags:
        name = one.get("tag") if isinstance(one, dict) else one
        if isinstance(name, str):
            yield name


def _collections(data: Mapping[str, Any]) -> dict[Any, list[str]]:
    """The names of the collections that hold each item, by its number."""
    found: dict[Any, list[str]] = {}
    collections = data.get("collections")
    for one in collections.values() if isinstance(collections, dict) else ():
        if isinstance(one, dict) and isinstance(one.get("items"), list):
            for item in one["items"]:
                if isinstance(item, int | str):
                    found.setdefault(item, []).append(str(one.get("name", "")))
    return found


def _date(value: Any) -> str:
    parts = value.get("date-parts") if isinstance(value, dict) else value
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(str(part) for part in parts[0])
    return parts if isinstance(parts, str) else ""


def _objects(text: str, inside: str | None) -> Iterator[tuple[Span, list[Span]]]:
    """Where each object of the list of items stands, and the notes in it."""
    depth = 0
    base = 1 if inside is None else 2
    keys: list[str] = [""] * _DEEPEST
    begun, notes, key_next = 0, list[Span](), False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth >= _DEEPEST:
                return
            keys[depth] = ""
            if mark == "{" and depth == base + 1 and (inside is None or keys[1] == inside):
                begun, notes = token.start(), []
            key_next = mark == "{"
        elif mark in "]}":
            if mark == "}" and depth == base + 1 and (inside is None or keys[1] == inside):
                yield (begun, token.end()), notes
            depth -= 1
        elif mark == ",":
            key_next = keys[depth] != ""  # in an object, after its first pair
        elif mark == ":":
            key_next = False
        elif key_next:
            keys[depth], key_next = mark[1:-1], False
        elif depth > base and keys[depth] in _NOTES and _of_item(keys, base, depth):
            notes.append((token.start() + 1, token.end() - 1))


def _of_item(keys: list[str], base: int, depth: int) -> bool:
    return depth == base + 1 or keys[base + 1] == "notes"
