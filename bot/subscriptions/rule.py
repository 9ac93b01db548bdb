"""A query as a rule over facts: which must hold, which must not, and of which one must.

A fact is a term that all queries share that have it, so that a paper settles it once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeGuard, TypeVar

from bot.model.query.tree import And, Not, Or, Query, Term

F = TypeVar("F", bound=Hashable)

_NONE: Final[frozenset[Any]] = frozenset()  # one for all rules: each of its own takes 200 bytes


@dataclass(frozen=True, slots=True)
class Some(Generic[F]):
    """All of `parts` (`every`) or any of them; the other way round with `no`."""

    every: bool
    no: bool
    parts: tuple[F | Some[F], ...]


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """What is left to settle of a query where its granted facts hold: by sets as far as they can
    do it; `rest` is what they cannot. `free`: nothing is left.

    `shown` are the facts that are reasons where they hold, in the query's order; if that depends
    on more than themselves, the whole query.
    """

    all_of: frozenset[F]
    none_of: frozenset[F]
    any_of: tuple[frozenset[F], ...]
    rest: tuple[Some[F], ...]
    free: bool
    shown: tuple[F, ...] | Some[F]

    def holds(self, true: Set[F]) -> bool:
        """Whether the query matches where exactly the facts `true` hold."""
        if self.none_of and not self.none_of.isdisjoint(true):
            return False
        if self.all_of and not self.all_of <= true:
            return False
        for some in self.any_of:
            if some.isdisjoint(true):
                return False
        return not self.rest or all(_holds(some, true) for some in self.rest)

    def reasons(self, true: Set[F]) -> list[F]:
        """The facts for which it holds, each once, none that are asked away."""
        if isinstance(self.shown, Some):
            return list(dict.fromkeys(_reasons(self.shown, true)))
        return [fact for fact in self.shown if fact in true]


def rule_of(
    query: Query, fact: Callable[[Term], F], granted: Sequence[frozenset[F]] = ()
) -> Rule[F]:
    """`query` as a rule, each of its terms made a fact.

    Of each of the sets `granted` one fact is known to hold whenever the rule is asked.
    """
    all_of, none_of = set[F](), set[F]()
    any_of: list[frozenset[F]] = []
    rest: list[Some[F]] = []
    shown: dict[F, None] = {}
    for part in query.parts if isinstance(query, And) else (query,):
        if _is_term(part):
            all_of.add(fact(part))
            shown[fact(part)] = None
        elif isinstance(part, Not) and _are_terms(parts := _alternatives(part.part)):
            none_of |= {fact(term) for term in parts}
        elif isinstance(part, Or) and _are_terms(parts := part.parts):
            any_of.append(frozenset(fact(term) for term in parts))
            shown |= dict.fromkeys(fact(term) for term in parts)
        else:
            rest.append(_some(part, fact))
    left = (
        frozenset(one for one in all_of if frozenset([one]) not in granted) or _NONE,
        frozenset(none_of) or _NONE,
        tuple(some for some in any_of if some not in granted),
        tuple(rest),
    )
    return Rule(*left, not any(left), _some(query, fact) if rest else tuple(shown))


def required(
    query: Query, fact: Callable[[Term], F], cost: Callable[[F], float]
) -> list[frozenset[F]]:
    """Sets of facts of each of which one holds wherever `query` matches, none twice.

    Those that seldom have a fact that holds come first. None at all if the query can match where
    no fact holds.
    """

    def total(some: frozenset[F]) -> float:
        return sum(map(cost, some))

    def find(query: Query, positive: bool) -> list[frozenset[F]]:
        match query:
            case Not(part):
                return find(part, not positive)
            case And(parts) | Or(parts):
                found = [find(part, positive) for part in parts]
                if isinstance(query, And) == positive:  # all must hold
                    return [some for sets in found for some in sets]
                if not all(found):
                    return []
                return [frozenset().union(*(min(sets, key=total) for sets in found))]
            case _:
                return [frozenset([fact(query)])] if positive else []

    return sorted(dict.fromkeys(find(query, True)), key=total)


def _some(query: Query, fact: Callable[[Term], F]) -> Some[F]:
    match query:
        case Not(part):
            inner = _some(part, fact)
            return Some(inner.every, not inner.no, inner.parts)
        case And(parts) | Or(parts):
            made = tuple(fact(part) if _is_term(part) else _some(part, fact) for part in parts)
            return Some(isinstance(query, And), False, made)
        case _:
            return Some(True, False, (fact(query),))


def _holds(some: Some[F], true: Set[F]) -> bool:
    every = some.every
    for part in some.parts:
        if (_holds(part, true) if isinstance(part, Some) else part in true) != every:
            return every == some.no
    return every != some.no


def _reasons(part: F | Some[F], true: Set[F]) -> Iterator[F]:
    if not isinstance(part, Some):
        if part in true:
            yield part
    elif not part.no:
        for one in part.parts:
            if part.every or not isinstance(one, Some) or _holds(one, true):
                yield from _reasons(one, true)


def _is_term(query: Query) -> TypeGuard[Term]:
    return not isinstance(query, And | Or | Not)


def _are_terms(parts: tuple[Query, ...]) -> TypeGuard[tuple[Term, ...]]:
    return all(map(_is_term, parts))


def _alternatives(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, Or) else (query,)
