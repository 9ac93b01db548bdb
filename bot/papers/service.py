"""Papers on a channel's list: adding, showing, removing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.errors import (
    AlreadyListed,
    NoReference,
    NothingAdded,
    NotListed,
    NotYours,
    PaperGone,
    PaperWithdrawn,
    PaperWithdrawnBecause,
    PersonError,
    TitleNeeded,
)
from bot.model.channel import Channel
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.reference import PageReference, TitleReference, parse_references
from bot.model.take import Entry, How, Take
from bot.papers.channels import Clock, PaperChannels
from bot.papers.complete import redraw_cards
from bot.papers.find import CHOICE, find_entry, listed_entry
from bot.papers.resolve import PaperResolver, page_title_here, read_references
from bot.store import Store, Transaction
from bot.text.tex import readable


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a `/paper add`."""

    channel: Channel
    entries: tuple[Entry, ...]
    """New on the list."""
    refused: tuple[PersonError, ...]
    """What was wrong with the rest, papers listed already among it."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of papers that were put on a list."""

    entries: tuple[tuple[Entry, bool], ...]
    """Each with whether it is new there."""
    refused: tuple[PersonError, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a take is meant for; without an entry the first of these papers."""

    entry: Entry | None
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry with its takes."""

    channel: Channel
    entry: Entry
    takes: tuple[Take, ...]


ListChanged = Callable[[Transaction, int], Awaitable[None]]
"""Called, in the same transaction, with the channel of which a paper got a take or was removed."""


async def nobody_told(_tx: Transaction, _channel_id: int) -> None:
    """Nobody needs to know."""


class PaperService:
    """The papers on the channels' lists."""

    def __init__(
        self,
        store: Store,
        resolver: PaperResolver,
        channels: PaperChannels,
        clock: Clock,
        list_changed: ListChanged = nobody_told,
    ) -> None:
        self.list_changed = list_changed
        self.store = store
        self.resolver = resolver
        self.channels = channels
        self.clock = clock

    async def adopt_imported(self, place: Place) -> None:
        """Where the host imported into a channel by its id alone: its server is known now."""
        await self.channels.adopt_imported(self.store, place)

    async def add(
        self,
        place: Place,
        typed: str,
        member: Member,
        title: str | None = None,
        how: How = How.COMMAND,
        *,
        withdrawn_too: bool = False,
    ) -> Added:
        """Put papers on a channel's list; on disk when this returns.

        A withdrawn one is refused, with the reason, unless it is wanted all the same.

        Raises the mistake itself when there is nothing else to tell: NoReference, BadArxivId,
        UnknownArxivId, AlreadyListed, PaperWithdrawn, TitleNeeded and others; NothingAdded when
        there are several.
        """
        resolved = await self.resolver.resolve(typed, place, member, title)
        if not resolved.papers:
            raise only(resolved.refused)
        refused = list(resolved.refused)
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            channel = await self.channels.ensure(tx, place)
            if done is not None:
                return Added(channel, tuple(await tx.entries.by_ids(done["entries"])), ())
            put = await self.put(
                tx, channel, resolved.papers, member, how, withdrawn_too=withdrawn_too
            )
            entries = tuple(entry for entry, new in put.entries if new)
            refused += [_listed(entry, channel) for entry, new in put.entries if not new]
            refused += put.refused
            if not entries:
                raise only(refused)
            await tx.acts.note(member.act, entries=[entry.id for entry in entries])
        return Added(channel, entries, tuple(refused))

    async def put(
        self,
        tx: Transaction,
        channel: Channel,
        papers: Sequence[Paper],
        member: Member,
        how: How = How.COMMAND,
        *,
        withdrawn_too: bool = False,
    ) -> Put:
        """Put papers on a channel's list, withdrawn ones only if they are wanted all the same."""
        member_id, now = await tx.members.ensure(channel.scope, member), self.clock()
        entries: list[tuple[Entry, bool]] = []
        refused: list[PersonError] = []
        for read in papers:
            paper = await tx.papers.still(read)
            listed = await tx.entries.of_paper(channel.id, paper.id)
            if paper.data.withdrawn and not withdrawn_too and listed is None:
                refused.append(_withdrawn(paper))
                continue
            said = paper.data if paper.data.arxiv_id is None else None
            entries.append(await tx.entries.add(channel.id, paper.id, member_id, how, now, said))
        return Put(tuple(entries), tuple(refused))

    async def add_named(self, place: Place, text: str, member: Member) -> Added:
        """Put the papers that a message names on the list; its other words are no title.

        Raises NoReference if it names none, and what `add` raises.
        """
        parsed = parse_references(text)
        if not parsed.bad and all(isinstance(item, TitleReference) for item in parsed.references):
            raise NoReference(typed=text[:100])
        return await self.add(place, text, member, how=How.LINK)

    async def peek(self, place: Place, typed: str) -> Entry | None:
        """The entry that a reference names, or None for a paper that could be added.

        Before somebody writes at length about it. Asks only the database. Raises what is wrong at
        sight: NoReference, TooManyReferences, BadArxivId, BadUrl, NotListed for a choice that
        fits none, TitleNeeded for a page that is not known yet.
        """
        entry = await self._meant(place, typed)
        if entry is not None:
            return entry
        if typed.startswith(CHOICE):
            raise NotListed(typed=typed[:100])
        references, refused = read_references(typed)
        if not references:
            raise refused[0]
        if isinstance(references[0], PageReference):
            url = references[0].url
            async with self.store.read() as tx:
                if not await page_title_here(tx, place, url):
                    raise TitleNeeded(url=url)
        return None

    async def meant(
        self, place: Place, typed: str, member: Member, title: str | None = None
    ) -> Meant:
        """What a take is meant for: an entry of this channel, or papers that are not on its list.

        Raises what `add` raises, and NotListed for a choice that fits none.
        """
        entry = await self._meant(place, typed)
        if entry is not None:
            return Meant(entry, ())
        if typed.startswith(CHOICE):
            raise NotListed(typed=typed[:100])
        resolved = await self.resolver.resolve(typed, place, member, title)
        if not resolved.papers:
            raise only(resolved.refused)
        return Meant(None, resolved.papers)

    async def _meant(self, place: Place, typed: str) -> Entry | None:
        """The entry of this channel, where it may be a paper that is not on its list too."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await find_entry(tx, channel, typed, unlisted_too=True) if channel else None

    async def listed(self, place: Place, typed: str) -> Entry:
        """The entry of this channel that a reference, words or a choice name.

        Raises SeveralPapers, NotListed, NotListedNear.
        """
        async with self.store.read() as tx:
            return await listed_entry(tx, await tx.channels.find(place), typed)

    async def entry(self, place: Place, entry_id: int) -> ShownEntry:
        """One paper by the id of its entry, as buttons carry it. Raises PaperGone."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            entry = await tx.entries.get(channel.id, entry_id) if channel else None
            if channel is None or entry is None:
                raise PaperGone
            return ShownEntry(channel, entry, tuple(await tx.takes.of_entries([entry.id])))

    async def on_same_card(self, place: Place, entry_id: int) -> Sequence[Entry]:
        """The entries of the card that an entry stands on. Raises PaperGone."""
        shown = await self.entry(place, entry_id)
        async with self.store.read() as tx:
            return await tx.entries.sharing_card(entry_id) or [shown.entry]

    async def on_card(self, entry_id: int) -> tuple[Channel, Sequence[Entry]] | None:
        """The entries that the card of an entry shows, with their channel; None if it is gone.

        By the entry's id alone, wherever it is: for drawing a card anew.
        """
        async with self.store.read() as tx:
            entries = await tx.entries.sharing_card(entry_id)
            channel = await tx.channels.get(entries[0].channel_id) if entries else None
            return (channel, entries) if channel else None

    async def takes_on_card(self, entry_id: int) -> Sequence[Take]:
        """The takes that the card of an entry shows."""
        async with self.store.read() as tx:
            return await tx.takes.on_card(entry_id)

    async def remove(self, place: Place, typed: str, member: Member) -> Entry:
        """Take a paper off the list; its takes come back when it is added again.

        Raises what `listed` does, and NotYours unless the member added it or manages the channel.
        """
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            if done is not None:
                [entry] = await tx.entries.by_ids([done["entry"]])
                return entry
            channel = await tx.channels.find(place)
            found = await listed_entry(tx, channel, typed)
            if found.member.id != member.id and not member.manages:
                raise NotYours(who=found.member.name)
            cards = await tx.entries.cards_of(found.paper.id, channel_id=found.channel_id)
            await tx.entries.remove(found.id, self.clock())
            await redraw_cards(tx, cards)
            await self.list_changed(tx, found.channel_id)
            await tx.acts.note(member.act, entry=found.id)
            return found

    async def taken_off(self, entry_id: int) -> tuple[Channel, Entry] | None:
        """An entry that was taken off its list, for drawing its card anew."""
        async with self.store.read() as tx:
            entries = await tx.entries.by_ids([entry_id])
            channel = await tx.channels.get(entries[0].channel_id) if entries else None
            return (channel, entries[0]) if channel else None

    async def card_posted(self, entry_id: int, channel_id: int, message_id: int) -> None:
        """Note where an entry's card stands."""
        async with self.store.begin() as tx:
            await tx.entries.set_card(entry_id, channel_id, message_id)

    async def by_card(self, place: Place, message_id: int) -> Entry | None:
        """The entry whose card is that message."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.entries.by_card(channel.id, message_id) if channel else None


def only(refused: Sequence[PersonError]) -> PersonError:
    """What is told of several mistakes where nothing else is: the only one, or all of them."""
    return refused[0] if len(refused) == 1 else NothingAdded(refused=tuple(refused))


def _withdrawn(paper: Paper) -> PaperWithdrawn:
    said = {"title": readable(paper.title), "reference": paper.reference}
    if reason := paper.data.withdrawal:
        return PaperWithdrawnBecause(**said, reason=readable(reason))
    return PaperWithdrawn(**said)


def _listed(entry: Entry, channel: Channel) -> AlreadyListed:
    return AlreadyListed(
        title=entry.paper.shown_title,
        who=entry.member.name,
        when=entry.added_at.astimezone(channel.settings.zone),
        entry_id=entry.id,
    )
