"""Names of files that any system takes, and paths that stay below their folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

_REFUSED = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:[.:].*)?",
    re.IGNORECASE,
)
_LONGEST = 180
"""Bytes of a name: file systems take 255, and a suffix and a number must fit too."""
_LONGEST_PART = 255
_LONGEST_PATH = 1_024
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, marks of direction and what has no width; the joiners of emoji and of Persian stay."""
_IGNORED = re.compile("[\u200c\u200d\ufe00-\ufe0f\u034f\u115f\u1160\u3164\uffa0]")
"""What some file systems leave out of a name when they compare it."""
_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
_SHORT_GIT = re.compile(r"git(?:hub|ignore|modules|attributes)?~\d+.*", re.IGNORECASE)
"""What Windows calls `.git` beside its name."""
_SLASHES = re.compile(r"[/\\]")


def safe_name(text: str) -> str:
    """A file's name (without suffix) for a title, as the archive's own files are named."""
    name = _named(text)
    if name and refusal(f"{name}.md") is None:
        return name
    # Some system would take it for something else: without what makes it so.
    plain = _named(unicodedata.normalize("NFKC", _IGNORED.sub("", text)))
    return f"_{plain}" if plain else "untitled"


def _named(text: str) -> str:
    visible = "".join(char if char.isprintable() else " " for char in text)
    name = " ".join(_REFUSED.sub(" ", unicodedata.normalize("NFC", visible)).split())
    encoded = name.encode("utf-8", "ignore")
    if len(encoded) > _LONGEST:
        name = encoded[:_LONGEST].decode("utf-8", "ignore").rsplit(" ", 1)[0]
    return name.strip(" .")


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


def refusal(path: str) -> str | None:
    """Why a path with slashes is not one of plain folders and files; None if it is one.

    Judged by all that a system may take it for: without invisible characters, in any of Unicode's
    forms, in any case, without the dots and blanks at its end.
    """
    if len(path.encode("utf-8", "surrogatepass")) > _LONGEST_PATH:
        return "its path is too long"
    parts = path.split("/")
    if _UNPRINTABLE.search(path):
        return "its path has characters that cannot be seen"
    if "\\" in path or "" in parts or _DRIVE.match(path) or ".." in parts:
        return "leads out of the archive"
    for part in parts:
        if why := _refused_part(part):
            return why
    return None


def _refused_part(part: str) -> str | None:
    if len(part.encode("utf-8", "surrogatepass")) > _LONGEST_PART:
        return "its name is too long"
    bare = _IGNORED.sub("", part)
    for form in ("NFC", "NFKC"):
        for read in _SLASHES.split(unicodedata.normalize(form, bare)):
            if _RESERVED.fullmatch(read.rstrip(" .")):
                return "a device's name"
            if read.lstrip().startswith(".") or _SHORT_GIT.fullmatch(read):
                return "hidden"
    if part.strip() != part or part.endswith("."):
        return "its name ends with a blank or a dot"
    return None


def is_inside(path: str) -> bool:
    """Whether a path stays below the folder that it is written into, among plain files."""
    return refusal(path) is None


def below(root: Path, path: str) -> Path | None:
    """Where `path` lies below `root`; None if a link would lead the writing elsewhere."""
    here = root
    for part in PurePosixPath(path).parts:
        here = here / part
        if here.is_symlink():
            return None
    return here
