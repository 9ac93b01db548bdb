"""What members write about the papers on a channel's list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import (
    DoneAlready,
    NoSuchTake,
    NoTakeLike,
    NotYours,
    NotYourTake,
    PaperGone,
    SeveralTakes,
)
from bot.model.channel import Channel
from bot.model.numbers import parse_id
from bot.model.people import Member, Place
from bot.model.take import Entry, MessageKind, Take, TakeMessage, take_text
from bot.papers.channels import Clock
from bot.papers.find import name_of, referred
from bot.papers.known_names import KnownName, named, words_of
from bot.papers.service import PaperService, only
from bot.store import Store, Transaction
from bot.takes.messages import message_changed

CHOICE = "take:"
"""What a choice of the autocompletion starts with."""
_LOOKED_AT = 500
"""Takes, the newest, that are gone through for words."""
_QUOTED = 400
"""Characters of a take, the first, by whose words it is named."""
REPLY = "reply:"
"""What the key of an action starts with that makes a message a take: a message becomes one take,
whoever asks for it how often."""


Changed = Callable[[Transaction, Take], Awaitable[None]]
"""Called, in the same transaction, with a take that was edited or deleted, as it was before."""


async def nothing_to_do(_tx: Transaction, _take: Take) -> None:
    """Nobody needs to know."""


@dataclass(frozen=True, slots=True)
class TakeOnEntry:
    """A take with the entry that it is on."""

    entry: Entry
    take: Take
    listed: bool = False
    """This take put the paper on the list."""


class TakeService:
    """Adding, editing and deleting takes."""

    def __init__(
        self, store: Store, papers: PaperService, clock: Clock, changed: Changed = nothing_to_do
    ) -> None:
        self.store = store
        self.papers = papers
        self.clock = clock
        self.changed = changed

    async def add(
        self, place: Place, paper: str, member: Member, typed: str, title: str | None = None
    ) -> TakeOnEntry:
        """Store a take, listing the paper first where it is not yet; on disk when this returns.

        `title` is that of a page that is not known yet. Raises BlankTake, TakeTooLong, and what
        `Papers.meant` raises; nothing is stored then.
        """
        text = take_text(typed)
        meant = await self.papers.meant(place, paper, member, title)
        if meant.entry is not None:
            return await self.add_to(place, meant.entry.id, member, text)
        async with self.store.begin() as tx:
            if (done := await self._done(tx, member)) is not None:
                return done
            channel = await self.papers.channels.ensure(tx, place)
            put = await self.papers.put(tx, channel, meant.papers, member)
            if not put.entries:
                raise only(put.refused)
            return await self._write(tx, *put.entries[0], member, text)

    async def add_to(self, place: Place, entry_id: int, member: Member, typed: str) -> TakeOnEntry:
        """Store a take on an entry of this channel. Raises BlankTake, TakeTooLong, PaperGone."""
        text = take_text(typed)
        async with self.store.begin() as tx:
            if (done := await self._done(tx, member)) is not None:
                return done
            channel = await tx.channels.find(place)
            entry = await tx.entries.get(channel.id, entry_id) if channel else None
            if entry is None:
                raise PaperGone
            return await self._write(tx, entry, False, member, text)

    async def _write(
        self, tx: Transaction, entry: Entry, listed: bool, member: Member, text: str
    ) -> TakeOnEntry:
        channel = await tx.channels.get(entry.channel_id)
        assert channel is not None
        member_id = await tx.members.ensure(channel.scope, member)
        take = await tx.takes.add(entry.id, member_id, text, self.clock())
        await self.papers.list_changed(tx, entry.channel_id)
        await tx.acts.note(member.act, take=take.id, listed=listed)
        return TakeOnEntry(entry, take, listed)

    async def _done(self, tx: Transaction, member: Member) -> TakeOnEntry | None:
        """The take that this action brought when it was delivered before. Raises DoneAlready."""
        done = await tx.acts.claim(member.act, self.clock())
        if done is None:
            return None
        take = await tx.takes.by_id(done["take"])
        if take is not None:
            [entry] = await tx.entries.by_ids([take.entry_id])
            return TakeOnEntry(entry, take, done["listed"])
        if member.act is not None and member.act.startswith(REPLY):
            # A reply whose take was deleted may be kept once more.
            return None
        raise DoneAlready

    async def shown(self, take: Take, shown: MessageKind, channel_id: int, message_id: int) -> bool:
        """Note where a take is shown. True if it was changed meanwhile, so that a row is due."""
        message = TakeMessage(shown, channel_id, message_id)
        async with self.store.begin() as tx:
            await tx.takes.set_message(take.id, message)
            now = await tx.takes.by_id(take.id)
            if now is not None and now.text == take.text:
                return False
            await message_changed(tx, replace(take, message=message))
            return True

    async def on_message(self, take_id: int) -> tuple[Channel, TakeOnEntry] | None:
        """A take with its channel, for drawing its message anew; None if it is gone."""
        async with self.store.read() as tx:
            take = await tx.takes.by_id(take_id)
            if take is None:
                return None
            [entry] = await tx.entries.by_ids([take.entry_id])
            channel = await tx.channels.get(entry.channel_id)
            return (channel, TakeOnEntry(entry, take)) if channel else None

    async def of_member(
        self, place: Place, discord_id: int | None, limit: int = 25
    ) -> Sequence[TakeOnEntry]:
        """Takes of one member, or of all, the newest first."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await _of_member(tx, channel, discord_id, limit) if channel else []

    async def complete(
        self, place: Place, discord_id: int | None, limit: int, typed: str
    ) -> Sequence[TakeOnEntry]:
        """The same for an option that is being typed: by words of a take, or of its paper."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                return []
            found = await _of_member(tx, channel, discord_id, _LOOKED_AT)
            if not words_of(typed):
                return found[:limit]
            numbers = await asyncio.to_thread(named, typed, [_name(taken) for taken in found])
            letters = typed.strip().casefold()
            return [
                taken
                for taken in found
                if taken.take.id in numbers or letters in taken.take.text.casefold()
            ][:limit]

    async def get(self, place: Place, choice: str, member: Member) -> TakeOnEntry:
        """The member's own take that a choice names, or words of it or of its paper.

        Raises NoSuchTake, NoTakeLike, SeveralTakes, NotYourTake.
        """
        async with self.store.read() as tx:
            taken = await self._meant(tx, place, choice, member.id)
        if taken.take.member.id != member.id:
            raise NotYourTake(who=taken.take.member.name)
        return taken

    async def deletable(self, place: Place, choice: str, member: Member) -> TakeOnEntry:
        """The take that a choice names, if the member may delete it. Raises what `delete` does."""
        async with self.store.read() as tx:
            taken = await self._meant(tx, place, choice, None if member.manages else member.id)
        if taken.take.member.id != member.id and not member.manages:
            raise NotYours(who=taken.take.member.name)
        return taken

    async def edit(self, place: Place, choice: str, member: Member, typed: str) -> TakeOnEntry:
        """Replace the text of the member's own take.

        Raises BlankTake, TakeTooLong, NoSuchTake, NotYourTake; nothing is changed then.
        """
        text = take_text(typed)
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            # Held, since `shown` may be noting the message that is to change with the take.
            taken = await self._get(tx, place, choice, hold=True)
            if taken.take.member.id != member.id:
                raise NotYourTake(who=taken.take.member.name)
            if done is not None:
                return taken
            await tx.takes.edit(taken.take.id, text, self.clock())
            await self.changed(tx, taken.take)
            return await self._get(tx, place, choice)

    async def delete(self, place: Place, choice: str, member: Member) -> Entry:
        """Delete a take of one's own, or any if one manages the channel; gives what it was on.

        Raises NoSuchTake, NotYours.
        """
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            if done is not None:
                [entry] = await tx.entries.by_ids([done["entry"]])
                return entry
            meant = await self._meant(tx, place, choice, None if member.manages else member.id)
            # Held, since `shown` may be noting the message that is to change with the take.
            taken = await self._get(tx, place, f"{CHOICE}{meant.take.id}", hold=True)
            if taken.take.member.id != member.id and not member.manages:
                raise NotYours(who=taken.take.member.name)
            await tx.takes.delete(taken.take.id)
            await self.changed(tx, taken.take)
            await tx.acts.note(member.act, entry=taken.entry.id)
            return taken.entry

    async def _meant(
        self, tx: Transaction, place: Place, typed: str, whose: int | None
    ) -> TakeOnEntry:
        """The take that a choice names; that words name, of one member's or of all.

        Raises NoSuchTake, NoTakeLike, SeveralTakes.
        """
        if typed.startswith(CHOICE) or not words_of(typed):
            return await self._get(tx, place, typed)
        channel = await tx.channels.find(place)
        if channel is None:
            raise NoSuchTake
        found = await _of_member(tx, channel, whose, _LOOKED_AT)
        numbers = await asyncio.to_thread(named, typed, [_name(taken) for taken in found])
        meant = tuple(taken for taken in found if taken.take.id in numbers)
        if not meant:
            entry = await referred(tx, channel, typed)
            meant = tuple(one for one in found if entry is not None and one.entry.id == entry.id)
        if not meant:
            raise NoTakeLike(typed=" ".join(typed.split())[:100])
        if len(meant) > 1:
            raise SeveralTakes(typed=typed[:100], count=len(meant), takes=meant)
        return meant[0]

    async def _get(
        self, tx: Transaction, place: Place, choice: str, *, hold: bool = False
    ) -> TakeOnEntry:
        number = parse_id(choice.removeprefix(CHOICE)) if choice.startswith(CHOICE) else None
        channel = await tx.channels.find(place)
        if channel is None or number is None:
            raise NoSuchTake
        take = await tx.takes.get(channel.id, number, hold=hold)
        entry = await tx.entries.get(channel.id, take.entry_id) if take else None
        if take is None or entry is None:
            raise NoSuchTake
        return TakeOnEntry(entry, take)


async def _of_member(
    tx: Transaction, channel: Channel, discord_id: int | None, limit: int
) -> list[TakeOnEntry]:
    found = await tx.takes.of_member(channel.id, discord_id, "", limit)
    numbers = list({take.entry_id for take, _ in found})
    entries = {entry.id: entry for entry in await tx.entries.by_ids(numbers)}
    return [TakeOnEntry(entries[number], take) for take, number in found if number in entries]


def _name(taken: TakeOnEntry) -> KnownName:
    """By what a take is called: its paper and its own words."""
    about = name_of(taken.take.id, taken.entry.paper.data)
    return replace(about, words=f"{about.words} {taken.take.text[:_QUOTED]}")
