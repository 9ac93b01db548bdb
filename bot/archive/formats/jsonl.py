"""JSON Lines: all that a channel holds. The schema is in docs/archive-format.md.

`restore` into an empty database, then `dump`, gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from bot.archive.formats.records import ARRANGEMENT, FORMAT, LINKS, VERSION
from bot.archive.parser.body import Body, TakePart, load
from bot.archive.parser.body import dump as dump_body
from bot.isolation import RecordKind, each
from bot.model.channel import Channel, ChannelSettings, read_settings, write_settings
from bot.store import Transaction
from bot.store.backup.row_export import RowExport
from bot.store.backup.row_json import Row, json_line

_OF_DISCORD = {"post_to", "post_to_forum"}
"""Settings that name another channel, which mean nothing elsewhere."""


async def dump(tx: Transaction, channel: Channel) -> str:
    """The channel as JSON Lines. Numbers count the records of their kind."""
    rows = RowExport(tx.session)
    found: dict[str, list[Row]] = {
        "paper": await rows.papers(channel.id),
        "digest": await rows.digests(channel.id),
        "entry": await rows.entries(channel.id),
        "take": await rows.takes(channel.id),
        "document": await rows.documents(channel.id),
    }
    writers = [row["member_id"] for kind in ("entry", "take") for row in found[kind]]
    found["member"] = await rows.members(list(dict.fromkeys(writers)))
    numbers = {
        kind: {row["id"]: place for place, row in enumerate(found[kind], start=1)} for kind in LINKS
    }
    lines: list[Mapping[str, Any]] = [
        {"type": "archive", "format": FORMAT, "version": VERSION},
        {
            "type": "channel",
            "name": channel.name,
            "settings": _settings(channel.settings),
            "intro": channel.intro,
        },
    ]
    for kind in LINKS:
        lines += each(
            RecordKind.EXPORTED,
            found[kind],
            partial(_record, kind, numbers=numbers),
            name=partial(_name, kind),
            plainly=partial(_plain_record, kind, numbers=numbers),
        )
    lines += _arrangements(channel, await rows.arranged(channel.id), numbers)
    return "".join(map(json_line, lines))


def _settings(settings: ChannelSettings) -> Mapping[str, Any]:
    return {
        name: value for name, value in write_settings(settings).items() if name not in _OF_DISCORD
    }


def _record(kind: str, row: Row, numbers: Mapping[str, Mapping[int, int]]) -> Mapping[str, Any]:
    record: dict[str, Any] = {"type": kind, "n": numbers[kind][row["id"]]}
    for column, value in row.items():
        if column == "id":
            continue
        if (other := LINKS[kind].get(column)) is not None:
            record[other] = None if value is None else numbers[other].get(value)
        else:
            record[column] = _told(column, value, numbers)
    return record


def _told(column: str, value: Any, numbers: Mapping[str, Mapping[int, int]]) -> Any:
    if column == "settings":
        return None if value is None else _settings(read_settings(value))
    if column == "body":
        return json.loads(dump_body(renumbered(load(value), numbers["take"])))
    return value


def _plain_record(
    kind: str, row: Row, numbers: Mapping[str, Mapping[int, int]]
) -> Mapping[str, Any]:
    """A record of which something cannot be told: that is left out, the rest stays. A file whose
    body cannot be read is its title on a page, for others to be read."""
    told = dict(row)
    if "settings" in told:
        told["settings"] = None
    if "body" in told:
        told["body"] = dump_body(Body((str(told["title"]),), {}))
    return _record(kind, told, numbers)


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
    return Body(tuple(pieces), marks, body.encoding)


def _part(part: TakePart, numbers: Mapping[int, int]) -> TakePart:
    number = numbers.get(part.take, 0)
    return part._replace(take=number)


def _name(kind: str, row: Row) -> str:
    return f"{kind} {row['id']}"
