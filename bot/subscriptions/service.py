"""What people do with subscriptions: add, list, edit, pause, test and remove them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import (
    NoSuchSubscription,
    NothingToEdit,
    NotYours,
    QueryError,
    SeveralSubscriptions,
    SubscribedAlready,
    TooManySubscriptions,
)
from bot.model.channel import Channel
from bot.model.mailing import DAY, eastern_date
from bot.model.numbers import parse_id
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.query.parse import parse, parse_saved
from bot.model.query.reach import categories, too_broad
from bot.model.query.tree import Query
from bot.model.query.written import understood
from bot.model.subscription import (
    BROAD,
    DEFAULT_KINDS,
    MOST,
    Delivery,
    Subscription,
    check_cap,
    parse_kinds,
)
from bot.papers.channels import Clock, PaperChannels
from bot.papers.resolve import PaperResolver
from bot.store import Store, Transaction
from bot.subscriptions.dry_run import Estimate, estimated, tried
from bot.subscriptions.status import SubscriptionListing, listing
from bot.subscriptions.why import Why, why
from bot.text.bigrams import pieces

CHOICE = "subscription:"
"""What a choice of the autocompletion starts with."""
_NUMBERED = re.compile(r"#?([0-9]{1,3})[.)번]?")
"""How a subscription is called by its number in the list."""
SHOWN = 60
"""Papers that a test shows."""


@dataclass(frozen=True, slots=True)
class SubscriptionAnswer:
    """What came of adding or editing. Without `subscription` it is too much: ask, or cap it."""

    query: Query
    """As it is understood."""
    estimate: Estimate
    subscription: Subscription | None

    @property
    def written(self) -> str:
        """The query in full."""
        return understood(self.query)


class SubscriptionService:
    """Subscriptions of channels."""

    def __init__(
        self,
        store: Store,
        channels: PaperChannels,
        resolver: PaperResolver,
        clock: Clock,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.channels = channels
        self.resolver = resolver
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
    ) -> SubscriptionAnswer:
        """Save a query for a channel.

        One that brings too much is only answered, unless it is capped or `confirmed`. Raises a
        QueryError, BadKinds, BadCap, TooManySubscriptions, SubscribedAlready.
        """
        read = parse(query)
        chosen = parse_kinds(kinds) if kinds is not None else DEFAULT_KINDS
        cap = check_cap(cap) if cap is not None else None
        written, now = understood(read), self.clock()
        estimate = await estimated(self.store, read, chosen)
        much = not confirmed and cap is None and _much(read, estimate, delivery)
        async with self.store.begin() as tx:
            done = None if much else await tx.acts.claim(member.act, now)
            channel = await self.channels.ensure(tx, place)
            if done is not None:
                made = await tx.subscriptions.by_id(done["subscription"])
                return SubscriptionAnswer(parse_saved(made.query), estimate, made)
            have = await tx.subscriptions.of_channel(channel.id)
            if any(one.query == written for one in have):
                raise SubscribedAlready(query=written)
            if len(have) >= MOST:
                raise TooManySubscriptions(limit=MOST)
            if much:
                return SubscriptionAnswer(read, estimate, None)
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
            await tx.acts.note(member.act, subscription=made.id)
        self.changed()
        return SubscriptionAnswer(read, estimate, made)

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
    ) -> SubscriptionAnswer:
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
            if (changed := await self._done(tx, member)) is not None:
                return await self._answer(changed)
            channel, one = await _mine(tx, place, member, typed)
            read = parse(query) if query is not None else parse_saved(one.query)
            written = understood(read)
            if written != one.query:
                have = await tx.subscriptions.of_channel(channel.id)
                if any(other.query == written for other in have):
                    raise SubscribedAlready(query=written)
                changes |= {"query": written, "since": await self._since(tx, read)}
            changed = await self._change(tx, member, one, **changes)
        self.changed()
        return await self._answer(changed)

    async def pause(self, place: Place, member: Member, typed: str) -> Subscription:
        """Pause a subscription, or let a paused one go on: from the next mailing."""
        async with self.store.begin() as tx:
            if (changed := await self._done(tx, member)) is not None:
                return changed
            _, one = await _mine(tx, place, member, typed)
            changes: dict[str, object] = {"paused": not one.paused}
            if one.paused:
                changes["since"] = await self._since(tx, parse_saved(one.query))
            changed = await self._change(tx, member, one, **changes)
        self.changed()
        return changed

    async def remove(self, place: Place, member: Member, typed: str) -> Subscription:
        """Take a subscription away; what it has brought stays."""
        async with self.store.begin() as tx:
            if (removed := await self._done(tx, member)) is not None:
                return removed
            _, one = await _mine(tx, place, member, typed)
            return await self._change(tx, member, one, removed_at=self.clock())

    async def listing(self, place: Place) -> SubscriptionListing:
        """A channel's subscriptions, when the last mailing was taken in, and what of today."""
        async with self.store.read() as tx:
            return await listing(tx, place, self.clock())

    async def test(self, place: Place, typed: str) -> tuple[SubscriptionAnswer, Sequence[Paper]]:
        """The papers of the newest mailings that a subscription, or a query, would have brought."""
        async with self.store.read() as tx:
            channel = await tx.channels.find(place)
            one = await _find(tx, channel, typed) if channel else None
        if one is None and typed.startswith(CHOICE):
            raise NoSuchSubscription(typed=typed[:100])
        read = parse_saved(one.query) if one else parse(typed)
        kinds = one.kinds if one else DEFAULT_KINDS
        papers, estimate = await tried(self.store, read, kinds)
        return SubscriptionAnswer(read, estimate, one), papers[:SHOWN]

    async def why(self, place: Place, member: Member, typed: str) -> Why:
        """Why a paper came to a channel, or did not. Raises NoPapersHere, NotOfArxiv, NotListed,
        and what is wrong with a reference."""
        return await why(self.store, self.resolver, place, member, typed)

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

    # -- within ------------------------------------------------------------------------------------

    async def _done(self, tx: Transaction, member: Member) -> Subscription | None:
        """The subscription that this action changed when it was delivered before."""
        done = await tx.acts.claim(member.act, self.clock())
        return None if done is None else await tx.subscriptions.by_id(done["subscription"])

    async def _change(
        self, tx: Transaction, member: Member, one: Subscription, **changes: object
    ) -> Subscription:
        await tx.subscriptions.change(one.id, **changes)
        await tx.acts.note(member.act, subscription=one.id)
        return await tx.subscriptions.by_id(one.id)

    async def _answer(self, one: Subscription) -> SubscriptionAnswer:
        read = parse_saved(one.query)
        return SubscriptionAnswer(read, await estimated(self.store, read, one.kinds), one)

    async def _since(self, tx: Transaction, query: Query) -> date:
        """The first mailing that a subscription made now is for: today's, until it was taken in."""
        today = eastern_date(self.clock())
        taken = await tx.mailings.taken(today, today)
        within = categories(query)
        have = [
            one
            for (_, name), one in taken.items()
            if (within is None or name in within) and one.is_taken
        ]
        whole = bool(have) and (within is None or len(have) >= len(within))
        return today + DAY if whole else today


