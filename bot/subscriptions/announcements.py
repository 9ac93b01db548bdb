"""What people do with announcements: draw them, and put their papers on the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import AnnouncementGone
from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.subscription import Announced
from bot.model.summary import WrittenSummary
from bot.model.take import Entry, How
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store
from bot.subscriptions.deliver import Bundle, refresh_announcements
from bot.summaries.service import SummaryService


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an announcement shows: its papers, those on the list already, and why they came."""

    bundle: Bundle
    channel: Channel
    papers: tuple[Paper, ...]
    entries: dict[int, Entry]
    """By the paper's number."""
    reasons: dict[int, tuple[str, ...]]
    """Queries, by the paper's number."""
    said: Mapping[int, Announced]
    """What the mailing said of each: new, cross-listed, a new version."""
    written: Mapping[int, WrittenSummary]
    """Summaries by a model, by the paper's number, for papers with cards of their own."""


class AnnouncementService:
    """Announced papers of channels."""

    def __init__(
        self, store: Store, channels: PaperChannels, clock: Clock, summaries: SummaryService
    ) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock
        self.summaries = summaries

    async def drawn(self, text: str) -> Drawn | None:
        """What an announcement of the outbox shows, as things are now."""
        bundle = Bundle.of_text(text)
        async with self.store.read() as tx:
            channel = await tx.channels.get(bundle.channel_id)
            if channel is None:
                return None
            papers = await tx.papers.by_ids(bundle.papers)
            arrivals = await tx.arrivals.of_papers(channel.id, bundle.papers)
            queries = {one.id: one.query for one in await tx.subscriptions.of_channel(channel.id)}
            entries = await tx.entries.of_papers(channel.id, bundle.papers)
            said = await tx.mailings.said_of(bundle.papers, bundle.first, bundle.last)
        reasons = {
            one.paper.id: tuple(queries[n] for n in one.reasons if n in queries)
            for one in arrivals
            if bundle.first <= one.mailing <= bundle.last
        }
        shown = tuple(papers[number] for number in bundle.papers if number in papers)
        written = await self.summaries.of(channel, shown) if bundle.cards else {}
        return Drawn(
            bundle,
            channel,
            shown,
            {entry.paper.id: entry for entry in entries},
            reasons,
            said,
            written,
        )

    async def announcement_of(self, place: Place, paper_id: int, message_id: int) -> str | None:
        """The text of the announcement of a paper that stands in a message, to draw it anew."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                return None
            keys = await tx.arrivals.announcements_of([paper_id], channel.id)
            rows = await tx.outbox.by_keys(keys)
            texts = (row.draft.text for row in rows.values() if row.message_id == message_id)
            return next(texts, None)

    async def paper(self, place: Place, paper_id: int) -> Paper:
        """A paper of a button: one that is listed here, or was announced. Raises
        AnnouncementGone."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            found = await tx.papers.of_channel(channel.id, [paper_id]) if channel else {}
        if paper_id not in found:
            raise AnnouncementGone
        return found[paper_id]

    async def entry_of(self, place: Place, paper_id: int) -> Entry | None:
        """The entry of a paper, if it is on the list already."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.entries.of_paper(channel.id, paper_id) if channel else None

    async def list_papers(
        self,
        place: Place,
        paper_ids: Collection[int],
        member: Member,
        *,
        pressed: int | None = None,
    ) -> Sequence[Entry]:
        """Put papers that were announced here on this week's list; gives those that are new there.

        Their announcements are drawn anew, but for the message `pressed`, which the caller does at
        once. Raises AnnouncementGone.
        """
        now = self.clock()
        made = []
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, now)
            if done is not None:
                return await tx.entries.by_ids(done["entries"])
            channel = await self.channels.ensure(tx, place)
            known = await tx.papers.of_channel(channel.id, list(paper_ids))
            if not known:
                raise AnnouncementGone
            member_id = await tx.members.ensure(place.scope, member)
            for number in known:
                entry, new = await tx.entries.add(
                    channel.id, number, member_id, How.SUBSCRIPTION, now
                )
                if new:
                    made.append(entry)
            await refresh_announcements(tx, [entry.paper.id for entry in made], but=pressed)
            await tx.acts.note(member.act, entries=[entry.id for entry in made])
        return made
