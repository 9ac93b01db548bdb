"""What is searched of a file: its words that no take and no paper has.

Text that belongs to no paper, headings, front matter, tags and links that stand in no take; also
the lines that name a paper otherwise than the catalogue does, as a first version's title. Never a
word of a take: that is its writer's to take back. So each word is found: with a take, with a paper
or here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.archive.parser.body import Body, chunks
from bot.archive.parser.model import ArchivedEntry, Block, ParsedFile, Role, Slice
from bot.archive.parser.reader import parse_text
from bot.archive.parser.roundtrip import clean
from bot.model.reference import ArxivReference, PageReference
from bot.text.bigrams import pieces

_HEADS: Final = (Role.REFERENCE, Role.TITLE, Role.ABSTRACT)
_NO_WORDS: Final = (Role.BLANK, Role.RULE, Role.OPEN, Role.CLOSE)
_OF_ADDRESSES: Final = {"https", "http", "www", "export", "arxiv", "org", "abs", "pdf", "html"}
"""Words of arXiv's addresses in whatever form."""


def url_of(reference: ArxivReference | PageReference) -> str:
    """The address by which the catalogue knows a paper."""
    return reference.id.url if isinstance(reference, ArxivReference) else reference.url


def read_again(path: str, body: Body, takes: Mapping[int, str]) -> tuple[ParsedFile, list[Slice]]:
    """A file that is kept, read with its takes as they are now, and the parts of it that are its
    own, of no take."""
    own: list[Slice] = []
    texts: list[str] = []
    at = 0
    for text, is_own in chunks(body, takes):
        texts.append(text)
        if is_own:
            own.append(Slice(at, at + len(text)))
        at += len(text)
    return parse_text(path, "".join(texts)), own


def prose(
    document: ParsedFile, papers: Mapping[str, str], own: Sequence[Slice] | None = None
) -> str:
    """What is searched of a file; `papers` has what is searched of its papers, by address.

    `own` are the parts of it that are of no take, where takes are told from elsewhere: one that was
    edited may be read otherwise than it was, and whatever it is taken for now, it stays out.
    """
    parts = of_no_take(document) if own is None else own
    found = texts_in(document, _blocks(document, papers), parts)
    texts = (clean(text.strip()).text.strip() for text in found)
    return "\n\n".join(text for text in texts if text)


def texts_in(
    document: ParsedFile, blocks: Iterable[Block], parts: Sequence[Slice]
) -> Iterator[str]:
    """What of a file is in these blocks and in these parts, both in the file's order."""
    first = 0
    for block in blocks:
        while first < len(parts) and parts[first].end <= block.start:
            first += 1
        at = first
        while at < len(parts) and parts[at].start < block.end:
            low, high = max(block.start, parts[at].start), min(block.end, parts[at].end)
            yield document.text[low:high]
            at += 1


def of_no_take(document: ParsedFile) -> list[Slice]:
    """The parts of a file between the takes of its papers."""
    takes = sorted(
        one
        for entry in document.entries
        if entry.reference is not None
        for take in entry.takes
        for one in take.slices
    )
    parts: list[Slice] = []
    at = 0
    for one in [*takes, Slice(len(document.text), len(document.text))]:
        if at < one.start:
            parts.append(Slice(at, one.start))
        at = max(at, one.end)
    return parts


def _says_no_more(line: str, entry: ArchivedEntry, url: str, paper: str) -> bool:
    """Whether a line plainly holds nothing but what is searched of its paper: most lines do, and
    need not be cut into words to tell."""
    if line == url:
        return paper != ""  # which has the address, or the id in it
    names = "\n".join(entry.authors)
    whole = paper.startswith(f"{entry.title}\n") and f"\n{names}\n" in paper
    return whole and line in (entry.title, f"{entry.title} ({', '.join(entry.authors)})")


def papers_of(document: ParsedFile) -> set[str]:
    """The addresses of the papers that a file names."""
    return {url_of(entry.reference) for entry in document.entries if entry.reference}


def _blocks(document: ParsedFile, papers: Mapping[str, str]) -> Iterator[Block]:
    known: dict[int, set[str]] = {}
    for block in document.blocks:
        if block.role in _NO_WORDS:
            continue
        entry = None if block.entry is None else document.entries[block.entry]
        if block.role not in _HEADS or entry is None or entry.reference is None:
            yield block
            continue
        url = url_of(entry.reference)
        source = document.source(block)
        if _says_no_more(source.strip(), entry, url, papers.get(url, "")):
            continue
        if block.entry not in known:
            known[block.entry or 0] = {*pieces(papers.get(url, "")), *_OF_ADDRESSES}
        if not known[block.entry or 0].issuperset(pieces(source)):
            yield block
