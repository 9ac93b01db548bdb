"""Writing a tree of files so that an interruption leaves the earlier tree whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.archive.paths import below, is_inside
from bot.isolation import RecordKind, isolated

MANIFEST = ".papertakes.json"
"""Lists what exports wrote, so that the next one of its kind can take away what is no more."""
_ASIDE = ".papertakes-new-"


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


def write_tree(root: Path, files: Iterable[tuple[str, bytes]], name: str = "") -> Written:
    """Write files below `root`; those whose content is the same are not touched.

    All of them are made and written aside before the first is put in its place, so that whatever
    goes wrong until then leaves the earlier export as it was; new files are put before changed
    ones, so that nothing links to what is not there yet. A file that an earlier export of the same
    `name` wrote and that is no longer wanted is removed, unless somebody changed it since or
    another export has it too. Raises ExportFailed.
    """
    done = Written()
    try:
        root.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(root)
        exports = _manifest(root)
        before = exports.pop(name, {})
        now: dict[str, str] = {}
        with tempfile.TemporaryDirectory(prefix=_ASIDE, dir=root) as aside:
            waiting: list[tuple[Path, Path, str]] = []
            for path, data in files:
                with isolated(RecordKind.EXPORTED, path) as attempt:
                    _stage(root, path, data, Path(aside) / str(len(waiting)), now, done, waiting)
                if attempt.failed:
                    done.refused.append((path, "its name cannot be written"))
            for made, target, path in sorted(waiting, key=lambda one: one[1].exists()):
                _settle(made, target, path, now, done)
        others = {path for files in exports.values() for path in files}
        for path in sorted(before.keys() - now.keys() - others):
            _remove(root, path, before[path], done)
        if now != before:
            told = {"version": 2, "exports": {**exports, name: now}}
            text = json.dumps(told, ensure_ascii=False, indent=0)
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
        if why := _in_the_way(path):
            raise ExportFailed(f"{path}: {why}")
        _put(path, path.name, data, done)
    except OSError as error:
        raise ExportFailed(f"{error.filename or path}: {error.strerror or error}") from error
    return done


def _stage(
    root: Path,
    path: str,
    data: bytes,
    aside: Path,
    now: dict[str, str],
    done: Written,
    waiting: list[tuple[Path, Path, str]],
) -> None:
    """Write a file aside if it is new or changed."""
    try:
        target = below(root, path) if is_inside(path) else None
        if target is None:
            done.refused.append((path, "leads out of the folder"))
            return
        if why := _in_the_way(target):
            done.refused.append((path, why))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        same = _same(target, data)
        if not same:
            aside.write_bytes(data)
            aside.chmod(0o644)
            waiting.append((aside, target, path))
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        done.refused.append((path, error.strerror or str(error)))
        return
    if same:
        done.unchanged += 1
    else:
        (done.added if same is None else done.changed).append(path)
    now[path] = _digest(data)


def _settle(made: Path, target: Path, path: str, now: dict[str, str], done: Written) -> None:
    """Put a file that was made aside in its place."""
    try:
        os.replace(made, target)
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        # Two names of one export, `a.md` and `a.md/b.md`, cannot both be.
        done.refused.append((path, error.strerror or str(error)))
        del now[path]
        (done.added if path in done.added else done.changed).remove(path)


def _in_the_way(target: Path) -> str | None:
    """Why a file cannot be put here; None if there is a plain file or nothing.

    What is no plain file is not even read: a pipe would be waited for.
    """
    if target.is_symlink():
        return "a link is in the way, and nothing is written through it"
    return "something that is no file is in the way" if _is_no_file(target) else None


def _is_no_file(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _same(target: Path, data: bytes) -> bool | None:
    """Whether a file has this content; None if there is no such file."""
    try:
        return target.stat().st_size == len(data) and target.read_bytes() == data
    except FileNotFoundError:
        return None


def _clear_leftovers(root: Path) -> None:
    """What an export that was killed had written aside."""
    for found in root.glob(f"{_ASIDE}*"):
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found, ignore_errors=True)


def _put(target: Path, path: str, data: bytes, done: Written) -> None:
    same = _same(target, data)
    if same:
        done.unchanged += 1
        return
    _replace(target, data)
    (done.added if same is None else done.changed).append(path)


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


def _manifest(root: Path) -> dict[str, Mapping[str, str]]:
    """By the export's name its files, each with its digest; nothing where it is damaged.

    Raises ExportFailed where it cannot have been written by an export.
    """
    path = root / MANIFEST
    if why := _in_the_way(path):
        raise ExportFailed(f"{path}: {why}")
    try:
        exports = json.loads(path.read_text("utf-8"))["exports"]
        return {
            str(name): {str(path): str(digest) for path, digest in files.items()}
            for name, files in exports.items()
        }
    except RecursionError:
        raise ExportFailed(f"{path}: nested too deep for a list of files: move it away") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


# Nothing more can be written: no space, quota, read-only, input or output error, no permission.
_HOPELESS = {28, 122, 30, 5, 13, 1}
