"""What the command line's verbs do on a database, with or without a bot running on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bot.archive.exporter import ExportReport, Format
from bot.archive.formats.tree import TreeOptions
from bot.archive.importing.report import Report
from bot.archive.parser.post import post_text
from bot.archive.publish import PublishReport
from bot.archive.verbs import export_verb, import_verb
from bot.archive.zotero.push import PushReport, push
from bot.config import Settings
from bot.derived import DERIVED
from bot.digest import discord_messages, markdown
from bot.digest.service import DigestService
from bot.errors import HostError
from bot.isolation import RecordKind, either
from bot.model.digest import Compiled
from bot.model.paper import Paper
from bot.model.search import Hit, HitLine, SearchedFile
from bot.papers.channels import PaperChannels
from bot.papers.search import PaperSearch
from bot.services import publisher, site_options, utc_now
from bot.store import Store, change_mark, current, upgrade
from bot.store.backup.dump import backup, restore
from bot.store.derived import refresh

_LINES: Final = 8
"""Lines of a paper that a search shows."""


class NotPublishing(HostError):
    """No place to publish at is set."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The database of the settings, at this version's schema and all that is derived."""
    store = Store(settings.database.resolved())
    try:
        await upgrade(store)
        async with store.patient() as patient:
            await refresh(patient, DERIVED)
            yield patient
    finally:
        await store.close()


async def digest_text(
    settings: Settings, channel: str, period: str | None, *, as_messages: bool
) -> str:
    """The digest of a channel as text: Markdown, or Discord's messages one after the other.

    One that came from an archive is its author's own file, as Markdown. Raises NoChannel,
    BadPeriod.
    """
    async with opened(settings) as store:
        digests = DigestService(store, PaperChannels(settings.digest, utc_now), utc_now)
        listing = await digests.listing_of(channel, period)
        written: str | None = None
        if listing.digest is not None and not as_messages:
            async with store.read() as tx:
                written = await post_text(tx, listing.digest.id)
    if written is not None:
        return written
    return _messages(listing.compiled) if as_messages else markdown.render(listing.compiled)


def _messages(compiled: Compiled) -> str:
    return "\n\n---\n\n".join(discord_messages.render(compiled).texts)


async def import_path(
    settings: Settings, path: Path, channel: str, *, member: str, dry_run: bool, replies: bool
) -> Report:
    """Take an archive into a channel. Raises BadArchive, NoChannel."""
    async with opened(settings) as store:
        return await import_verb(
            store,
            path,
            channel,
            now=utc_now(),
            member=member,
            dry_run=dry_run,
            replies=replies,
        )


async def export_folder(
    settings: Settings,
    folder: Path,
    channel: str | None,
    format: Format,
    *,
    options: TreeOptions,
    url: str | None,
    git: bool,
) -> list[ExportReport]:
    """Write a channel's archive, or all of them. `url`: where a site is read, if not where the
    settings say. Raises ExportFailed, NoChannel, BadSiteUrl."""
    site = site_options(settings.archive, url)
    async with opened(settings) as store:
        return await export_verb(
            store, folder, channel, format, options=options, site=site, git=git
        )


async def watch_site(
    settings: Settings,
    folder: Path,
    channel: str | None,
    *,
    url: str | None,
    told: Callable[[list[ExportReport]], None],
    pause: float = 2.0,
) -> None:
    """Write the site, and again whenever something has changed, until it is stopped.

    `told` is called after each time. Raises ExportFailed, NoChannel, BadSiteUrl.
    """
    site = site_options(settings.archive, url)
    async with opened(settings) as store:
        seen: str | None = None
        while True:
            now = await change_mark(store)
            if now != seen:
                told(
                    await export_verb(
                        store, folder, channel, Format.SITE, options=TreeOptions(), site=site
                    )
                )
                # What the export itself wrote, if anything, is no change.
                seen = now
            await asyncio.sleep(pause)


async def publish_now(settings: Settings) -> PublishReport:
    """Publish as after a digest. Raises PublishFailed, NotPublishing."""
    async with opened(settings) as store:
        found = publisher(settings, store, utc_now)
        if found is None:
            raise NotPublishing("archive.publish is not set: write a folder or a repository there")
        return await found.publish()


