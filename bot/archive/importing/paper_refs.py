"""The papers that a file names, as the catalogue is to have them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.archive.parser.model import ArchivedEntry, FileKind, PaperForm, ParsedFile
from bot.archive.parser.prose import url_of
from bot.archive.parser.roundtrip import clean
from bot.model.paper import PaperData
from bot.model.reference import ArxivReference
from bot.store.queries.bulk import NewPaper
from bot.store.queries.own_words import TitleSource
from bot.store.queries.papers import ARXIV_SCOPE

_LINKS = (
    PaperForm.LINK,
    PaperForm.LINK_TEXT,
    PaperForm.TITLE_URL,
    PaperForm.TABLE,
    PaperForm.RUNNING,
)
"""Forms in which a title stands as the words of a link."""


def papers_in(
    document: ParsedFile, scope: int, entries: Sequence[ArchivedEntry] | None = None
) -> list[NewPaper]:
    """The papers that a file, or some of its entries, name by a reference."""
    found: list[NewPaper] = []
    for entry in document.entries if entries is None else entries:
        if entry.reference is None:
            continue
        title, source = _title_of(entry, document)
        said = PaperData(
            arxiv_id=entry.reference.id.value
            if isinstance(entry.reference, ArxivReference)
            else None,
            title=tidy_line(title),
            authors=tuple(tidy("\n".join(entry.authors)).split("\n")) if entry.authors else (),
            abstract=tidy(entry.abstract),
        )
        found.append(NewPaper(*key_of(entry, scope), said, source))
    return found


def _title_of(entry: ArchivedEntry, document: ParsedFile) -> tuple[str, TitleSource]:
    """What a file calls a paper: where it does not say, the one of a note is called as the note."""
    if entry.title:
        in_link = entry.form in _LINKS and not entry.authors
        return entry.title, TitleSource.LINK if in_link else TitleSource.HEAD
    alone = document.kind is FileKind.NOTE and len(document.entries) == 1
    return document.title if alone else "", TitleSource.FILE_NAME


def key_of(entry: ArchivedEntry, scope: int) -> tuple[int, str]:
    """The key of an entry's paper in the catalogue of a guild: arXiv's are of all guilds."""
    if isinstance(entry.reference, ArxivReference):
        return ARXIV_SCOPE, entry.reference.id.url
    return scope, entry.reference.url if entry.reference else ""


def tags_told(document: ParsedFile) -> dict[str, list[str]]:
    """The tags that a file tells beside its takes, by the address of their paper."""
    found: dict[str, list[str]] = {}
    for entry in document.entries:
        if entry.reference is not None and entry.tags:
            found.setdefault(url_of(entry.reference), []).extend(entry.tags)
    return found


def tidy(text: str) -> str:
    """Text that is kept: no control characters, no lone surrogates."""
    return clean(text).text


def tidy_line(text: str) -> str:
    """The same, on one line."""
    return tidy(text).replace("\n", " ")
