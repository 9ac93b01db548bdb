"""A file that holds more than one piece of an import may: its papers and takes first, part by part,
and the file itself last.

Interrupted in between, it is a file that was not imported; what was put on the list meanwhile is
found again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.archive.importing.batch import FileBatch, Read
from bot.archive.importing.transactions import ROW, ImportTransactions
from bot.archive.parser.model import ArchivedEntry, ParsedFile
from bot.isolation import is_of_record
from bot.store import Transaction

LONG: Final = 300
"""Papers and takes of a file that is written in one piece: a year of weekly posts has more."""
LONG_TEXT: Final = 200_000
"""Characters of such a file."""


def is_long(document: ParsedFile) -> bool:
    """Whether a file is written in parts."""
    rows = sum(1 + len(entry.takes) for entry in document.entries)
    return rows > LONG or len(document.text) > LONG_TEXT


Batch = Callable[[Transaction], FileBatch]


async def write_long(
    pieces: ImportTransactions, batch: Batch, one: Read, member: str, now: datetime
) -> None:
    """Write a file in as many pieces as it needs."""
    async with pieces.piece() as tx:
        filing = await batch(tx).start(one, member, now)
    if filing is None:
        return
    try:
        for entries in _parts(one.document.entries, pieces):
            async with pieces.piece() as tx:
                await batch(tx).part(one, entries, filing, now)
        # What is made of a whole file takes its time: the database is free meanwhile.
        async with pieces.store.read() as tx:
            new = await batch(tx).made(one, filing)
        async with pieces.piece() as tx:
            await batch(tx).end(new, filing, now)
    except Exception as error:
        if is_of_record(error):  # it is kept as it came, and its words are not kept twice
            await _withdraw(pieces, batch, filing.new)
        raise
    await _withdraw(pieces, batch, filing.unneeded())


async def _withdraw(pieces: ImportTransactions, batch: Batch, numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), LONG):
        async with pieces.piece() as tx:
            await batch(tx).withdraw(numbers[start : start + LONG])


def _parts(
    entries: Sequence[ArchivedEntry], pieces: ImportTransactions
) -> Iterator[Sequence[ArchivedEntry]]:
    part: list[ArchivedEntry] = []
    weight = 0
    for entry in entries:
        part.append(entry)
        written = sum(one.end - one.start for take in entry.takes for one in take.slices)
        weight += 3 * ROW + written
        if weight >= pieces.size:
            yield part
            part, weight = [], 0
    if part:
        yield part
