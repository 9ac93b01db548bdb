"""What moderators type for settings."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import (
    BadInterval,
    BadLanguage,
    BadNumber,
    BadTime,
    BadTimeZone,
    BadTitle,
    BadWeekday,
    PersonError,
)
from bot.model.channel import (
    fill_title,
    parse_count,
    parse_every,
    parse_language,
    parse_time,
    parse_time_zone,
    parse_title,
    parse_weekday,
    parse_weekdays,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Asia/Seoul", "Asia/Seoul"),
        ("asia/seoul", "Asia/Seoul"),
        (" seoul ", "Asia/Seoul"),
        ("New York", "America/New_York"),
        ("UTC", "UTC"),
    ],
)
def test_time_zones_are_found_by_name_or_city(typed: str, meant: str) -> None:
    assert parse_time_zone(typed) == meant


def test_an_unknown_time_zone_gets_a_suggestion() -> None:
    with pytest.raises(BadTimeZone) as refused:
        parse_time_zone("berl")
    assert refused.value.params["suggestion"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18:00", "18:00"), ("9", "09:00"), ("9:05", "09:05"), ("6pm", "18:00"), ("12 am", "00:00"),
        ("12:30 p.m.", "12:30"), ("18시", "18:00"), ("오후 6시 30분", "18:30"),
        ("오전 12시", "00:00"),
    ],
)  # fmt: skip
def test_times_of_day(typed: str, meant: str) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "25:00", "18:60", "13pm", "noon", "١٨:٠٠:٠٠", "0am"])
def test_times_that_do_not_exist(typed: str) -> None:
    with pytest.raises(BadTime):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Sunday", "sunday"), ("sun", "sunday"), ("일요일", "sunday"), ("수", "wednesday")],
)
def test_weekdays(typed: str, meant: str) -> None:
    assert parse_weekday(typed) == meant


@pytest.mark.parametrize("typed", ["", "su", "someday", "8", "일월"])
def test_weekdays_that_do_not_exist(typed: str) -> None:
    with pytest.raises(BadWeekday):
        parse_weekday(typed)


def test_several_weekdays_and_intervals() -> None:
    assert parse_weekdays("sun, Wednesday") == "wednesday,sunday"
    assert parse_weekdays("일 수") == "wednesday,sunday"
    assert [parse_every(typed) for typed in ("2", "2 weeks", "2주", "weekly", "Month")] == [
        "2", "2", "2", "1", "month",
    ]  # fmt: skip
    for typed in ("", "0", "9", "fortnight", "2 months"):
        with pytest.raises(BadInterval):
            parse_every(typed)


def test_languages_and_counts() -> None:
    assert [parse_language(typed) for typed in ("ko", "KO-KR", "English", "한국어")] == [
        "ko", "ko", "en", "ko",
    ]  # fmt: skip
    assert parse_count("all", 1, 100) is None
    assert parse_count(" 12 ", 1, 100) == 12
    with pytest.raises(BadLanguage):
        parse_language("tlh")
    for typed in ("0", "101", "-1", "many", "²"):
        with pytest.raises(BadNumber):
            parse_count(typed, 1, 100)


def test_a_title_is_filled() -> None:
    day = date(2020, 7, 26)
    template = "{date:%y%m%d} 최근 논문들에 대한 생각"
    assert fill_title(template, day=day, number=3) == "200726 최근 논문들에 대한 생각"
    assert fill_title("#{number} {{w}}{week}/{year}", day=day, number=3) == "#3 {w}30/2020"
    assert fill_title("No. {number:03d}", day=day, number=3) == "No. 003"


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "{", "}", "{date", "{0}", "{}", "{name}", "{date.year}", "{date.__class__}",
        "{date!r}", "{number:{week}}", "{number:zz}", "{number:9999}", "x" * 101,
    ],
)  # fmt: skip
def test_a_title_that_cannot_be_filled_is_refused(typed: str) -> None:
    with pytest.raises(PersonError) as refused:
        parse_title(typed)
    assert isinstance(refused.value, BadTitle)
