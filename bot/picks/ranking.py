"""One day's papers in the order of a channel's taste, from the database, in its own process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from bot.model.paper import Paper
from bot.model.subscription import ArrivalKind
from bot.picks.examples import others
from bot.picks.taste import RECENT, learn_taste
from bot.picks.words import PickPaper, Vocabulary
from bot.store import Store


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper by its number, and why it stands where it stands."""

    paper_id: int
    like: str | None
    """The title of the noted paper it is most like, where one is near."""
    like_noted: date | None
    by: str | None
    """An author who was noted before."""

    def as_data(self) -> dict[str, Any]:
        """As the processes tell it each other."""
        noted = self.like_noted.isoformat() if self.like_noted else None
        return {**asdict(self), "like_noted": noted}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> RankedPaper:
        """What `as_data` gave."""
        noted = data["like_noted"]
        return cls(**{**data, "like_noted": date.fromisoformat(noted) if noted else None})


async def rank_day(
    store: Store, channel_id: int, day: date, categories: frozenset[str] | None, count: int
) -> Sequence[RankedPaper]:
    """The best papers of a day's mailing for a channel, those left out that it has listed before.

    `categories`: those in which the papers are looked for; None for all.
    """
    async with store.read() as tx:
        entries = await tx.entries.on_list(channel_id)
    listed = {str(entry.paper.id) for entry in entries}
    noted = [_plain(entry.paper, entry.added_at.date()) for entry in entries]
    noted = sorted((one for one in noted if one.day <= day), key=lambda one: (one.day, one.id))
    announced: list[PickPaper] = []
    for back in range(RECENT, -1, -1):
        # A day at a time: each transaction is short, and the database gives no more than one day.
        announced += await _of_day(store, day - timedelta(days=back), categories)
    unnoted = others(announced, listed, day)
    new = [paper for paper in announced if paper.day == day and paper.id not in listed]
    # A new club has little more than the day's own papers to tell from which words are rare.
    vocabulary = Vocabulary.of(lambda: [*unnoted, *noted, *new])
    before = [paper for paper in announced if paper.day < day]
    taste = learn_taste(vocabulary, noted, unnoted, before, day)
    vectors = {paper.id: vocabulary.vector(paper) for paper in new}
    best = taste.ranked((paper, vectors[paper.id]) for paper in new)[:count]
    ranked = []
    for paper in best:
        why = taste.reason(paper, vectors[paper.id])
        like = why.like
        ranked.append(
            RankedPaper(
                int(paper.id), like.title if like else None, like.day if like else None, why.by
            )
        )
    return ranked


async def _of_day(
    store: Store, day: date, categories: frozenset[str] | None
) -> Sequence[PickPaper]:
    async with store.read() as tx:
        rows = await tx.mailings.of_days([day])
    return [
        _plain(paper, day)
        for said, paper in rows
        if said.kind is not ArrivalKind.REPLACE
        and (categories is None or not categories.isdisjoint(said.categories))
    ]


def _plain(paper: Paper, day: date) -> PickPaper:
    return PickPaper(str(paper.id), paper.title, paper.data.abstract, paper.data.authors, day)
