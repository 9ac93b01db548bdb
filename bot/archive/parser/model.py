"""What the reader understands of one Markdown file of an archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from bot.model.reference import ArxivReference, PageReference

PaperReference: TypeAlias = ArxivReference | PageReference


class Role(StrEnum):
    """What a piece of a file is taken for."""

    FRONT = "front matter"
    BLANK = "blank"
    HEADING = "heading"
    RULE = "rule"
    REFERENCE = "reference"
    TITLE = "title"
    ABSTRACT = "abstract"
    OPEN = "language opens"
    CLOSE = "language closes"
    TAGS = "tags"
    TAKE = "take"
    LINKS = "links"
    """What leads on from a paper, and is nobody's words: `# Links`, `[[…]]`, tags by themselves."""
    PROSE = "prose"
    """Text that belongs to no paper: kept where it stands."""


class PaperForm(StrEnum):
    """How a paper was written down."""

    URL = "URL alone"
    URL_TITLE = "URL, then title (authors)"
    TITLE_URL_LINES = "title, then URL"
    TITLE_URL = "title (URL)"
    LINK = "[title](URL)"
    URL_TEXT = "URL and text in one line"
    LINK_TEXT = "[title](URL) and text in one line"
    TABLE = "row of a table"
    RECORD = "record of a library"
    RUNNING = "link in running text"
    FRONT = "named in properties"
    NO_URL = "title (authors) without URL"


class FileKind(StrEnum):
    """What a file as a whole is."""

    DIGEST = "digest"
    """A weekly post: several papers under one date."""
    NOTE = "note"
    PAGE = "page"
    """An index, a licence: kept, and nothing read out of it."""


class Block(NamedTuple):
    """A run of the file's text with one role; `entry` is the place in `Document.entries`."""

    start: int
    end: int
    role: Role
    entry: int | None = None


class Slice(NamedTuple):
    """A part of a take as it stands in the file, `start` to `end` in characters."""

    start: int
    end: int


class ArchivedTake(NamedTuple):
    """A take: its slices, joined by a blank line. `language` is a code such as `en`, `writer` a
    name, if told; `form` is that of a place with escapes of its own, see `parser.escapes`."""

    slices: tuple[Slice, ...]
    language: str | None = None
    writer: str = ""
    form: str = ""


class ArchivedEntry(NamedTuple):
    """A paper of the file with what was written about it.

    `reference` is None where only a title is given; `title`, `authors` and `abstract` are what
    the file says, empty where it says nothing. Takes without a reference are for the paper of this
    title, if there is one elsewhere.
    """

    form: PaperForm
    reference: PaperReference | None
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    takes: tuple[ArchivedTake, ...] = ()
    tags: tuple[str, ...] = ()
    """Tags that stand beside its takes, in properties or by themselves, without their `#`."""
    day: date | None = None
    """Of its own, in a list of papers of many days."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file. `text` is all of it; the blocks follow one another and cover it."""

    name: str
    """The file's name without folder and suffix."""
    text: str
    kind: FileKind
    day: date | None
    title: str
    blocks: tuple[Block, ...]
    entries: tuple[ArchivedEntry, ...] = ()
    intro: str = ""
    """Of a digest: what stands before its first paper."""
    tags: tuple[str, ...] = ()
    """Tags of the whole file, with their `#`."""
    front: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    """Of its bytes, see `parser.encodings`; "" for UTF-8."""

    def source(self, block: Block) -> str:
        """A block's exact text."""
        return self.text[block.start : block.end]
