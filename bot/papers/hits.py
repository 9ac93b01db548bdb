"""Whether what the index offers for a search really has its words."""

from __future__ import annotations

from collections.abc import Callable
from operator import or_
from typing import TypeVar

from bot.isolation import RecordKind, either
from bot.model.paper import Paper
from bot.model.search import SEARCHED, SearchedFile, SearchQuery
from bot.model.take import Entry, Take
from bot.store.fulltext.index import people_text, title_text
from bot.text.find import holds

T = TypeVar("T", Entry, Take, Paper, SearchedFile)


def checked(
    row: T,
    check: Callable[[T, SearchQuery], bool],
    search: SearchQuery,
    *,
    if_it_fails: bool = True,
) -> bool:
    """Whether a candidate of the index is a hit. One that cannot be checked is taken for one."""
    return either(
        RecordKind.HIT, f"{type(row).__name__} {row.id}", lambda: check(row, search),
        lambda: if_it_fails,
    )  # fmt: skip


def has_words(entry: Entry, search: SearchQuery) -> bool:
    """Whether all of the words stand in its paper's title, authors or abstract."""
    paper = entry.paper
    stands = (
        holds(_title(paper), search.phrases),
        holds(people_text(paper.data.authors), search.phrases, names=True),
        holds(paper.shown_abstract, search.phrases),
    )
    return (
        all(any(found) for found in zip(*stands, strict=True))
        and all(holds(_title(paper), search.titles))
        and not _unwanted(search, paper)
    )


def is_titled(entry: Entry, search: SearchQuery) -> bool:
    """What `paper_is_titled` says of the paper of an entry."""
    return paper_is_titled(entry.paper, search)


def paper_is_titled(paper: Paper, search: SearchQuery) -> bool:
    """Whether a paper's title has all words of the search, and the paper none that are left out."""
    titled = (*search.phrases, *search.titles)
    return all(holds(_title(paper), titled)) and not _unwanted(search, paper)


def take_says(take: Take, search: SearchQuery) -> bool:
    """Whether a take has all words of the search and none that are left out."""
    text = take.text[:SEARCHED]
    return all(holds(text, search.phrases)) and not any(holds(text, search.without))


def file_says(file: SearchedFile, search: SearchQuery) -> bool:
    """Whether a file's title and text together have all words of the search, and none left out."""
    titled = holds(file.title, search.phrases)
    unwanted = any(holds(f"{file.title}\n{file.prose}", search.without))
    return all(map(or_, titled, holds(file.prose, search.phrases))) and not unwanted


def _unwanted(search: SearchQuery, paper: Paper) -> bool:
    """Whether a paper has words that must not be there."""
    if not search.without:
        return False
    names = people_text(paper.data.authors)
    words = f"{_title(paper)}\n{paper.shown_abstract}"
    return any(holds(words, search.without)) or any(holds(names, search.without, names=True))


def _title(paper: Paper) -> str:
    return title_text(paper.data.title, paper.data.arxiv_id, paper.url)
