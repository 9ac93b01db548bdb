"""The files of an archive to be read: one file, a folder, or a ZIP, none of them trusted."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.archive.parser.encodings import is_utf16
from bot.archive.parser.images import SUFFIXES as IMAGE_SUFFIXES
from bot.archive.parser.images import is_image
from bot.archive.parser.library import SUFFIXES as LIBRARY_SUFFIXES
from bot.archive.paths import refusal
from bot.store.backup.dump import MANIFEST as BACKUP_MANIFEST

FILE_LIMIT = 4_000_000
"""Bytes of a note. Markdown that is longer was not written by hand."""
TOTAL_LIMIT = 1_000_000_000
"""Bytes of all files together; of a ZIP see `_unpacked_limit`."""
COUNT_LIMIT = 100_000
"""Files that are looked at."""
TEXTS = (".md", ".markdown", ".txt", *LIBRARY_SUFFIXES)
SUFFIXES = (*TEXTS, *IMAGE_SUFFIXES)
IMAGE_LIMIT = 2_900_000
"""Bytes of an image, which is kept in base64."""
_RATIO_LIMIT = 200
"""A ZIP's member that grows more than this is no text (DEFLATE's own limit is 1032)."""
_TOTAL_RATIO = 25
_SMALL_TOTAL = 16_000_000


# What Python's reader of ZIPs raises for one that is cut off or made up.
_UNREADABLE = (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, struct.error)


class BadArchive(Exception):
    """The path is no archive that can be read; the message is one line."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read. `size` as its folder says."""

    path: str
    size: int


class FileSource(Protocol):
    """Files with paths relative to the archive's top, with slashes, in order."""

    files: Sequence[SourceFile]
    skipped: list[Skipped]

    def read(self, found: SourceFile) -> bytes | Skipped:
        """A file's content, or why it cannot be had."""


def open_source(path: Path) -> FileSource:
    """The archive at `path`. Raises BadArchive."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror or 'cannot be read'}") from None
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):
        raise BadArchive(f"{path}: neither a file nor a folder")
    if zipfile.is_zipfile(path):
        return Zip(path)
    return Single(path)


class _Budget:
    """How much more of an archive is read, whatever its files say of their sizes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit

    def spend(self, path: str, data: bytes) -> bytes | Skipped:
        """The data, or a refusal where the archive has given more than the limit."""
        if len(data) > self.left:
            self.left = 0
            return Skipped(path, f"the archive has more than {self.limit:,} bytes altogether")
        self.left -= len(data)
        return _checked(path, data)


def _unpacked_limit(size: int) -> int:
    """Bytes that a ZIP of that size may unpack to: members may share what they are packed in."""
    return min(TOTAL_LIMIT, max(_SMALL_TOTAL, _TOTAL_RATIO * size))


class Single:
    """One Markdown file."""

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in TEXTS:
            raise BadArchive(f"{path}: neither Markdown, a library of papers nor a ZIP")
        if why := refusal(_printable(path.name)):
            raise BadArchive(f"{path}: {why}")
        self.path = path
        self.files: Sequence[SourceFile] = (SourceFile(_printable(path.name), path.stat().st_size),)
        self.skipped: list[Skipped] = []

    def read(self, found: SourceFile) -> bytes | Skipped:
        return _read(self.path, found, _Budget(TOTAL_LIMIT))


