"""Tasks that die are started anew, with a growing pause, and are seen."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import pytest
from structlog.testing import capture_logs

from bot.ops.supervisor import Pauses, Supervisor

QUICK = Pauses(first=0.01, most=0.04, steady=0.2)


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor(QUICK)
    yield made
    await made.close()


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not done():
            await asyncio.sleep(0.002)


async def fail() -> None:
    raise ValueError("no way")


async def cancel_itself() -> None:
    raise asyncio.CancelledError


@pytest.mark.parametrize("die", [fail, cancel_itself], ids=["an error", "cancelled from within"])
async def test_a_death_is_counted_logged_and_followed_by_a_start(
    supervisor: Supervisor, die: Callable[[], object]
) -> None:
    loop = asyncio.get_running_loop()
    starts: list[float] = []

    async def work() -> None:
        starts.append(loop.time())
        if len(starts) <= 4:
            await die()  # type: ignore[misc]
        await asyncio.Event().wait()

    with capture_logs() as logs:
        supervisor.keep("sender", work)
        await until(lambda: len(starts) == 5)
    record = supervisor.records["sender"]
    assert (record.alive, record.deaths) == (True, 4)
    assert record.error is not None
    pauses = [log["again_in"] for log in logs if log["event"] == "task.died"]
    assert pauses == [0.01, 0.02, 0.04, 0.04]
    assert all(later - earlier >= 0.009 for earlier, later in itertools.pairwise(starts))


async def test_not_alive_while_it_waits(supervisor: Supervisor) -> None:
    supervisor.pauses = Pauses(first=60.0)
    supervisor.keep("sender", fail)
    record = supervisor.records["sender"]
    await until(lambda: record.deaths == 1)
    assert not record.alive
    assert record.error == "ValueError('no way')"


async def test_a_success_and_a_long_life_begin_the_pauses_anew(supervisor: Supervisor) -> None:
    steps: list[int] = []

    async def step() -> None:
        steps.append(1)
        if len(steps) != 3:
            await fail()

    duty = supervisor.repeat("planner", step, every=None)
    with capture_logs() as logs:
        await until(lambda: len(steps) == 3)
        assert duty.record.idle is not None
        duty.wake()
        await until(lambda: len(steps) == 4)
        await until(lambda: len(logs) == 3)
    assert [log["again_in"] for log in logs] == [0.01, 0.02, 0.01]
    await duty.stop()

    async def live_long() -> None:
        await asyncio.sleep(QUICK.steady * 1.2)
        await fail()

    with capture_logs() as logs:
        supervisor.keep("sender", live_long)
        await until(lambda: len(logs) == 2)
    assert {log["again_in"] for log in logs} == {0.01}


async def test_steps_come_by_time_and_when_woken(supervisor: Supervisor) -> None:
    steps: list[str] = []

    async def step(name: str) -> None:
        steps.append(name)

    supervisor.repeat("often", lambda: step("often"), every=0.01)
    woken = supervisor.repeat("woken", lambda: step("woken"), every=None, at_once=False)
    await until(lambda: steps.count("often") == 3)
    assert "woken" not in steps
    woken.wake()
    await until(lambda: "woken" in steps)
    woken.wake_in(0.01)
    await until(lambda: steps.count("woken") == 2)


async def test_what_is_done_once_is_done_though_it_fails_at_first(supervisor: Supervisor) -> None:
    tries: list[int] = []

    async def work() -> None:
        tries.append(1)
        if len(tries) < 3:
            await fail()

    with capture_logs() as logs:
        supervisor.once("commands", work, weather=(ValueError,))
        await until(lambda: supervisor.records["commands"].done)
    assert [log["event"] for log in logs] == ["task.again"] * 2
    assert not any("exc_info" in log for log in logs)


async def test_closing_ends_what_goes_on_and_what_waits(supervisor: Supervisor) -> None:
    ended = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    supervisor.pauses = Pauses(first=60.0)
    supervisor.keep("sender", work)
    supervisor.keep("broken", fail)
    await until(lambda: supervisor.records["broken"].deaths == 1)
    async with asyncio.timeout(1):
        await supervisor.close()
    assert ended == [1]
    assert not any(record.alive for record in supervisor.records.values())
