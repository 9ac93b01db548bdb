"""Sessions with the gateway: never more than 1,000 in a day, and no storm of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.ops.session_starts import DAY, FREE, LIMIT, LONGEST, SessionStarts


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_few_are_free_then_they_are_spread() -> None:
    seconds = Seconds()
    starts = SessionStarts(seconds)
    waits = []
    for _ in range(10):
        waits.append(starts.wait())
        seconds.now += waits[-1]
        starts.made()
    assert waits[:FREE] == [0.0] * FREE
    assert waits[FREE:] == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0]
    seconds.now += 3601
    assert starts.wait() == 0


def test_shards_begin_together_and_are_spread_in_rounds() -> None:
    seconds = Seconds()
    starts = SessionStarts(seconds, shards=4)
    waits = []
    for _ in range(4 * (FREE + 2)):
        waits.append(starts.wait())
        seconds.now += waits[-1]
        starts.made()
    assert waits == [0.0] * 4 * FREE + [5.0] * 4 + [10.0] * 4
    starts.told(3, 60.0)
    seconds.now += 3700
    starts.told(3, 60.0)
    assert (starts.wait(3), starts.wait(4)) == (0.0, 60.0)


def test_a_gateway_that_closes_every_session_never_uses_them_up() -> None:
    seconds = Seconds()
    starts = SessionStarts(seconds)
    begun = seconds.now
    while seconds.now < begun + 3 * DAY:
        seconds.now += starts.wait()
        starts.made()
        seconds.now += 0.1
    assert starts.left() > LIMIT / 2


def test_discord_knows_of_other_processes_and_restarts() -> None:
    seconds = Seconds()
    starts = SessionStarts(seconds)
    starts.told(1, 7200.0)
    assert starts.wait() == 0
    starts.made()
    assert (starts.left(), starts.wait()) == (0, 7200.0)
    seconds.now += 7199
    assert starts.wait() == 1.0
    seconds.now += 1
    assert starts.wait() == 0


@given(st.lists(st.floats(0, 20_000), max_size=1500), st.integers(0, LIMIT))
def test_who_waits_never_makes_more_than_allowed(lives: list[float], left: int) -> None:
    seconds = Seconds()
    starts = SessionStarts(seconds)
    starts.told(left, DAY / 2)
    told_at = seconds.now
    made: list[float] = []
    for life in lives:
        wait = starts.wait()
        assert 0 <= wait <= max(DAY, LONGEST)
        seconds.now += wait
        assert starts.wait() <= 1e-6
        starts.made()
        made.append(seconds.now)
        seconds.now += life
    assert sum(moment < told_at + DAY / 2 for moment in made) <= left
    for at, moment in enumerate(made):
        assert sum(moment <= one < moment + DAY for one in made[at:]) <= LIMIT