class Folder:
    """A folder with all that is below it; links are not followed, hidden folders not entered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped: list[Skipped] = []
        self._names: dict[str, str] = {}
        self._budget = _Budget(TOTAL_LIMIT)
        self.files: Sequence[SourceFile] = sorted(self._walk(), key=lambda found: found.path)

    def _walk(self) -> Iterator[SourceFile]:
        seen = 0
        for folder, folders, names in os.walk(self.path, onerror=self._refused):
            inside = Path(folder).relative_to(self.path).as_posix()
            before = "" if inside == "." else f"{inside}/"
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                seen += 1
                if seen > COUNT_LIMIT:
                    self.skipped.append(Skipped(".", f"more than {COUNT_LIMIT} files"))
                    return
                path = _printable(before + name)
                if why := _unwanted(path):
                    self.skipped.append(Skipped(_shown(path), why))
                    continue
                # Strings, not paths: there may be a hundred thousand of them.
                whole = os.path.join(folder, name)
                status = os.lstat(whole)
                if not stat.S_ISREG(status.st_mode):
                    self.skipped.append(Skipped(path, "a link or no regular file"))
                    continue
                self._names[path] = whole
                yield SourceFile(path, status.st_size)

    def _refused(self, error: OSError) -> None:
        self.skipped.append(Skipped(str(error.filename), error.strerror or "cannot be read"))

    def read(self, found: SourceFile) -> bytes | Skipped:
        return _read(self._names[found.path], found, self._budget)


class Zip:
    """A ZIP. Nothing is unpacked to disk; a single top folder is left out of the paths.

    A ZIP in it is read as if its files stood in its place, as Notion exports large spaces; one in
    that one is not.
    """

    def __init__(self, path: Path) -> None:
        self.skipped: list[Skipped] = []
        try:
            self.archive = zipfile.ZipFile(path)
            self._budget = _Budget(_unpacked_limit(path.stat().st_size))
        except _UNREADABLE as error:
            raise BadArchive(f"{path}: not a ZIP that can be read: {_told(error)}") from None
        self._infos: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = {}
        infos = self.archive.infolist()
        if BACKUP_MANIFEST in self.archive.NameToInfo:
            raise BadArchive(
                f"{path}: a backup of all that Papertakes keeps, which whoever runs it can restore"
            )
        if len(infos) > COUNT_LIMIT:
            raise BadArchive(f"{path}: more than {COUNT_LIMIT} files")
        members = [*self._members(self.archive), *self._within(infos)]
        top = _common_top([member for member, _, _ in members])
        found: list[SourceFile] = []
        for member, archive, info in members[:COUNT_LIMIT]:
            name = member[len(top) :]
            if name not in self._infos:
                self._infos[name] = archive, info
                found.append(SourceFile(name, info.file_size))
        self.files: Sequence[SourceFile] = sorted(found, key=lambda one: one.path)

    def _within(
        self, infos: Sequence[zipfile.ZipInfo]
    ) -> Iterator[tuple[str, zipfile.ZipFile, zipfile.ZipInfo]]:
        """The members of ZIPs in this one, with the folder before them."""
        for info in infos:
            name = info.orig_filename
            if not name.lower().endswith(".zip") or info.is_dir() or refusal(name):
                continue
            data = self._unpacked(self.archive, info, name, self._budget.left)
            if isinstance(data, Skipped):
                self.skipped.append(data)
                continue
            self._budget.left -= len(data)
            try:
                inner = zipfile.ZipFile(io.BytesIO(data))
                folder = name[: name.rfind("/") + 1]
                for member, archive, its in self._members(inner):
                    yield folder + member, archive, its
            except _UNREADABLE as error:
                self.skipped.append(Skipped(name, f"not a ZIP that can be read: {_told(error)}"))

    def _members(
        self, archive: zipfile.ZipFile
    ) -> Iterator[tuple[str, zipfile.ZipFile, zipfile.ZipInfo]]:
        for info in archive.infolist()[:COUNT_LIMIT]:
            # What the archive has: Python's own name for it ends at a NUL.
            name = info.orig_filename
            mode = info.external_attr >> 16
            if info.is_dir() or (archive is self.archive and name.lower().endswith(".zip")):
                continue
            if why := _unwanted(name):
                self.skipped.append(Skipped(_shown(name), why))
            elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                self.skipped.append(Skipped(name, "a link or no regular file"))
            elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self.skipped.append(Skipped(name, "packed in a way that is not read"))
            else:
                yield name, archive, info

    def read(self, found: SourceFile) -> bytes | Skipped:
        archive, info = self._infos[found.path]
        if info.file_size > FILE_LIMIT:
            return Skipped(found.path, _too_long(info.file_size))
        if info.file_size > 100_000 and info.file_size > _RATIO_LIMIT * max(info.compress_size, 1):
            return Skipped(found.path, "packed too tightly to be text")
        most = min(FILE_LIMIT, self._budget.left) + 1
        data = self._unpacked(archive, info, found.path, most)
        return data if isinstance(data, Skipped) else self._budget.spend(found.path, data)

    def _unpacked(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, most: int
    ) -> bytes | Skipped:
        """A member's first bytes: the size in the folder may lie, no more is unpacked than is
        allowed."""
        try:
            with archive.open(info) as file:
                return file.read(most)
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError) as error:
            return Skipped(path, f"cannot be unpacked: {error}")
        except Exception as error:  # zlib's and lzma's own errors have no common base
            return Skipped(path, f"cannot be unpacked: {type(error).__name__}")


def _read(path: Path | str, found: SourceFile, budget: _Budget) -> bytes | Skipped:
    if found.size > FILE_LIMIT:
        return Skipped(found.path, _too_long(found.size))
    try:
        # Not through a link that was put there since the folder was listed, nor from a pipe.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
        try:
            data = _all_of(number, found.size)
        finally:
            os.close(number)
    except OSError as error:
        return Skipped(found.path, error.strerror or "cannot be read")
    return budget.spend(found.path, data)


def _all_of(number: int, size: int) -> bytes:
    """What an open file of about that size holds, a byte more than the limit at most.

    Asked for the limit at once, Python would make room for megabytes for each small note.
    """
    data = os.read(number, size + 1)
    if len(data) == size:
        return data
    with os.fdopen(number, "rb", closefd=False) as file:  # it has changed since it was listed
        return data + file.read(FILE_LIMIT + 1 - len(data))


def _checked(path: str, data: bytes) -> bytes | Skipped:
    if len(data) > FILE_LIMIT:
        return Skipped(path, _too_long(len(data)))
    if is_image(path):
        return data if len(data) <= IMAGE_LIMIT else Skipped(path, "an image that is too large")
    return Skipped(path, "binary") if _is_binary(data) else data


def _is_binary(data: bytes) -> bool:
    """Whether this is no text: a NUL among its first bytes, as git tells it, not of UTF-16."""
    return b"\0" in data[:8000] and not is_utf16(data)


def _too_long(size: int) -> str:
    return f"longer than {FILE_LIMIT:,} bytes: {size:,}"


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _unwanted(path: str) -> str | None:
    """Why a file of this path is not read, if it is not."""
    if path.startswith("__MACOSX/"):
        return "hidden"
    return refusal(path) or (None if path.lower().endswith(SUFFIXES) else "not Markdown")


def _printable(path: str) -> str:
    """A path of the file system as text; bytes that are not UTF-8 are written as `%NN`."""
    if path.isascii():
        return path
    return "".join(
        f"%{ord(char) - 0xDC00:02X}" if "\udc80" <= char <= "\udcff" else char for char in path
    )


def _shown(path: str) -> str:
    """A refused path for a report: on one line, and not endless."""
    return "".join(char if char.isprintable() else "?" for char in path[:200])


def _common_top(paths: Sequence[str]) -> str:
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) == 1 and all("/" in path for path in paths):
        return tops.pop() + "/"
    return ""
