"""When periods end: over years and all time zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.channel import WEEKDAYS, ChannelSettings, read_settings, write_settings
from bot.model.schedule import (
    anchored,
    day_of,
    instant,
    is_day,
    last_end,
    next_end,
    reminded_between,
    rescheduled,
    week_number,
)

MINUTES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
SETTINGS = st.builds(
    ChannelSettings,
    time_zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.tuples(st.sampled_from(WEEKDAYS)),
    time=MINUTES,
)
ANY_SETTINGS = st.builds(
    ChannelSettings,
    time_zone=st.sampled_from(sorted(available_timezones())),
    weekday=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
    time=MINUTES,
    every=st.sampled_from([1, 2, 3, 8, None]),
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
    shown = ((WEEKDAYS[end.weekday()],), end.time())
    if shown != (settings.weekday, settings.time):
        assert end.utcoffset() != (end - timedelta(days=2)).utcoffset()


def test_the_hour_that_daylight_saving_skips_comes_after_the_gap() -> None:
    settings = read(time_zone="Europe/Berlin", time="02:30")
    assert instant(settings, date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(settings, date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(ANY_SETTINGS, MOMENTS)
def test_with_every_interval_ends_follow_each_other_without_a_gap(
    settings: ChannelSettings, now: datetime
) -> None:
    first = next_end(settings, now)
    settings = anchored(settings, first)
    second = next_end(settings, first)
    third = next_end(settings, second)
    assert now < first < second < third
    assert last_end(settings, first) == first
    for end in (second, third):
        assert last_end(settings, end - timedelta(microseconds=1)) < end
        assert instant(settings, day_of(settings, end)) == end
        assert next_end(anchored(settings, end), end) == next_end(settings, end)
    if settings.every is not None:
        # The coming weekday is a digest's day, as long as there was none.
        assert first - now <= timedelta(days=9)
        if len(settings.weekday) == 1:
            gap = timedelta(weeks=settings.every)
            assert abs(third - second - gap) <= timedelta(days=2)


@given(ANY_SETTINGS, ANY_SETTINGS, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=60)))
def test_whatever_is_changed_and_set_back_the_digest_that_was_due_comes_next(
    settings: ChannelSettings, other: ChannelSettings, now: datetime, passed: timedelta
) -> None:
    settings = anchored(settings, last_end(settings, now))
    due = next_end(settings, now)
    now = max(now, due - passed)
    # Hours that have passed by the other clock are another matter: see below.
    other = replace(other, weekday=settings.weekday, anchor=settings.anchor)
    changed, meanwhile = rescheduled(settings, other, due, now)
    assert meanwhile > now
    assert is_day(changed, day_of(changed, meanwhile))
    back = replace(settings, anchor=changed.anchor)
    assert rescheduled(changed, back, meanwhile, now) == (settings, due)


def read(**written: str) -> ChannelSettings:
    """Settings as they are written."""
    return read_settings(written)


def changed_to(settings: ChannelSettings, **written: str) -> ChannelSettings:
    return read_settings(write_settings(settings) | written)


EVERY_TWO = read(weekday="sunday", every="2", anchor="2026-12-20")
TUESDAY = datetime(2026, 12, 22, 18, tzinfo=UTC)


def moved(now: datetime = TUESDAY, settings: ChannelSettings = EVERY_TWO, **changes: str) -> str:
    """When the digest comes that was due on 3 January, after a change."""
    due = next_end(settings, now)
    changed, moment = rescheduled(settings, changed_to(settings, **changes), due, now)
    return f"{moment.astimezone(changed.zone):%y%m%d %H:%M}"


def test_a_change_leaves_the_digest_where_it_was() -> None:
    assert moved() == "270103 18:00"
    assert moved(every="2") == moved(every="2", title="x") == "270103 18:00"
    assert moved(time="19:00") == "270103 19:00"
    assert moved(time="00:00") == "270103 00:00"
    for zone in ("Asia/Seoul", "Pacific/Pago_Pago", "Pacific/Kiritimati"):
        assert moved(time_zone=zone) == "270103 18:00"
    # Over the date line: the day by the new clock.
    there = changed_to(EVERY_TWO, time_zone="Pacific/Kiritimati")
    assert moved(settings=there, time_zone="Pacific/Pago_Pago") == "270103 18:00"
    # Week 53 is a week as any other.
    assert date(2027, 1, 3).isocalendar().week == 53
    assert moved(every="1") == "261227 18:00"
    assert moved(every="3") == "270110 18:00"
    assert moved(every="month") == "270103 18:00"
    assert moved(settings=changed_to(EVERY_TWO, every="1")) == "261227 18:00"
    assert moved(settings=changed_to(EVERY_TWO, every="1"), every="2") == "270103 18:00"


def test_on_another_weekday_it_comes_on_the_nearest_one() -> None:
    assert moved(weekday="monday") == "270104 18:00"
    assert moved(weekday="saturday") == "270102 18:00"
    assert moved(weekday="thursday") == "261231 18:00"
    assert moved(weekday="wednesday") == "270106 18:00"
    assert moved(weekday="thursday,sunday") == "261231 18:00"
    # A day that has passed does not count; the days of one week belong together.
    assert moved(datetime(2027, 1, 2, tzinfo=UTC), weekday="thursday") == "270107 18:00"
    assert moved(weekday="monday,friday") == "270104 18:00"
    # Weekly, each of the days counts.
    assert moved(settings=changed_to(EVERY_TWO, every="1"), weekday="wednesday") == "261223 18:00"


def test_an_hour_that_has_passed_is_not_made_up_for() -> None:
    sunday = datetime(2027, 1, 3, 12, tzinfo=UTC)
    assert moved(sunday) == "270103 18:00"
    assert moved(sunday, time="11:00") == "270117 11:00"
    assert moved(sunday, time="12:00") == "270117 12:00"
    assert moved(sunday, time="12:01") == "270103 12:01"
    # And is there again when it lies ahead again.
    due = datetime(2027, 1, 17, 11, tzinfo=UTC)
    early = changed_to(EVERY_TWO, time="11:00")
    assert rescheduled(early, EVERY_TWO, due, sunday)[1] == datetime(2027, 1, 3, 18, tzinfo=UTC)


def test_a_digest_that_is_due_now_is_posted_whatever_is_set() -> None:
    due = datetime(2027, 1, 3, 18, tzinfo=UTC)
    changed = changed_to(EVERY_TWO, weekday="tuesday", every="8")
    assert rescheduled(EVERY_TWO, changed, due, due) == (changed, due)


def test_before_the_first_digest_the_coming_weekday_is_one() -> None:
    new = read(weekday="sunday")
    assert moved(settings=new, every="2") == "261227 18:00"
    assert moved(settings=new, every="8", weekday="wednesday") == "261223 18:00"


def test_the_months_first() -> None:
    monthly = read(weekday="wednesday,sunday", every="month")
    ends = [next_end(monthly, datetime(2026, 12, 31, tzinfo=UTC))]
    for _ in range(4):
        ends.append(next_end(anchored(monthly, ends[-1]), ends[-1]))
    assert [f"{end:%y%m%d}" for end in ends] == ["270103", "270106", "270203", "270207", "270303"]


def test_several_days_every_second_week() -> None:
    settings = read(weekday="wednesday,sunday", every="2")
    ends = [next_end(settings, datetime(2020, 7, 26, 12, tzinfo=UTC))]
    for _ in range(3):
        settings = anchored(settings, ends[-1])
        ends.append(next_end(settings, ends[-1]))
    assert [f"{end:%m%d}" for end in ends] == ["0726", "0805", "0809", "0819"]


@pytest.mark.parametrize("phase", range(3))
def test_settings_of_version_0_1_keep_their_weeks(phase: int) -> None:
    kept = {"weekday": "sunday", "every": "3", "phase": phase}
    days = [date(2026, 12, 6 + 7 * week) for week in range(3)]
    assert [is_day(read_settings(kept), day) for day in days] == [
        week_number(day) % 3 == phase for day in days
    ]
    assert read_settings({"every": "1", "phase": 0}) == ChannelSettings()


def test_hours_that_daylight_saving_carries_over_midnight() -> None:
    """In Asuncion the first Sunday of October 2023 had no hour from 0 to 1."""
    settings = read(time_zone="America/Asuncion", weekday="sunday", time="00:30")
    due = next_end(settings, datetime(2023, 9, 28, tzinfo=UTC))
    assert due == datetime(2023, 10, 1, 4, 30, tzinfo=UTC)
    # In Greenland the hour after 22 o'clock of a Saturday.
    settings = read(time_zone="America/Nuuk", weekday="saturday", time="23:30", every="2")
    due = next_end(settings, datetime(2024, 3, 28, tzinfo=UTC))
    assert due.astimezone(settings.zone).date() == date(2024, 3, 31)
    assert day_of(settings, due) == date(2024, 3, 30)
    following = next_end(anchored(settings, due), due)
    assert following.astimezone(settings.zone).date() == date(2024, 4, 13)


@given(SETTINGS, MOMENTS)
def test_a_reminder_is_said_on_the_day_before_at_the_same_hour(
    settings: ChannelSettings, now: datetime
) -> None:
    due = next_end(settings, now)
    begin, end = reminded_between(settings, due)
    if begin >= end:
        return  # A day that never was (Samoa, 30 December 2011).
    local = begin.astimezone(settings.zone)
    assert end <= due
    assert local.date() < due.astimezone(settings.zone).date()
    shown = ((WEEKDAYS[(local.weekday() + 1) % 7],), local.time())
    if shown != (settings.weekday, settings.time):
        assert local.utcoffset() != (local - timedelta(days=2)).utcoffset()


def test_reminders_across_daylight_saving() -> None:
    new_york = read(time_zone="America/New_York", weekday="monday", time="00:30")
    due = next_end(new_york, datetime(2026, 3, 3, tzinfo=UTC))
    assert due == datetime(2026, 3, 9, 4, 30, tzinfo=UTC)
    assert reminded_between(new_york, due) == (
        datetime(2026, 3, 8, 5, 30, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)
    )  # fmt: skip
    # The hour of the digest does not exist, that of the day before does.
    gap = read(time_zone="America/New_York", weekday="sunday", time="02:30")
    assert reminded_between(gap, datetime(2026, 3, 8, 7, 30, tzinfo=UTC)) == (
        datetime(2026, 3, 7, 7, 30, tzinfo=UTC), datetime(2026, 3, 8, 5, tzinfo=UTC)
    )  # fmt: skip
    # Back to winter time: 25 hours.
    sunday = read(time_zone="Europe/Berlin", weekday="sunday", time="18:00")
    due = next_end(sunday, datetime(2026, 10, 21, tzinfo=UTC))
    assert due - reminded_between(sunday, due)[0] == timedelta(hours=25)
