"""The images that notes carry: where they stand on the site, and which one a note means."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from bot.archive.contents import File
from bot.archive.parser.encodings import IMAGE, encoded

_SHOWN: Final = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp"}
"""A drawing in SVG may hold a program, and stays with its archive."""


class SiteImages:
    """An archive's images by their names."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files: dict[str, File] = {}
        self._named: dict[str, list[str]] = defaultdict(list)
        for file in files:
            path = PurePosixPath(file.path)
            if file.encoding == IMAGE and path.suffix.lower() in _SHOWN:
                key = hashlib.sha256(file.path.encode()).hexdigest()[:12]
                address = f"images/{key}{path.suffix.lower()}"
                self._files[address] = file
                self._named[path.name.casefold()].append(address)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each image's address and bytes."""
        for address, file in self._files.items():
            yield address, encoded(file.text, IMAGE)

    def find(self, source: str) -> str | None:
        """The address of the image that a note means: of several of one name, the one whose
        folders are named too."""
        if "://" in source:
            return None
        wanted = [part for part in source.casefold().split("/") if part not in ("", ".", "..")]
        found = self._named.get(wanted[-1], []) if wanted else []
        return max(found, key=lambda one: self._alike(one, wanted), default=None)

    def _alike(self, address: str, wanted: Sequence[str]) -> int:
        parts = self._files[address].path.casefold().split("/")
        same = 0
        while same < min(len(parts), len(wanted)) and parts[-1 - same] == wanted[-1 - same]:
            same += 1
        return same
