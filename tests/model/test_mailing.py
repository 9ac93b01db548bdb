"""arXiv's calendar: which evenings have no announcement, and when a mailing is where."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.mailing import (
    DAY,
    PUBLISHED,
    announced_at,
    expected,
    feed_opens,
    holidays,
    is_holiday,
)


def days(year: int, *names: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{name}") for name in names}


EVERY_YEAR = {
    2023: days(2023, "01-16", "06-19", "07-04", "09-04", "11-23", "12-25"),
    2025: days(2025, "01-01", "01-20", "06-19", "09-01", "11-27"),
    2026: days(2026, "01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25"),
}
"""From the lists on arXiv's page on availability, without those that follow no rule: 14 June and
27 December 2023; 6 July 2025, the Sunday after a Friday; 29 and 31 December 2026. The list of
2025 was made before December."""


@pytest.mark.parametrize("year", EVERY_YEAR)
def test_the_rules_give_what_arxiv_published(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PUBLISHED, year, raising=False)
    holidays.cache_clear()
    derived = holidays(year)
    holidays.cache_clear()
    assert derived >= EVERY_YEAR[year]
    # What is derived beyond: New Year's Day of 2023, kept on the Monday; Fridays announce nothing.
    extra = {
        day for day in derived - EVERY_YEAR[year] if day.weekday() < 4 and day.month not in (1, 12)
    }
    assert extra == set()


def test_the_list_of_2026_is_arxivs_own() -> None:
    assert holidays(2026) == EVERY_YEAR[2026] | days(2026, "12-29", "12-31")


@pytest.mark.parametrize(
    ("mailing", "holiday"),
    [
        ("2027-01-19", True),  # The evening of Martin Luther King Jr. Day.
        ("2027-01-18", False),
        ("2027-07-06", True),  # The 4th is a Sunday, kept on Monday.
        ("2027-09-07", True),
        ("2027-11-26", True),
        ("2028-07-05", True),
        ("2030-12-26", True),
        ("2030-12-25", False),
        ("2027-12-31", False),
    ],
)
def test_holidays_of_years_that_are_not_published_yet(mailing: str, holiday: bool) -> None:
    assert is_holiday(date.fromisoformat(mailing)) is holiday
    assert expected(date.fromisoformat(mailing)) is not holiday


@given(st.integers(2000, 2200))
def test_every_year_has_its_seven(year: int) -> None:
    found = holidays(year)
    assert len(found) == (9 if year in PUBLISHED else 7)
    assert not any(day.weekday() > 4 for day in found)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_a_week_never_passes_without_a_mailing(day: date) -> None:
    found = [one for one in (day - step * DAY for step in range(7)) if expected(one)]
    assert found
    assert all(announced_at(one) < feed_opens(one) for one in found)
