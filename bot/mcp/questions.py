"""What can be asked: each question reads the database once and answers with plain data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final

from bot.archive.parser.post import post_text
from bot.config import DigestConfig
from bot.digest import markdown
from bot.digest.service import DigestService
from bot.errors import NoChannel, NotListed, PersonError, SeveralPapers
from bot.mcp.answers import (
    ChannelTags,
    DigestAnswer,
    Found,
    FoundLine,
    OtherDigest,
    PapersAnswer,
    Places,
    RelatedAnswer,
    SearchAnswer,
    TagAnswer,
    TagsAnswer,
    paper_answer,
    related_answer,
    whole_paper,
)
from bot.model.channel import Channel
from bot.model.digest import message_url
from bot.model.search import Hit
from bot.model.take import Entry
from bot.papers.channels import Clock, PaperChannels, channel_named
from bot.papers.find import listed_entry
from bot.papers.search import PaperSearch
from bot.store import Store, Transaction

DIGESTS_TOLD: Final = 30
"""Other digests that are named beside the one asked for."""


class ChannelWanted(Exception):
    """There are several channels, and none is named; the message tells which."""


class Questions:
    """Asked of all channels of a database, or of one alone: `only`, by its id or name."""

    def __init__(
        self, store: Store, defaults: DigestConfig, clock: Clock, only: str | None
    ) -> None:
        self.store = store
        self.only = only
        self.searching = PaperSearch(store)
        self.digests = DigestService(store, PaperChannels(defaults, clock), clock)

    async def channels(self) -> Sequence[Channel]:
        """Those that may be asked about. Raises NoChannel."""
        async with self.store.read() as tx:
            return await self._channels(tx, None)

    async def search(self, query: str, channel: str | None, limit: int) -> SearchAnswer:
        """Raises what `PaperSearch.search_named` does."""
        name = None
        if channel is not None or self.only is not None:
            async with self.store.read() as tx:
                [one] = await self._channels(tx, channel)
            name = _name(one)
        found = await self.searching.search_named(name, query, limit)
        entries = [hit.entry for hit in found.hits if hit.entry]
        async with self.store.read() as tx:
            places = await _places(tx, entries)
            by_id = {one.id: one for one in await self._channels(tx, channel)}
        return SearchAnswer(
            [_found(hit, by_id, places) for hit in found.hits], found.more, found.meant or None
        )

    async def paper(self, reference: str, channel: str | None) -> PapersAnswer:
        """Raises SeveralPapers, NotListed, NotListedNear, NoChannel."""
        async with self.store.read() as tx:
            found = await self._listed(tx, reference, channel)
            places = await _places(tx, [entry for _, entry in found])
            papers = [
                whole_paper(one, entry, await tx.takes.of_entries([entry.id]), places)
                for one, entry in found
            ]
        return PapersAnswer(papers)

    async def related(self, reference: str, channel: str | None) -> list[RelatedAnswer]:
        """For each channel that lists the paper. Raises as `paper`."""
        async with self.store.read() as tx:
            found = await self._listed(tx, reference, channel)
        answers: list[RelatedAnswer] = []
        for one, entry in found:
            related = await self.searching.related_to(one, entry)
            entries = [entry, *chain.from_iterable(related.by_reason.values())]
            async with self.store.read() as tx:
                answers.append(related_answer(one, related, await _places(tx, entries)))
        return answers

    async def digest(self, period: str | None, channel: str | None) -> DigestAnswer:
        """The last one where no period is named. Raises as `DigestService.listing_of`."""
        async with self.store.read() as tx:
            channels = await self._channels(tx, channel)
        if len(channels) != 1:
            names = ", ".join(one.name for one in channels) or "none has a list yet"
            raise ChannelWanted(f"Name one channel: {names}.")
        [one] = channels
        listing = await self.digests.listing_of(_name(one), period or "last")
        digest = listing.digest
        async with self.store.read() as tx:
            written = await post_text(tx, digest.id) if digest else None
            history = await tx.digests.history(one.id, DIGESTS_TOLD + 1)
        place = digest.thread_id if digest else None
        return DigestAnswer(
            channel=one.name,
            title=listing.compiled.title,
            day=listing.compiled.day.isoformat(),
            url=message_url(one.guild_id, place, None) if place else None,
            markdown=written or markdown.render(listing.compiled),
            others=[
                OtherDigest(other.title, other.day.isoformat(), other.number)
                for other in history
                if other.has_text and (digest is None or other.id != digest.id)
            ],
        )

    async def tags(self, channel: str | None) -> TagsAnswer:
        """Raises NoChannel."""
        async with self.store.read() as tx:
            return TagsAnswer(
                [
                    ChannelTags(
                        one.name,
                        [TagAnswer(*counted) for counted in await tx.connections.tags(one.id)],
                    )
                    for one in await self._channels(tx, channel)
                ]
            )

    async def _channels(self, tx: Transaction, name: str | None) -> Sequence[Channel]:
        """The channel of that name; without a name all of them. Raises NoChannel."""
        only = await channel_named(tx, self.only) if self.only is not None else None
        if name is None:
            return [only] if only else await tx.channels.every()
        one = await channel_named(tx, name)
        if only is not None and one.id != only.id:
            raise NoChannel(name=name, count=0)
        return [one]

    async def _listed(
        self, tx: Transaction, reference: str, channel: str | None
    ) -> list[tuple[Channel, Entry]]:
        """The paper in each channel that lists it. Raises SeveralPapers, NotListed, NoChannel."""
        found: list[tuple[Channel, Entry]] = []
        problem: PersonError = NotListed(typed=reference[:100])
        for one in await self._channels(tx, channel):
            try:
                found.append((one, await listed_entry(tx, one, reference)))
            except (NotListed, SeveralPapers) as error:
                # What names candidates is of more use.
                if isinstance(error, SeveralPapers) or type(problem) is NotListed:
                    problem = error
        if not found:
            raise problem
        return found


def _name(channel: Channel) -> str:
    return str(channel.discord_id) if channel.discord_id is not None else channel.name


async def _places(tx: Transaction, entries: Collection[Entry]) -> Places:
    numbers = list({entry.id for entry in entries})
    return Places(
        await tx.digests.earlier(numbers, None),
        await tx.message_links.of_cards(numbers),
        await tx.takes.counts(numbers),
    )


def _found(hit: Hit, channels: dict[int, Channel], places: Places) -> Found:
    lines = [
        FoundLine(
            "".join(part.text for part in line.words), line.take.member.name if line.take else None
        )
        for line in hit.lines
    ]
    if hit.document is not None:
        return Found(hit.document.title, None, None, lines, file=hit.document.path)
    assert hit.paper is not None
    channel = channels.get(hit.entry.channel_id) if hit.entry else None
    paper = paper_answer(channel, hit.entry, places) if channel and hit.entry else None
    return Found(hit.paper.shown_title, paper, hit.paper.url, lines)
