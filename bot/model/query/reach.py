"""How much of arXiv a query reaches: what must be fetched for it, and whether it is too much."""

from __future__ import annotations

from bot.model import taxonomy
from bot.model.query.tree import (
    And,
    Everything,
    HasId,
    InCategory,
    Not,
    Or,
    Query,
    QueryField,
    Words,
    terms,
)


def categories(query: Query) -> frozenset[str] | None:
    """The categories, by canonical name, outside of which no paper can match; None for all.

    Whoever sees all papers of these categories, cross-lists among them, misses none for `query`.
    Of several sets that would each do, the smallest.
    """
    return _within(query, positive=True)


def too_broad(query: Query) -> bool:
    """Whether a whole archive, or everything, matches but for what is asked away.

    True of `all:*`, `cat:cs.*`, `cat:cs.* OR detr`, `NOT survey`.
    """
    return _broad(query, positive=True)


def needs_completion(query: Query) -> bool:
    """Whether it asks for what the feeds lack (comments, report numbers) and OAI-PMH has."""
    wanted = {QueryField.COMMENT, QueryField.REPORT, QueryField.ALL}
    return any(isinstance(term, Words) and term.field in wanted for term in terms(query))


def _within(query: Query, *, positive: bool) -> frozenset[str] | None:
    match query:
        case Not(part):
            return _within(part, positive=not positive)
        case And(parts) | Or(parts):
            reached = [_within(part, positive=positive) for part in parts]
            known = [names for names in reached if names is not None]
            if isinstance(query, And) == positive:  # all of them: any one's bounds hold
                return min(known, key=len, default=None)
            return frozenset().union(*known) if len(known) == len(reached) else None
        case InCategory(name) if positive:
            return frozenset(found.id for found in taxonomy.expand(name))
        case Everything() if not positive:
            return frozenset()
        case _:
            return None


def _broad(query: Query, *, positive: bool) -> bool:
    match query:
        case Not(part):
            return _broad(part, positive=not positive)
        case And(parts) | Or(parts):
            every = isinstance(query, And) == positive
            broad = [_broad(part, positive=positive) for part in parts]
            return all(broad) if every else any(broad)
        case Everything():
            return positive
        case InCategory():
            return query.archive or not positive
        case HasId():
            return not positive
        case _:
            return not positive
