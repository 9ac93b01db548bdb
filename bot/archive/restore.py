"""JSON Lines that an export wrote, back into a channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.archive import jsonl
from bot.archive.body import Body, load
from bot.archive.body import dump as dump_body
from bot.archive.jsonl import ARRANGEMENT, LINKS, TABLES
from bot.archive.prose import papers_of, prose, read_again
from bot.archive.sources import BadArchive
from bot.model.channel import Channel, read_settings
from bot.store import Transaction
from bot.store.restoring import Prepared, Restoring

_AT_ONCE: Final = 500
"""Records that are put together."""
_MOMENTS: Final = {"period_start", "period_end", "published", "updated"}
_WRONG: Final = (KeyError, TypeError, ValueError, AttributeError)

Numbered = tuple[int, Mapping[str, Any]]
"""A record with the number of its line."""


async def restore(tx: Transaction, channel: Channel, text: str) -> Mapping[str, int]:
    """Put an archive's records into a channel; returns how many of each kind are new.

    What is there already stays as it is. Raises BadArchive.
    """
    return await _Restore(tx, channel).run(text)


class _Restore:
    def __init__(self, tx: Transaction, channel: Channel) -> None:
        self.tx = tx
        self.channel = channel
        self.into = Restoring(tx.session, channel)
        self.numbers: dict[str, dict[int, int]] = {kind: {} for kind in TABLES}
        """The database's numbers of the records of each kind, by the archive's."""
        self.new = dict.fromkeys(TABLES, 0)
        self.new_digests: set[int] = set()
        self.texts: dict[int, str] = {}

    async def run(self, text: str) -> Mapping[str, int]:
        waiting: list[Numbered] = []
        for line, record in jsonl.records(text):
            if waiting and (len(waiting) == _AT_ONCE or waiting[0][1]["type"] != record["type"]):
                await self._put(waiting)
                waiting = []
            waiting.append((line, record))
        if waiting:
            await self._put(waiting)
        return self.new

    async def _put(self, records: Sequence[Numbered]) -> None:
        """Put records of one kind, which refer to those of others only."""
        kind = records[0][1]["type"]
        if kind == ARRANGEMENT:
            for line, record in records:
                await self._arrange(line, record)
            return
        bodies = await self._bodies(records) if kind == "document" else None
        rows: list[Prepared] = []
        for at, (line, record) in enumerate(records):
            try:
                values = self._values(kind, record)
                rows.append(self.into.prepared(kind, values | (bodies[at] if bodies else {})))
                if kind == "take":
                    self.texts[record["n"]] = record["text"]
            except _WRONG as error:
                raise _bad(line, kind, error) from None
        for (_, record), (number, made) in zip(
            records, await self.into.put(kind, rows), strict=True
        ):
            self.numbers[kind][record["n"]] = number
            self.new[kind] += made
            if kind == "digest" and made:
                self.new_digests.add(number)

    def _values(self, kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
        values = {
            column: _value(column, value)
            for column, value in record.items()
            if column not in {"type", "n", "body", *LINKS[kind].values()}
        }
        for column, other in LINKS[kind].items():
            linked = record.get(other)
            values[column] = None if linked is None else self.numbers[other][linked]
        if values.get("settings") is not None:
            read_settings(values["settings"])
        return values

    async def _bodies(self, records: Sequence[Numbered]) -> list[dict[str, str]]:
        """Bodies with the database's numbers, and what is searched of the files."""
        read: list[tuple[Body, Any]] = []
        for line, record in records:
            try:
                body = load(json.dumps(record["body"]))
                again = await asyncio.to_thread(read_again, record["path"], body, self.texts)
            except _WRONG as error:
                raise _bad(line, "document", error) from None
            read.append((body, again))
        urls = {url for _, (document, _) in read for url in papers_of(document)}
        papers = await self.tx.documents.paper_texts(self.channel.scope, sorted(urls))
        return [
            {
                "body": dump_body(jsonl.renumbered(body, self.numbers["take"])),
                "prose": prose(document, papers, own),
            }
            for body, (document, own) in read
        ]

    async def _arrange(self, line: int, record: Mapping[str, Any]) -> None:
        """Arrange a digest that this made, or the next one where nobody did yet."""
        entries = self.numbers["entry"]
        try:
            arranged = [entries[number] for number in record["entries"]]
            left_out = [entries[number] for number in record.get("left_out", ())]
            digest = record["digest"] and self.numbers["digest"][record["digest"]]
        except _WRONG as error:
            raise _bad(line, ARRANGEMENT, error) from None
        if digest in self.new_digests:
            await self.into.arrange(digest, arranged)
        elif digest is None and not (self.channel.arranged or self.channel.left_out):
            await self.tx.channels.arrange(self.channel.id, arranged=arranged, left_out=left_out)


def _bad(line: int, kind: str, error: Exception) -> BadArchive:
    return BadArchive(f"line {line}: not a record of a {kind}: {error!r}")


def _value(column: str, value: Any) -> Any:
    if value is not None and (column.endswith("_at") or column in _MOMENTS):
        return datetime.fromisoformat(value)
    return value
