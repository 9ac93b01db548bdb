"""A channel's own past: read, shown to who asked, then taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from bot.archive.formats.discord_export import past_messages
from bot.archive.importing.history_writer import PastWork
from bot.archive.importing.job import ImportOutcome, ImportRequest
from bot.archive.importing.queue import ImportQueue
from bot.archive.importing.sources import BadArchive
from bot.errors import HistoryGone, ImportFailed, ManagersOnly, NotImportable
from bot.locale import texts
from bot.model.history import FoundMessage, PastMessage, PastOffer, PastReader
from bot.model.people import Member, Place
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store, Transaction
from bot.store.queries.histories import StoredHistory


class PastReading:
    """What is read of a channel so far; kept after each page, so that a stop loses none of it."""

    def __init__(self, store: Store, clock: Clock, channel_id: int, so_far: StoredHistory) -> None:
        self.store = store
        self.clock = clock
        self.channel_id = channel_id
        self.read_to = so_far.read_to
        self.messages = so_far.messages
        self._reader = PastReader(so_far.found)

    async def page(self, messages: Sequence[PastMessage], *, read_to: int, count: int) -> None:
        """The next messages, the oldest first; of all `count` that were looked at the newest was
        `read_to`."""
        self._reader.read(messages)
        self.read_to, self.messages = read_to, self.messages + count
        found = tuple(self._reader.found)
        async with self.store.begin() as tx:
            stored = StoredHistory(self.read_to, self.messages, True, found)
            await tx.histories.keep(self.channel_id, stored, self.clock())


class HistoryService:
    """What a channel's earlier messages say of papers."""

    def __init__(
        self, store: Store, queue: ImportQueue, channels: PaperChannels, clock: Clock
    ) -> None:
        self.store = store
        self.queue = queue
        self.channels = channels
        self.clock = clock

    async def reading(self, place: Place, member: Member) -> PastReading:
        """Begin to read a channel, or go on where an earlier reading stood. Raises ManagersOnly."""
        _managers_only(member)
        assert place.channel_id is not None
        async with self.store.read() as tx:
            kept = await tx.histories.get(place.channel_id)
        if kept is None or not kept.vouched:
            kept = StoredHistory(0, 0, True, ())
        return PastReading(self.store, self.clock, place.channel_id, kept)

    async def hand_over(self, place: Place, member: Member, name: str, data: bytes) -> PastOffer:
        """What a file of DiscordChatExporter offers. Raises ManagersOnly, NotImportable."""
        _managers_only(member)
        assert place.channel_id is not None
        try:
            messages = past_messages(data)
        except BadArchive as error:
            raise NotImportable(typed=name[:100], reason=str(error)) from None
        reader = PastReader()
        reader.read(messages)
        last = messages[-1].id if messages else 0
        async with self.store.begin() as tx:
            stored = StoredHistory(last, len(messages), False, tuple(reader.found))
            await tx.histories.keep(place.channel_id, stored, self.clock())
        return await self.offer(place)

    async def offer(self, place: Place) -> PastOffer:
        """What could be taken in of what was read. Raises HistoryGone."""
        assert place.channel_id is not None
        async with self.store.read() as tx:
            kept = await tx.histories.get(place.channel_id)
            if kept is None:
                raise HistoryGone
            return await _offer(tx, place, kept)

    async def take(
        self,
        place: Place,
        member: Member,
        *,
        replies: bool,
        waits: Callable[[int], Awaitable[None]],
    ) -> ImportOutcome:
        """Take in what was offered, in the background; `replies` as takes.

        Raises ManagersOnly, HistoryGone, ImportsFull, ImportGoesOn, ImportFailed.
        """
        _managers_only(member)
        assert place.channel_id is not None
        async with self.store.read() as tx:
            kept = await tx.histories.get(place.channel_id)
        if kept is None:
            raise HistoryGone
        settings = self.channels.defaults.channel(place.locale)
        name = texts(settings.language)("history.title", channel=place.name)
        job = ImportRequest(name, place, member, settings, history=True)
        work = PastWork(kept.found, replies, kept.vouched)
        number, before = await self.queue.add(job, work.as_bytes())
        async with self.store.begin() as tx:
            await tx.histories.drop(place.channel_id)
        if before:
            await waits(before)
        outcome = await self.queue.outcome(number)
        if outcome.failed is not None or outcome.refused is not None:
            raise ImportFailed(typed=name[:100], id=outcome.failed or outcome.refused)
        return outcome

    async def decline(self, place: Place, member: Member) -> None:
        """Forget what was read. Raises ManagersOnly."""
        _managers_only(member)
        assert place.channel_id is not None
        async with self.store.begin() as tx:
            await tx.histories.drop(place.channel_id)


async def _offer(tx: Transaction, place: Place, kept: StoredHistory) -> PastOffer:
    channel = await tx.channels.find(place)
    brought = await tx.histories.taken(channel.id, reply=False) if channel else set()
    answered = await tx.histories.taken(channel.id, reply=True) if channel else set()
    linking = [one for one in kept.found if one.papers and one.id not in brought]
    posters: dict[str, str] = {}
    for one in linking:
        for paper in one.papers:
            posters.setdefault(paper.url, one.by)
    listed = await tx.histories.listed_urls(channel.id, list(posters)) if channel else set()
    replies = [one for one in kept.found if one.text and one.about and one.id not in answered]
    days = [one.at for one in kept.found]
    return PastOffer(
        read=kept.messages,
        papers=len(posters.keys() - listed),
        listed=len(listed),
        posters=Counter(by for url, by in posters.items() if url not in listed).most_common(),
        replies=sum(_is_clear(one) for one in replies),
        unclear=sum(not _is_clear(one) for one in replies),
        first=min(days, default=None),
        last=max(days, default=None),
    )


def _is_clear(message: FoundMessage) -> bool:
    return message.take_on is not None


def _managers_only(member: Member) -> None:
    if not member.manages:
        raise ManagersOnly
