"""Subscriptions, and what it means that a paper is announced. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from bot.errors import BadCap, BadKinds
from bot.model import taxonomy
from bot.model.paper import Paper, PaperData
from bot.model.people import Member

MOST = 200
"""Subscriptions in one channel."""
BROAD = 30
"""Papers a day from which on a subscription without a cap is asked about."""
HIGHEST_CAP = 500


class ArrivalKind(StrEnum):
    """Why a paper is in a mailing, or what one counts as for a subscription."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    SEEN = "seen"
    """Not announced: only known to be there, or touched by the library."""


DEFAULT_KINDS = (ArrivalKind.NEW, ArrivalKind.CROSS)


class Delivery(StrEnum):
    """How papers arrive, the soonest first."""

    ONCE = "once"
    """Soon after the announcement, as cards."""
    DAILY = "daily"
    """One message a day with a list."""
    LIST = "list"
    """Silently on this week's list."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved query over new papers for one channel.

    `since` is the date of the first mailing that it is for.
    """

    id: int
    channel_id: int
    member: Member
    query: str
    kinds: tuple[ArrivalKind, ...]
    delivery: Delivery
    cap: int | None
    paused: bool
    since: date
    created_at: datetime


class Announced(NamedTuple):
    """What one mailing says of one paper.

    `added` are the categories that a cross-list added; with REPLACE it may have some too.
    `version_date` is the latest date (UTC) on which the version that it shows can have been
    submitted.
    """

    mailing: date
    paper_id: int
    kind: ArrivalKind
    categories: tuple[str, ...]
    added: tuple[str, ...]
    version_date: date


class Item(NamedTuple):
    """One paper of a feed or of an OAI-PMH list, before it is known what that means.

    `feed_kind` is the feed's own word, None for a record; `created` the date of the record's
    current version, None for a feed's item.
    """

    paper: PaperData
    mailing: date
    feed_kind: str | None = None
    created: date | None = None


class ArrivalState(StrEnum):
    """What has become of a paper that is for a channel."""

    PENDING = "pending"
    QUEUED = "queued"
    """In a message of the outbox."""
    LISTED = "listed"
    """On the list, silently."""
    CAPPED = "capped"
    """Above the day's cap: only counted."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A paper that is for a channel: once, whatever matched it."""

    id: int
    channel_id: int
    paper: Paper
    mailing: date
    reasons: tuple[int, ...]
    """The subscriptions' ids."""
    delivery: Delivery
    state: ArrivalState