async def search_text(
    settings: Settings, query: str, channel: str | None
) -> tuple[str, list[dict[str, Any]]]:
    """What is found in a channel, or in all of them, as text and as data, best first. Where nothing
    has the words as they were typed, both say what was looked for instead.

    Raises NoChannel, SearchEmpty, SearchTooLong, SearchBadDate.
    """
    async with opened(settings) as store:
        found = await PaperSearch(store).search_named(channel, query)
    near = [f"Nothing for {query}; shown is {found.meant}."] if found.meant else []
    text = "\n\n".join([*near, *map(_hit_text, found.hits)])
    return f"{text}\n" if text else "", [_hit_data(hit, found.meant) for hit in found.hits]


async def related_rows(
    settings: Settings, reference: str, channel: str, limit: int
) -> list[dict[str, str | None]]:
    """The papers around one of a channel, the nearest first, each with why.

    Raises NoChannel, NotListed, NotListedNear, SeveralPapers.
    """
    async with opened(settings) as store:
        found = await PaperSearch(store).related_named(channel, reference, limit)
    rows = [
        _related_data(entry.paper, reason)
        for reason, entries in found.by_reason.items()
        for entry in entries
    ]
    return rows[:limit]


def _related_data(paper: Paper, reason: str) -> dict[str, str | None]:
    return {
        "id": paper.reference,
        "title": paper.shown_title,
        "url": paper.url,
        "reason": reason,
    }


def _hit_text(hit: Hit) -> str:
    title, place = _named(hit)
    lines = [title, place, *(_line_text(line) for line in _lines(hit)[:_LINES])]
    return "\n".join(line for line in lines if line)


def _line_text(line: HitLine) -> str:
    words = "".join(part.text for part in line.words)
    return f"{line.take.member.name}: {words}" if line.take else words


def _lines(hit: Hit) -> Sequence[HitLine]:
    """Where the words stand; where they cannot be found, nothing."""
    return either(RecordKind.HIT, hit.kind.value, lambda: hit.lines, tuple)


def _named(hit: Hit) -> tuple[str, str]:
    """What a hit is called, and where it stands: a paper's address, a file's path."""
    if hit.document is not None:
        return hit.document.title, hit.document.path
    return (hit.paper.shown_title, hit.paper.url) if hit.paper else ("", "")


def _hit_data(hit: Hit, meant: str) -> dict[str, Any]:
    lines = [_line_data(line) for line in _lines(hit)]
    first = lines[0] if lines else {"snippet": [], "take": None}
    return {
        "kind": hit.kind.value,
        "title": _named(hit)[0],
        "url": hit.paper and hit.paper.url,
        # The best of the lines, for those who want one.
        "snippet": first["snippet"],
        "take": first["take"],
        "lines": lines,
        "document": hit.document and _file_data(hit.document),
        "meant": meant or None,
    }


def _line_data(line: HitLine) -> dict[str, Any]:
    return {
        "snippet": [{"text": part.text, "asked": part.asked} for part in line.words],
        "take": line.take
        and {
            "member": line.take.member.name,
            "text": line.take.text,
            "created_at": line.take.created_at.isoformat(),
        },
        "document": line.file and _file_data(line.file),
    }


def _file_data(file: SearchedFile) -> dict[str, Any]:
    return {"path": file.path, "day": file.day and file.day.isoformat()}


async def push_to_zotero(
    settings: Settings, channel: str, *, collection: str | None, dry_run: bool
) -> PushReport:
    """Bring a group's collection in step with a channel. Raises ZoteroTrouble, NoChannel."""
    async with opened(settings) as store:
        return await push(store, settings.zotero, channel, collection=collection, dry_run=dry_run)


async def backup_into(settings: Settings, path: Path) -> Mapping[str, int]:
    """Write everything into one file; returns how many rows of which table. Raises BackupFailed."""
    async with opened(settings) as store:
        return await backup(store, path, utc_now())


async def restore_from(settings: Settings, path: Path) -> Mapping[str, int]:
    """Fill an empty database from a backup. Raises BackupFailed, SchemaNewer."""
    store = Store(settings.database.resolved())
    try:
        counts = await restore(store, path)
        await refresh(store, DERIVED)
        return counts
    finally:
        await store.close()


async def upgrade_database(settings: Settings) -> str:
    """Run the missing migrations; returns the revision."""
    async with opened(settings) as store:
        return (await current(store))[1]


async def current_revision(settings: Settings) -> tuple[str | None, str]:
    """The database's revision and this version's."""
    store = Store(settings.database.resolved())
    try:
        return await current(store)
    finally:
        await store.close()
