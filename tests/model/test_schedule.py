"""When periods end: over years and all time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadPeriod
from bot.model.channel import WEEKDAYS, ChannelSettings
from bot.model.schedule import instant, last_end, next_end, parse_period

SETTINGS = st.builds(
    ChannelSettings,
    time_zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.sampled_from(WEEKDAYS),
    time=st.times().map(lambda moment: moment.strftime("%H:%M")),
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(SETTINGS, MOMENTS)
def test_the_next_end_is_after_now_and_the_last_is_not(
    settings: ChannelSettings, now: datetime
) -> None:
    last, following = last_end(settings, now), next_end(settings, now)
    assert last <= now < following
    # A week, give or take what a zone's clock can jump (Samoa left out a whole day).
    assert timedelta(days=5) < following - last <= timedelta(days=9)
    assert next_end(settings, last) == following
    assert last_end(settings, following) == following


@given(SETTINGS, MOMENTS)
def test_an_end_shows_the_channels_hour_unless_that_is_skipped(
    settings: ChannelSettings, now: datetime
) -> None:
    end = next_end(settings, now).astimezone(settings.zone)
    shown = (WEEKDAYS[end.weekday()], end.strftime("%H:%M"))
    if shown != (settings.weekday, settings.time):
        assert end.utcoffset() != (end - timedelta(days=2)).utcoffset()


def test_the_hour_that_daylight_saving_skips_comes_after_the_gap() -> None:
    settings = ChannelSettings(time_zone="Europe/Berlin", time="02:30")
    assert instant(settings, date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(settings, date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_periods_by_name() -> None:
    settings = ChannelSettings(time_zone="Asia/Seoul")
    now = datetime(2020, 7, 26, 16, tzinfo=UTC)  # the 27th in Seoul
    for typed in ("2020-07-26", "200726", "20200726", "2020-W30", "2020.07.26"):
        assert parse_period(typed, settings, now) == date(2020, 7, 26), typed
    assert parse_period("today", settings, now) == date(2020, 7, 27)
    assert parse_period("last", settings, now) == date(2020, 7, 20)
    for typed in ("", "2020-02-30", "2020-W60", "soon"):
        with pytest.raises(BadPeriod):
            parse_period(typed, settings, now)
