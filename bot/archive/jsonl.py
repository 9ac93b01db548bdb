"""JSON Lines: all that a channel holds. The schema is in docs/archive-format.md.

`restore` into an empty database, then `dump`, gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.archive.body import Body, Part, load
from bot.archive.body import dump as dump_body
from bot.archive.sources import BadArchive
from bot.model.channel import Channel
from bot.store import Transaction
from bot.store.rows import Row, Rows

FORMAT = "papertakes-archive"
VERSION = 1

TABLES = ("member", "paper", "digest", "entry", "take", "document")
LINKS: Mapping[str, Mapping[str, str]] = {
    "member": {},
    "paper": {},
    "digest": {},
    "entry": {"paper_id": "paper", "member_id": "member", "digest_id": "digest"},
    "take": {"entry_id": "entry", "member_id": "member", "digest_id": "digest"},
    "document": {"digest_id": "digest"},
}
"""Columns that hold another record's number."""
ARRANGEMENT = "arrangement"
"""The type of a record that tells in which order a manager put a digest's entries."""


async def dump(tx: Transaction, channel: Channel) -> str:
    """The channel as JSON Lines. Numbers count the records of their kind."""
    rows = Rows(tx.session)
    found: dict[str, list[Row]] = {
        "digest": await rows.digests(channel.id),
        "entry": await rows.entries(channel.id),
        "take": await rows.takes(channel.id),
        "document": await rows.documents(channel.id),
    }
    writers = [row["member_id"] for kind in ("entry", "take") for row in found[kind]]
    found["member"] = await rows.members(list(dict.fromkeys(writers)))
    found["paper"] = await rows.papers(
        list(dict.fromkeys(row["paper_id"] for row in found["entry"]))
    )
    numbers = {
        kind: {row["id"]: place for place, row in enumerate(found[kind], start=1)}
        for kind in TABLES
    }
    lines: list[Mapping[str, Any]] = [
        {"type": "archive", "format": FORMAT, "version": VERSION},
        {
            "type": "channel",
            "name": channel.name,
            "settings": asdict(channel.settings),
            "intro": channel.intro,
        },
    ]
    for kind in TABLES:
        lines += [_record(kind, row, numbers) for row in found[kind]]
    lines += _arrangements(channel, await rows.arranged(channel.id), numbers)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _record(kind: str, row: Row, numbers: Mapping[str, Mapping[int, int]]) -> Mapping[str, Any]:
    record: dict[str, Any] = {"type": kind, "n": numbers[kind][row["id"]]}
    for column, value in row.items():
        if column in {"id", "channel_id"}:
            continue
        if (other := LINKS[kind].get(column)) is not None:
            record[other] = None if value is None else numbers[other].get(value)
        elif column == "body":
            record["body"] = json.loads(dump_body(renumbered(load(value), numbers["take"])))
        else:
            record[column] = value.isoformat() if isinstance(value, datetime) else value
    return record


def _arrangements(
    channel: Channel,
    arranged: Mapping[int, Sequence[int]],
    numbers: Mapping[str, Mapping[int, int]],
) -> Iterator[Mapping[str, Any]]:
    """Of each digest that has one; without a digest that of the next one."""

    def told(entries: Sequence[int]) -> list[int]:
        return [numbers["entry"][entry] for entry in entries if entry in numbers["entry"]]

    for digest, entries in arranged.items():
        number = numbers["digest"][digest]
        yield {"type": ARRANGEMENT, "digest": number, "entries": told(entries)}
    if channel.arranged or channel.left_out:
        coming = {"entries": told(channel.arranged), "left_out": told(channel.left_out)}
        yield {"type": ARRANGEMENT, "digest": None, **coming}


def renumbered(body: Body, numbers: Mapping[int, int]) -> Body:
    """A body with other numbers; 0, which no take has, for one that is no more."""
    pieces = [piece if isinstance(piece, str) else _part(piece, numbers) for piece in body.pieces]
    marks = {numbers.get(take, 0): as_read for take, as_read in body.marks.items()}
    return Body(tuple(pieces), marks)


def _part(part: Part, numbers: Mapping[int, int]) -> Part:
    number = numbers.get(part.take, 0)
    return Part(number, part.start, part.end, part.crlf, part.patches)


def is_archive(text: str) -> bool:
    """Whether a file is one that `dump` made."""
    first = text.partition("\n")[0]
    return first.startswith("{") and FORMAT in first


def records(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The records of known kinds, with the numbers of their lines."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            kind = record["type"]
        except (ValueError, KeyError, TypeError):
            raise BadArchive(f"line {number}: not a record of an archive") from None
        if kind == "archive" and record.get("version") != VERSION:
            raise BadArchive(f"version {record.get('version')}: written by a newer Papertakes")
        if kind in TABLES and not isinstance(record.get("n"), int):
            raise BadArchive(f"line {number}: a record without a number")
        if kind in TABLES or kind == ARRANGEMENT:
            yield number, record


def channel_of(text: str) -> Mapping[str, Any]:
    """The record of the channel that an archive was made from."""
    for line in text.split("\n")[:3]:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict) and record.get("type") == "channel":
            return record
    return {}


def count(text: str) -> Mapping[str, int]:
    """How many records of each kind there are. Raises BadArchive."""
    found = dict.fromkeys(TABLES, 0)
    for _, record in records(text):
        if record["type"] in found:
            found[record["type"]] += 1
    return found
