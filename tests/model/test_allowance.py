"""What a member may ask for: a number of times at once, and one more after a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.allowance import ALLOWANCES, Cost, Spending

COSTS = st.sampled_from(list(Cost))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("cost", Cost)
def test_so_many_at_once_and_then_one_after_another(cost: Cost) -> None:
    clock, allowance = Clock(), ALLOWANCES[cost]
    spending = Spending(clock)
    assert [spending.spend("ada", cost) for _ in range(allowance.at_once)] == [
        0.0
    ] * allowance.at_once
    assert spending.spend("ada", cost) == pytest.approx(allowance.seconds)
    assert spending.spend("grace", cost) == 0.0
    clock.now += allowance.seconds / 2
    assert spending.spend("ada", cost) == pytest.approx(allowance.seconds / 2)
    clock.now += allowance.seconds / 2
    assert spending.spend("ada", cost) == 0.0
    assert spending.spend("ada", cost) > 0.0
    clock.now += allowance.seconds * allowance.at_once
    assert [spending.spend("ada", cost) for _ in range(allowance.at_once)] == [
        0.0
    ] * allowance.at_once


@given(COSTS, st.lists(st.floats(0, 30), max_size=300))
def test_who_waits_as_told_may_ask_again_and_nobody_gets_more_than_is_given(
    cost: Cost, pauses: list[float]
) -> None:
    clock, allowance = Clock(), ALLOWANCES[cost]
    spending, began = Spending(clock), clock.now
    for granted, pause in enumerate(pauses, start=1):
        clock.now += pause
        if wait := spending.spend("ada", cost):
            clock.now += wait
            assert spending.spend("ada", cost) == 0.0
        assert granted <= allowance.at_once + (clock.now - began) / allowance.seconds + 1e-6


def test_what_is_given_back_is_forgotten() -> None:
    clock = Clock()
    spending = Spending(clock)
    for number in range(30_000):
        clock.now += 1.0
        spending.spend(number, Cost.READ)
    assert len(spending._free_at) <= 10_001
