"""An archive in: files are read, and what they say is put on a channel's list.

A file is known by its path and checksum, so that importing twice adds nothing, and each thousand
files are one transaction, so that an import that was interrupted goes on where it stood.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.archive import jsonl
from bot.archive.batch import Batch, Read
from bot.archive.channel import archive_channel, finish_channel, take_settings
from bot.archive.model import Kind
from bot.archive.paths import safe_name
from bot.archive.reader import parse
from bot.archive.report import Report
from bot.archive.restore import restore
from bot.archive.sources import BadArchive, Found, Skipped, Source, open_source
from bot.archive.titles import has_cjk
from bot.ops.memory import uncollected
from bot.store import Store

BATCH = 1_000
"""Files in one transaction: some seconds of work at most, on a slow disk too."""

_SUFFIX = re.compile(r"\.\w{1,10}\Z", re.ASCII)

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


async def import_archive(
    store: Store,
    path: Path,
    channel: str,
    *,
    now: datetime,
    member: str = "archive",
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Read the file, folder or ZIP at `path` into the channel of that id or name.

    An archive channel is made if there is none of that name. Raises BadArchive, NoChannel.
    """
    if path.suffix.lower() == ".jsonl":
        return await _restore(store, path, channel, now, dry_run=dry_run)
    source = await asyncio.to_thread(open_source, path)
    report = Report(channel, dry_run, files=len(source.files), skipped=source.skipped)
    known = await _checksums(store, channel)
    tags: set[tuple[str, ...]] = set()
    for start in range(0, len(source.files), BATCH):
        files = source.files[start : start + BATCH]
        with uncollected():
            read = await asyncio.to_thread(_read, source, files, known, report)
            tags |= {one.document.tags for one in read if one.document.kind is Kind.DIGEST}
            if read:
                await _write(store, channel, member, read, now, report, korean=_is_korean(read))
            del read  # or the collector, once it is on again, goes through all of it
        progress(min(start + BATCH, len(source.files)), len(source.files))
    if report.digests and not dry_run:
        async with store.begin() as tx:
            await finish_channel(tx, await archive_channel(tx, channel, now), tags)
    return report


async def import_bytes(
    store: Store,
    name: str,
    data: bytes,
    channel: str,
    *,
    now: datetime,
    member: str = "archive",
    dry_run: bool = False,
) -> Report:
    """`import_archive` for a file that is held in memory, such as an attachment.

    `name` tells what it is by its suffix. Raises BadArchive, NoChannel.
    """
    with tempfile.TemporaryDirectory(prefix="papertakes-") as folder:
        stem, suffix = safe_name(Path(name).stem), _SUFFIX.search(name)
        path = Path(folder, stem + (suffix[0] if suffix else ""))
        await asyncio.to_thread(path.write_bytes, data)
        try:
            return await import_archive(
                store, path, channel, now=now, member=member, dry_run=dry_run
            )
        except BadArchive as error:
            raise BadArchive(str(error).removeprefix(f"{path}: ")) from None


async def _restore(
    store: Store, path: Path, channel: str, now: datetime, *, dry_run: bool
) -> Report:
    """JSON Lines that an export wrote, all in one transaction."""
    try:
        text = await asyncio.to_thread(path.read_text, "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArchive(f"{path}: cannot be read: {error}") from None
    if not jsonl.is_archive(text):
        raise BadArchive(f"{path}: not an archive of Papertakes")
    report = Report(channel, dry_run, files=1)
    if dry_run:
        report.take_counts(jsonl.count(text))
        return report
    async with store.begin() as tx:
        known = await tx.channels.named(channel)
        place = await archive_channel(tx, channel, now)
        if not known:
            place = await take_settings(tx, place, jsonl.channel_of(text), now)
        report.take_counts(await restore(tx, place, text))
    return report


async def _checksums(store: Store, channel: str) -> dict[str, str]:
    async with store.read() as tx:
        found = await tx.channels.named(channel)
        return dict(await tx.documents.checksums(found[0].id)) if len(found) == 1 else {}


def _read(
    source: Source, files: Sequence[Found], known: dict[str, str], report: Report
) -> list[Read]:
    """Read and parse files that are new or have changed."""
    done: list[Read] = []
    for found in files:
        data = source.read(found)
        if isinstance(data, Skipped):
            report.skipped.append(data)
            continue
        checksum = hashlib.sha256(data).hexdigest()
        if known.get(found.path) == checksum:
            report.unchanged += 1
            continue
        document = parse(found.path, data)
        report.read(found.path, document)
        done.append(Read(found.path, checksum, document, alone=len(source.files) == 1))
    return done


async def _write(
    store: Store,
    channel: str,
    member: str,
    read: Sequence[Read],
    now: datetime,
    report: Report,
    *,
    korean: bool,
) -> None:
    if report.dry_run:
        async with store.read() as tx:
            existing = await tx.channels.named(channel)
            await Batch(tx, existing[0] if len(existing) == 1 else None, report).count(read)
        return
    async with store.begin() as tx:
        place = await archive_channel(tx, channel, now, korean=korean)
        await Batch(tx, place, report).write(read, member, now)


def _is_korean(read: Sequence[Read]) -> bool:
    texts = [one.document.text for one in read]
    return sum(map(has_cjk, texts)) * 2 > len(texts)