def _much(query: Query, estimate: Estimate, delivery: Delivery | None) -> bool:
    return estimate.a_day > BROAD or (not estimate.whole and too_broad(query))


async def _mine(
    tx: Transaction, place: Place, member: Member, typed: str
) -> tuple[Channel, Subscription]:
    channel = await tx.channels.find(place)
    if channel is None:
        raise NoSuchSubscription(typed=typed[:100])
    one = await _find(tx, channel, typed)
    if one is None:
        alike = _having(await tx.subscriptions.of_channel(channel.id), typed)
        if len(alike) > 1:
            raise SeveralSubscriptions(typed=typed[:100])
        if not alike or typed.startswith(CHOICE):
            raise NoSuchSubscription(typed=typed[:100])
        one = alike[0]
    if one.member.id != member.id and not member.manages:
        raise NotYours(who=one.member.name)
    return channel, one


async def _find(tx: Transaction, channel: Channel, typed: str) -> Subscription | None:
    """A choice of the autocompletion, a number of the list, or a query in any form of it."""
    if typed.startswith(CHOICE):
        number = parse_id(typed.removeprefix(CHOICE).strip())
        return None if number is None else await tx.subscriptions.get(channel.id, number)
    have = await tx.subscriptions.of_channel(channel.id)
    if place := _NUMBERED.fullmatch(typed.strip()):
        return have[int(place[1]) - 1] if 0 < int(place[1]) <= len(have) else None
    wanted = _in_full(typed).casefold()
    return next((one for one in have if one.query.casefold() == wanted), None)


def _in_full(typed: str) -> str:
    """A typed query as a saved one is written; what is none, as it stands."""
    words = " ".join(typed.strip("`' ").split())
    try:
        return understood(parse(words))
    except QueryError:
        return words


def _having(have: Sequence[Subscription], typed: str) -> Sequence[Subscription]:
    """The subscriptions with all the words that were typed."""
    words = set(pieces(typed))
    return [one for one in have if words and words <= set(pieces(one.query))]
