"""Digests as people ask for them: previews, posting now, skipping, history, export."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.digest import discord, markdown
from bot.digest.compile import Asked, asked_next, asked_period, compile_period
from bot.digest.discord import Rendered
from bot.digest.plan import plan
from bot.errors import (
    DigestPosted,
    DigestSkipped,
    EmptyDigest,
    ManagersOnly,
    NoPapersHere,
    PaperGone,
    TextTooLong,
)
from bot.model.channel import Channel
from bot.model.digest import Compiled, Digest, DigestState
from bot.model.people import Member, Place
from bot.model.take import Entry
from bot.papers.channels import Clock, PaperChannels, channel_named
from bot.store import Store, Transaction
from bot.text.markdown import strip_controls

INTRO_LIMIT = 4000
"""Characters of a digest's opening words: what a Discord form holds."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A period's list."""

    channel: Channel
    compiled: Compiled
    digest: Digest | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly the messages that would be posted, the starter first."""

    compiled: Compiled
    title: str
    messages: tuple[str, ...]
    papers: tuple[tuple[Entry, ...], ...] = ()
    """For each message, the papers in it that could be left out or moved."""
    editable: bool = False
    """Whether it is of a digest that is still to come."""
    following: bool = False
    """It is of the next digest, since that of the running period is posted already."""


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """The paper that a digest's thread speaks of at a message.

    `place` is the paper channel, wherever the digest was posted; `exact`: that very message is
    about the paper.
    """

    place: Place
    entry: Entry
    exact: bool


