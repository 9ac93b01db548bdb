"""The doctor's look at where the archive is published."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bot.archive.publish import PublishFailed
from bot.archive.publish.remote import Remote
from bot.config import ArchiveConfig
from bot.model.publication import Publication
from bot.model.remote import parse_target
from bot.ops.finding import Finding

_CHECK = "publishing"


async def examine(archive: ArchiveConfig, known: Publication | None, answer: float) -> Finding:
    """Whether the place can be reached, and what became of the last try."""
    where = archive.publish
    target = parse_target(where)
    if target.protocol is None:
        trouble = await asyncio.to_thread(_folder_trouble, Path(target.where))
        if trouble:
            return Finding(_CHECK, False, f"{where}: {trouble}", "see archive.publish")
        return _past(where, known)
    remote = Remote(target, archive.branch, archive.token.get_secret_value())
    try:
        async with asyncio.timeout(answer):
            branch, _ = await remote.find()
    except TimeoutError:
        return Finding(_CHECK, False, f"{where} does not answer", "it is tried again by itself")
    except PublishFailed as error:
        advice = "check archive.publish, and archive.token or this user's ssh keys"
        return Finding(_CHECK, False, f"{where}: {error}", advice)
    return _past(f"{where}, branch {branch}", known)


def _past(where: str, known: Publication | None) -> Finding:
    if known is None:
        return Finding(_CHECK, True, f"{where}: nothing yet; `papertakes publish` does it now")
    last = f"{known.published_at:%Y-%m-%d %H:%M} UTC" if known.published_at else "never"
    commit = f" ({known.commit[:10]})" if known.commit else ""
    told = f"{where}: last published {last}{commit}"
    if known.trouble:
        advice = "it is tried again by itself; `papertakes publish` tries now"
        return Finding(_CHECK, False, f"{told}; then failed: {known.trouble}", advice)
    return Finding(_CHECK, True, told)


def _folder_trouble(folder: Path) -> str:
    folder = folder.expanduser()
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return f"{folder} is no folder"
    return "" if os.access(folder, os.W_OK) else f"{folder} cannot be written to"
