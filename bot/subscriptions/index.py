"""The active subscriptions in memory, ready for matching; only what has changed is read again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.isolation import RecordKind, each, either, isolated
from bot.model.paper import PaperData
from bot.model.query.match import holds
from bot.model.query.parse import parse_saved
from bot.model.query.reach import categories, needs_completion
from bot.model.query.text import PaperText, bare, prepare
from bot.model.query.tree import Query
from bot.model.subscription import Announced, Subscription, wanted
from bot.store import Transaction
from bot.subscriptions.matcher import Matcher

_IN_TURN: Final = 20
"""Subscriptions that are filed between two pauses."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A subscription with what its query says beyond itself."""

    subscription: Subscription
    within: frozenset[str] | None
    """The categories outside of which nothing can match; None: all of arXiv."""
    exact_only: bool
    """Asks for what only OAI-PMH tells."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Which subscriptions match which papers, by the state of a revision."""

    revision: int
    matched: Mapping[str, tuple[int, ...]]
    """Subscriptions' ids by the paper's arXiv id."""


class Roll:
    """The subscriptions by the state of the last `refresh`."""

    def __init__(self) -> None:
        self._matcher: Matcher[int] = Matcher()
        self._filed: dict[int, Filed] = {}
        self._revision = 0

    async def refresh(self, tx: Transaction) -> None:
        """Take over what has changed in the database."""
        live, gone, self._revision = await tx.subscriptions.changed_since(self._revision)
        for number in gone:
            self._matcher.remove(number)
            self._filed.pop(number, None)
        for place, one in enumerate(live):
            if place % _IN_TURN == 0:
                await asyncio.sleep(0)  # thousands, at the start: others are answered in between
            # One that was understood once may not be any more: the language has changed since.
            with isolated(RecordKind.SUBSCRIPTION, one.id) as attempt:
                query = parse_saved(one.query)
                filed = Filed(one, reach(query), needs_completion(query))
                self._matcher.add(one.id, query)
                self._filed[one.id] = filed
            if attempt.failed:
                self._matcher.remove(one.id)
                self._filed.pop(one.id, None)

    def __len__(self) -> int:
        return len(self._filed)

    def filed(self) -> list[Filed]:
        """All subscriptions of the index."""
        return list(self._filed.values())

    def look(self, papers: Iterable[PaperData]) -> Looked:
        """The subscriptions whose queries these papers match, whatever they were announced as.

        The slow part, which needs no transaction and may be done in a thread.
        """
        found: dict[str, tuple[int, ...]] = {}
        if self._filed:
            for paper in papers:
                if numbers := self._takers_of(paper):
                    found[paper.arxiv_id or ""] = tuple(sorted(numbers))
        return Looked(self._revision, found)

    def _takers_of(self, paper: PaperData) -> Iterable[int]:
        name, raw = paper.arxiv_id, paper
        text = either(
            RecordKind.ANNOUNCED_PAPER, name, lambda: prepare(paper), lambda: bare(paper), raw=raw
        )
        return either(
            RecordKind.ANNOUNCED_PAPER,
            name,
            lambda: self._matcher.match(text),
            lambda: self._one_by_one(text),
            raw=raw,
        )

    def _one_by_one(self, text: PaperText) -> list[int]:
        """The subscriptions that want a paper which the matcher cannot settle; those that cannot
        tell are left out."""
        numbers = list(self._filed)
        told = each(
            RecordKind.SUBSCRIPTION,
            numbers,
            lambda number: holds(self._matcher.query(number), text),
            name=str,
            plainly=lambda number: False,
        )
        return [number for number, is_wanted in zip(numbers, told, strict=True) if is_wanted]

    def up_to_date(self, looked: Looked) -> bool:
        """Whether no subscription has changed since."""
        return looked.revision == self._revision

    def takers(
        self, event: Announced, numbers: Iterable[int], *, exact: bool
    ) -> list[Subscription]:
        """Those that take an announced paper, in the order in which they were made.

        `exact`: all is known of the paper that OAI-PMH tells.
        """
        found = []
        for number in numbers:
            filed = self._filed[number]
            one = filed.subscription
            if one.since > event.mailing or (filed.exact_only and not exact):
                continue
            if wanted(event, one.kinds, filed.within):
                found.append(one)
        return found


def reach(query: Query) -> frozenset[str] | None:
    """The categories that a query reaches into, None for all of arXiv."""
    return categories(query)
