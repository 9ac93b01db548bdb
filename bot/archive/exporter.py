"""An archive out: as Markdown files, as JSON Lines, for reference managers, as a site."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.archive.contents import ArchiveContents, contents
from bot.archive.formats import bibliography
from bot.archive.formats.jsonl import dump
from bot.archive.formats.tree import TreeOptions, tree
from bot.archive.git import commit
from bot.archive.paths import safe_name
from bot.archive.site.build import SiteBuilder, SiteOptions, SiteSummary
from bot.archive.writing import Written, write_file, write_tree
from bot.model.channel import Channel
from bot.store import Store
from bot.text.octets import utf8


class Format(StrEnum):
    """What `papertakes export` writes; `json` is JSON Lines."""

    MARKDOWN = "markdown"
    JSON = "json"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    SITE = "site"


_SUFFIXES = {
    Format.JSON: ".jsonl",
    Format.BIBTEX: ".bib",
    Format.RIS: ".ris",
    Format.CSL: ".csl.json",
}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written where; `commit` is the message of the commit, if one was made; `failed` the
    id in the log, if the channel could not be exported; `refused` why nothing may be written
    there; `summary` what a site holds, `channel` whose it is."""

    folder: Path
    written: Written
    commit: str | None = None
    failed: str | None = None
    refused: str | None = None
    channel: str = ""
    summary: SiteSummary | None = None


async def export_archive(
    store: Store,
    folder: Path,
    channel: Channel,
    format: Format,
    *,
    options: TreeOptions = TreeOptions(),  # noqa: B008 (frozen)
    site: SiteOptions = SiteOptions(),  # noqa: B008 (frozen)
    git: bool = False,
) -> ExportReport:
    """Write a channel's archive below `folder`; files whose content is the same are left alone.

    Raises ExportFailed.
    """
    summary: SiteSummary | None = None
    async with store.read() as tx:
        if format is Format.JSON:
            data = (await dump(tx, channel)).encode()
        else:
            archive = await contents(tx, channel)
    name = export_name(format, channel)
    if format is Format.MARKDOWN:
        written = await asyncio.to_thread(write_tree, folder, tree(archive, options), name)
    elif format is Format.SITE:
        written, summary = await asyncio.to_thread(_write_site, folder, archive, site, name)
    else:
        if format is not Format.JSON:
            data = utf8(_bibliography(archive, format))
        path = folder / f"{safe_name(channel.name)}{_SUFFIXES[format]}"
        written = await asyncio.to_thread(write_file, path, data)
    message = await commit(folder, written, channel.name) if git else None
    return ExportReport(folder, written, message, channel=channel.name, summary=summary)


def export_name(format: Format, channel: Channel) -> str:
    """What tells a channel's export from others that were written into the same folder."""
    return f"{format.value} of {channel.discord_id or channel.name}"


def _write_site(
    folder: Path, archive: ArchiveContents, options: SiteOptions, name: str
) -> tuple[Written, SiteSummary]:
    builder = SiteBuilder(archive, options)
    return write_tree(folder, builder.files(), name), builder.summary()


def _bibliography(archive: ArchiveContents, format: Format) -> str:
    render = {
        Format.BIBTEX: bibliography.bibtex,
        Format.RIS: bibliography.ris,
        Format.CSL: bibliography.csl,
    }[format]
    return render(archive.papers(), archive.accessed())
