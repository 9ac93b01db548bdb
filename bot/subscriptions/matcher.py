"""An index of subscriptions: it finds those that match a paper, however many there are.

In three steps. The paper's keys (its words, neighbouring words, names, categories) find the terms
that may hold for it, and each of these is settled once by the plain evaluator, however many
subscriptions have it. The terms that hold find the queries filed under them: each query is filed
under two terms (or sets of alternatives) without which it cannot match, the rarest; under one or
none if it has no more. What is left of these queries is then settled by operations on sets.

With whole words for keys, a dictionary does for a word in one step what an Aho-Corasick automaton
does letter by letter, and need not be built anew when a subscription comes or goes; what takes
the time, settling the queries found, is the same for both. The benchmark compares them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

from bot.model.paper import PaperData
from bot.model.query.match import holds
from bot.model.query.text import PaperText, prepare
from bot.model.query.tree import Query, Term, terms
from bot.subscriptions.keys import beginning, guess, paper_keys, term_keys
from bot.subscriptions.rule import Rule, required, rule_of

Id = TypeVar("Id", bound=Hashable)

_GUESS_COUNTS_FOR = 20  # papers seen


@dataclass(slots=True, eq=False)
class _Filed(Generic[Id]):
    """A query, those who subscribed to it, and the sets of facts that it is filed under."""

    query: Query
    rule: Rule[_Fact[Id]]
    under: Sequence[frozenset[_Fact[Id]]]
    ids: list[Id] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Fact(Generic[Id]):
    """A term, the keys that find it, and how many queries have it.

    `itself` is the set of it alone, one for all queries. `alone` are the queries filed under
    nothing else, `beside` those filed under a second fact.
    """

    term: Term
    keys: frozenset[str]
    cost: float
    uses: int = 0
    itself: frozenset[_Fact[Id]] = frozenset()
    alone: list[_Filed[Id]] = field(default_factory=list)
    beside: dict[_Fact[Id], list[_Filed[Id]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.itself = frozenset([self])


class Matcher(Generic[Id]):
    """Subscriptions, each by its id.

    Equal queries are settled once. `sample` are papers (a day's, say) from which the matcher
    learns which words are common, to file each query under a rare one; what matches is the same
    without. Not for use by several threads at once.
    """

    def __init__(self, sample: Iterable[PaperData | PaperText] = ()) -> None:
        self._filed: dict[Query, _Filed[Id]] = {}
        self._by_id: dict[Id, _Filed[Id]] = {}
        self._facts: dict[Term, _Fact[Id]] = {}
        self._by_key: dict[str, set[_Fact[Id]]] = {}
        self._always: list[_Filed[Id]] = []
        self._lengths: Counter[int] = Counter()
        self._seen: Counter[str] = Counter()
        self._papers = 0
        for paper in sample:
            self._papers += 1
            self._seen.update(set(paper_keys(_ready(paper))))

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, subscription: Id) -> bool:
        return subscription in self._by_id

    def query(self, subscription: Id) -> Query:
        """What a subscription asks for. Raises KeyError if it is not there."""
        return self._by_id[subscription].query

    def add(self, subscription: Id, query: Query) -> None:
        """File a subscription; one of the same id is replaced."""
        self.remove(subscription)
        filed = self._filed.get(query)
        if filed is None:
            filed = self._filed[query] = self._file(query)
        filed.ids.append(subscription)
        self._by_id[subscription] = filed

    def remove(self, subscription: Id) -> None:
        """Forget a subscription, if it is there."""
        filed = self._by_id.pop(subscription, None)
        if filed is None:
            return
        filed.ids.remove(subscription)
        if not filed.ids:
            del self._filed[filed.query]
            self._take_out(filed)

    def match(self, paper: PaperData | PaperText) -> dict[Id, tuple[Term, ...]]:
        """The subscriptions that want `paper`, each with the terms that hit.

        A subscription that only asks things away has no term that hit.
        """
        text = _ready(paper)
        true = self._true(text)
        found: dict[Id, tuple[Term, ...]] = {}
        for filed in self._candidates(true):
            rule = filed.rule
            if rule.free or rule.holds(true):
                reasons = tuple([fact.term for fact in rule.reasons(true)])
                for subscription in filed.ids:
                    found[subscription] = reasons
        return found

    def _true(self, paper: PaperText) -> set[_Fact[Id]]:
        """The facts that hold for a paper."""
        shared = self._by_key.keys() & set(paper_keys(paper, self._lengths))
        possible = set[_Fact[Id]]().union(*(self._by_key[key] for key in shared))
        return {fact for fact in possible if holds(fact.term, paper)}

    def _candidates(self, true: set[_Fact[Id]]) -> list[_Filed[Id]]:
        """The queries that may match, some of them repeatedly."""
        found = list(self._always)
        for fact in true:
            if fact.alone:
                found += fact.alone
            if beside := fact.beside:
                for other in beside.keys() & true:
                    found += beside[other]
        return found

    def _file(self, query: Query) -> _Filed[Id]:
        facts = {term: self._fact(term) for term in terms(query)}
        for used in facts.values():
            used.uses += 1
        needed = required(query, facts.__getitem__, lambda fact: fact.cost)
        under = tuple(_shared(some) for some in needed[:2])
        filed = _Filed(query, rule_of(query, facts.__getitem__, under), under)
        for fact, other in _places(filed):
            if fact is None:
                self._always.append(filed)
            elif other is None:
                fact.alone.append(filed)
            else:
                fact.beside.setdefault(other, []).append(filed)
        return filed

    def _take_out(self, filed: _Filed[Id]) -> None:
        for fact, other in _places(filed):
            if fact is None:
                self._always.remove(filed)
            elif other is None:
                fact.alone.remove(filed)
            else:
                fact.beside[other].remove(filed)
                if not fact.beside[other]:
                    del fact.beside[other]
        for term in set(terms(filed.query)):
            used = self._facts[term]
            used.uses -= 1
            if not used.uses:
                self._forget(used)

    def _fact(self, term: Term) -> _Fact[Id]:
        """The fact of a term, made where there is none yet."""
        known = self._facts.get(term)
        if known is not None:
            return known
        keys = term_keys(term, self._cost)
        fact = self._facts[term] = _Fact[Id](term, keys, sum(map(self._cost, keys)))
        for key in keys:
            self._by_key.setdefault(key, set()).add(fact)
            if length := beginning(key):
                self._lengths[length] += 1
        return fact

    def _forget(self, fact: _Fact[Id]) -> None:
        del self._facts[fact.term]
        for key in fact.keys:
            self._by_key[key].discard(fact)
            if not self._by_key[key]:
                del self._by_key[key]
            if length := beginning(key):
                self._lengths[length] -= 1
                if not self._lengths[length]:
                    del self._lengths[length]

    def _cost(self, key: str) -> float:
        """The share of papers that have `key`: as seen, mixed with a guess from its looks."""
        weight = _GUESS_COUNTS_FOR
        return (self._seen[key] + weight * guess(key)) / (self._papers + weight)


def _places(
    filed: _Filed[Id],
) -> Iterator[tuple[_Fact[Id] | None, _Fact[Id] | None]]:
    """The facts, alone or in twos, under which a query is filed; (None, None) for none."""
    alone: Sequence[_Fact[Id] | None] = (None,)
    first, second, *_ = [*map(tuple, filed.under), alone, alone]
    return product(first, second)


def _shared(some: frozenset[_Fact[Id]]) -> frozenset[_Fact[Id]]:
    """`some`, but the set that the fact has at hand if there is only one in it."""
    (first, *others) = some
    return some if others else first.itself


def _ready(paper: PaperData | PaperText) -> PaperText:
    return paper if isinstance(paper, PaperText) else prepare(paper)
