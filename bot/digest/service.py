"""Digests as people ask for them: previews, posting now, skipping, history, export."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.digest import discord_messages, markdown
from bot.digest.amend import refresh_reminder
from bot.digest.compile import compile_period
from bot.digest.discord_messages import Rendered
from bot.digest.periods import AskedPeriod, asked_digest, asked_period, coming, running_period
from bot.digest.plan import Ahead, close_period, plan, rendered_ahead
from bot.digest.results import DigestFile, PaperListing, Preview, SpokenOf
from bot.errors import (
    ButtonGone,
    DigestPosted,
    DigestSkipped,
    DoneAlready,
    EmptyDigest,
    ManagersOnly,
    NothingNew,
    PaperGone,
    PersonError,
    TextTooLong,
)
from bot.locale.choices import is_none
from bot.model.channel import INTRO_LIMIT, Channel
from bot.model.digest import Compiled, Digest, DigestState, HeldDigest
from bot.model.people import Member, Place
from bot.model.take import Entry
from bot.papers.channels import Clock, PaperChannels, channel_named, channel_of
from bot.store import Store, Transaction
from bot.text.markdown import strip_controls


class DigestService:
    """The digests of the paper channels."""

    def __init__(self, store: Store, channels: PaperChannels, clock: Clock) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock

    async def listing(self, place: Place, period: str | None = None) -> PaperListing:
        """The papers and takes of a period.

        Raises NoPapersHere, and BadPeriod, NoSuchPeriod, PeriodSkipped, PeriodEmpty.
        """
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            return await self._listing(tx, channel, period)

    async def listing_of(self, name: str, period: str | None = None) -> PaperListing:
        """A digest as it is written, of a channel by its id or an archive by its name.

        Of the running period, where that holds nothing yet, the one that was posted today; where
        no period is named, also the one that was posted right before, whenever that was.
        Raises NoChannel, and as `listing`.
        """
        async with self.store.read() as tx:
            return await self._digest(tx, await channel_named(tx, name), period)

    async def preview(self, place: Place, period: str | None = None) -> Preview:
        """What would be posted, or was. Raises as `listing`."""
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            listing = await self._listing(tx, channel, period)
            compiled = listing.compiled
            empty = not compiled.says_something and not compiled.left_out
            nothing = await self._nothing(tx, channel) if empty else None
        if not compiled.says_something:
            return Preview(compiled, compiled.title, (), coming=listing.coming, nothing=nothing)
        rendered = await asyncio.to_thread(discord_messages.render, compiled)
        return Preview(
            compiled,
            rendered.thread_name,
            rendered.texts,
            tuple(_papers(compiled, rendered)),
            coming=listing.coming,
            passed_over=listing.passed_over,
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
            if await tx.acts.claim(member.act, self.clock()) is not None:
                return
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
            if await tx.acts.claim(member.act, self.clock()) is not None:
                return
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

        The period ends with that: what comes from now on is in the next digest, which is due when
        it was anyway. It undoes an earlier `skip` of the period.
        Raises ManagersOnly, DigestPosted, EmptyDigest, NothingNew, and as `listing`.
        """
        _managers_only(member)
        return await rendered_ahead(partial(self._post, place, member, period))

    async def _post(
        self,
        place: Place,
        member: Member,
        period: str | None,
        ahead: Ahead | None,
        may_wait: bool,
    ) -> Digest:
        now = self.clock()
        async with self.store.begin() as tx:
            if (done := await self._done(tx, member)) is not None:
                return done
            channel, asked = await self._open(tx, place, period)
            if asked.digest is not None:
                await tx.digests.reopen(channel.id, channel.period_start)
            # Later than the period began, whatever the clock was set to, and than all takes.
            end = max(now, channel.period_start) + timedelta(microseconds=1)
            day = now.astimezone(channel.settings.zone).date()
            number = await plan(
                tx, channel, end=end, day=day, now=now, scheduled=False,
                ahead=ahead, may_wait=may_wait,
            )  # fmt: skip
            digest = await tx.digests.get(number) if number is not None else None
            if digest is None:
                # Undoes the note that the period was empty: it goes on.
                raise await self._nothing(tx, channel)
            due = channel.next_digest_at
            await close_period(tx, channel, end, due=due if due <= end else None)
            await tx.acts.note(member.act, digest=digest.id)
            return digest

    async def skip(self, place: Place, member: Member, period: str | None = None) -> Digest:
        """Leave the running period's digest out; its takes come in the next one.

        Raises ManagersOnly, DigestPosted, DigestSkipped, and as `listing`.
        """
        _managers_only(member)
        now = self.clock()
        async with self.store.begin() as tx:
            if (done := await self._done(tx, member)) is not None:
                return done
            channel, asked = await self._open(tx, place, period)
            if asked.digest is not None:
                raise DigestSkipped
            number = await tx.digests.add(
                channel.id,
                channel.period_start,
                channel.next_digest_at,
                DigestState.SKIPPED,
                now,
                day=channel.next_digest_at.astimezone(channel.settings.zone).date(),
            )
            digest = await tx.digests.get(number) if number is not None else None
            if digest is None:
                raise DigestSkipped
            await refresh_reminder(tx, channel.id, now)
            await tx.acts.note(member.act, digest=digest.id)
            return digest

    async def history(self, place: Place, limit: int = 25) -> Sequence[Digest]:
        """The channel's digests, the newest first."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.digests.history(channel.id, limit) if channel else []

    async def of_period(self, place: Place, start: datetime) -> Digest | None:
        """The digest, or the note that there is none, of the channel's period from then on."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.digests.of_period(channel.id, start) if channel else None

    async def held(self, place: Place) -> Sequence[HeldDigest]:
        """The channel's digests that wait for something, with moments on the channel's clock."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            held = await tx.held.digests(channel.id) if channel else ()
        if channel is None:
            return ()
        zone = channel.settings.zone
        return [
            replace(one, since=one.since.astimezone(zone) if one.since else None) for one in held
        ]

    async def export(self, place: Place, period: str | None = None) -> DigestFile:
        """A digest as a file, as `listing_of`. Raises EmptyDigest, NothingNew, and as `listing`."""
        async with self.store.read() as tx:
            channel = await channel_of(tx, place)
            listing = await self._digest(tx, channel, period)
            if listing.coming is not None and not listing.compiled.says_something:
                raise await self._nothing(tx, channel)
        compiled = listing.compiled
        text = await asyncio.to_thread(markdown.render, compiled)
        return DigestFile(markdown.file_name(compiled), text, listing.passed_over)

    async def entries_of(self, guild_id: int, digest_id: int) -> Sequence[Entry]:
        """The papers that a digest of this guild shows. Raises ButtonGone, EmptyDigest."""
        async with self.store.read() as tx:
            digest = await tx.digests.get(digest_id)
            if digest is None or await tx.digests.guild_of(digest_id) != guild_id:
                raise ButtonGone
            channel = await tx.channels.get(digest.channel_id)
            assert channel is not None
            compiled = (await self._listed(tx, channel, asked_digest(digest))).compiled
        return _entries(compiled)

    async def entries(self, place: Place, period: str | None) -> Sequence[Entry]:
        """The papers of a period's digest. Raises EmptyDigest, and as `listing`."""
        return _entries((await self.listing(place, period)).compiled, untaken=True)

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
        words = "" if is_none(words) else words
        if len(words) > INTRO_LIMIT:
            raise TextTooLong(length=len(words), limit=INTRO_LIMIT)
        async with self.store.begin() as tx:
            done = await tx.acts.claim(member.act, self.clock())
            channel = await self.channels.ensure(tx, place)
            if done is None:
                await tx.channels.set_intro(channel.id, words or None)
            return channel

    async def _done(self, tx: Transaction, member: Member) -> Digest | None:
        """The digest that this action brought when it was delivered before. Raises DoneAlready."""
        done = await tx.acts.claim(member.act, self.clock())
        digest = None if done is None else await tx.digests.get(done["digest"])
        if done is not None and digest is None:
            raise DoneAlready
        return digest

    async def _open(
        self, tx: Transaction, place: Place, period: str | None
    ) -> tuple[Channel, AskedPeriod]:
        """The channel, locked, and its running period. Raises DigestPosted for another one."""
        channel = await channel_of(tx, place, hold=True)
        asked = await asked_period(tx, channel, period, self.clock())
        if asked.digest is not None and asked.digest.has_text:
            raise DigestPosted(title=asked.digest.title, link=_link(asked.digest))
        return channel, asked

    async def _nothing(self, tx: Transaction, channel: Channel) -> PersonError:
        """Why there is nothing to post."""
        last = await tx.digests.last(channel.id)
        if last is None:
            return EmptyDigest()
        due = (await coming(tx, channel)).due
        return NothingNew(title=last.title, link=_link(last), when=due)

    async def _listing(self, tx: Transaction, channel: Channel, period: str | None) -> PaperListing:
        return await self._listed(
            tx, channel, await asked_period(tx, channel, period, self.clock())
        )

    async def _digest(self, tx: Transaction, channel: Channel, period: str | None) -> PaperListing:
        listing = await self._listing(tx, channel, period)
        if listing.coming is None or listing.compiled.says_something:
            return listing
        last = await tx.digests.last(channel.id)
        if last is None:
            return listing
        unnamed = period is None or not period.strip()
        if last.day == self._today(channel) or (
            unnamed and last.period_end == channel.period_start
        ):
            return await self._listed(tx, channel, asked_digest(last))
        return listing

    async def _listed(self, tx: Transaction, channel: Channel, asked: AskedPeriod) -> PaperListing:
        compiled = await compile_period(tx, channel, asked, day=self._today(channel))
        ahead = await coming(tx, channel) if asked.running else None
        return PaperListing(channel, compiled, asked.digest, ahead, asked.passed_over)

    def _today(self, channel: Channel) -> date:
        return self.clock().astimezone(channel.settings.zone).date()

    async def _coming(
        self, tx: Transaction, place: Place, member: Member
    ) -> tuple[Channel, Compiled]:
        """The channel, locked, and what its next digest holds so far."""
        _managers_only(member)
        channel = await channel_of(tx, place, hold=True)
        asked = await running_period(tx, channel, self.clock())
        return channel, await compile_period(tx, channel, asked, day=self._today(channel))


def _entries(compiled: Compiled, *, untaken: bool = False) -> list[Entry]:
    """The entries that a digest shows, in order; with `untaken` also those it only could."""
    others = compiled.untaken if untaken else compiled.shown_untaken
    found = [*(section.entry for section in compiled.sections), *others]
    if not found:
        raise EmptyDigest
    return found


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


def _link(digest: Digest) -> str:
    """What follows a title; nothing until the thread is there."""
    return f" <#{digest.thread_id}>" if digest.thread_id else ""


def _managers_only(member: Member) -> None:
    if not member.manages:
        raise ManagersOnly
