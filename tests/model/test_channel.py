"""Titles of digests, from templates that moderators type."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import BadTitle, PersonError
from bot.model.channel import fill_title, parse_title


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
        "%y%m%d Papers", "Week %V", "{date} %A",
    ],
)  # fmt: skip
def test_a_title_that_cannot_be_filled_is_refused(typed: str) -> None:
    with pytest.raises(PersonError) as refused:
        parse_title(typed)
    assert isinstance(refused.value, BadTitle)


@pytest.mark.parametrize("typed", ["100% papers", "50%off {date}", "Top 10%", "{date:%y%m%d} 논문"])
def test_a_percent_sign_is_no_directive_by_itself(typed: str) -> None:
    assert parse_title(typed) == typed