class Digests:
    """The digests of the paper channels."""

    def __init__(self, store: Store, channels: PaperChannels, clock: Clock) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock

    async def listing(self, place: Place, period: str | None = None) -> Listing:
        """The papers and takes of a period. Raises BadPeriod, NoPapersHere."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                raise NoPapersHere
            return await self._listing(tx, channel, period)

    async def listing_of(self, name: str, period: str | None = None) -> Listing:
        """As `listing`, for a channel by its id or an archive by its name. Raises NoChannel."""
        async with self.store.read() as tx:
            return await self._listing(tx, await channel_named(tx, name), period)

    async def preview(self, place: Place, period: str | None = None) -> Preview:
        """What would be posted, or was. Raises BadPeriod, NoPapersHere, EmptyDigest."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                raise NoPapersHere
            asked = await asked_period(tx, channel, period, self.clock())
            coming = asked_next(channel, asked)
            compiled = await self._compile(tx, channel, coming)
        if not compiled.says_something:
            if compiled.left_out:
                return Preview(compiled, compiled.title, (), (), editable=True)
            raise EmptyDigest
        rendered = await asyncio.to_thread(discord.render, compiled)
        return Preview(
            compiled,
            rendered.thread_name,
            rendered.texts,
            tuple(_papers(compiled, rendered)),
            editable=coming.running,
            following=coming is not asked,
        )

    async def spoken_of(self, thread_id: int, message_id: int) -> SpokenOf | None:
        """The paper that a digest's thread speaks of at a message; None if it is no such thread."""
        async with self.store.read() as tx:
            digest = await tx.digests.of_thread(thread_id)
            found = await tx.outbox.spoken_of(digest.id, message_id) if digest else None
            channel = await tx.channels.get(digest.channel_id) if digest else None
            if found is None or channel is None:
                return None
            entry = await tx.entries.get(channel.id, found[0])
        if entry is None:
            return None
        place = Place(channel.guild_id, channel.discord_id, channel.name, channel.forum)
        return SpokenOf(place, entry, exact=found[1] == message_id)

    async def leave_out(self, place: Place, member: Member, entry_id: int, *, out: bool) -> None:
        """Leave a paper out of the next digest, or put it back.

        Raises ManagersOnly, NoPapersHere, PaperGone.
        """
        async with self.store.begin() as tx:
            channel, compiled = await self._coming(tx, place, member)
            if entry_id not in {*_numbers(compiled), *channel.left_out}:
                raise PaperGone
            left_out = [number for number in channel.left_out if number != entry_id]
            await tx.channels.arrange(
                channel.id,
                arranged=channel.arranged,
                left_out=[*left_out, entry_id] if out else left_out,
            )

    async def move_up(self, place: Place, member: Member, entry_id: int) -> None:
        """Put a paper before the one that it follows in the next digest.

        Raises ManagersOnly, NoPapersHere, PaperGone.
        """
        async with self.store.begin() as tx:
            channel, compiled = await self._coming(tx, place, member)
            numbers = _numbers(compiled)
            if entry_id not in numbers:
                raise PaperGone
            at = numbers.index(entry_id)
            before = max(at - 1, 0)
            numbers[before], numbers[at] = numbers[at], numbers[before]
            await tx.channels.arrange(channel.id, arranged=numbers, left_out=channel.left_out)

    async def post(self, place: Place, member: Member, period: str | None = None) -> Digest:
        """Plan the running period's digest now; the sender posts it.

        It undoes an earlier `skip` of the period.
        Raises ManagersOnly, NoPapersHere, DigestPosted, EmptyDigest.
        """
        _managers_only(member)
        now = self.clock()
        async with self.store.begin() as tx:
            channel, asked = await self._open(tx, place, period)
            if asked.digest is not None and asked.digest.state is DigestState.SKIPPED:
                await tx.digests.reopen(channel.id, channel.period_start)
            else:
                refuse_closed(asked.digest)
            day = now.astimezone(channel.settings.zone).date()
            number = await plan(
                tx,
                channel,
                end=channel.next_digest_at,
                before=asked.span.end,
                day=day,
                now=now,
                scheduled=False,
            )
            digest = await tx.digests.get(number) if number is not None else None
            if digest is None:
                # Undoes the note that the period was empty: it goes on.
                raise EmptyDigest
            return digest

    async def skip(self, place: Place, member: Member, period: str | None = None) -> Digest:
        """Leave the running period's digest out; its takes come in the next one.

        Raises ManagersOnly, NoPapersHere, DigestPosted, DigestSkipped.
        """
        _managers_only(member)
        now = self.clock()
        async with self.store.begin() as tx:
            channel, asked = await self._open(tx, place, period)
            refuse_closed(asked.digest)
            number = await tx.digests.add(
                channel.id,
                channel.period_start,
                channel.next_digest_at,
                DigestState.SKIPPED,
                now,
                day=now.astimezone(channel.settings.zone).date(),
            )
            digest = await tx.digests.get(number) if number is not None else None
            if digest is None:
                raise DigestSkipped
            return digest

    async def history(self, place: Place, limit: int = 25) -> Sequence[Digest]:
        """The channel's digests, the newest first."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.digests.history(channel.id, limit) if channel else []

    async def export(self, place: Place, period: str | None = None) -> tuple[str, str]:
        """A file's name and its Markdown. Raises BadPeriod, NoPapersHere."""
        compiled = (await self.listing(place, period)).compiled
        return markdown.file_name(compiled), markdown.render(compiled)

    async def intro(self, place: Place) -> str:
        """The opening words of the running period."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
        if channel is None:
            return ""
        return channel.settings.intro if channel.intro is None else channel.intro

    async def set_intro(self, place: Place, member: Member, text: str | None) -> Channel:
        """Give the running period opening words of its own, or take them away.

        Raises ManagersOnly, TextTooLong.
        """
        _managers_only(member)
        words = strip_controls(text or "").strip()
        if len(words) > INTRO_LIMIT:
            raise TextTooLong(length=len(words), limit=INTRO_LIMIT)
        async with self.store.begin() as tx:
            channel = await self.channels.ensure(tx, place)
            await tx.channels.set_intro(channel.id, words or None)
            return channel

    async def _open(
        self, tx: Transaction, place: Place, period: str | None
    ) -> tuple[Channel, Asked]:
        """The channel, locked, and its running period, or the posted one that `period` names."""
        found = await tx.channels.find(place)
        channel = await tx.channels.lock(found.id) if found else None
        if channel is None:
            raise NoPapersHere
        asked = await asked_period(tx, channel, period, self.clock())
        if not asked.running:
            refuse_closed(asked.digest)
            raise EmptyDigest
        return channel, asked

    async def _listing(self, tx: Transaction, channel: Channel, period: str | None) -> Listing:
        asked = await asked_period(tx, channel, period, self.clock())
        return Listing(channel, await self._compile(tx, channel, asked), asked.digest)

    async def _compile(self, tx: Transaction, channel: Channel, asked: Asked) -> Compiled:
        zone = channel.settings.zone
        day = self.clock().astimezone(zone).date()
        if not asked.running or asked.span.end > channel.next_digest_at > self.clock():
            # A digest of another period than the running one: its own day.
            day = asked.span.end.astimezone(zone).date()
        return await compile_period(tx, channel, asked, day=day)

    async def _coming(
        self, tx: Transaction, place: Place, member: Member
    ) -> tuple[Channel, Compiled]:
        """The channel, locked, and what its next digest holds so far."""
        _managers_only(member)
        found = await tx.channels.find(place)
        channel = await tx.channels.lock(found.id) if found else None
        if channel is None:
            raise NoPapersHere
        asked = asked_next(channel, await asked_period(tx, channel, None, self.clock()))
        return channel, await self._compile(tx, channel, asked)


def _numbers(compiled: Compiled) -> list[int]:
    """The entries of a digest, in order."""
    taken = [section.entry.id for section in compiled.sections]
    return [*taken, *(entry.id for entry in compiled.untaken)]


def _papers(compiled: Compiled, rendered: Rendered) -> Iterator[tuple[Entry, ...]]:
    entries = {section.entry.id: section.entry for section in compiled.sections}
    yield from ((),) * len(rendered.contents)
    for message in rendered.messages:
        if message.entry_id is not None:
            yield (entries[message.entry_id],)
        else:
            yield compiled.shown_untaken if message.lists_untaken else ()


def refuse_closed(digest: Digest | None) -> None:
    """Raises DigestPosted or DigestSkipped if a period's digest is settled."""
    if digest is None or digest.state is DigestState.EMPTY:
        return
    if digest.state is DigestState.SKIPPED:
        raise DigestSkipped
    raise DigestPosted(
        title=digest.title, link=f"<#{digest.thread_id}>" if digest.thread_id else ""
    )


def _managers_only(member: Member) -> None:
    if not member.manages:
        raise ManagersOnly
