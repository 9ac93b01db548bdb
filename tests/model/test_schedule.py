"""When periods end: over years and all time zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadPeriod
from bot.model.channel import WEEKDAYS, ChannelSettings
from bot.model.schedule import instant, last_end, next_end, parse_period, phase_from

SETTINGS = st.builds(
    ChannelSettings,
    time_zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.sampled_from(WEEKDAYS),
    time=st.times().map(lambda moment: moment.strftime("%H:%M")),
)
ANY_SETTINGS = st.builds(
    ChannelSettings,
    time_zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(",".join),
    time=st.times().map(lambda moment: moment.strftime("%H:%M")),
    every=st.sampled_from(["1", "2", "3", "8", "month"]),
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


@given(ANY_SETTINGS, MOMENTS)
def test_with_every_interval_ends_follow_each_other_without_a_gap(
    settings: ChannelSettings, now: datetime
) -> None:
    settings = replace(settings, phase=phase_from(settings, now))
    first = next_end(settings, now)
    second = next_end(settings, first)
    assert last_end(settings, now) <= now < first < second
    assert last_end(settings, second - timedelta(microseconds=1)) == first
    if settings.every != "month":
        # The coming weekday is a digest's day, whichever week of the count it is in.
        assert first - now <= timedelta(days=9)


def test_every_second_week_and_several_days_and_the_months_first() -> None:
    now = datetime(2020, 7, 26, 12, tzinfo=UTC)
    settings = ChannelSettings(weekday="wednesday,sunday", every="2")
    settings = replace(settings, phase=phase_from(settings, now))
    ends = [next_end(settings, now)]
    for _ in range(3):
        ends.append(next_end(settings, ends[-1]))
    assert [f"{end:%m%d}" for end in ends] == ["0726", "0805", "0809", "0819"]
    monthly = ChannelSettings(weekday="sunday", every="month")
    assert next_end(monthly, now) == datetime(2020, 8, 2, 18, tzinfo=UTC)
    assert next_end(monthly, next_end(monthly, now)) == datetime(2020, 9, 6, 18, tzinfo=UTC)
