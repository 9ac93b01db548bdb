"""What members write about the papers on a channel's list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.errors import NoSuchTake, NotYours
from bot.model.people import Member, Place
from bot.model.take import Entry, Take, take_text
from bot.papers.channels import Clock
from bot.papers.service import Papers
from bot.store import Store, Transaction

CHOICE = "take:"
"""What a choice of the autocompletion starts with."""


Changed = Callable[[Transaction, Take], Awaitable[None]]
"""Called, in the same transaction, with a take that was edited or deleted, as it was before."""


async def nothing_to_do(_tx: Transaction, _take: Take) -> None:
    """Nobody needs to know."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A take with the entry that it is on."""

    entry: Entry
    take: Take
    listed: bool = False
    """This take put the paper on the list."""


class Takes:
    """Adding, editing and deleting takes."""

    def __init__(
        self, store: Store, papers: Papers, clock: Clock, changed: Changed = nothing_to_do
    ) -> None:
        self.store = store
        self.papers = papers
        self.clock = clock
        self.changed = changed

    async def add(
        self, place: Place, paper: str, member: Member, typed: str, title: str | None = None
    ) -> Taken:
        """Store a take, listing the paper first where it is not yet; on disk when this returns.

        `title` is that of a page that is not known yet. Raises BlankTake, TakeTooLong, and what
        `Papers.ensure` raises; no take is stored then.
        """
        text = take_text(typed)
        entry, listed = await self.papers.ensure(place, paper, member, title)
        taken = await self.add_to(place, entry.id, member, text)
        return Taken(taken.entry, taken.take, listed)

    async def add_to(self, place: Place, entry_id: int, member: Member, typed: str) -> Taken:
        """Store a take on an entry of this channel. Raises BlankTake, TakeTooLong, PaperGone."""
        text = take_text(typed)
        entry = (await self.papers.entry(place, entry_id)).entry
        async with self.store.begin() as tx:
            member_id = await tx.members.ensure(place.scope, member)
            take = await tx.takes.add(entry.id, member_id, text, self.clock())
            return Taken(entry, take)

    async def of_member(
        self, place: Place, discord_id: int | None, limit: int = 25, typed: str = ""
    ) -> Sequence[Taken]:
        """Takes of one member, or of all, the newest first."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                return []
            found = await tx.takes.of_member(channel.id, discord_id, typed, limit)
            entries = {
                number: entry
                for number in {take.entry_id for take, _ in found}
                if (entry := await tx.entries.get(channel.id, number)) is not None
            }
            return [
                Taken(entries[take.entry_id], take) for take, number in found if number in entries
            ]

    async def get(self, place: Place, choice: str, member: Member) -> Taken:
        """The member's own take that a choice names. Raises NoSuchTake, NotYours."""
        async with self.store.read() as tx:
            taken = await self._get(tx, place, choice)
        if taken.take.member.id != member.id:
            raise NotYours(who=taken.take.member.name)
        return taken

    async def edit(self, place: Place, choice: str, member: Member, typed: str) -> Taken:
        """Replace the text of the member's own take.

        Raises BlankTake, TakeTooLong, NoSuchTake, NotYours; nothing is changed then.
        """
        text = take_text(typed)
        async with self.store.begin() as tx:
            taken = await self._get(tx, place, choice)
            if taken.take.member.id != member.id:
                raise NotYours(who=taken.take.member.name)
            await tx.takes.edit(taken.take.id, text, self.clock())
            await self.changed(tx, taken.take)
            return await self._get(tx, place, choice)

    async def delete(self, place: Place, choice: str, member: Member) -> Taken:
        """Delete a take of one's own, or any if one manages the channel.

        Raises NoSuchTake, NotYours.
        """
        async with self.store.begin() as tx:
            taken = await self._get(tx, place, choice)
            if taken.take.member.id != member.id and not member.manages:
                raise NotYours(who=taken.take.member.name)
            await tx.takes.delete(taken.take.id)
            await self.changed(tx, taken.take)
            return taken

    async def _get(self, tx: Transaction, place: Place, choice: str) -> Taken:
        number = choice.removeprefix(CHOICE)
        channel = await tx.channels.find(place)
        if channel is None or not choice.startswith(CHOICE) or not _is_number(number):
            raise NoSuchTake
        take = await tx.takes.get(channel.id, int(number))
        entry = await tx.entries.get(channel.id, take.entry_id) if take else None
        if take is None or entry is None:
            raise NoSuchTake
        return Taken(entry, take)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
