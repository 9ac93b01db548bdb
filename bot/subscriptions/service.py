"""What people do with subscriptions: add, list, edit, pause, test and remove them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.errors import (
    AnnouncementGone,
    NoPapersHere,
    NoSuchSubscription,
    NothingToEdit,
    NotYours,
    SubscribedAlready,
    TooManySubscriptions,
)
from bot.model.channel import Channel
from bot.model.intake import Mailing, MailingState, Problem
from bot.model.mailing import DAY, eastern_date, feed_opens, is_holiday, is_weekend
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.query import Query, understood
from bot.model.query_match import matches
from bot.model.query_parse import parse
from bot.model.query_reach import categories, too_broad
from bot.model.subscription import (
    BROAD,
    DEFAULT_KINDS,
    MOST,
    Announced,
    Delivery,
    Kind,
    Subscription,
    check_cap,
    parse_kinds,
    wanted,
)
from bot.model.take import Entry, How
from bot.papers.channels import Clock, PaperChannels
from bot.store import Store, Transaction
from bot.subscriptions.deliver import Bundle, refresh_announcements

CHOICE = "subscription:"
"""What a choice of the autocompletion starts with."""
LOOK_BACK = 5
"""Mailings that a query is tried on."""
SHOWN = 60
"""Papers that a test shows."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the newest mailings taken in would have brought; `days` 0: none is known yet."""

    papers: int
    days: int

    @property
    def a_day(self) -> float:
        return self.papers / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of adding or editing. Without `subscription` it is too much: ask, or cap it."""

    query: str
    """As it is understood."""
    estimate: Estimate
    subscription: Subscription | None


class Today(StrEnum):
    """What has become of the mailing of today."""

    TAKEN = "taken"
    NOTHING_MATCHED = "nothing_matched"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    NONE = "none"
    """There was none, though the calendar knows of no holiday."""
    UNANSWERED = "unanswered"
    EMPTY = "empty"
    LATE = "late"
    """The feed still shows an earlier day, or only a part."""
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Listing:
    """A channel's subscriptions, and how far arXiv has been taken in."""

    channel: Channel
    subscriptions: tuple[Subscription, ...]
    newest: Mailing | None
    today: Today
    day: date


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


