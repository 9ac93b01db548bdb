"""Writing a tree of files so that an interruption leaves each of them whole."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.archive.paths import below, is_inside

MANIFEST = ".papertakes.json"
"""Lists what an export wrote, so that the next one can take away what is no more."""


class ExportFailed(Exception):
    """The folder cannot be written; the message is one line."""


@dataclass(slots=True)
class Written:
    """What an export did, by path."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Paths that could not be written, and why."""

    @property
    def touched(self) -> list[str]:
        return [*self.added, *self.changed, *self.removed]


def write_tree(root: Path, files: Iterable[tuple[str, bytes]]) -> Written:
    """Write files below `root`; those whose content is the same are not touched.

    A file that an earlier export wrote and that is no longer wanted is removed, unless somebody
    changed it since. Raises ExportFailed.
    """
    done = Written()
    try:
        root.mkdir(parents=True, exist_ok=True)
        before = _manifest(root)
        now: dict[str, str] = {}
        for path, data in files:
            _one(root, path, data, now, done)
        for path in sorted(before.keys() - now.keys()):
            _remove(root, path, before[path], done)
        if now != before:
            text = json.dumps({"version": 1, "files": now}, ensure_ascii=False, indent=0)
            _replace(root / MANIFEST, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        where = error.filename or root
        raise ExportFailed(f"{where}: {error.strerror or error}") from error
    return done


def write_file(path: Path, data: bytes) -> Written:
    """Write one file, if its content is not the same already. Raises ExportFailed."""
    done = Written()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, path.name, data, done)
    except OSError as error:
        raise ExportFailed(f"{error.filename or path}: {error.strerror or error}") from error
    return done


def _one(root: Path, path: str, data: bytes, now: dict[str, str], done: Written) -> None:
    try:
        target = below(root, path) if is_inside(path) else None
        if target is None:
            done.refused.append((path, "leads out of the folder"))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _put(target, path, data, done)
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        done.refused.append((path, error.strerror or str(error)))
        return
    now[path] = _digest(data)


def _put(target: Path, path: str, data: bytes, done: Written) -> None:
    try:
        same = target.stat().st_size == len(data) and target.read_bytes() == data
    except FileNotFoundError:
        _replace(target, data)
        done.added.append(path)
        return
    if same:
        done.unchanged += 1
    else:
        _replace(target, data)
        done.changed.append(path)


def _replace(target: Path, data: bytes) -> None:
    number, name = tempfile.mkstemp(prefix=".papertakes-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _remove(root: Path, path: str, digest: str, done: Written) -> None:
    target = below(root, path) if is_inside(path) else None
    if target is None or not target.is_file() or _digest(target.read_bytes()) != digest:
        return
    target.unlink()
    done.removed.append(path)
    for folder in target.relative_to(root).parents:
        if folder == Path(".") or any((root / folder).iterdir()):
            break
        (root / folder).rmdir()


def _manifest(root: Path) -> Mapping[str, str]:
    try:
        data = json.loads((root / MANIFEST).read_text("utf-8"))
        files = data["files"]
        return {str(path): str(digest) for path, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


# Nothing more can be written: no space, quota, read-only, input or output error, no permission.
_HOPELESS = {28, 122, 30, 5, 13, 1}
