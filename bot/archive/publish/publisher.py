"""Publishing: what should be there is written and, where it differs, pushed; once, or later."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.archive.exporter import ExportReport, Format
from bot.archive.formats.tree import TreeOptions
from bot.archive.publish.message import message
from bot.archive.publish.remote import PublishFailed, Remote
from bot.archive.site.build import SiteOptions
from bot.archive.verbs import export_verb
from bot.archive.writing import ExportFailed
from bot.model.publication import Publication
from bot.model.remote import PublishTarget
from bot.store import Store

log = structlog.get_logger()

MARKDOWN: Final = "markdown"
"""The folder of the Markdown, beside the site's pages."""
_SOONEST: Final = timedelta(minutes=1)
_LATEST: Final = timedelta(hours=1)
"""How long after a failure it is tried again: longer each time, up to this."""


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """Where the archive is published, and what its site says of itself."""

    target: PublishTarget
    site: SiteOptions
    branch: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was published: the commit and its message; no commit where nothing had changed, or
    where it is a folder."""

    message: str
    commit: str | None
    changed: int
    """Files."""


class Publisher:
    """Publishes all channels' archives at one place."""

    def __init__(
        self, store: Store, options: PublishOptions, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.options = options
        self.clock = clock

    async def run_due(self) -> PublishReport | None:
        """Publish if a digest was posted since the last time; after a failure once its time has
        come. A failure is noted, and told by `papertakes doctor`."""
        where = self.options.target.where
        async with self.store.read() as tx:
            known = await tx.publications.of(where)
            newest = await tx.publications.newest_digest()
        if not _due(known, newest, self.clock()):
            return None
        try:
            return await self.publish()
        except PublishFailed as error:
            log.warning("archive.not_published", where=where, reason=str(error))
            return None

    async def publish(self) -> PublishReport:
        """Publish now. Raises PublishFailed, which is noted."""
        where, now = self.options.target.where, self.clock()
        async with self.store.read() as tx:
            newest = await tx.publications.newest_digest()
        try:
            report = await self._publish()
        except (PublishFailed, ExportFailed, OSError) as error:
            reason = " ".join(str(error).split())[:400]
            async with self.store.begin() as tx:
                await tx.publications.failed(where, reason, now)
            raise PublishFailed(reason) from None
        async with self.store.begin() as tx:
            await tx.publications.done(where, newest, report.commit, now)
        log.info("archive.published", where=where, commit=report.commit, message=report.message)
        return report

    async def _publish(self) -> PublishReport:
        target = self.options.target
        if target.protocol is None:
            done = await self._write(Path(os.path.expanduser(target.where)))  # noqa: ASYNC240
            return PublishReport(message(done), None, _changed(done))
        remote = Remote(target, self.options.branch, self.options.token)
        with tempfile.TemporaryDirectory(prefix="papertakes-publish-") as made:
            folder = Path(made)
            branch = await remote.fetch(folder)
            done = await self._write(folder)
            # GitHub's pages would be made anew from the Markdown without it.
            (folder / ".nojekyll").touch()
            told = message(done)
            commit = await remote.push(folder, branch, told)
        return PublishReport(told, commit, _changed(done))

    async def _write(self, folder: Path) -> list[ExportReport]:
        options, site = TreeOptions(), self.options.site
        pages = await export_verb(self.store, folder, None, Format.SITE, options=options, site=site)
        notes = await export_verb(
            self.store, folder / MARKDOWN, None, Format.MARKDOWN, options=options
        )
        unwritten = [path for one in (*pages, *notes) for path, _ in one.written.refused]
        if unwritten:
            log.warning("archive.not_written", count=len(unwritten), paths=unwritten[:5])
        for report in (*pages, *notes):
            # Half of an archive is not pushed: what is missing would be taken away there.
            if report.failed or report.refused:
                why = report.refused or f"could not be exported; the log says why: {report.failed}"
                raise PublishFailed(f"{report.channel}: {why}")
        return [*pages, *notes]


def _changed(done: list[ExportReport]) -> int:
    return sum(len(report.written.touched) for report in done)


def _due(known: Publication | None, newest: datetime | None, now: datetime) -> bool:
    if known is None:
        return True
    if known.tries:
        wait = min(_SOONEST * 2 ** min(known.tries - 1, 10), _LATEST)
        return known.tried_at is None or now >= known.tried_at + wait
    return newest is not None and (known.up_to is None or newest > known.up_to)
