"""Whether what the index offers for a search really has its words, and how well it fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import partial
from operator import or_
from typing import Final, TypeVar

from bot.isolation import RecordKind, either
from bot.model.paper import Paper
from bot.model.search import SEARCHED, SearchedFile, SearchedPaper, SearchQuery
from bot.store.fulltext.pages import people_text, title_text
from bot.text.bigrams import Phrase, pieces, stems
from bot.text.find import holds
from bot.text.names import beginnings, coined, initials, key, keys

T = TypeVar("T", Paper, SearchedFile)

TITLED: Final = 1.0
"""What a word counts that stands in a paper's title or its names, to one anywhere else."""
BY: Final = 0.6
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


def is_sure(phrase: Phrase) -> bool:
    """Whether an index knows without a look at the text that a phrase stands on a page: it is one
    word, or one run of characters without blanks, and no other form is meant or left out.

    Of several words one may end a take and the other begin the next one; marks, which the indexes
    take for blanks, and capitals tell more than the index knows.
    """
    ways = (phrase, *phrase.others)
    return not any(one.exact or one.cased for one in ways) and all(
        all(map(str.isalnum, one.pieces))
        and (len(one.pieces) == 1 or not any(map(str.isascii, one.pieces)))
        for one in ways
    )


def fit(
    page: SearchedPaper, search: SearchQuery, known: Sequence[float] = (), *, closely: bool = True
) -> tuple[float, ...] | None:
    """For each phrase what the best place counts at which it stands; None if one stands nowhere,
    or if the paper has words that must not be there.

    `known`: what each counts at least; 0 if only the texts tell. `closely`: whether it is looked
    for where it counts more.
    """
    paper = page.entry.paper
    if search.titles or search.without:
        title = title_text(paper.data, paper.url, page.names)
        if not all(holds(title, search.titles)) or _unwanted(title, paper, search):
            return None
    counts = list(known or [0.0] * len(search.phrases))
    for text, names, count in _texts(page):
        better = [at for at, now in enumerate(counts) if now < count and (closely or not now)]
        if not better:
            continue
        found = holds(text(), [search.phrases[at] for at in better], names=names)
        for at, stands in zip(better, found, strict=True):
            counts[at] = count if stands else counts[at]
    return tuple(counts) if all(counts) else None


def _texts(page: SearchedPaper) -> Iterator[tuple[Callable[[], str], bool, float]]:
    """The texts of a page, whether they are names, and what a word in them counts."""
    paper = page.entry.paper
    yield lambda: title_text(paper.data, paper.url, page.names), False, TITLED
    yield lambda: people_text(paper.data.authors), True, BY
    yield lambda: paper.shown_abstract, False, ELSEWHERE
    for take in page.takes:
        yield partial(str, take.text[:SEARCHED]), False, ELSEWHERE
    for file in page.notes:
        yield partial(str, file.prose), False, ELSEWHERE


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
