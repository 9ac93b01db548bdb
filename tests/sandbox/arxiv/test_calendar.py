"""The calendar of mailings against arXiv's rules, and the made-up arXiv that lives by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.arxiv import (
    EASTERN,
    Calendar,
    Collection,
    announced_at,
    in_oai_at,
    simulate,
)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("submitted", "mailing"),
    [
        ("2026-11-16T13:59", "2026-11-17"),  # Monday before the deadline
        ("2026-11-16T14:01", "2026-11-18"),  # Monday after it
        ("2026-11-20T13:00", "2026-11-23"),  # Friday: announced on Sunday
        ("2026-11-20T15:00", "2026-11-24"),  # Friday after the deadline: on Monday
        ("2026-11-21T12:00", "2026-11-24"),  # Saturday
        ("2026-11-25T15:00", "2026-11-30"),  # Thanksgiving's evening is left out
    ],
)
def test_submissions_go_into_the_mailing_that_arxiv_says(submitted: str, mailing: str) -> None:
    assert Calendar().mailing_of(eastern(submitted)) == date.fromisoformat(mailing)


def test_no_mailing_carries_a_saturday_or_sunday_or_the_day_after_a_holiday() -> None:
    days = list(Calendar().mailings(date(2026, 11, 21), date(2026, 11, 30)))
    assert [day.day for day in days] == [23, 24, 25, 26, 30]


def test_summer_time_moves_the_hour_in_utc() -> None:
    assert announced_at(date(2026, 11, 24)) == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert announced_at(date(2026, 7, 15)) == datetime(2026, 7, 15, 0, tzinfo=UTC)
    assert in_oai_at(date(2026, 7, 15)).date() == date(2026, 7, 15)


@given(st.integers(0, 10 * 365 * 24 * 60), st.integers(0, 200))
def test_a_submission_is_in_a_mailing_that_is_open_to_it(minute: int, held: int) -> None:
    calendar = Calendar()
    submitted = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    mailing = calendar.mailing_of(submitted, timedelta(days=held))
    assert calendar.has_mailing(mailing)
    assert submitted + timedelta(days=held) <= calendar.deadline(mailing) < announced_at(mailing)


def test_a_simulation_is_the_same_for_the_same_seed() -> None:
    assert simulate(7, 60, 3.5) == simulate(7, 60, 3.5) != simulate(8, 60, 3.5)


def test_a_simulation_has_everything_in_it() -> None:
    lines = simulate(1, 400, 8)
    assert {line.kind for line in lines} == {"new", "cross", "replace", "touch"}
    assert all(Calendar().has_mailing(line.mailing) for line in lines)
    assert all("Made-up" in line.paper.title for line in lines)
    assert any(line.paper.withdrawn for line in lines)
    assert any(line.paper.version > 5 for line in lines)
    new = [line for line in lines if line.kind == "new"]
    waits = [line.mailing - line.paper.versions[0].submitted.date() for line in new]
    assert max(waits) > timedelta(days=30)
    assert len({line.paper.id for line in new}) == len(new)
    assert all(line.paper.id.startswith(f"{line.mailing:%y%m}.9") for line in new)


def test_states_follow_each_other() -> None:
    lines = simulate(3, 300, 4)
    collection = Collection(announcements=lines)
    seen: dict[str, int] = {}
    for line in lines:
        at = announced_at(line.mailing)
        assert at < in_oai_at(line.mailing) < datetime.combine(line.mailing, time(12), UTC)
        current = collection.current(line.paper.id, at)
        assert current is not None
        assert current.version >= seen.get(current.id, 1), "a version is never taken back"
        seen[current.id] = current.version
        assert line.kind == "new" or line.paper.id in seen
    end = datetime(2030, 1, 1, tzinfo=UTC)
    assert {record.paper.id for record in collection.records(end)} == set(seen)
