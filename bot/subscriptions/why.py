"""Why a paper came to a channel, or did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from bot.errors import NotListed, NotOfArxiv, PersonError, TitleNeeded
from bot.model.channel import Channel
from bot.model.outbox import Row
from bot.model.paper import Paper
from bot.model.people import Member, Place
from bot.model.query.match import hits, holds, lacking
from bot.model.query.parse import parse_saved
from bot.model.query.reach import categories
from bot.model.query.text import PaperText, prepare
from bot.model.query.tree import Query, Term
from bot.model.reference import TitleReference, parse_references
from bot.model.subscription import (
    Announced,
    Arrival,
    ArrivalKind,
    Subscription,
    Watch,
    canonical,
    id_key,
    wanted,
)
from bot.model.take import Entry
from bot.papers.channels import channel_of
from bot.papers.find import CHOICE, find_entry
from bot.papers.resolve import PaperResolver
from bot.store import Store, Transaction
from bot.text.bigrams import query as phrases_of


class MatchOutcome(StrEnum):
    """What a subscription has to do with a paper."""

    BROUGHT = auto()
    WOULD = auto()
    """It matches, but no announcement of the paper is known."""
    MATCHES = auto()
    """It matches as the paper stands now, but did not when it was announced."""
    ALREADY = auto()
    """It matches by a later announcement, before which the paper had come here."""
    LACKS = auto()
    KIND = auto()
    """It matches, but does not ask for what the paper was announced as."""
    OLDER = auto()
    """It matches, but is for later announcements."""
    PAUSED = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one subscription has to do with the paper.

    `terms` are those for which it matches, `lacks` those (or alternatives, or negations) for want
    of which it does not. `kind`: what it was announced as.
    """

    subscription: Subscription
    outcome: MatchOutcome
    terms: tuple[Term, ...] = ()
    lacks: tuple[Query, ...] = ()
    kind: ArrivalKind | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """All that is known of a paper's way to a channel.

    `announced` by which mailings, the oldest first; `unwatched`: no subscription of this bot
    reaches its categories; `since` the first mailing that was taken in for them, `older` whether
    the paper is from before that; `newest` the last mailing of all. `message`: the announcement in
    the channel.
    """

    channel: Channel
    paper: Paper
    announced: tuple[Announced, ...]
    unwatched: bool
    since: date | None
    older: bool
    newest: date | None
    entry: Entry | None
    arrival: Arrival | None
    message: Row | None
    message_place: int | None
    verdicts: tuple[Verdict, ...]


async def why(
    store: Store, resolver: PaperResolver, place: Place, member: Member, typed: str
) -> Why:
    """Look into it. Raises NoPapersHere, NotOfArxiv, NotListed for a choice that fits none, and
    what is wrong with a reference."""
    paper = await _paper(store, resolver, place, member, typed)
    if paper.data.arxiv_id is None:
        raise NotOfArxiv
    async with store.read() as tx:
        channel = await channel_of(tx, place)
        return await _looked_into(tx, channel, paper)


async def _paper(
    store: Store, resolver: PaperResolver, place: Place, member: Member, typed: str
) -> Paper:
    """The paper that is meant: of this channel's list, of the catalogue, else arXiv is asked."""
    async with store.read() as tx:
        channel = await channel_of(tx, place)
        if entry := await find_entry(tx, channel, typed, unlisted_too=True):
            return entry.paper
        if typed.startswith(CHOICE):
            raise NotListed(typed=typed[:100])
        for reference in parse_references(typed).references[:1]:
            if isinstance(reference, TitleReference):
                found = await tx.titles.catalogue_titles(phrases_of(reference.text), 2)
                if len(found) == 1:
                    return found[0]
    resolved = await resolver.resolve(typed, place, member)
    if not resolved.papers:
        refused = resolved.refused[0]
        raise NotOfArxiv if isinstance(refused, TitleNeeded) else refused
    return resolved.papers[0]


async def _looked_into(tx: Transaction, channel: Channel, paper: Paper) -> Why:
    announced = [
        one for one in await tx.mailings.announced_of(paper.id) if one.kind is not ArrivalKind.SEEN
    ]
    watches = await tx.mailings.watches()
    watched = [watches[name] for name in canonical(paper.data.categories) if name in watches]
    since = min((watch.since for watch in watched), default=None)
    newest = await tx.mailings.newest_taken()
    arrival = next(iter(await tx.arrivals.of_papers(channel.id, [paper.id])), None)
    keys = await tx.arrivals.announcements_of([paper.id], channel.id)
    message = next(iter((await tx.outbox.by_keys(keys)).values()), None)
    text = prepare(paper.data)
    return Why(
        channel,
        paper,
        tuple(announced),
        unwatched=not watched,
        since=since,
        older=_is_older(paper, since, watched),
        newest=newest.date if newest else None,
        entry=await tx.entries.of_paper(channel.id, paper.id),
        arrival=arrival,
        message=message,
        message_place=await tx.sending.place_of(message) if message else None,
        verdicts=tuple(
            _verdict(one, text, announced, arrival)
            for one in await tx.subscriptions.of_channel(channel.id)
        ),
    )


def _is_older(paper: Paper, since: date | None, watched: Sequence[Watch]) -> bool:
    """Whether it was announced before the first mailing taken in; OAI-PMH's records have no date
    of submission, but ids go up."""
    if since is None:
        return False
    if published := paper.data.published:
        return published.date() < since
    key = id_key(paper.data.arxiv_id or "")
    return all(key < watch.floor for watch in watched)


def _verdict(
    one: Subscription, text: PaperText, announced: Sequence[Announced], arrival: Arrival | None
) -> Verdict:
    try:
        query = parse_saved(one.query)
    except PersonError:
        return Verdict(one, MatchOutcome.UNREADABLE)
    if not holds(query, text):
        return Verdict(one, MatchOutcome.LACKS, lacks=lacking(query, text))
    terms = hits(query, text)
    if arrival is not None and one.id in arrival.reasons:
        return Verdict(one, MatchOutcome.BROUGHT, terms)
    if one.paused:
        return Verdict(one, MatchOutcome.PAUSED, terms)
    if not announced:
        return Verdict(one, MatchOutcome.WOULD, terms)
    taken = [event for event in announced if wanted(event, one.kinds, categories(query))]
    if not taken:
        return Verdict(one, MatchOutcome.KIND, terms, kind=announced[-1].kind)
    since = [event.mailing for event in taken if event.mailing >= one.since]
    if not since:
        return Verdict(one, MatchOutcome.OLDER, terms)
    already = arrival is not None and arrival.mailing < max(since)
    return Verdict(one, MatchOutcome.ALREADY if already else MatchOutcome.MATCHES, terms)
