"""What a query means: the plain evaluator, which the matcher's index must agree with."""

from __future__ import annotations

from bot.model.paper import PaperData
from bot.model.query.names import bears
from bot.model.query.text import PaperText, prepare
from bot.model.query.tree import (
    And,
    ByAuthor,
    Everything,
    HasId,
    InCategory,
    Not,
    Or,
    Query,
    Term,
    Words,
)


def matches(query: Query, paper: PaperData) -> bool:
    """Whether `paper` is one of those that `query` asks for."""
    return holds(query, prepare(paper))


def holds(query: Query, paper: PaperText) -> bool:
    """`matches` for a paper made ready."""
    match query:
        case Words():
            needle, letters = query.needle, query.letters
            return bool(needle and needle in paper.texts[query.field]) or bool(
                letters and letters in paper.letters[query.field]
            )
        case InCategory():
            return query.name in paper.labels
        case And():
            return all(holds(part, paper) for part in query.parts)
        case Or():
            return any(holds(part, paper) for part in query.parts)
        case Not():
            return not holds(query.part, paper)
        case ByAuthor():
            return _by(query, paper)
        case HasId():
            return query.value == paper.id
        case Everything():
            return True


def hits(query: Query, paper: PaperText) -> tuple[Term, ...]:
    """The terms for which a paper that matches does so, each once; none that are asked away."""
    return tuple(dict.fromkeys(_hits(query, paper)))


def lacking(query: Query, paper: PaperText) -> tuple[Query, ...]:
    """For want of what a paper does not match: terms that it lacks, alternatives of which it has
    none, NOTs of what it has."""
    if isinstance(query, And):
        return tuple(one for part in query.parts for one in lacking(part, paper))
    return () if holds(query, paper) else (query,)


def _hits(query: Query, paper: PaperText) -> list[Term]:
    match query:
        case And(parts):
            return [term for part in parts for term in _hits(part, paper)]
        case Or(parts):
            return [term for part in parts if holds(part, paper) for term in _hits(part, paper)]
        case Not():
            return []
        case _:
            return [query] if holds(query, paper) else []


def _by(term: ByAuthor, paper: PaperText) -> bool:
    return any(bears(author, name, term.begins) for author in paper.authors for name in term.names)
