"""The command line's verbs for an archive, `import` and `export`, on an open database."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.archive.exporter import ExportReport, Format, export_archive, export_name
from bot.archive.formats.tree import TreeOptions
from bot.archive.importing.channel import discord_id
from bot.archive.importing.importer import Progress as Told
from bot.archive.importing.importer import import_archive
from bot.archive.importing.report import Report
from bot.archive.paths import Names, below, safe_name
from bot.archive.site import SiteOptions
from bot.archive.site.home import HOME, RESERVED, ChannelSite, home
from bot.archive.site.pages import HomeAbove
from bot.archive.writing import ExportFailed, Written, write_tree
from bot.isolation import RecordKind, isolated
from bot.model.channel import Channel
from bot.papers.channels import channel_named
from bot.store import Store

_LISTED = 20
_HOME_TITLE = "Papertakes"
"""What the page of several channels is called where the host names none."""
_LINK = "a link, which may lead elsewhere: nothing is written through it"


async def import_verb(
    store: Store,
    path: Path,
    channel: str,
    *,
    now: datetime,
    member: str = "archive",
    dry_run: bool = False,
    replies: bool = False,
) -> Report:
    """Import a file, folder or ZIP, with a progress bar on standard error where that is a terminal.

    Raises BadArchive, NoChannel.
    """
    with _bar(f"Importing {path.name}") as told:
        report = await import_archive(
            store,
            path,
            channel,
            now=now,
            member=member,
            dry_run=dry_run,
            replies=replies,
            progress=told,
        )
    async with store.read() as tx:
        found = await tx.channels.named(channel)
    report.unmet = found[0].guild_unknown if found else discord_id(channel) is not None
    return report


async def export_verb(
    store: Store,
    folder: Path,
    channel: str | None,
    format: Format,
    *,
    options: TreeOptions,
    site: SiteOptions = SiteOptions(),  # noqa: B008 (frozen)
    git: bool = False,
) -> list[ExportReport]:
    """Export one channel into `folder`; without a name the only one, or each into its own folder,
    the sites of several below one page that leads to them.

    `site` is for the site that is read at `folder`. A channel whose own folder may not be written
    is left out and told. Raises ExportFailed, NoChannel.
    """
    async with store.read() as tx:
        if channel is not None:
            channels = [await channel_named(tx, channel)]
        else:
            channels = list(await tx.channels.every())
    folders = _folders(folder, [one.name for one in channels])
    several = len(channels) > 1
    done: list[ExportReport] = []
    refused: ExportFailed | None = None
    for one, into in zip(channels, folders, strict=True):
        if into != folder and below(folder, into.name) is None:
            # `folder` itself may be a link: the host named it.
            done.append(ExportReport(into, Written(), refused=_LINK, channel=one.name))
            continue
        with isolated(RecordKind.CHANNEL, one.id) as attempt:
            try:
                shown = _below(site, into) if several else site
                done.append(
                    await export_archive(
                        store, into, one, format, options=options, site=shown, git=git
                    )
                )
            except ExportFailed as error:
                refused = error
        if refused is not None:
            raise refused
        if attempt.failed:
            done.append(ExportReport(into, Written(), failed=attempt.failed, channel=one.name))
    if several and format is Format.SITE:
        done.append(await asyncio.to_thread(_write_home, folder, channels, done, site))
    return done


def _below(site: SiteOptions, into: Path) -> SiteOptions:
    """The options of a channel's own site, one folder below the page of all channels."""
    url = f"{site.url}{quote(into.name)}/" if site.url else None
    return SiteOptions(url, home=HomeAbove(site.title or _HOME_TITLE))


def _write_home(
    folder: Path, channels: Sequence[Channel], done: Sequence[ExportReport], site: SiteOptions
) -> ExportReport:
    sites = [ChannelSite(one.folder.name, one.summary) for one in done if one.summary is not None]
    for one in channels:
        # Where there was one channel, its site was here.
        write_tree(folder, (), export_name(Format.SITE, one))
    pages = home(sites, site.title or _HOME_TITLE, site.about, site.url)
    return ExportReport(folder, write_tree(folder, pages, HOME))


def exported_text(done: list[ExportReport]) -> str:
    """What an export did, for people."""
    lines: list[str] = []
    for one in done:
        written = one.written
        if one.refused:
            continue
        if one.failed:
            lines.append(f"{one.folder}: could not be exported; the log says why: {one.failed}")
            continue
        lines.append(
            f"{one.folder}: {len(written.added)} added, {len(written.changed)} changed, "
            f"{len(written.removed)} removed, {written.unchanged} unchanged"
        )
        refused = [f"  not written: {path}: {reason}" for path, reason in written.refused]
        lines += refused[:_LISTED]
        if len(refused) > _LISTED:
            lines.append(f"  … and {len(refused) - _LISTED} more")
        if one.commit:
            lines.append(f"  committed: {one.commit.splitlines()[0]}")
    if not done:
        return "nothing to export: no channel has a list yet"
    return "\n".join(lines)


def not_exported(done: list[ExportReport]) -> str:
    """The folders that may not be written, a line each."""
    return "\n".join(f"{one.folder}: {one.refused}" for one in done if one.refused)


def exported_data(done: list[ExportReport]) -> list[Mapping[str, Any]]:
    """What an export did, for `--json`."""
    return [
        {
            "folder": str(one.folder),
            "added": one.written.added,
            "changed": one.written.changed,
            "removed": one.written.removed,
            "unchanged": one.written.unchanged,
            "refused": [{"path": path, "reason": reason} for path, reason in one.written.refused],
            "commit": one.commit,
            "failed": one.failed,
            "not_written": one.refused,
        }
        for one in done
    ]


def _folders(folder: Path, names: list[str]) -> list[Path]:
    if len(names) < 2:
        return [folder] * len(names)
    taken = Names()
    for name in RESERVED:
        taken.take(name)
    return [folder / taken.take(safe_name(name)) for name in names]


@contextmanager
def _bar(title: str) -> Iterator[Told]:
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield told
