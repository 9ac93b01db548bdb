"""What a query is compared with: a paper's words, names and categories, prepared once.

Text becomes its pieces (bot.text.bigrams, TeX made readable first): case and accents folded, words
as they are and in their usual form, runs of Hangul, Kana and Han in overlapping pairs. So a word is
found whole and a phrase in order, whatever signs stand between (`object-detection` is `object
detection`), and in those scripts any part of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.model import taxonomy
from bot.model.authors import is_more
from bot.model.paper import PaperData
from bot.model.query.names import spellings
from bot.model.query.tree import QueryField, Words
from bot.text import bigrams
from bot.text.stems import stem, uncased
from bot.text.tex import readable

_AS_THEY_STAND: Final = (QueryField.JOURNAL, QueryField.REPORT)
_WORDS: Final = re.compile(r"\w+")
_BREAK: Final = "|"
"""Between two texts, so that no phrase spans both; no piece holds it."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper made ready.

    `texts` has the pieces of each text field in their usual form, `letters` as they stand, each
    with blanks between and around them; names, categories and the id are in the latter only.
    `authors` are each author's folded words, in each spelling; `labels` the canonical categories
    and their archives (`cs.*`).
    """

    texts: dict[QueryField, str]
    letters: dict[QueryField, str]
    authors: tuple[tuple[str, ...], ...]
    labels: frozenset[str]
    id: str | None


def prepare(paper: PaperData) -> PaperText:
    """`paper` made ready for any number of queries."""
    title, usual_title = _spread(paper.title)
    abstract, usual_abstract = _spread(paper.abstract)
    comment, usual_comment = _spread(paper.comment or "")
    journal, _ = _spread(paper.journal_ref or "")
    report, _ = _spread(paper.report_number or "")
    labels = _labels(paper.categories)
    named = [*paper.authors, *paper.categories, *labels, paper.arxiv_id or ""]
    texts = {
        QueryField.PLAIN: usual_title + _BREAK + usual_abstract,
        QueryField.TITLE: usual_title,
        QueryField.ABSTRACT: usual_abstract,
        QueryField.COMMENT: usual_comment,
        QueryField.ALL: _BREAK.join([usual_title, usual_abstract, usual_comment]),
    }
    letters = {
        QueryField.PLAIN: title + _BREAK + abstract,
        QueryField.TITLE: title,
        QueryField.ABSTRACT: abstract,
        QueryField.COMMENT: comment,
        QueryField.JOURNAL: journal,
        QueryField.REPORT: report,
        QueryField.ALL: _BREAK.join(
            [title, abstract, comment, journal, report, *(_spread(name)[0] for name in named)]
        ),
    }
    people = (name for name in paper.authors if not is_more(name))
    authors = tuple(words for name in people for words in spellings(name))
    return PaperText(texts, letters, authors, labels, paper.arxiv_id)


def _spread(text: str) -> tuple[str, str]:
    """The pieces of `text` with blanks between and around them: as they stand, and in their usual
    form."""
    if not text:
        return "  ", "  "
    shown = readable(text)
    found = bigrams.pieces(shown)
    plain = uncased(shown)
    usual = found if plain == shown else bigrams.pieces(plain)
    return f" {' '.join(found)} ", f" {' '.join(map(stem, usual))} "


def bare(paper: PaperData) -> PaperText:
    """The same of a paper whose texts cannot be made ready: words as they stand, TeX and all."""

    def words(text: str | None) -> str:
        return f" {' '.join(_WORDS.findall((text or '').casefold()))} "

    title, abstract, comment = words(paper.title), words(paper.abstract), words(paper.comment)
    journal, report = words(paper.journal_ref), words(paper.report_number)
    texts = {
        QueryField.PLAIN: title + _BREAK + abstract,
        QueryField.TITLE: title,
        QueryField.ABSTRACT: abstract,
        QueryField.COMMENT: comment,
        QueryField.JOURNAL: journal,
        QueryField.REPORT: report,
        QueryField.ALL: _BREAK.join([title, abstract, comment, journal, report]),
    }
    labels = frozenset(
        label for name in paper.categories for label in (name, f"{name.partition('.')[0]}.*")
    )
    authors = tuple(tuple(words(one).split()) for one in paper.authors)
    return PaperText(texts, texts, authors, labels, paper.arxiv_id)


def words(field: QueryField, text: str, *, begins: bool, exact: bool) -> Words | None:
    """The term that asks for a word or phrase; None if `text` has no letter or digit."""
    typed = f'"{readable(text)}"{"*" if begins else ""}'
    phrases = bigrams.query(f"={typed}" if exact else typed)
    if not phrases:
        return None
    phrase = phrases[0]
    end = "" if phrase.prefix else " "
    needle, letters = f" {' '.join(phrase.stems)}{end}", f" {' '.join(phrase.pieces)}{end}"
    if phrase.exact or field in _AS_THEY_STAND:
        needle = ""
    elif not phrase.cased and field is not QueryField.ALL:
        letters = ""
    return Words(field, text, begins, exact and not begins, needle, letters)


def _labels(names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        main = taxonomy.canonical(name)
        found.add(main)
        if main in _archives():
            found.update(_archives()[main])
        elif "." in main:  # a category newer than this taxonomy
            found.add(f"{main.partition('.')[0].lower()}.*")
    return frozenset(found)


@cache
def _archives() -> dict[str, tuple[str, ...]]:
    """The archives of each category, as labels."""
    found: dict[str, list[str]] = {}
    for archive in taxonomy.archives():
        for category in archive.categories:
            found.setdefault(category.id, []).append(f"{archive.id}.*")
    return {name: tuple(labels) for name, labels in found.items()}
