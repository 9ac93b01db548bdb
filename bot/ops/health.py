"""Health and metrics over HTTP, for whoever watches the host. Off unless `http.port` is set.

`/health` is red (503) when digests are not going out, and says why; everything else that it tells
is for whoever looks closer. See docs/decisions/0012-what-is-watched.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from bot.config import HttpConfig
from bot.errors import HostError
from bot.isolation import failures
from bot.ops.ports import port_refused
from bot.ops.records import FailedRecords
from bot.ops.supervisor import Supervisor, TaskRecord
from bot.services import Services

NAME = "health"
LISTENING_SECONDS = 30.0
"""Between two looks at whether the port is still listened on."""
DATABASE_SECONDS = 5.0
"""Within which the database must answer."""
DISCONNECTED_SECONDS = 120.0
"""For which the gateway may be gone, once it was there."""
OVERDUE_SECONDS = 600.0
"""For which a message may be owed, or a period be over without its digest."""
PLANNER_SECONDS = 300.0
"""Since the planner's last success: it works each minute."""


class PortRefused(HostError):
    """`http.port` cannot be listened on; the message is one line."""


class Watched(Protocol):
    """The connection to Discord."""

    @property
    def disconnected(self) -> float | None:
        """Seconds since the gateway was lost: 0 while it is there, None if it never was."""
        ...

    @property
    def session_starts_left(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Owed:
    """What the database says is still to be done."""

    rows: int
    oldest: float
    """Seconds for which the row that has waited longest for its turn to be sent is owed."""
    unplanned: int
    """Channels whose period has been over for long, without a digest."""


class Health:
    """`/health` and `/metrics`."""

    def __init__(
        self, settings: HttpConfig, services: Services, supervisor: Supervisor, discord: Watched
    ) -> None:
        self.settings = settings
        self.services = services
        self.supervisor = supervisor
        self.discord = discord
        self.registry = CollectorRegistry()
        self.registry.register(FailedRecords(failures))
        self.registry.register(self)
        self._runner: web.AppRunner | None = None
        self._owed: Owed | None = None
        self._began = time.monotonic()

    async def open(self) -> None:
        """Listen, where a port is set. Raises PortRefused."""
        if self.settings.port is None:
            return
        app = web.Application()
        app.add_routes([web.get("/health", self._health), web.get("/metrics", self._metrics)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self.settings.host, self.settings.port).start()
        except OSError as error:
            await self.close()
            refused = port_refused("http.port", self.settings.port, error)
            raise PortRefused(refused) from None

    async def close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def keep_open(self) -> None:
        """Listen until this is cancelled."""
        try:
            if self._runner is None:
                await self.open()
            while self._runner is not None:
                self.supervisor.record(NAME).succeeded()
                await asyncio.sleep(LISTENING_SECONDS)
                if not self._listens():
                    raise ConnectionError("the port is not listened on any more")
        finally:
            await self.close()

    def _listens(self) -> bool:
        servers = [site._server for site in self._runner.sites] if self._runner else []
        return any(isinstance(one, asyncio.Server) and one.is_serving() for one in servers)

    async def _ask(self) -> Owed | None:
        """What is owed; None if the database does not answer."""
        late = self.services.clock() - timedelta(seconds=OVERDUE_SECONDS)
        try:
            async with asyncio.timeout(DATABASE_SECONDS), self.services.store.read() as tx:
                self._owed = Owed(
                    await tx.outbox.open_rows(),
                    await tx.outbox.oldest(),
                    len(await tx.channels.due(late)),
                )
        except (SQLAlchemyError, OSError, TimeoutError):
            self._owed = None
        return self._owed

    def problems(self, owed: Owed | None) -> Iterator[str]:
        """Why digests are not going out, if they are not."""
        if owed is None:
            yield "database: no answer"
        away = self.discord.disconnected
        if away is None:
            yield "discord: not connected yet"
        elif away > DISCONNECTED_SECONDS:
            yield f"discord: not connected for {away:.0f} s"
        # What came due while nothing ran gets the same time.
        up = time.monotonic() - self._began
        if owed is not None and min(owed.oldest, up) > OVERDUE_SECONDS:
            yield f"outbox: a message is owed for {owed.oldest:.0f} s"
        if owed is not None and owed.unplanned and up > OVERDUE_SECONDS:
            yield f"planner: {owed.unplanned} digests are overdue"
        idle = self.supervisor.record("planner").idle
        if (up if idle is None else idle) > PLANNER_SECONDS:
            yield "planner: no success for long"

    async def _health(self, _request: web.Request) -> web.Response:
        owed = await self._ask()
        problems = list(self.problems(owed))
        away = self.discord.disconnected
        state = {
            "status": "failing" if problems else "ok",
            "problems": problems,
            "database": owed is not None,
            "discord": away == 0,
            "disconnected_seconds": None if away is None else round(away, 1),
            "session_starts_left": self.discord.session_starts_left,
            "outbox": owed.rows if owed else None,
            "oldest_due_seconds": round(owed.oldest, 1) if owed else None,
            "overdue_digests": owed.unplanned if owed else None,
            "failed_records": {
                kind.value: {"count": seen.count, "id": seen.id, "at": seen.at.isoformat()}
                for kind, seen in sorted(failures.seen().items())
            },
            "tasks": {name: _shown(one) for name, one in sorted(self.supervisor.records.items())},
        }
        return web.json_response(state, status=503 if problems else 200)

    async def _metrics(self, _request: web.Request) -> web.Response:
        await self._ask()
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    def collect(self) -> Iterator[Metric]:
        """What Prometheus gets, as it is now (its registry calls this)."""
        owed, prefix = self._owed, "papertakes"
        values = {
            "outbox_open": ("Messages owed to Discord", owed.rows if owed else 0),
            "outbox_oldest_due_seconds": ("Age of the oldest of them", owed.oldest if owed else 0),
            "digests_overdue": ("Periods without their digest", owed.unplanned if owed else 0),
            "database_answers": ("1 while it does", owed is not None),
            "discord_connected": ("1 while connected", self.discord.disconnected == 0),
            "discord_session_starts_left": ("Of today's", self.discord.session_starts_left),
        }
        for name, (told, value) in values.items():
            yield GaugeMetricFamily(f"{prefix}_{name}", told, value=float(value))
        deaths = CounterMetricFamily(f"{prefix}_task_deaths", "Ends by an error", labels=["task"])
        alive = GaugeMetricFamily(f"{prefix}_task_alive", "1 while it works", labels=["task"])
        idle = GaugeMetricFamily(
            f"{prefix}_task_idle_seconds", "Since its last success", labels=["task"]
        )
        for task, record in self.supervisor.records.items():
            deaths.add_metric([task], record.deaths)
            alive.add_metric([task], record.alive or record.done)
            if record.idle is not None:
                idle.add_metric([task], record.idle)
        yield from (deaths, alive, idle)


def _shown(record: TaskRecord) -> dict[str, Any]:
    return {
        "alive": record.alive,
        "done": record.done,
        "last_success": record.succeeded_at.isoformat() if record.succeeded_at else None,
        "idle_seconds": None if record.idle is None else round(record.idle, 1),
        "deaths": record.deaths,
        "error": record.error,
    }
