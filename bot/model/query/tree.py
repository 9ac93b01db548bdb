"""Queries over papers, in the words that arXiv users know: what they are made of.

    cat:cs.CV AND (ti:"object detection" OR abs:detr) ANDNOT abs:survey

- A word or a "phrase" by itself is looked for in title and abstract; a category's name by itself
  is that category (`cs.LG`), unless it is quoted. Fields, in any case: `ti`
  title, `abs` abstract, `au` author, `co` comment, `jr` journal reference, `rn` report number,
  `cat` category, `id` identifier, `all` any of these. A field may stand before parentheses:
  `ti:(detr OR yolo)`.
- `AND`, `OR`, `ANDNOT`, `NOT`, in whatever case, stand between terms. What stands side by side is
  joined by AND: `object detection` is `object AND detection`; but of categories side by side any
  will do. `NOT` (or a minus before a term) binds tightest, then AND and ANDNOT, then OR.
- What people write elsewhere is read as it is meant, or refused with what to write instead: see
  bot.model.query.foreign for words and signs, bot.model.query.paste for addresses.
- Words mean their usual forms (bot.text.stems): `ti:transformers` is *Transformer* too. Names, ids,
  journals and report numbers do not, nor does `ti:="transformers"`, which means just this.
- `transform*` is any word that begins so; `cat:cs.*` (or `cat:cs`) an archive; `all:*` everything.

`parse` (bot.model.query.parse) makes a query of a text, `matches` (bot.model.query.match) defines
what it means, `understood` (bot.model.query.written) writes it down so that a person sees how it
was read. The fields and operators are those of
https://info.arxiv.org/help/api/user-manual.html#query_details; arXiv leaves the precedence of
operators open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

OPERATORS: Final = ("AND", "OR", "ANDNOT", "NOT")


class QueryField(StrEnum):
    """The part of a paper that a term is looked for in."""

    PLAIN = ""
    """Title or abstract: what is meant where no field is named."""
    TITLE = "ti"
    ABSTRACT = "abs"
    AUTHOR = "au"
    COMMENT = "co"
    JOURNAL = "jr"
    REPORT = "rn"
    CATEGORY = "cat"
    ID = "id"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Words:
    """A word or phrase in a text field. `text` is as it was typed, `begins` its final `*`, `exact`
    the `=` before it.

    Looked for are, in a prepared text (bot.model.query.text), `needle` among words in their usual
    form and `letters` among words as they stand, where each is not empty: the pieces with blanks
    between and around them, the last blank left out where a beginning is enough.
    """

    field: QueryField
    text: str
    begins: bool
    exact: bool
    needle: str
    letters: str


@dataclass(frozen=True, slots=True)
class NameReading:
    """One way to read a typed name: folded words, the family name's own kept together."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByAuthor:
    """An author. `text` as typed; `names` the ways to read it, any of which may fit."""

    text: str
    begins: bool
    names: tuple[NameReading, ...]


@dataclass(frozen=True, slots=True)
class InCategory:
    """A category by its canonical name, or an archive (`cs.*`); cross-lists count."""

    name: str

    @property
    def archive(self) -> bool:
        """Whether it is an archive rather than a category."""
        return self.name.endswith(".*")


@dataclass(frozen=True, slots=True)
class HasId:
    """The paper of this canonical identifier, in any version."""

    value: str


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paper: `all:*`."""


@dataclass(frozen=True, slots=True)
class Not:
    """What `part` does not match."""

    part: Query


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts, none of which is itself an And."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts, none of which is itself an Or."""

    parts: tuple[Query, ...]


Term: TypeAlias = Words | ByAuthor | InCategory | HasId | Everything
Query: TypeAlias = Term | Not | And | Or


def negated(part: Query) -> Query:
    """Not `part`; twice is not at all."""
    return part.part if isinstance(part, Not) else Not(part)


def joined(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    """`parts` under one And or Or, those of the same kind among them opened up."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Query] = []
    for part in parts:
        flat += part.parts if isinstance(part, And | Or) and isinstance(part, kind) else [part]
    return kind(tuple(flat))


def terms(query: Query) -> Iterator[Term]:
    """The terms of a query, from left to right."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)
        case Not(part):
            yield from terms(part)
        case _:
            yield query


def depth(query: Query) -> int:
    """How many operators stand inside one another at most; 0 for a single term."""
    match query:
        case And(parts) | Or(parts):
            return 1 + max(depth(part) for part in parts)
        case Not(part):
            return 1 + depth(part)
        case _:
            return 0
