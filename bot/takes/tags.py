"""The tags of a channel's takes: counted, renamed, merged. A take's text is what decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import BadTag, ManagersOnly, NoSuchTag, SameTag, TagTaken
from bot.isolation import RecordKind, isolated
from bot.model.channel import Channel
from bot.model.people import Member, Place
from bot.papers.channels import Clock, channel_of
from bot.store import Store, Transaction
from bot.store.fulltext.index import TAG_LIMIT
from bot.takes.service import Changed, nothing_to_do
from bot.text.tags import is_tag, retag, tag_key


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag without its `#`, as it was last written; `takes` that have it."""

    name: str
    takes: int


class TagService:
    """What takes are tagged with."""

    def __init__(self, store: Store, clock: Clock, changed: Changed = nothing_to_do) -> None:
        self.store = store
        self.clock = clock
        self.changed = changed

    async def list(self, place: Place) -> Sequence[Tag]:
        """The channel's tags, the most used first. Raises NoPapersHere."""
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            return [Tag(*one) for one in await tx.connections.tags(channel.id)]

    async def complete(self, place: Place, typed: str, limit: int) -> Sequence[Tag]:
        """Tags for an option that is being typed: those that begin so first."""
        wanted = tag_key(typed.strip())
        found = [tag for tag in await self.list(place) if wanted in tag_key(tag.name)]
        found.sort(key=lambda tag: not tag_key(tag.name).startswith(wanted))
        return found[:limit]

    async def rename(self, place: Place, member: Member, tag: str, to: str) -> int:
        """Write a tag in another way in all takes of the channel; returns in how many.

        Raises ManagersOnly, BadTag, NoSuchTag, NoPapersHere; TagTaken where another tag is
        called so already, since what is merged cannot be told apart again.
        """
        return await self._rewrite(place, member, tag, to, merging=False)

    async def merge(self, place: Place, member: Member, tag: str, into: str) -> int:
        """Make one tag of two; returns how many takes were changed.

        Raises ManagersOnly, BadTag, NoPapersHere; NoSuchTag unless there are both, SameTag for one.
        """
        return await self._rewrite(place, member, tag, into, merging=True)

    async def _rewrite(
        self, place: Place, member: Member, typed: str, typed_new: str, *, merging: bool
    ) -> int:
        if not member.manages:
            raise ManagersOnly
        old, new = typed.strip().removeprefix("#"), typed_new.strip().removeprefix("#")
        if len(new) > TAG_LIMIT or not is_tag(new):
            raise BadTag(tag=new[:TAG_LIMIT])
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            if done is not None:
                return int(done["count"])
            channel = await channel_of(tx, place)
            await tx.channels.lock(channel.id)
            known = {tag_key(name): name for name, _ in await tx.connections.tags(channel.id)}
            if tag_key(old) not in known:
                raise NoSuchTag(tag=old[:TAG_LIMIT])
            same = tag_key(old) == tag_key(new)
            if merging:
                if same:
                    raise SameTag(tag=known[tag_key(new)])
                if tag_key(new) not in known:
                    raise NoSuchTag(tag=new[:TAG_LIMIT])
                new = known[tag_key(new)]
            elif tag_key(new) in known and not same:
                raise TagTaken(tag=known[tag_key(new)])
            count = await self._retag(tx, channel, tag_key(old), new)
            await tx.acts.note(member.act, count=count)
            return count

    async def _retag(self, tx: Transaction, channel: Channel, old: str, new: str) -> int:
        count = 0
        for take in await tx.connections.tagged(channel.id, [old]):
            with isolated(RecordKind.TAKE, take.id) as attempt:
                text = retag(take.text, {old}, new)
            if attempt.failed is None and text != take.text:
                await tx.takes.edit(take.id, text, self.clock())
                await self.changed(tx, take)
                count += 1
        return count
