"""What `/subscribe why` shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.chat.paginator import PagedAnswer
from bot.chat.views import cards
from bot.isolation import RecordKind, each
from bot.locale import Texts
from bot.model.digest import message_url
from bot.model.query.tree import Not, Or, Query, terms
from bot.model.query.written import understood
from bot.model.subscription import Announced, ArrivalKind, ArrivalState
from bot.subscriptions.why import MatchOutcome, Verdict, Why
from bot.text.graphemes import shorten
from bot.text.markdown import escape
from bot.text.plain import plain_line

QUERY: Final = 200
"""Characters of a query that a line quotes."""
TERMS: Final = 300
_SIGNS: Final = {MatchOutcome.BROUGHT: "✅", MatchOutcome.WOULD: "✅", MatchOutcome.UNREADABLE: "⚠️"}


def answer(found: Why, texts: Texts) -> PagedAnswer:
    """The paper, its way here, and each subscription of the channel."""
    lines = [*announced(found, texts), *came(found, texts)]
    heading = f"## {cards.link(found.paper, 200)}\n{cards.facts_line(found.paper, texts)}"
    blocks = each(
        RecordKind.SUBSCRIPTION,
        enumerate(found.verdicts, start=1),
        lambda numbered: verdict(*numbered, found, texts),
        name=lambda numbered: numbered[1].subscription.id,
        plainly=lambda numbered: plain_line(numbered[1].subscription.query, QUERY),
    )
    return PagedAnswer("\n".join([heading, *lines]), blocks or [texts("subscribe.none")])


def announced(found: Why, texts: Texts) -> list[str]:
    """By which announcements the paper is known, or why by none."""
    if found.announced:
        return [_event(one, texts) for one in found.announced]
    if found.newest is None:
        return [texts("why.nothing_taken")]
    newest = texts.day(found.newest)
    if found.unwatched:
        names = ", ".join(found.paper.data.categories)
        return [texts("why.unwatched", categories=escape(names))]
    if found.since is not None and found.older:
        return [texts("why.before", day=texts.day(found.since))]
    return [texts("why.not_yet", day=newest)]


def _event(one: Announced, texts: Texts) -> str:
    day = texts.day(one.mailing)
    primary, *others = one.categories or ("?",)
    match one.kind:
        case ArrivalKind.NEW if others:
            return texts("why.new.cross", day=day, category=primary, others=", ".join(others))
        case ArrivalKind.CROSS:
            return texts("why.cross", day=day, categories=", ".join(one.added or one.categories))
        case ArrivalKind.REPLACE:
            return texts("why.replace", day=day)
    return texts("why.new", day=day, category=primary)


def came(found: Why, texts: Texts) -> list[str]:
    """What has become of the paper in this channel."""
    lines: list[str] = []
    arrival = found.arrival
    if arrival is not None:
        day = texts.day(arrival.mailing)
        message = found.message
        if arrival.state is ArrivalState.QUEUED and message is not None and message.message_id:
            where = found.message_place or found.channel.discord_id or 0
            url = message_url(found.channel.guild_id, where, message.message_id)
            lines.append(texts("why.posted", day=day, url=url))
        elif arrival.state is ArrivalState.QUEUED and message is None:
            # So long ago that where it stands is not kept any more.
            lines.append(texts("why.posted_once", day=day))
        else:
            lines.append(texts(f"why.{arrival.state.value}", day=day))
    if found.entry is not None:
        zone = found.channel.settings.zone
        added = texts.day(found.entry.added_at.astimezone(zone).date())
        lines.append(texts("why.on_list", who=escape(found.entry.member.name), day=added))
    if arrival is None and found.announced and found.verdicts and not _matched(found.verdicts):
        lines.append(texts("why.nothing"))
    return lines


def _matched(verdicts: Sequence[Verdict]) -> bool:
    return any(one.terms for one in verdicts)


def verdict(number: int, one: Verdict, found: Why, texts: Texts) -> str:
    """What one subscription has to do with the paper."""
    sign = _SIGNS.get(one.outcome, "▫️")
    query = shorten(one.subscription.query.replace("`", "'"), QUERY)
    return f"{sign} {number}\\. `{query}`\n{_reason(one, found, texts)}"


def _reason(one: Verdict, found: Why, texts: Texts) -> str:
    matched = _listed(one.terms)
    match one.outcome:
        case MatchOutcome.BROUGHT:
            capped = found.arrival is not None and found.arrival.state is ArrivalState.CAPPED
            if capped and one.subscription.cap is not None:
                return texts("why.capped_by", terms=matched, count=one.subscription.cap)
            return texts("why.brought", terms=matched)
        case MatchOutcome.LACKS:
            return " ".join(_lacks(one.lacks, texts))
        case MatchOutcome.KIND:
            kinds = ", ".join(texts(f"kind.{kind.value}") for kind in one.subscription.kinds)
            came_as = texts(f"kind.{(one.kind or ArrivalKind.NEW).value}")
            return texts("why.kind", terms=matched, kind=came_as, kinds=kinds)
        case MatchOutcome.OLDER:
            return texts("why.older", terms=matched, day=texts.day(one.subscription.since))
        case MatchOutcome.UNREADABLE:
            return texts("query.unreadable")
    return texts(f"why.{one.outcome.value}", terms=matched)


def _lacks(parts: Sequence[Query], texts: Texts) -> Iterator[str]:
    if single := [part for part in parts if not isinstance(part, Not | Or)]:
        yield texts("why.lacks", terms=_listed(single))
    for part in parts:
        if isinstance(part, Or):
            yield texts("why.none_of", terms=_listed(part.parts))
        elif isinstance(part, Not):
            yield texts("why.has", terms=_listed(tuple(terms(part.part))))


def _listed(parts: Sequence[Query]) -> str:
    shown = [f"`{shorten(understood(part).replace('`', chr(39)), 80)}`" for part in parts]
    room = TERMS
    kept: list[str] = []
    for one in shown:
        room -= len(one) + 2
        if room < 0:
            kept.append("…")
            break
        kept.append(one)
    return ", ".join(kept) or "–"
