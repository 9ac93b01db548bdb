"""The archive's front page: its weekly posts, and its notes by tag, as the archive has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

UNCATEGORIZED = "uncategorized"


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file of the archive. `tags` without their `#`; the first is where it is listed."""

    path: str
    tags: tuple[str, ...] = ()
    digest: bool = False

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).stem


def index(title: str, files: Sequence[IndexedFile]) -> str:
    """Markdown: contents, digests (the newest first), then each tag with its notes."""
    posts = sorted((file for file in files if file.digest), key=lambda file: file.name)
    by_tag: dict[str, list[IndexedFile]] = defaultdict(list)
    for file in files:
        if not file.digest:
            by_tag[heading(file.tags[0]) if file.tags else UNCATEGORIZED].append(file)
    headings = sorted(by_tag, key=lambda name: (name == UNCATEGORIZED, name))
    lines = [f"# {title}", "## Table of contents"]
    if posts:
        lines.append("1. [weekly posts](#weekly-posts)")
    lines += [f"1. [{_label(name)}](#{_anchor(name)})" for name in headings]
    if posts:
        lines.append("## weekly posts")
        lines += [_line(file, ()) for file in reversed(posts)]
    for name in headings:
        lines.append(f"## {_label(name)}")
        notes = sorted(by_tag[name], key=lambda file: (file.name, file.path))
        lines += [_line(file, file.tags[1:]) for file in notes]
    return "\n".join(lines) + "\n"


def heading(tag: str) -> str:
    """A tag as a heading: `#non-autoregressive` and `#Non_Autoregressive` are one."""
    return " ".join(tag.casefold().replace("_", " ").replace("-", " ").split()) or tag


def _line(file: IndexedFile, more: Sequence[str]) -> str:
    link = f"1. [{_label(file.name)}]({quote(file.path, safe='/')})"
    return " ".join([link, *(f"#{tag}" for tag in more)])


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _anchor(name: str) -> str:
    """The anchor that GitHub gives to a heading."""
    kept = [char for char in name if char.isalnum() or char in " -_"]
    return "".join(kept).replace(" ", "-")