@lru_cache(maxsize=4096)
def canonical(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Categories by their main names, each once, in order.

    Kept, since each paper is asked about twice, and many share theirs.
    """
    return tuple(dict.fromkeys(map(taxonomy.canonical, categories)))


def counts_as(event: Announced, within: frozenset[str] | None) -> frozenset[ArrivalKind]:
    """The kinds as any of which a subscription within these categories (None: all) may take it.

    As arXiv's own lists have it: a paper is new, or replaced, where its primary category is; it
    is a cross-list elsewhere, and so is one that was cross-listed later, where it was added. A
    replacement outside its primary category counts as one only together with cross-lists: that
    is for the caller, who knows what is wanted.
    """
    added = bool(event.added) and (within is None or bool(within & set(event.added)))
    at_home = within is None or event.categories[:1] == () or event.categories[0] in within
    match event.kind:
        case ArrivalKind.NEW:
            return frozenset({ArrivalKind.NEW if at_home else ArrivalKind.CROSS})
        case ArrivalKind.CROSS:
            return frozenset({ArrivalKind.CROSS}) if added else frozenset()
        case ArrivalKind.REPLACE:
            return (
                frozenset({ArrivalKind.REPLACE, ArrivalKind.CROSS})
                if added
                else frozenset({ArrivalKind.REPLACE})
            )
    return frozenset()


def wanted(event: Announced, kinds: Iterable[ArrivalKind], within: frozenset[str] | None) -> bool:
    """Whether a subscription that wants these kinds takes the paper, if its query does."""
    asked = frozenset(kinds)
    counted = counts_as(event, within) & asked
    if counted == {ArrivalKind.REPLACE} and within is not None and event.categories:
        return event.categories[0] in within or ArrivalKind.CROSS in asked
    return bool(counted)


# -- what an item means, given what is known already -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Watch:
    """A category that is taken in since the mailing of a date.

    `floor`: papers of this category with such an id or a higher one (as text) were announced
    since then. Ids are given in order, at the announcement. `complete`: the last day until which
    nothing more can come.
    """

    category: str
    since: date
    floor: str
    complete: date


_ONE = timedelta(days=1)
OLD = ""
"""Below every floor: an identifier from before April 2007."""
_FRESH_DAYS = 5
"""A version waits for its mailing over a weekend and a holiday."""


def id_key(arxiv_id: str) -> str:
    """An identifier as it compares in time."""
    return OLD if "/" in arxiv_id else arxiv_id


def classify(
    item: Item, paper_id: int, known: Announced | None, watches: Mapping[str, Watch]
) -> Announced:
    """What an item says of its paper, given the newest that is known of that, or None."""
    categories = canonical(item.paper.categories)
    if known is None:
        kind, added = _unknown(item, categories, watches)
        bound = item.created or item.mailing - _ONE
        return Announced(item.mailing, paper_id, kind, categories, added, bound)
    if known.mailing == item.mailing:
        return _again(item, known, categories)
    added = tuple(name for name in categories if name not in known.categories)
    bound = item.created or item.mailing - _ONE
    if item.feed_kind is not None:
        kind = _of_feed(item.feed_kind, known, added)
    elif item.created is not None and item.created > known.version_date:
        kind = ArrivalKind.REPLACE
    else:
        kind = ArrivalKind.CROSS if added else ArrivalKind.SEEN
    if kind is ArrivalKind.CROSS and not added:
        added = categories
    if kind is not ArrivalKind.REPLACE:
        bound = known.version_date
    return Announced(item.mailing, known.paper_id, kind, categories, added, bound)


def _again(item: Item, known: Announced, categories: tuple[str, ...]) -> Announced:
    """A paper that another source had in the same mailing: the two together."""
    more = tuple(name for name in categories if name not in known.categories)
    added = (*known.added, *(name for name in more if name not in known.added))
    kind, bound = known.kind, known.version_date
    if item.created is not None and item.created > bound:
        kind = ArrivalKind.REPLACE if kind in (ArrivalKind.SEEN, ArrivalKind.CROSS) else kind
        bound = item.created
    elif kind is ArrivalKind.SEEN and item.feed_kind is not None:
        kind = _FEED_KINDS.get(item.feed_kind, ArrivalKind.SEEN)
        added = added or (categories if kind is ArrivalKind.CROSS else ())
    elif kind is ArrivalKind.SEEN and more:
        kind = ArrivalKind.CROSS
    return Announced(item.mailing, known.paper_id, kind, categories, added, bound)


_FEED_KINDS = {
    "new": ArrivalKind.NEW, "cross": ArrivalKind.CROSS,
    "replace": ArrivalKind.REPLACE, "replace-cross": ArrivalKind.REPLACE,
}  # fmt: skip


def _of_feed(said: str, known: Announced, added: tuple[str, ...]) -> ArrivalKind:
    """A feed's word for a paper that was announced before."""
    if said in ("replace", "replace-cross"):
        return ArrivalKind.REPLACE
    if said == "cross" or added:
        return ArrivalKind.CROSS
    return ArrivalKind.SEEN


def _unknown(
    item: Item, categories: tuple[str, ...], watches: Mapping[str, Watch]
) -> tuple[ArrivalKind, tuple[str, ...]]:
    """A paper that no mailing taken in had: first announced since, or older than the watch."""
    if item.feed_kind == "new":
        return ArrivalKind.NEW, ()
    key = id_key(item.paper.arxiv_id or "")
    since = tuple(
        name for name in categories if name in watches and key >= watches[name].floor and key
    )
    if categories and categories[0] in since:
        return ArrivalKind.NEW, ()
    if item.feed_kind in ("replace", "replace-cross"):
        return ArrivalKind.REPLACE, since
    if item.feed_kind == "cross":
        return ArrivalKind.CROSS, categories
    if since:
        return ArrivalKind.CROSS, since
    fresh = item.created is not None and (item.mailing - item.created).days <= _FRESH_DAYS
    return ArrivalKind.REPLACE if fresh else ArrivalKind.SEEN, ()


# -- what a person types ---------------------------------------------------------------------------

_WORDS = {
    "new": ArrivalKind.NEW, "신규": ArrivalKind.NEW, "새": ArrivalKind.NEW, "새로": ArrivalKind.NEW,
    "cross": ArrivalKind.CROSS, "cross-list": ArrivalKind.CROSS, "cross-listed": ArrivalKind.CROSS,
    "cross-lists": ArrivalKind.CROSS, "crosslist": ArrivalKind.CROSS, "교차": ArrivalKind.CROSS,
    "replace": ArrivalKind.REPLACE, "replaced": ArrivalKind.REPLACE,
    "replacement": ArrivalKind.REPLACE, "replacements": ArrivalKind.REPLACE,
    "개정": ArrivalKind.REPLACE, "교체": ArrivalKind.REPLACE,
}  # fmt: skip


def parse_kinds(typed: str) -> tuple[ArrivalKind, ...]:
    """`new`, `cross`, `replace`, several of them, or `all`. Raises BadKinds."""
    words = typed.casefold().replace(",", " ").replace("+", " ").replace("and", " ").split()
    if words in (["all"], ["모두"]):
        return (ArrivalKind.NEW, ArrivalKind.CROSS, ArrivalKind.REPLACE)
    if not words or any(word not in _WORDS for word in words):
        raise BadKinds(typed=typed[:60])
    found = {_WORDS[word] for word in words}
    return tuple(
        kind for kind in (ArrivalKind.NEW, ArrivalKind.CROSS, ArrivalKind.REPLACE) if kind in found
    )


def check_cap(cap: int) -> int:
    """Papers a day at most. Raises BadCap."""
    if not 1 <= cap <= HIGHEST_CAP:
        raise BadCap(typed=str(cap), low=1, high=HIGHEST_CAP)
    return cap
