"""`/health` is red when digests are not going out, and says why; else it is green."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

import bot.ops.health
from bot.config import HttpConfig, Settings
from bot.isolation import RecordKind, failures, isolated
from bot.model.outbox import Draft, OutboxKind, OutboxState
from bot.ops.health import Health, PortRefused
from bot.ops.supervisor import Pauses, Supervisor
from bot.services import wire
from bot.store import Store
from bot.store.schema import OutboxRow
from tests.clock import Clock
from tests.digest.clubs import PLACE, Club, NoArxiv


@dataclass
class Discord:
    """The connection as health asks for it."""

    disconnected: float | None = 0.0
    session_starts_left: int = 997


@dataclass
class Watch:
    """Health on a port, and what it watches."""

    health: Health
    discord: Discord
    supervisor: Supervisor
    store: Store
    club: Club
    session: aiohttp.ClientSession

    @property
    def port(self) -> int:
        assert self.health._runner is not None
        return int(self.health._runner.addresses[0][1])

    async def look(self, path: str = "health") -> tuple[int, Any]:
        async with self.session.get(f"http://127.0.0.1:{self.port}/{path}") as answer:
            return answer.status, await (answer.json() if path == "health" else answer.text())

    async def problem(self) -> str:
        """The one thing that is wrong; empty if nothing is."""
        status, state = await self.look()
        assert (status, state["status"]) == ((503, "failing") if state["problems"] else (200, "ok"))
        assert len(state["problems"]) <= 1
        return "".join(state["problems"])

    async def owe(self, lane: str, *states: OutboxState, minutes: float) -> None:
        """Rows that were put into a lane so long ago."""
        async with self.store.begin() as tx:
            await tx.outbox.put(
                [
                    Draft(lane, seq, f"{lane}:{seq}", OutboxKind.MESSAGE, "text", target_id=1)
                    for seq in range(len(states))
                ]
            )
            for row in await tx.session.scalars(select(OutboxRow).where(OutboxRow.lane == lane)):
                assert row.created_at is not None
                row.state = states[row.seq].value
                row.created_at -= timedelta(minutes=minutes)


@pytest.fixture
async def watch(store: Store, clock: Clock) -> AsyncIterator[Watch]:
    services = wire(Settings(), store, NoArxiv(), clock)
    supervisor = Supervisor(Pauses(first=60.0))
    supervisor.record("planner").started()
    supervisor.record("planner").succeeded()
    discord = Discord()
    health = Health(HttpConfig(port=0), services, supervisor, discord)
    # Long enough ago for everything to be due.
    health._began -= 10_000
    await health.open()
    async with aiohttp.ClientSession() as session:
        yield Watch(health, discord, supervisor, store, Club(store, clock), session)
    await supervisor.close()
    await health.close()


async def test_all_is_well(watch: Watch) -> None:
    status, state = await watch.look()
    assert status == 200
    planner = state["tasks"].pop("planner")
    assert planner.pop("last_success") is not None
    assert planner.pop("idle_seconds") < 10
    assert planner == {"alive": True, "done": False, "deaths": 0, "error": None}
    state.pop("failed_records")  # the process's, whatever ran in it before
    assert state == {
        "status": "ok",
        "problems": [],
        "database": True,
        "discord": True,
        "disconnected_seconds": 0.0,
        "session_starts_left": 997,
        "outbox": 0,
        "oldest_due_seconds": 0.0,
        "overdue_digests": 0,
        "tasks": {},
    }


async def test_the_gateway(watch: Watch) -> None:
    watch.discord.disconnected = None
    assert "not connected yet" in await watch.problem()
    watch.discord.disconnected = 100.0
    assert await watch.problem() == ""
    _, state = await watch.look()
    assert state["discord"] is False
    watch.discord.disconnected = 121.0
    assert "not connected for 121 s" in await watch.problem()


async def test_a_message_that_is_owed_for_long(watch: Watch) -> None:
    await watch.owe("young", OutboxState.PENDING, minutes=5)
    assert await watch.problem() == ""
    # Its channel's managers know of it, and nobody else can do anything.
    await watch.owe("held", OutboxState.FAILED, OutboxState.PENDING, minutes=600)
    await watch.owe("gone", OutboxState.SENT, OutboxState.CANCELLED, minutes=600)
    assert await watch.problem() == ""
    await watch.owe("old", OutboxState.SENT, OutboxState.SENDING, OutboxState.PENDING, minutes=11)
    assert "a message is owed for" in await watch.problem()
    _, state = await watch.look()
    assert 650 < state["oldest_due_seconds"] < 720
    assert state["outbox"] == 4


async def test_a_long_digest_that_goes_on_is_none(watch: Watch) -> None:
    await watch.owe("long", OutboxState.SENT, OutboxState.PENDING, minutes=60)
    assert "a message is owed for" in await watch.problem()
    async with watch.store.begin() as tx:
        row = await tx.session.get(OutboxRow, 1)
        assert row is not None
        assert row.created_at is not None
        row.sending_since = row.created_at + timedelta(minutes=59)
    assert await watch.problem() == ""


async def test_a_period_without_its_digest(watch: Watch) -> None:
    await watch.club.add(1, place=PLACE)
    async with watch.store.read() as tx:
        [channel] = await tx.channels.every()
    watch.club.clock.set(channel.next_digest_at + timedelta(minutes=9))
    assert await watch.problem() == ""
    watch.club.clock.advance(minutes=2)
    assert await watch.problem() == "planner: 1 digests are overdue"


async def test_a_planner_that_does_not_succeed(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ops.health, "PLANNER_SECONDS", 0.05)
    await asyncio.sleep(0.06)
    assert await watch.problem() == "planner: no success for long"


async def test_after_a_start_there_is_time_to_catch_up(watch: Watch) -> None:
    watch.health._began += 10_000
    await watch.owe("old", OutboxState.PENDING, minutes=600)
    assert await watch.problem() == ""


async def test_a_database_that_does_not_answer(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ops.health, "DATABASE_SECONDS", 0.0)
    assert await watch.problem() == "database: no answer"
    assert "papertakes_database_answers 0.0" in (await watch.look("metrics"))[1]


async def test_what_died_is_shown_and_counted(watch: Watch) -> None:
    async def die() -> None:
        raise ValueError("no way")

    watch.supervisor.keep("sender", die)
    while not watch.supervisor.records["sender"].deaths:
        await asyncio.sleep(0.01)
    _, state = await watch.look()
    assert state["tasks"]["sender"] == {
        "alive": False,
        "done": False,
        "last_success": None,
        "idle_seconds": None,
        "deaths": 1,
        "error": "ValueError('no way')",
    }
    _, metrics = await watch.look("metrics")
    for line in (
        'papertakes_task_deaths_total{task="sender"} 1.0',
        'papertakes_task_alive{task="sender"} 0.0',
        'papertakes_task_alive{task="planner"} 1.0',
        "papertakes_discord_connected 1.0",
        "papertakes_discord_session_starts_left 997.0",
        "papertakes_outbox_oldest_due_seconds 0.0",
    ):
        assert line in metrics.splitlines()


async def test_what_failed_by_itself_is_shown_and_counted(watch: Watch) -> None:
    before = failures.counts[RecordKind.FEED_ITEM]
    with isolated(RecordKind.FEED_ITEM, "2607.00001", "<item/>") as attempt:
        raise ValueError("odd")
    status, state = await watch.look()
    assert status == 200  # digests go out all the same
    shown = state["failed_records"]["feed_item"]
    assert (shown["count"], shown["id"]) == (before + 1, attempt.failed)
    assert datetime.now(UTC) - datetime.fromisoformat(shown["at"]) < timedelta(minutes=1)
    _, metrics = await watch.look("metrics")
    assert f'papertakes_failed_records_total{{kind="feed_item"}} {before + 1}.0' in metrics


async def test_a_port_that_is_not_listened_on_any_more_is_opened_again(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.ops.health, "LISTENING_SECONDS", 0.01)
    watch.supervisor.pauses = Pauses(first=0.01)
    watch.supervisor.keep("health", watch.health.keep_open)
    assert await watch.problem() == ""
    runner = watch.health._runner
    assert runner is not None
    for site in runner.sites:
        await site.stop()
    while watch.health._runner in (runner, None):
        await asyncio.sleep(0.01)
    assert await watch.problem() == ""
    assert watch.supervisor.records["health"].deaths == 1


async def test_a_port_in_use_is_told_at_the_start(watch: Watch) -> None:
    other = Health(
        HttpConfig(port=watch.port), watch.health.services, watch.supervisor, watch.discord
    )
    with pytest.raises(PortRefused, match=r"http\.port"):
        await other.open()
