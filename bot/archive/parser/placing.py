"""Papers that a file names by their titles alone: where another file has the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.archive.parser.model import ArchivedEntry, PaperReference, ParsedFile, Role
from bot.text.bigrams import pieces
from bot.text.tex import readable


def title_key(title: str) -> str:
    """What two ways of writing one title have in common; empty for a title without words."""
    return " ".join(pieces(readable(title)))


def titles_told(document: ParsedFile) -> dict[str, PaperReference]:
    """The papers that a file names by a title and an address, by `title_key`."""
    return {
        key: entry.reference
        for entry in document.entries
        if entry.reference is not None and entry.title and (key := title_key(entry.title))
    }


def waits_for_address(document: ParsedFile) -> bool:
    """Whether a file has takes on papers that it names by their titles alone."""
    return any(entry.reference is None and entry.takes for entry in document.entries)


def placed(document: ParsedFile, known: Mapping[str, PaperReference]) -> ParsedFile:
    """A file with the addresses of its papers as far as these are known by their titles.

    What was said of the others is text of the file: no paper is there to hold it.
    """
    entries = tuple(_placed(entry, known) for entry in document.entries)
    nowhere = {index for index, entry in enumerate(entries) if entry.reference is None}
    blocks = tuple(
        block._replace(role=Role.PROSE)
        if block.entry in nowhere and block.role is Role.TAKE
        else block
        for block in document.blocks
    )
    return replace(document, entries=entries, blocks=blocks)


def _placed(entry: ArchivedEntry, known: Mapping[str, PaperReference]) -> ArchivedEntry:
    if entry.reference is not None:
        return entry
    reference = known.get(title_key(entry.title))
    return entry._replace(reference=reference, takes=entry.takes if reference else ())