class SubscriptionService:
    """Subscriptions of channels."""

    def __init__(
        self,
        store: Store,
        channels: PaperChannels,
        clock: Clock,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock
        self.changed = changed
        """Called when there may be something new to ask of arXiv."""

    async def add(
        self,
        place: Place,
        member: Member,
        query: str,
        *,
        kinds: str | None = None,
        delivery: Delivery | None = None,
        cap: int | None = None,
        confirmed: bool = False,
    ) -> Answer:
        """Save a query for a channel.

        One that brings too much is only answered, unless it is capped or `confirmed`. Raises a
        QueryError, BadKinds, BadCap, TooManySubscriptions, SubscribedAlready.
        """
        read = parse(query)
        chosen = parse_kinds(kinds) if kinds is not None else DEFAULT_KINDS
        cap = check_cap(cap) if cap is not None else None
        written, now = understood(read), self.clock()
        estimate = await self._estimate(read, chosen)
        async with self.store.begin() as tx:
            channel = await self.channels.ensure(tx, place)
            have = await tx.subscriptions.of_channel(channel.id)
            if any(one.query == written for one in have):
                raise SubscribedAlready(query=written)
            if len(have) >= MOST:
                raise TooManySubscriptions(limit=MOST)
            if not confirmed and cap is None and _much(read, estimate, delivery):
                return Answer(written, estimate, None)
            made = await tx.subscriptions.add(
                channel.id,
                await tx.members.ensure(place.scope, member),
                query=written,
                kinds=chosen,
                delivery=delivery or Delivery.ONCE,
                cap=cap,
                since=await self._since(tx, read),
                now=now,
            )
        self.changed()
        return Answer(written, estimate, made)

    async def edit(
        self,
        place: Place,
        member: Member,
        typed: str,
        *,
        query: str | None = None,
        kinds: str | None = None,
        delivery: Delivery | None = None,
        cap: int | None = None,
    ) -> Answer:
        """Change a subscription; `cap` 0 takes the cap away.

        Raises what `add` raises, NoSuchSubscription, NotYours, NothingToEdit.
        """
        if query is None and kinds is None and delivery is None and cap is None:
            raise NothingToEdit
        changes: dict[str, object] = {}
        if kinds is not None:
            changes["kinds"] = [kind.value for kind in parse_kinds(kinds)]
        if delivery is not None:
            changes["delivery"] = delivery.value
        if cap is not None:
            changes["cap"] = check_cap(cap) if cap else None
        async with self.store.begin() as tx:
            channel, one = await _mine(tx, place, member, typed)
            read = parse(query if query is not None else one.query)
            written = understood(read)
            if written != one.query:
                have = await tx.subscriptions.of_channel(channel.id)
                if any(other.query == written for other in have):
                    raise SubscribedAlready(query=written)
                changes |= {"query": written, "since": await self._since(tx, read)}
            await tx.subscriptions.change(one.id, **changes)
            changed = await tx.subscriptions.get(channel.id, one.id)
        assert changed is not None
        self.changed()
        return Answer(written, await self._estimate(read, changed.kinds), changed)

    async def pause(self, place: Place, member: Member, typed: str) -> Subscription:
        """Pause a subscription, or let a paused one go on: from the next mailing."""
        async with self.store.begin() as tx:
            channel, one = await _mine(tx, place, member, typed)
            changes: dict[str, object] = {"paused": not one.paused}
            if one.paused:
                changes["since"] = await self._since(tx, parse(one.query))
            await tx.subscriptions.change(one.id, **changes)
            changed = await tx.subscriptions.get(channel.id, one.id)
        assert changed is not None
        self.changed()
        return changed

    async def remove(self, place: Place, member: Member, typed: str) -> Subscription:
        """Take a subscription away; what it has brought stays."""
        async with self.store.begin() as tx:
            _, one = await _mine(tx, place, member, typed)
            await tx.subscriptions.change(one.id, removed_at=self.clock())
        return one

    async def listing(self, place: Place) -> Listing:
        """A channel's subscriptions, when the last mailing was taken in, and what of today."""
        now = self.clock()
        day = eastern_date(now)
        if now < feed_opens(day):
            day -= DAY
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                raise NoPapersHere
            mailing = await tx.mailings.get(day)
            arrived = await tx.arrivals.any_of(channel.id, day)
            return Listing(
                channel,
                tuple(await tx.subscriptions.of_channel(channel.id)),
                await tx.mailings.newest_taken(),
                _today(mailing, arrived=arrived),
                day,
            )

    async def test(self, place: Place, typed: str) -> tuple[str, Estimate, Sequence[Paper]]:
        """The papers of the newest mailings that a subscription, or a query, would have brought."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            one = await _find(tx, channel, typed) if channel else None
        if one is None and typed.startswith(CHOICE):
            raise NoSuchSubscription(typed=typed[:100])
        read = parse(one.query if one else typed)
        found, days = await self._matching(read, one.kinds if one else DEFAULT_KINDS)
        papers = list({paper.id: paper for _, paper in found}.values())
        return understood(read), Estimate(len(papers), days), papers[:SHOWN]

    async def choices(self, place: Place, typed: str, limit: int) -> Sequence[Subscription]:
        """Subscriptions for an autocompletion."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            found = await tx.subscriptions.of_channel(channel.id) if channel else []
        wanted_text = typed.casefold()
        return [one for one in found if wanted_text in one.query.casefold()][:limit]

    async def authors(self, typed: str, limit: int) -> Sequence[str]:
        """Authors for an autocompletion."""
        if len(typed.strip()) < 2:
            return []
        async with self.store.read() as tx:
            return await tx.papers.authors_like(typed.strip(), limit)

    # -- announcements -----------------------------------------------------------------------------

    async def drawn(self, text: str) -> Drawn | None:
        """What an announcement of the outbox shows, as things are now."""
        bundle = Bundle.of_text(text)
        async with self.store.read() as tx:
            channel = await tx.channels.get(bundle.channel_id)
            if channel is None:
                return None
            papers = await tx.papers.by_numbers(bundle.papers)
            arrivals = await tx.arrivals.of_papers(channel.id, bundle.papers)
            queries = {one.id: one.query for one in await tx.subscriptions.of_channel(channel.id)}
            entries = await tx.entries.of_papers(channel.id, bundle.papers)
        reasons = {
            one.paper.id: tuple(queries[n] for n in one.reasons if n in queries) for one in arrivals
        }
        return Drawn(
            bundle,
            channel,
            tuple(papers[number] for number in bundle.papers if number in papers),
            {entry.paper.id: entry for entry in entries},
            reasons,
        )

    async def announcement_of(self, place: Place, paper_id: int) -> str | None:
        """The text of the announcement that a paper came with, to draw it anew."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            if channel is None:
                return None
            keys = await tx.arrivals.announcements_of([paper_id], channel.id)
            rows = await tx.outbox.by_keys(keys)
            return next((row.draft.text for row in rows.values()), None)

    async def paper(self, paper_id: int) -> Paper:
        """A paper of a button. Raises AnnouncementGone."""
        async with self.store.read() as tx:
            found = await tx.papers.get(paper_id)
        if found is None:
            raise AnnouncementGone
        return found

    async def entry_of(self, place: Place, paper_id: int) -> Entry | None:
        """The entry of a paper, if it is on the list already."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            return await tx.entries.of_paper(channel.id, paper_id) if channel else None

    async def list_papers(
        self, place: Place, paper_ids: Collection[int], member: Member, *, redraw: bool
    ) -> Sequence[Entry]:
        """Put announced papers on this week's list; gives those that are new there.

        With `redraw` their announcements are drawn anew, which the caller may do at once instead.
        """
        now = self.clock()
        made = []
        async with self.store.begin() as tx:
            channel = await self.channels.ensure(tx, place)
            known = await tx.papers.by_numbers(list(paper_ids))
            if not known:
                raise AnnouncementGone
            member_id = await tx.members.ensure(place.scope, member)
            for number in known:
                entry, new = await tx.entries.add(
                    channel.id, number, member_id, How.SUBSCRIPTION, now
                )
                if new:
                    made.append(entry)
            if redraw:
                await refresh_announcements(tx, [entry.paper.id for entry in made])
        return made

    # -- within ------------------------------------------------------------------------------------

    async def _since(self, tx: Transaction, query: Query) -> date:
        """The first mailing that a subscription made now is for: today's, until it was taken in."""
        today = eastern_date(self.clock())
        taken = await tx.mailings.taken(today, today)
        within = categories(query)
        have = [
            one
            for (_, name), one in taken.items()
            if (within is None or name in within) and (one.feed_at or one.listed_at or one.done_at)
        ]
        whole = bool(have) and (within is None or len(have) >= len(within))
        return today + DAY if whole else today

    async def _estimate(self, query: Query, kinds: Sequence[Kind]) -> Estimate:
        found, days = await self._matching(query, kinds)
        return Estimate(len({paper.id for _, paper in found}), days)

    async def _matching(
        self, query: Query, kinds: Sequence[Kind]
    ) -> tuple[list[tuple[Announced, Paper]], int]:
        async with self.store.read() as tx:
            dates = await tx.mailings.newest_dates(LOOK_BACK)
            lines = await tx.mailings.of_days(dates)
        within = categories(query)
        # Thousands of papers take a while: not on the event loop.
        return await asyncio.to_thread(_match, lines, query, kinds, within), len(dates)


def _match(
    lines: Sequence[tuple[Announced, Paper]],
    query: Query,
    kinds: Sequence[Kind],
    within: frozenset[str] | None,
) -> list[tuple[Announced, Paper]]:
    return [
        (line, paper)
        for line, paper in lines
        if (within is None or within & set(line.categories))
        and wanted(line, kinds, within)
        and matches(query, paper.data)
    ]


def _much(query: Query, estimate: Estimate, delivery: Delivery | None) -> bool:
    return estimate.a_day > BROAD or (not estimate.days and too_broad(query))


def _today(mailing: Mailing, *, arrived: bool) -> Today:
    if mailing.state is MailingState.TAKEN:
        return Today.TAKEN if arrived else Today.NOTHING_MATCHED
    if is_weekend(mailing.date):
        return Today.WEEKEND
    if is_holiday(mailing.date):
        return Today.HOLIDAY
    if mailing.state is MailingState.NONE:
        return Today.NONE
    match mailing.problem:
        case Problem.UNANSWERED:
            return Today.UNANSWERED
        case Problem.EMPTY:
            return Today.EMPTY
        case Problem.WRONG_DATE | Problem.PARTIAL:
            return Today.LATE
    return Today.WAITING


async def _mine(
    tx: Transaction, place: Place, member: Member, typed: str
) -> tuple[Channel, Subscription]:
    channel = await tx.channels.find(place)
    one = await _find(tx, channel, typed) if channel else None
    if channel is None or one is None:
        raise NoSuchSubscription(typed=typed[:100])
    if one.member.id != member.id and not member.manages:
        raise NotYours(who=one.member.name)
    return channel, one


async def _find(tx: Transaction, channel: Channel, typed: str) -> Subscription | None:
    number = typed.removeprefix(CHOICE).strip()
    if number.isascii() and number.isdigit() and len(number) < 18:
        return await tx.subscriptions.get(channel.id, int(number))
    if typed.startswith(CHOICE):
        return None
    wanted_text = " ".join(typed.split()).casefold()
    found = [
        one
        for one in await tx.subscriptions.of_channel(channel.id)
        if one.query.casefold() == wanted_text
    ]
    return found[0] if len(found) == 1 else None
