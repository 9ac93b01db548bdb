"""The keys by which a paper finds the terms that hold for it.

A key is a piece of text, two neighbouring pieces in their usual form, the beginning of a piece
(`transform*`), a word of an author's name (`au:he`), a category or archive (`cat:cs.CV`), an
identifier (`id:…`) or what every paper has (`*`). A term is looked up by so few of them that it
holds for no paper without one; a paper has all of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Final

from bot.model.query.text import PaperText
from bot.model.query.tree import ByAuthor, Everything, HasId, InCategory, QueryField, Term, Words

Cost = Callable[[str], float]
"""The share of papers (0 to 1) that have a key, roughly."""

ANY: Final = "*"


def term_keys(term: Term, cost: Cost) -> frozenset[str]:
    """Keys of which every paper that `term` holds for has one; the rarest that will do."""
    match term:
        case Words(needle=needle, letters=letters):
            asked = _rarest(_phrase(needle), cost) if needle else frozenset[str]()
            # Neighbours are keys in their usual form only.
            return asked | _rarest(_words(letters), cost) if letters else asked
        case ByAuthor(names=names, begins=begins):
            found: set[str] = set()
            for name in names:
                *words, last = name.family
                keys = [f"au:{word}" for word in words]
                found |= _rarest([*keys, f"au:{last}{'*' if begins else ''}"], cost)
            return frozenset(found)
        case InCategory(name):
            return frozenset([f"cat:{name}"])
        case HasId(value):
            return frozenset([f"id:{value}"])
        case Everything():
            return frozenset([ANY])


def paper_keys(paper: PaperText, lengths: Collection[int] = ()) -> Iterator[str]:
    """All keys of a paper, some of them repeatedly; beginnings of the given lengths only."""
    usual = paper.texts[QueryField.ALL].split()
    names = {word for author in paper.authors for word in author}
    words = set(paper.letters[QueryField.ALL].split())
    yield ANY
    yield from words
    yield from usual
    yield from map(" ".join, pairwise(usual))
    for name in names:
        yield f"au:{name}"
    for label in paper.labels:
        yield f"cat:{label}"
    if paper.id is not None:
        yield f"id:{paper.id}"
    for length in lengths:
        yield from {f"{word[:length]}*" for word in words if len(word) >= length}
        yield from {f"au:{name[:length]}*" for name in names if len(name) >= length}


def beginning(key: str) -> int:
    """The length of the beginning that `key` is; 0 if it is none."""
    if not key.endswith("*") or key.startswith("cat:"):
        return 0
    return len(key.removeprefix("au:")) - 1


def guess(key: str) -> float:
    """The share of papers that have `key`, as far as its looks tell."""
    kind, colon, rest = key.partition(":")
    if key == ANY:
        return 1.0
    if kind == "cat" and colon:
        return 0.4 if rest.endswith(".*") else 0.05
    if colon:
        return {"id": 1e-6, "au": 5e-3 if rest.endswith("*") else 1e-3}[kind]
    if key.endswith("*"):
        return min(0.9, 6 / len(key) ** 2)
    return 0.002 if " " in key else 1 / (len(key) + 1) ** 1.5


def _phrase(needle: str) -> list[str]:
    pieces = needle.split()
    if needle.endswith(" "):
        return [" ".join(pair) for pair in pairwise(pieces)] or pieces
    whole = pieces[:-1]
    return [" ".join(pair) for pair in pairwise(whole)] or whole or [f"{pieces[0]}*"]


def _words(letters: str) -> list[str]:
    pieces = letters.split()
    if letters.endswith(" "):
        return pieces
    return pieces[:-1] or [f"{pieces[0]}*"]


def _rarest(found: Iterable[str], cost: Cost) -> frozenset[str]:
    return frozenset([min(found, key=cost)])
