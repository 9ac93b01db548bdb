"""Names of files that any system takes, and paths that stay below their folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

_REFUSED = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST = 180
"""Bytes of a name: file systems take 255, and a suffix and a number must fit too."""


def safe_name(text: str) -> str:
    """A file's name (without suffix) for a title, as the archive's own files are named."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    name = " ".join(_REFUSED.sub(" ", unicodedata.normalize("NFC", visible)).split())
    encoded = name.encode("utf-8", "ignore")
    if len(encoded) > _LONGEST:
        name = encoded[:_LONGEST].decode("utf-8", "ignore").rsplit(" ", 1)[0]
    name = name.strip(" .")
    if not name or _RESERVED.fullmatch(name):
        name = f"_{name}" if name else "untitled"
    return name


class Names:
    """Gives each file a path of its own, also where upper and lower case are one."""

    def __init__(self, before_number: str = " ") -> None:
        self._before_number = before_number
        self._taken: set[str] = set()

    def take(self, path: str) -> str:
        """`path`, or with a number before its suffix if it is taken."""
        pure = PurePosixPath(path)
        tried, number = path, 1
        while self._key(tried) in self._taken:
            number += 1
            tried = str(pure.with_name(f"{pure.stem}{self._before_number}{number}{pure.suffix}"))
        self._taken.add(self._key(tried))
        return tried

    @staticmethod
    def _key(path: str) -> str:
        return unicodedata.normalize("NFC", path).casefold()


def is_inside(path: str) -> bool:
    """Whether a path with slashes stays below the folder that it is written into."""
    pure = PurePosixPath(path.replace("\\", "/"))
    if not path or "\0" in path or pure.is_absolute():
        return False
    parts = pure.parts
    return ".." not in parts and ":" not in parts[0] and parts[0] != ".git"


def below(root: Path, path: str) -> Path | None:
    """Where `path` lies below `root`; None if a link would lead the writing elsewhere."""
    here = root
    for part in PurePosixPath(path).parts:
        here = here / part
        if here.is_symlink():
            return None
    return here
