"""Finds the period that a person names, and its digest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from bot.errors import BadPeriod, NoDigestYet, NoSuchPeriod, PeriodEmpty, PeriodSkipped, PersonError
from bot.locale.periods import parse_period
from bot.locale.words import squeezed
from bot.model.channel import Channel
from bot.model.digest import Digest, DigestState
from bot.model.period import Days, Last, NamedPeriod, Number, Running
from bot.model.schedule import anchored, last_end, next_end
from bot.model.span import DigestSpan
from bot.store import Transaction

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """The period that a person asked for, with its digest if it has one."""

    span: DigestSpan
    digest: Digest | None
    running: bool
    passed_over: PersonError | None = None
    """Why the period behind it had no digest, where the last one was asked for."""


async def asked_period(
    tx: Transaction, channel: Channel, period: str | None, now: datetime
) -> AskedPeriod:
    """The running period, or the one that `period` names.

    Raises BadPeriod, NoSuchPeriod, PeriodSkipped, PeriodEmpty.
    """
    if period is None or not period.strip():
        return await running_period(tx, channel, now)
    digest = await _titled(tx, channel, period)
    if digest is not None:
        return asked_digest(digest)
    named = parse_period(period, channel.settings, now.astimezone(channel.settings.zone).date())
    return await _Finder(tx, channel, period, now).find(named)


async def running_period(tx: Transaction, channel: Channel, now: datetime) -> AskedPeriod:
    """The period that runs; its digest is there already where it is skipped."""
    digest = await tx.digests.of_period(channel.id, channel.period_start)
    return AskedPeriod(running_span(channel, now), digest, running=True)


@dataclass(frozen=True, slots=True)
class Coming:
    """A channel's next digest."""

    due: datetime
    """On the channel's clock."""
    skipped: datetime | None = None
    """When the running period ends, if its digest is skipped."""


async def coming(tx: Transaction, channel: Channel) -> Coming:
    """When the channel's next digest is due: a skipped one is none."""
    settings, zone = channel.settings, channel.settings.zone
    due = channel.next_digest_at.astimezone(zone)
    digest = await tx.digests.of_period(channel.id, channel.period_start)
    if digest is None or digest.state is not DigestState.SKIPPED:
        return Coming(due)
    return Coming(next_end(anchored(settings, due), due).astimezone(zone), skipped=due)


def running_span(channel: Channel, now: datetime) -> DigestSpan:
    """What the running period holds so far.

    A bot that was off may not have closed it yet: what is there now belongs to it.
    """
    end = max(channel.next_digest_at, now + _TICK)
    return DigestSpan(channel.period_start, end, None, open=True)


def asked_digest(digest: Digest, passed_over: PersonError | None = None) -> AskedPeriod:
    """The period of a digest."""
    span = DigestSpan(digest.period_start, digest.period_end, digest.id, open=False)
    return AskedPeriod(span, digest, running=False, passed_over=passed_over)


async def _titled(
    tx: Transaction, channel: Channel, typed: str, *, part: bool = False
) -> Digest | None:
    """The digest with a title; with `part`, the only one whose title contains the words."""
    words = squeezed(typed)
    found = [
        number
        for number, title in await tx.digests.titles(channel.id)
        if (words in squeezed(title) if part else words == squeezed(title))
    ]
    if not found or (part and len(found) > 1):
        return None
    return await tx.digests.get(found[0])


class _Finder:
    """Looks for a named period among a channel's."""

    def __init__(self, tx: Transaction, channel: Channel, typed: str, now: datetime) -> None:
        self.tx = tx
        self.channel = channel
        self.typed = typed[:60]
        self.now = now

    async def find(self, named: NamedPeriod) -> AskedPeriod:
        """Raises BadPeriod, NoSuchPeriod, PeriodSkipped, PeriodEmpty."""
        match named:
            case Running():
                return await self._running()
            case Last():
                return await self._last()
            case Days():
                return await self._days(named)
            case Number():
                return await self._number(named.number)
        digest = await _titled(self.tx, self.channel, named.words, part=True)
        if digest is None:
            raise BadPeriod(typed=self.typed)
        return asked_digest(digest)

    async def _running(self) -> AskedPeriod:
        return await running_period(self.tx, self.channel, self.now)

    async def _last(self) -> AskedPeriod:
        digests = self.tx.digests
        digest = await digests.last(self.channel.id)
        if digest is None:
            raise NoDigestYet(typed=self.typed)
        before = await digests.of_day(self.channel.id, self.channel.period_start - _TICK)
        return asked_digest(digest, self._why_none(before) if before is not None else None)

    async def _number(self, number: int) -> AskedPeriod:
        digest = await self.tx.digests.numbered(self.channel.id, number)
        if digest is not None:
            return asked_digest(digest)
        if number == await self.tx.digests.next_number(self.channel.id):
            return await self._running()
        raise NoSuchPeriod(typed=self.typed)

    async def _days(self, days: Days) -> AskedPeriod:
        """The newest digest of these days; else the period in which they lie."""
        digest = await self.tx.digests.of_dates(self.channel.id, days.first, days.last)
        if digest is not None:
            return asked_digest(digest)
        channel, zone = self.channel, self.channel.settings.zone
        noon = datetime.combine(days.last, time(12), zone).astimezone(UTC)
        ahead = {moment.astimezone(zone).date() for moment in (self.now, channel.next_digest_at)}
        if channel.period_start <= noon < channel.next_digest_at or any(
            days.first <= day <= days.last for day in ahead
        ):
            return await self._running()
        digest = await self.tx.digests.of_day(channel.id, noon)
        if digest is None:
            return await self._without_digest(noon)
        why = self._why_none(digest)
        if why is not None:
            raise why
        return asked_digest(digest)

    async def _without_digest(self, noon: datetime) -> AskedPeriod:
        """What single notes of an archive brought before there were any digests."""
        settings = replace(self.channel.settings, anchor=None)
        span = DigestSpan(last_end(settings, noon), next_end(settings, noon), None, open=False)
        if not await self.tx.entries.of_span(self.channel.id, span):
            raise NoSuchPeriod(typed=self.typed)
        return AskedPeriod(span, None, running=False)

    def _why_none(self, digest: Digest) -> PersonError | None:
        if digest.has_text:
            return None
        error = PeriodSkipped if digest.state is DigestState.SKIPPED else PeriodEmpty
        return error(until=digest.period_end.astimezone(self.channel.settings.zone))
