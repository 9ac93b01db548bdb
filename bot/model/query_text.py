"""What a query is held against: a paper's words, names and categories, made ready once.

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
from bot.model.paper import PaperData
from bot.model.query import Field, Name, Words
from bot.text import bigrams
from bot.text.stems import stem, uncased
from bot.text.tex import readable

_APOSTROPHE: Final = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_AS_THEY_STAND: Final = (Field.JOURNAL, Field.REPORT)
_WORDS: Final = re.compile(r"\w+")
_BREAK: Final = "|"
"""Between two texts, so that no phrase spans both; no piece holds it."""


@dataclass(frozen=True, slots=True)
class PaperText:
    """A paper made ready.

    `texts` has the pieces of each text field in their usual form, `letters` as they stand, each
    with blanks between and around them; names, categories and the id are in the latter only.
    `authors` are each author's folded words; `labels` the canonical categories and their archives
    (`cs.*`).
    """

    texts: dict[Field, str]
    letters: dict[Field, str]
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
        Field.PLAIN: usual_title + _BREAK + usual_abstract,
        Field.TITLE: usual_title,
        Field.ABSTRACT: usual_abstract,
        Field.COMMENT: usual_comment,
        Field.ALL: _BREAK.join([usual_title, usual_abstract, usual_comment]),
    }
    letters = {
        Field.PLAIN: title + _BREAK + abstract,
        Field.TITLE: title,
        Field.ABSTRACT: abstract,
        Field.COMMENT: comment,
        Field.JOURNAL: journal,
        Field.REPORT: report,
        Field.ALL: _BREAK.join(
            [title, abstract, comment, journal, report, *(_spread(name)[0] for name in named)]
        ),
    }
    authors = tuple(name_words(author) for author in paper.authors)
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
        Field.PLAIN: title + _BREAK + abstract,
        Field.TITLE: title,
        Field.ABSTRACT: abstract,
        Field.COMMENT: comment,
        Field.JOURNAL: journal,
        Field.REPORT: report,
        Field.ALL: _BREAK.join([title, abstract, comment, journal, report]),
    }
    labels = frozenset(
        label for name in paper.categories for label in (name, f"{name.partition('.')[0]}.*")
    )
    authors = tuple(tuple(words(one).split()) for one in paper.authors)
    return PaperText(texts, texts, authors, labels, paper.arxiv_id)


def words(field: Field, text: str, *, begins: bool, exact: bool) -> Words | None:
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
    elif not phrase.cased and field is not Field.ALL:
        letters = ""
    return Words(field, text, begins, exact, needle, letters)


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name: O'Brien is one, Jean-Baptiste two, a final Jr. or III none."""
    words = bigrams.pieces(_APOSTROPHE.sub("", readable(name)))
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return tuple(words)


def names(typed: str) -> tuple[Name, ...]:
    """The ways to read a typed name; none if it has no letter.

    `He, K` has the family name first. Else the last word is (of) the family name: `K. He`,
    `L. van der Maaten`; where all but the first are initials, it may be the first too: `He K`.
    """
    family, comma, given = typed.partition(",")
    if comma and (words := name_words(family)):
        return (Name(name_words(given), words),)
    words = name_words(typed)
    if not words:
        return ()
    found = [Name(words[:-1], words[-1:])]
    if len(words) > 1 and all(len(word) == 1 for word in words[1:]) and len(words[0]) > 1:
        found.append(Name(words[1:], words[:1]))
    return tuple(found)


def bears(author: tuple[str, ...], name: Name, begins: bool) -> bool:
    """Whether an author's words can be those of `name`.

    The family name stands there in full, its words side by side (with `begins`, the last of them
    begins so); before it the forenames in order, any others left out. A forename and an initial
    of it are the same, on whichever side the initial stands; for the first forename typed only
    if the author's first is meant, so that `K. He` is Kaiming He and Kai He, but not Xin K. He.
    """
    size = len(name.family)
    *whole, last = name.family
    for start in range(len(author) - size + 1):
        *others, final = author[start : start + size]
        same = final == last or (begins and final.startswith(last))
        if same and others == whole and _forenames(name.given, author[:start]):
            return True
    return False


def _forenames(typed: tuple[str, ...], written: tuple[str, ...]) -> bool:
    place = 0
    for index, word in enumerate(typed):
        while place < len(written):
            if word == written[place] and (len(word) > 1 or index > 0 or place == 0):
                break
            if _initial(word, written[place]) and (index > 0 or place == 0):
                break
            place += 1
        else:
            return False
        place += 1
    return True


def _initial(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) == 1 and long.startswith(short)


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
