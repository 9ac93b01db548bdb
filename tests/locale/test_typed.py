"""What moderators type for settings and periods, in the forms in which people write it."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import (
    AmbiguousTimeZone,
    BadChoice,
    BadInterval,
    BadLanguage,
    BadNumber,
    BadTime,
    BadTimeZone,
    BadWeekday,
    PersonError,
)
from bot.locale import languages, texts
from bot.locale.choices import is_none, parse_choice, parse_count, parse_language, parse_switch
from bot.locale.clock import parse_every, parse_time, parse_weekdays
from bot.locale.periods import parse_period
from bot.locale.words import squeezed
from bot.locale.zones import _ABBREVIATIONS, parse_time_zone
from bot.model.channel import SETTINGS, WEEKDAYS, ChannelSettings, zone_of
from bot.model.period import Days, Last, Number, Running, Title

ZONES = {
    "Asia/Seoul": [
        "Asia/Seoul", "asia/seoul", "ASIA/SEOUL", " seoul ", "Seoul", "서울", "한국", "대한민국",
        "Korea", "south korea", "KST", "kst", "ＫＳＴ", "Korea Standard Time", "한국 시간",
        "한국 표준시", "Seoul, Korea", "Seoul (GMT+9)",
    ],
    "UTC+09:00": [
        "GMT+9", "UTC+9", "UTC +9", "utc+09", "UTC+09:00", "UTC+0900", "+09:00", "+9", "+0900",
        "ＧＭＴ＋９", "Etc/GMT-9", "(UTC+09:00)",
    ],
    "UTC-05:00": ["GMT-5", "UTC−5", "UTC-05:00", "-05:00", "Etc/GMT+5"],
    "UTC+05:30": ["UTC+5:30", "GMT+0530", "+05:30"],
    "UTC": ["UTC", "utc", "Z", "UTC+0", "GMT+0", "+00:00"],
    "GMT": ["GMT"],
    "America/New_York": ["New York", "new_york", "america/new_york", "뉴욕", "ET", "EDT",
                         "Eastern", "Eastern Time"],
    "America/Los_Angeles": ["PT", "PDT", "Pacific time", "Los Angeles", "로스앤젤레스"],
    "Asia/Tokyo": ["JST", "Tokyo", "도쿄", "일본", "Tokyo, Japan"],
    "Asia/Ho_Chi_Minh": ["Ho Chi Minh", "Vietnam", "베트남"],
    "Europe/Berlin": ["Berlin", "Germany", "독일", "베를린"],
    "Europe/London": ["London", "UK", "영국", "United Kingdom"],
    "Asia/Shanghai": ["Shanghai", "상하이"],
    "Japan": ["japan", "Japan time"],
    "CET": ["CET", "CEST"],
    "America/Argentina/Buenos_Aires": ["buenos aires", "Argentina"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, zone) for zone, forms in ZONES.items() for typed in forms]
)
def test_time_zones(typed: str, meant: str) -> None:
    assert parse_time_zone(typed) == meant
    zone_of(meant)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("EST", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("pst", "America/Los_Angeles"),
        ("CST", "America/Chicago"),
        ("IST", "Asia/Kolkata"),
        ("BST", "Europe/London"),
        ("USA", "America/New_York"),
        ("미국", "America/New_York"),
        ("Australia", "Australia/Sydney"),
        ("러시아", "Europe/Moscow"),
    ],
)
def test_what_can_mean_several_zones_is_asked_for(typed: str, first: str) -> None:
    with pytest.raises(AmbiguousTimeZone) as refused:
        parse_time_zone(typed)
    choices = str(refused.value.params["choices"])
    assert first in choices
    assert all(parse_time_zone(zone) == zone for zone in choices.split(", "))


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("localtime", "Asia/Seoul"),
        ("Factory", "Asia/Seoul"),
        ("posixrules", "Asia/Seoul"),
        ("UTC+25", "Asia/Seoul"),
        ("GMT+9:10", "Asia/Seoul"),
        ("9", "Asia/Seoul"),
        ("", "Asia/Seoul"),
        ("my time", "Asia/Seoul"),
        ("berl", "Europe/Berlin"),
        ("Asia/Soul", "Asia/Seoul"),
        ("Berlim", "Europe/Berlin"),
        ("America/Los Angles", "America/Los_Angeles"),
    ],
)
def test_zones_that_do_not_exist_get_the_nearest(typed: str, suggestion: str) -> None:
    with pytest.raises(BadTimeZone) as refused:
        parse_time_zone(typed)
    assert refused.value.params["suggestion"] == suggestion


def test_every_zone_that_there_is_means_itself() -> None:
    for name in available_timezones() - {"Factory", "localtime", "posixrules"}:
        if name.startswith("Etc/") or "GMT" in name:
            continue
        if name.casefold() not in _ABBREVIATIONS:
            assert parse_time_zone(name) == name
    zones = {zone for several in _ABBREVIATIONS.values() for zone in several}
    assert zones <= available_timezones()


@given(st.integers(-12 * 4, 14 * 4))
def test_every_distance_comes_back(quarters: int) -> None:
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    typed = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    offset = zone_of(parse_time_zone(typed)).utcoffset(None)
    assert parse_time_zone(f"UTC{typed}") == parse_time_zone(typed)
    assert (offset.total_seconds() if offset else 0) == quarters * 900


TIMES = {
    "18:00": [
        "18:00", "18：00", "１８:００", "1800", "18h", "18h00", "18.00", "18", "18 00", "18:00:00",
        "6pm", "6 PM", "6:00 p.m.", "6 P.M.", "6p", "06:00pm", "at 6pm", "at 18:00", "6 o'clock pm",
        "6 in the evening", "six pm", "오후 6시", "오후6시", "저녁 6시", "18시", "18시 00분",
        "오후 6:00", "오후 여섯 시", "6시 오후", "매일 18시",
    ],
    "18:30": ["6:30 p.m.", "6.30pm", "18h30", "1830", "오후 6시 반", "오후 6시반", "18시 30분",
              "18시30분", "오후 6시 30분"],
    "06:00": ["6am", "6 a.m.", "6시", "오전 6시", "새벽 6시", "06:00", "600", "0600"],
    "09:05": ["9:05", "905", "9시 5분"],
    "09:00": ["9", "9h", "아침 9시"],
    "12:00": ["noon", "Midday", "12pm", "12 noon", "정오", "낮 12시", "오후 12시", "12:00"],
    "13:00": ["1pm", "낮 1시"],
    "00:00": ["midnight", "24:00", "2400", "12am", "12 am", "자정", "오전 12시", "밤 12시", "0:00",
              "00:00", "0시"],
    "21:00": ["9 at night", "밤 9시", "9pm"],
    "01:00": ["밤 1시", "1am"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, said) for said, forms in TIMES.items() for typed in forms]
)
def test_times_of_day(typed: str, meant: str) -> None:
    assert f"{parse_time(typed):%H:%M}" == meant


@pytest.mark.parametrize(
    "typed",
    ["", "25:00", "24:30", "18:60", "13pm", "١٨:٠٠:٠٠", "0am", "soon", "1 8", "18:0", "99", "오후",
     "시", "half six", "6pm KST", "18:00:30", "-6", "오후 13시", "six", "6시 99분"],
)  # fmt: skip
def test_times_that_do_not_exist(typed: str) -> None:
    if typed == "six":
        assert parse_time(typed) == time(6)
        return
    with pytest.raises(BadTime):
        parse_time(typed)


DAYS = {
    "sunday": ["Sunday", "sun", "SUN", "sundays", "every Sunday", "on sundays", "일요일", "일",
               "매주 일요일", "일요일마다"],
    "wednesday": ["wed", "wedn", "수", "수요일"],
    "monday,thursday": ["mon, thu", "thu mon", "Mon & Thu", "mon/thu", "mondays and thursdays",
                        "mon and thu", "월목", "월, 목", "월·목", "월요일과 목요일",
                        "목 월", "월요일, 목요일", "monday, 목"],
    "monday,tuesday,wednesday,thursday,friday": ["weekdays", "Mon-Fri", "mon – fri",
                                                 "monday to friday", "평일", "주중", "월-금",
                                                 "월~금", "월요일부터 금요일까지"],
    "monday,saturday,sunday": ["sat-mon", "weekend, mon", "주말, 월"],
    "saturday,sunday": ["weekend", "weekends", "주말", "토일", "토, 일"],
    "monday,tuesday,wednesday,thursday,friday,saturday,sunday": ["daily", "every day", "매일",
                                                                 "mon-sun"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, days) for days, forms in DAYS.items() for typed in forms]
)
def test_weekdays(typed: str, meant: str) -> None:
    assert ",".join(parse_weekdays(typed)) == meant


@pytest.mark.parametrize(
    "typed", ["", "su", "someday", "8", "monthly", "month", ",", "mon-", "-fri", "일주일", "sunset"]
)
def test_weekdays_that_do_not_exist(typed: str) -> None:
    with pytest.raises(BadWeekday):
        parse_weekdays(typed)


INTERVALS = {
    1: ["1", "week", "weekly", "Every week", "each week", "once a week", "1 week", "every 1 week",
          "매주", "1주", "주 1회", "일주일에 한 번", "한 주"],
    2: ["2", "2 weeks", "every 2 weeks", "every two weeks", "two weeks", "biweekly", "bi-weekly",
          "fortnightly", "fortnight", "every fortnight", "every other week", "every second week",
          "once every 2 weeks", "２주", "2w", "격주", "격주로", "2주", "2주마다", "2주에 한 번",
          "매 2주", "두 주", "2주 간격"],
    8: ["8", "eight weeks", "8주마다"],
    None: ["month", "monthly", "Monthly", "every month", "once a month", "매월", "매달", "한 달",
              "한달에 한 번", "월간"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, every) for every, forms in INTERVALS.items() for typed in forms]
)
def test_intervals(typed: str, meant: int | None) -> None:
    assert parse_every(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "0", "9", "2 months", "twice a week", "daily", "every", "quarterly", "주", "-2",
     "2.5 weeks", "99 weeks", "매일", "ten weeks"],
)  # fmt: skip
def test_intervals_that_do_not_exist(typed: str) -> None:
    with pytest.raises(BadInterval):
        parse_every(typed)


def test_languages_counts_and_switches() -> None:
    for typed in ("ko", "KO-KR", "ko_KR", "korean", "한국어", "Korean"):
        assert parse_language(typed) == "ko", typed
    for typed in ("en", "en-GB", "English", "영어"):
        assert parse_language(typed) == "en", typed
    for typed in ("all", "모두", "전부", "ALL"):
        assert parse_count(typed, 1, 100) is None
    assert parse_count(" 12 ", 1, 100) == parse_count("１２", 1, 100) == 12
    for typed in ("5", "5명", "5 명", "5 authors", "5인"):
        assert parse_count(typed, 1, 100) == 5
    assert [parse_switch(typed) for typed in ("on", "Yes", "켬", "true")] == [True] * 4
    assert [parse_switch(typed) for typed in ("off", "No", "끔", "false")] == [False] * 4
    assert [is_none(typed) for typed in ("none", "-", "", "없음", "review")] == [True] * 4 + [False]
    with pytest.raises(BadLanguage):
        parse_language("tlh")
    with pytest.raises(BadChoice):
        parse_switch("perhaps")
    for typed in ("0", "101", "-1", "many", "9" * 5_000):
        with pytest.raises(BadNumber):
            parse_count(typed, 1, 100)


CHOICES = {
    ("untaken", "left_out"): ["left_out", "Left out", "hide", "숨기기", "빼기", "제외"],
    ("untaken", "carried"): ["carried", "carry over", "이월", "다음 다이제스트로 넘기기"],
    ("order", "takes"): ["takes", "by number of takes", "코멘트 많은 순"],
    ("order", "added"): ["as added", "oldest first", "추가한 순", "추가순"],
    ("order", None): ["", "newest", "최신순", "hide"],
}


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [(name, typed, meant) for (name, meant), forms in CHOICES.items() for typed in forms],
)
def test_settings_of_a_few_values(name: str, typed: str, meant: str | None) -> None:
    choices = SETTINGS[name].choices
    if meant is not None:
        assert parse_choice(name, typed, choices) == meant
        return
    with pytest.raises(BadChoice):
        parse_choice(name, typed, choices)


SUNDAY = date(2020, 7, 26)
PERIODS = {
    Running(): ["this", "This Week", "now", "current", "이번", "이번 주", "이번주", "지금",
                "next digest"],
    Last(): ["last", "Last week", "previous", "the last one", "지난", "지난주", "지난 주",
             "저번 주", "지난 다이제스트", "마지막", "latest"],
    Days(SUNDAY, SUNDAY): ["today", "오늘", "2020-07-26", "200726", "20200726", "2020.07.26",
                           "2020/7/26", "2020. 7. 26.", "2020년 7월 26일", "Jul 26, 2020",
                           "26 July 2020", "２０２０-０７-２６"],
    Days(date(2020, 7, 20), SUNDAY): ["2020-W30", "2020-w30", "2020W30", "w30", "week 30"],
    Days(date(2020, 7, 1), date(2020, 7, 31)): ["2020-07", "2020년 7월", "this month", "이번 달"],
    Days(date(2020, 6, 1), date(2020, 6, 30)): ["last month", "지난달"],
    Number(3): ["3", "#3", "No. 3", "number 3", "3번", "3호", "제3호", "digest #3"],
    Title("2020-W54"): ["2020-W54"],
    Title("2020-02-30"): ["2020-02-30"],
    Days(date(2020, 7, 25), date(2020, 7, 25)): ["yesterday", "어제"],
    Title("31 February"): ["31 February"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"), [(typed, period) for period, forms in PERIODS.items() for typed in forms]
)
def test_periods(typed: str, meant: object) -> None:
    assert parse_period(typed, ChannelSettings(), SUNDAY) == meant


def test_months_are_the_periods_of_a_monthly_rhythm() -> None:
    monthly = ChannelSettings(every=None)
    assert parse_period("지난달", monthly, SUNDAY) == Last()
    assert parse_period("this month", monthly, SUNDAY) == Running()


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks(typed: str) -> None:
    for parse in (parse_time_zone, parse_time, parse_weekdays, parse_every, parse_language):
        try:
            parse(typed)
        except PersonError as error:
            texts("en")(error.key, **error.params)
    parse_period(typed, ChannelSettings(), SUNDAY)


def test_a_word_of_a_family_means_one_thing() -> None:
    said: dict[tuple[str, str], str] = {}
    for language in languages():
        for key, words in texts(language).messages.items():
            if not key.startswith("typed."):
                continue
            assert isinstance(words, str)
            family = key.rpartition(".")[0]
            for word in words.split(","):
                assert squeezed(word), key
                assert said.setdefault((family, squeezed(word)), key) == key


def test_what_the_bot_calls_the_days_it_understands() -> None:
    for language in languages():
        for name in WEEKDAYS:
            assert parse_weekdays(texts(language).weekday(name)) == (name,)
        for count in range(1, 9):
            said = texts(language)("every.weeks", count=count)
            assert parse_every(said) == count, said
    assert all(isinstance(parse_time(f"{hour}시"), time) for hour in range(25))
