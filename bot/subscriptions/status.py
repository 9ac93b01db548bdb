"""How far arXiv's mailings have been read, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.errors import PersonError
from bot.model.channel import Channel
from bot.model.intake import Mailing, MailingState, Problem
from bot.model.mailing import DAY, eastern_date, feed_opens, is_holiday, is_weekend
from bot.model.people import Place
from bot.model.query.parse import parse_saved
from bot.model.query.reach import categories
from bot.model.subscription import Subscription
from bot.papers.channels import channel_of
from bot.store import Transaction


class TodayStatus(StrEnum):
    """What has become of the mailing of today."""

    TAKEN = "taken"
    NOTHING_MATCHED = "nothing_matched"
    SO_FAR = "so_far"
    """The feed is in and has nothing, OAI-PMH's list is still awaited: feeds have been wrong."""
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
class SubscriptionListing:
    """A channel's subscriptions, and how far arXiv has been taken in."""

    channel: Channel
    subscriptions: tuple[Subscription, ...]
    newest: Mailing | None
    today: TodayStatus
    day: date


async def listing(tx: Transaction, place: Place, now: datetime) -> SubscriptionListing:
    """How things stand in a channel at this moment. Raises NoPapersHere."""
    day = eastern_date(now)
    if now < feed_opens(day):
        day -= DAY
    channel = await channel_of(tx, place)
    subscriptions = tuple(await tx.subscriptions.of_channel(channel.id))
    arrived = await tx.arrivals.any_of(channel.id, day)
    whole = await _is_in(tx, [one for one in subscriptions if not one.paused], day)
    return SubscriptionListing(
        channel,
        subscriptions,
        await tx.mailings.newest_taken(),
        _today(
            await tx.mailings.get(day),
            arrived=arrived,
            whole=whole,
            listed=await _listed(tx, day),
        ),
        day,
    )


async def _listed(tx: Transaction, day: date) -> bool:
    """Whether OAI-PMH's list of the day is in, for all categories that are taken in."""
    taken = await tx.mailings.taken(day, day)
    return all(
        (have := taken.get((day, name))) is not None and bool(have.listed_at or have.done_at)
        for name, watch in (await tx.mailings.watches()).items()
        if watch.since <= day
    )


async def _is_in(tx: Transaction, subscriptions: Sequence[Subscription], day: date) -> bool:
    """Whether a mailing was taken in for all that these subscriptions reach."""
    reached: set[str] = set()
    for one in subscriptions:
        if one.since > day:
            continue
        within = reach_of(one)
        reached |= within if within is not None else set(await tx.mailings.watches())
    taken = await tx.mailings.taken(day, day)
    return reached <= {name for (_, name), one in taken.items() if one.is_taken}


def reach_of(one: Subscription) -> frozenset[str] | None:
    """The categories that a subscription reaches into, None for all of arXiv; none if its query
    cannot be read."""
    try:
        return categories(parse_saved(one.query))
    except PersonError:
        return frozenset()


def _today(mailing: Mailing, *, arrived: bool, whole: bool, listed: bool) -> TodayStatus:
    """`arrived`: it brought papers here; `whole`: all of it that could was taken in; `listed`:
    OAI-PMH says so too."""
    if arrived:
        return TodayStatus.TAKEN
    if mailing.problem in (Problem.WRONG_DATE, Problem.PARTIAL):
        return TodayStatus.LATE
    if mailing.state is MailingState.TAKEN and whole:
        return TodayStatus.NOTHING_MATCHED if listed else TodayStatus.SO_FAR
    if is_weekend(mailing.date):
        return TodayStatus.WEEKEND
    if is_holiday(mailing.date):
        return TodayStatus.HOLIDAY
    if mailing.state is MailingState.NONE:
        return TodayStatus.NONE
    match mailing.problem:
        case Problem.UNANSWERED:
            return TodayStatus.UNANSWERED
        case Problem.EMPTY:
            return TodayStatus.EMPTY
        case Problem.WRONG_DATE | Problem.PARTIAL:
            return TodayStatus.LATE
    return TodayStatus.WAITING
