"""Fetches, in the background, the metadata of papers listed while arXiv did not answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.isolation import RecordKind, all_or_each
from bot.model.outbox import OutboxKind
from bot.model.paper import Metadata, Paper, PaperData
from bot.model.reference import ArxivId
from bot.papers.channels import Clock
from bot.papers.resolve import ArxivService
from bot.store import Store, Transaction
from bot.store.queries.papers import ARXIV_SCOPE

BATCH = 50
"""Ids in one request: arXiv prefers few requests to many."""
PATIENCE = 120.0
"""Seconds that a background batch waits for arXiv at most."""


class Completer:
    """Asks arXiv again for what it could not tell at once."""

    def __init__(self, store: Store, arxiv: ArxivService, clock: Clock) -> None:
        self.store = store
        self.arxiv = arxiv
        self.clock = clock

    async def run_once(self) -> int:
        """Ask for one batch of pending papers; returns how many were settled."""
        async with self.store.read() as tx:
            pending = await tx.papers.incomplete(self.clock(), BATCH)
        papers = {ArxivId(paper.data.arxiv_id): paper for paper in pending if paper.data.arxiv_id}
        if not papers:
            return 0
        answer = await self.arxiv.lookup(list(papers), person=False, deadline=PATIENCE)
        _, failed = await all_or_each(
            RecordKind.PAPER, list(answer.found.items()), self._keep, name=lambda found: found[0]
        )
        unknown = {item: papers[item] for item in answer.unknown}
        _, not_told = await all_or_each(
            RecordKind.PAPER, list(unknown.items()), self._tell_unknown, name=lambda one: one[0]
        )
        settled = answer.found.keys() | answer.unknown
        settled -= {item for item, _ in failed} | {item for item, _ in not_told}
        async with self.store.begin() as tx:
            vain = [paper.id for item, paper in papers.items() if item not in settled]
            await tx.papers.asked_in_vain(vain, self.clock())
        return len(settled)

    async def _keep(self, found: Sequence[tuple[ArxivId, PaperData]]) -> None:
        async with self.store.begin() as tx:
            for item, data in found:
                await refresh_cards(tx, await tx.papers.keep(ARXIV_SCOPE, item.url, data))

    async def _tell_unknown(self, unknown: Sequence[tuple[ArxivId, Paper]]) -> None:
        async with self.store.begin() as tx:
            for _, paper in unknown:
                await tx.papers.set_metadata(paper.id, Metadata.UNKNOWN)
                await refresh_cards(tx, paper)


async def refresh_cards(tx: Transaction, paper: Paper) -> None:
    """Leave an edit of each of the paper's cards in the outbox."""
    await redraw_cards(tx, await tx.entries.cards_of(paper.id))


async def redraw_cards(tx: Transaction, cards: Sequence[tuple[int, int, int]]) -> None:
    """Leave an edit of each of these cards, given as (entry, Discord channel, message)."""
    for entry_id, channel_id, message_id in cards:
        await tx.outbox.append(
            f"card:{message_id}",
            OutboxKind.CARD,
            target_id=channel_id,
            message_id=message_id,
            entry_id=entry_id,
        )
