"""Looking papers up by id: two sources, and when to believe that a paper does not exist."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.arxiv import oai, query
from bot.arxiv.errors import ArxivRefused, ArxivUnavailable, GaveWay
from bot.arxiv.gate import Gate, Priority
from bot.arxiv.oai import Oai
from bot.arxiv.query import QueryApi
from bot.isolation import RecordKind, isolated
from bot.model.arxiv_id import ArxivId
from bot.model.paper import PaperData

log = logging.getLogger(__name__)

ROUNDS = 4
"""How often both sources are gone through, if the deadline allows."""
WITNESSES = 2
"""How many different answers must lack a paper before it is called unknown."""
SINGLY = 20
"""Papers that the poller asks for one by one in a lookup; the others wait for the query API."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What became of each id that was asked for.

    `found`: what arXiv says; without `version` and `published` where only OAI-PMH answered.
    `unknown`: there is no such paper, by two answers that could not have come from one cache.
    `fresh`: those of `unknown` that would be of this month, so that arXiv's services may not know
    them yet: they lag the announcement by hours to days. `unanswered`: ask again later.
    """

    found: dict[ArxivId, PaperData] = field(default_factory=dict)
    unknown: frozenset[ArxivId] = frozenset()
    fresh: frozenset[ArxivId] = frozenset()
    unanswered: frozenset[ArxivId] = frozenset()


class PendingLookup:
    """One lookup on its way; it may be cancelled at any time and asked for its result."""

    def __init__(
        self,
        api: QueryApi,
        harvest: Oai,
        gate: Gate,
        ids: Sequence[ArxivId],
        *,
        person: bool,
        guild: int = 0,
    ) -> None:
        self._api = api
        self._oai = harvest
        self._gate = gate
        self._ids = list(dict.fromkeys(ids))
        self._person = person
        self._guild = guild
        self._priority = Priority.PERSON if person else Priority.POLLER
        self._found: dict[ArxivId, PaperData] = {}
        self._lacking: Counter[ArxivId] = Counter()
        self._refused: set[ArxivId] = set()

    async def run(self, seconds: float) -> None:
        """Asks until every id is settled; the caller ends it after `seconds`."""
        until = self._gate.clock.time() + seconds
        for number in range(ROUNDS):
            answered = False
            if self._worth_asking(query.SOURCE, oai.SOURCE):
                answered = await self._ask_query_api(until, again=number > 0)
            # What polls has time: it waits for the query API, which knows more and answers many
            # papers at once, before it asks for one after the other.
            asked_enough = answered or self._person or number >= ROUNDS // 2
            if self._open() and asked_enough and self._worth_asking(oai.SOURCE, query.SOURCE):
                await self._ask_oai(until, again=number > 0)
            if not self._open():
                return

    def result(self, now: datetime) -> Lookup:
        """What is known so far."""
        unknown = {one for one in self._ids if self._settled_unknown(one)}
        month = f"{now:%y%m}."
        return Lookup(
            dict(self._found),
            frozenset(unknown),
            frozenset(one for one in unknown if one.value.startswith(month)),
            frozenset(set(self._ids) - self._found.keys() - unknown),
        )

    def _open(self) -> list[ArxivId]:
        return [
            one for one in self._ids if one not in self._found and not self._settled_unknown(one)
        ]

    def _settled_unknown(self, one: ArxivId) -> bool:
        return one not in self._found and self._lacking[one] >= WITNESSES

    def _worth_asking(self, source: str, other: str) -> bool:
        """A source that is left alone for now is skipped while the other one may be asked."""
        return self._gate.held(source) <= max(self._gate.interval, self._gate.held(other))

    async def _ask_query_api(self, until: float, *, again: bool) -> bool:
        """Whether it answered all that is open."""
        wanted = self._open()
        for at in range(0, len(wanted), query.BATCH):
            timeout = query.TIMEOUT
            if self._person:
                # Half of the time is kept for the other source.
                timeout = min(timeout, max(1.0, (until - self._gate.clock.time()) / 2))
            batch = wanted[at : at + query.BATCH]
            with isolated(RecordKind.QUERY_ENTRY, batch[0]) as attempt:
                try:
                    answer = await self._api.fetch(
                        batch,
                        priority=self._priority,
                        timeout=timeout,
                        again=again,
                        guild=self._guild,
                    )
                except ArxivUnavailable:
                    return False
                self._found |= answer.found
                self._lacking.update(answer.missing | answer.refused)
            if attempt.failed:
                return False
        return True

    async def _ask_oai(self, until: float, *, again: bool) -> None:
        wanted = self._open()
        for one in wanted if self._person else wanted[:SINGLY]:
            if one in self._refused:
                continue
            with isolated(RecordKind.OAI_RECORD, one):
                try:
                    await self._ask_oai_of(one, until, again=again)
                except GaveWay:
                    continue
                except ArxivUnavailable:
                    return

    async def _ask_oai_of(self, one: ArxivId, until: float, *, again: bool) -> None:
        timeout = min(oai.TIMEOUT, max(1.0, until - self._gate.clock.time()))
        try:
            paper = await self._oai.get_record(
                one,
                priority=self._priority,
                guild=self._guild,
                timeout=timeout,
                again=again,
                yielding=not self._person,
            )
        except ArxivRefused as error:
            log.warning("OAI-PMH on %s: %s", one, error.reason)
            self._refused.add(one)
            return
        if paper is not None:
            self._found[one] = paper
        else:
            self._lacking[one] += 1
