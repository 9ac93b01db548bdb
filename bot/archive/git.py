"""Committing an export, with git's own command."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.archive.writing import MANIFEST, ExportFailed, Written

_LISTED = 20


async def commit(root: Path, written: Written, channel: str) -> str | None:
    """Commit what an export wrote in `root` and nothing else; returns the message.

    The folder is made a repository if it is in none. None if nothing changed. Raises ExportFailed.
    """
    if not written.touched:
        return None
    if (root / ".git").is_symlink():
        raise ExportFailed(f"{root / '.git'}: a link: nothing is committed through it")
    if (await _git(root, "rev-parse", "--is-inside-work-tree"))[0] != 0:
        await _must(root, "init", "--quiet")
    message = _message(written, channel)
    identity: list[str] = []
    if (await _git(root, "config", "user.email"))[0] != 0:
        identity = ["-c", "user.name=papertakes", "-c", "user.email=papertakes@localhost"]
    listing = [MANIFEST] if (root / MANIFEST).exists() else []
    paths = "\0".join([*written.touched, *listing]).encode("utf-8", "surrogateescape")
    listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
    await _must(root, "--literal-pathspecs", "add", "--all", "--force", *listed, given=paths)
    code, text = await _git(root, *identity, "commit", "--quiet", "--message", message)
    if code != 0 and (await _git(root, "diff", "--cached", "--quiet"))[0] != 0:
        raise ExportFailed(f"{root}: git commit: {_line(text)}")
    return message


def _message(written: Written, channel: str) -> str:
    counts = [
        f"{len(paths)} {word}"
        for paths, word in (
            (written.added, "added"),
            (written.changed, "changed"),
            (written.removed, "removed"),
        )
        if paths
    ]
    signs = [
        *(f"+ {path}" for path in written.added),
        *(f"~ {path}" for path in written.changed),
        *(f"- {path}" for path in written.removed),
    ]
    more = [f"… and {len(signs) - _LISTED} more"] if len(signs) > _LISTED else []
    return "\n".join([f"Export {channel}: {', '.join(counts)}", "", *signs[:_LISTED], *more])


async def _must(root: Path, *words: str, given: bytes = b"") -> None:
    code, text = await _git(root, *words, given=given)
    if code != 0:
        raise ExportFailed(f"{root}: git {words[0]}: {_line(text)}")


async def _git(root: Path, *words: str, given: bytes = b"") -> tuple[int, str]:
    try:
        process = await asyncio.create_subprocess_exec(
            "git", "-C", str(root), *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
    except FileNotFoundError:
        raise ExportFailed("git is not installed") from None
    output, _ = await process.communicate(given)
    return process.returncode or 0, output.decode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
