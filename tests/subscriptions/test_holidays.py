"""The calendar says why there is no mailing and when to look, never what is taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.model.intake import MailingState
from bot.model.people import Place
from bot.store import Store
from bot.subscriptions.status import TodayStatus, listing
from tests.subscriptions.simulation import Wish, subscribe
from tests.subscriptions.test_poller import World, new, paper, world

AFTER = date(2026, 11, 27)
"""The mailing of the evening of Thanksgiving."""
NIGHT = datetime(2026, 11, 27, 6, tzinfo=UTC)
"""One o'clock in that night, US Eastern."""


async def at_thanksgiving(store: Store, *lines: date) -> World:
    made = World(store, [new(paper(n, month="2611"), day) for n, day in enumerate(lines)])
    made.clock.set(datetime(2026, 11, 26, 12, tzinfo=UTC))
    await subscribe(store, made.clock(), (Wish(1, "cat:cs.LG"),))
    return made


async def told(made: World) -> TodayStatus:
    async with made.store.read() as tx:
        channel = await tx.channels.get(1)
        assert channel is not None
        place = Place(channel.guild_id, channel.discord_id, channel.name)
        return (await listing(tx, place, made.clock())).today


async def test_a_holiday_has_a_mailing_after_all(store: Store) -> None:
    made = await at_thanksgiving(store, AFTER)
    await made.at(NIGHT)
    assert await made.got() == {"2611.90000": 1}
    assert await told(made) is TodayStatus.TAKEN


async def test_a_holidays_feed_is_empty_at_first(store: Store) -> None:
    made = await at_thanksgiving(store, AFTER)
    made.arxiv.next = ["nothing"]
    await made.at(NIGHT)
    assert await told(made) is TodayStatus.HOLIDAY
    await made.through(NIGHT + timedelta(hours=2), minutes=10)
    assert await made.got() == {"2611.90000": 1}
    assert await told(made) is TodayStatus.TAKEN


async def test_a_holiday_as_expected(store: Store) -> None:
    made = await at_thanksgiving(store, AFTER + timedelta(days=3))
    await made.at(NIGHT)
    async with store.read() as tx:
        assert (await tx.mailings.get(AFTER)).state is MailingState.NONE
    assert await told(made) is TodayStatus.HOLIDAY
    await made.through(NIGHT + timedelta(days=4), hours=1)
    assert await made.got() == {"2611.90000": 1}


async def test_no_mailing_on_a_day_that_is_no_holiday(store: Store) -> None:
    made = await world(store, [new(paper(1), date(2026, 1, 7))])
    await made.through(datetime(2026, 1, 6, 18, tzinfo=UTC), hours=1)
    assert await told(made) is TodayStatus.NONE
    await made.through(datetime(2026, 1, 7, 8, tzinfo=UTC), hours=1)
    assert await made.got() == {"2601.90001": 1}
