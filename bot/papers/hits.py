"""Whether what the index offers for a search really has its words, and how well it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from operator import or_
from typing import Final, TypeVar

from bot.isolation import RecordKind, either
from bot.model.paper import Paper
from bot.model.search import SEARCHED, SearchedFile, SearchedPaper, SearchQuery
from bot.store.fulltext.pages import people_text, title_text
from bot.text.bigrams import pieces, stems
from bot.text.find import holds
from bot.text.names import beginnings, coined, initials, key, keys

T = TypeVar("T", Paper, SearchedFile)

TITLED: Final = 1.0
"""What a word counts that stands in a paper's title or its names, to one anywhere else."""
_BY: Final = 0.6
ELSEWHERE: Final = 0.2


class MeantBy(IntEnum):
    """How a page is meant by all that was typed, the best first."""

    ID = 0
    TITLE = 1
    SHORT_TITLE = 2
    """What stands before its title's colon."""
    BEGINNING = 3
    """Of its title."""
    NAME = 4
    WORDS = 5


def checked(row: T, check: Callable[[T, SearchQuery], bool], search: SearchQuery) -> bool:
    """Whether a candidate of the index is a hit. One that cannot be checked is taken for one."""
    return either(
        RecordKind.HIT, f"{type(row).__name__} {row.id}", lambda: check(row, search),
        lambda: True,
    )  # fmt: skip


def typed_keys(search: SearchQuery) -> tuple[str, ...]:
    """What was typed as keys of `bot.text.names`: all of it, and as a beginning."""
    whole = key(stems(search.typed))
    begun = key(piece for phrase in search.phrases for piece in phrase.stems)
    return tuple(dict.fromkeys(one for one in (whole, begun) if one))


def meant(page: SearchedPaper, search: SearchQuery) -> MeantBy:
    """How a page is meant by all that was typed."""
    paper = page.entry.paper
    if [tuple(pieces(paper.reference))] == [phrase.pieces for phrase in search.phrases]:
        return MeantBy.ID
    typed = {*typed_keys(search)}
    title = paper.shown_title if paper.data.title else ""
    words = stems(title)
    if key(words) in typed:
        return MeantBy.TITLE
    if key(stems(title.partition(":")[0])) in typed:
        return MeantBy.SHORT_TITLE
    if not typed.isdisjoint(beginnings(words)):
        return MeantBy.BEGINNING
    names = (*page.names, *coined(title, paper.shown_abstract))
    called = {*initials(title), *(key(stems(name)) for name in names)}
    return MeantBy.WORDS if called.isdisjoint(typed) else MeantBy.NAME


def is_called(page: SearchedPaper, search: SearchQuery) -> bool:
    """Whether all that was typed is a key of the paper: its title, a name, two words of them
    written as one."""
    paper = page.entry.paper
    known = keys(paper.shown_title, page.names, paper.shown_abstract)
    return not set(known).isdisjoint(typed_keys(search))


def without_unwanted(page: SearchedPaper, search: SearchQuery) -> SearchedPaper:
    """A page without the takes and files that have words which must not be there."""
    if not search.without:
        return page
    takes = [one for one in page.takes if not any(holds(one.text[:SEARCHED], search.without))]
    notes = [one for one in page.notes if not any(holds(one.prose, search.without))]
    return replace(page, takes=tuple(takes), notes=tuple(notes))


def fit(page: SearchedPaper, search: SearchQuery) -> tuple[float, ...] | None:
    """For each phrase what the best place counts at which it stands; None if one stands nowhere,
    or if the paper has words that must not be there."""
    paper = page.entry.paper
    title = title_text(paper.data, paper.url, page.names)
    if not all(holds(title, search.titles)) or _unwanted(title, paper, search):
        return None
    counts = [TITLED if stands else 0.0 for stands in holds(title, search.phrases)]
    for text, names, count in (
        (people_text(paper.data.authors), True, _BY),
        (paper.shown_abstract, False, ELSEWHERE),
        *((take.text[:SEARCHED], False, ELSEWHERE) for take in page.takes),
        *((file.prose, False, ELSEWHERE) for file in page.notes),
    ):
        if missing := [at for at, known in enumerate(counts) if not known]:
            found = holds(text, [search.phrases[at] for at in missing], names=names)
            for at, stands in zip(missing, found, strict=True):
                counts[at] = count if stands else 0.0
    return tuple(counts) if all(counts) else None


def paper_is_titled(paper: Paper, search: SearchQuery) -> bool:
    titled = (*search.phrases, *search.titles)
    title = title_text(paper.data, paper.url)
    return all(holds(title, titled)) and not _unwanted(title, paper, search)


def file_says(file: SearchedFile, search: SearchQuery) -> bool:
    titled = holds(file.title, search.phrases)
    unwanted = any(holds(f"{file.title}\n{file.prose}", search.without))
    return all(map(or_, titled, holds(file.prose, search.phrases))) and not unwanted


def _unwanted(title: str, paper: Paper, search: SearchQuery) -> bool:
    """Whether a paper itself has words that must not be there."""
    if not search.without:
        return False
    names = people_text(paper.data.authors)
    words = f"{title}\n{paper.shown_abstract}"
    return any(holds(words, search.without)) or any(holds(names, search.without, names=True))
