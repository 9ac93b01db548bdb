"""JSON Lines: all that a channel holds, and back again. The schema is in docs/archive-format.md.

`load` into an empty database, then `dump`, gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.archive.body import Body, Part, load
from bot.archive.body import dump as dump_body
from bot.archive.prose import papers_of, prose, read_again
from bot.archive.sources import BadArchive
from bot.model.channel import Channel
from bot.store import Transaction
from bot.store.rows import Row, Rows

FORMAT = "papertakes-archive"
VERSION = 1

_TABLES = ("member", "paper", "digest", "entry", "take", "document")
_LINKS: Mapping[str, Mapping[str, str]] = {
    "member": {},
    "paper": {},
    "digest": {},
    "entry": {"paper_id": "paper", "member_id": "member", "digest_id": "digest"},
    "take": {"entry_id": "entry", "member_id": "member", "digest_id": "digest"},
    "document": {"digest_id": "digest"},
}
"""Columns that hold another record's number."""


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
        for kind in _TABLES
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
    for kind in _TABLES:
        lines += [_record(kind, row, numbers) for row in found[kind]]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _record(kind: str, row: Row, numbers: Mapping[str, Mapping[int, int]]) -> Mapping[str, Any]:
    record: dict[str, Any] = {"type": kind, "n": numbers[kind][row["id"]]}
    for column, value in row.items():
        if column in {"id", "channel_id"}:
            continue
        if (other := _LINKS[kind].get(column)) is not None:
            record[other] = None if value is None else numbers[other].get(value)
        elif column == "body":
            record["body"] = json.loads(dump_body(_renumbered(load(value), numbers["take"])))
        else:
            record[column] = value.isoformat() if isinstance(value, datetime) else value
    return record


def _renumbered(body: Body, numbers: Mapping[int, int]) -> Body:
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


async def restore(tx: Transaction, channel: Channel, text: str) -> Mapping[str, int]:
    """Put an archive's records into a channel; returns how many of each kind are new.

    What is there already stays as it is. Raises BadArchive.
    """
    rows = Rows(tx.session)
    numbers: dict[str, dict[int, int]] = {kind: {} for kind in _TABLES}
    new = dict.fromkeys(_TABLES, 0)
    texts: dict[int, str] = {}
    for line, record in _records(text):
        kind = record["type"]
        try:
            values = {
                column: _value(column, value)
                for column, value in record.items()
                if column not in {"type", "n"} and column not in _LINKS[kind].values()
            }
            for column, other in _LINKS[kind].items():
                linked = record.get(other)
                values[column] = None if linked is None else numbers[other][linked]
            if kind == "document":
                body = load(json.dumps(record["body"]))
                values["body"] = dump_body(_renumbered(body, numbers["take"]))
                values["prose"] = await _prose(tx, channel, record["path"], body, texts)
            number, made = await rows.put(kind, channel, values)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadArchive(f"line {line}: not a record of a {kind}: {error!r}") from None
        numbers[kind][record["n"]] = number
        if kind == "take":
            texts[record["n"]] = record["text"]
        new[kind] += made
    return new


async def _prose(
    tx: Transaction, channel: Channel, path: str, body: Body, takes: Mapping[int, str]
) -> str:
    """What is searched of a file, which its record does not hold."""
    document, own = read_again(path, body, takes)
    papers = await tx.documents.paper_texts(channel.scope, sorted(papers_of(document)))
    return prose(document, papers, own)


def _records(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
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
        if kind in _TABLES:
            if not isinstance(record.get("n"), int):
                raise BadArchive(f"line {number}: a record without a number")
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
    found = dict.fromkeys(_TABLES, 0)
    for _, record in _records(text):
        found[record["type"]] += 1
    return found


def _value(column: str, value: Any) -> Any:
    if value is not None and (column.endswith("_at") or column in _MOMENTS):
        return datetime.fromisoformat(value)
    return value


_MOMENTS = {"period_start", "period_end", "published", "updated"}
