"""What an import makes of one file, in a line, and what it is not sure of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.archive.parser.encodings import IMAGE, NAMES
from bot.archive.parser.model import ArchivedEntry, FileKind, PaperForm, ParsedFile, Role
from bot.model.reference import ArxivReference

_SHOWN: Final = 3
"""Tags and writers that are named."""
_MOST_PROSE: Final = 0.5


def told_of(document: ParsedFile) -> str:
    """What becomes of a file: what it is, its papers, takes, writers and tags."""
    entries = [entry for entry in document.entries if entry.reference is not None]
    takes = [take for entry in entries for take in entry.takes]
    if document.encoding == IMAGE:
        return "an image: kept"
    if document.kind is FileKind.PAGE:
        return "a page: kept and found by its words"
    day = f" of {document.day}" if document.day else " without a day"
    kind = "weekly post" if document.kind is FileKind.DIGEST else "note"
    parts = [counted(len(entries), "paper"), counted(len(takes), "take")]
    if len(entries) == 1:
        parts[0] = _paper(entries[0])
    if writers := sorted({take.writer for take in takes} - {""}):
        parts[-1] += f" by {_listed(writers)}"
    tags = [f"#{tag}" for entry in entries for tag in entry.tags]
    if found := list(dict.fromkeys((*document.tags, *tags))):
        parts.append(_listed(found))
    if document.encoding:
        parts.append(f"read as {NAMES[document.encoding]}")
    return f"{kind}{day}: {', '.join(parts)}"


def doubts(document: ParsedFile) -> list[str]:
    """What may have been read wrongly, the worst first."""
    return [why for _, why in sorted(_doubts(document), reverse=True)]


def _doubts(document: ParsedFile) -> Iterator[tuple[int, str]]:
    if document.kind is FileKind.PAGE:
        return
    entries = [entry for entry in document.entries if entry.reference is not None]
    if not entries:
        yield 5, "no paper was found in it"
        return
    if any(entry.form is PaperForm.RUNNING for entry in entries):
        yield 4, "its paper is taken from a link in running text"
    untitled = [one for one in entries if not one.title and not _is_arxiv(one)]
    if untitled and len(entries) > 1:
        yield 3, f"{counted(len(untitled), 'page')} without a title"
    if _prose(document) > _MOST_PROSE:
        yield 3, "most of its text belongs to no paper"
    if any(take.writer for entry in entries for take in entry.takes):
        yield 2, "its takes are in the names that it tells"
    if document.encoding:
        yield 1, f"read as {NAMES[document.encoding]}"


def _prose(document: ParsedFile) -> float:
    """The share of its text that is prose."""
    prose = sum(one.end - one.start for one in document.blocks if one.role is Role.PROSE)
    return prose / len(document.text) if document.text else 0.0


def _paper(entry: ArchivedEntry) -> str:
    title = entry.title or "untitled"
    reference = entry.reference
    name = reference.id.value if isinstance(reference, ArxivReference) else ""
    return f"“{title if len(title) <= 70 else title[:69] + '…'}”" + (f" ({name})" if name else "")


def _is_arxiv(entry: ArchivedEntry) -> bool:
    return isinstance(entry.reference, ArxivReference)


def counted(count: int, what: str) -> str:
    """How many there are: `1 paper`, `2 papers`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
