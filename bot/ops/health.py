"""Health and metrics over HTTP, for whoever watches the host. Off unless `http.port` is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Http
from bot.errors import HostError
from bot.isolation import failures
from bot.ops.ports import port_refused
from bot.ops.records import FailedRecords
from bot.store import Store


class PortRefused(HostError):
    """`http.port` cannot be listened on; the message is one line."""


class Health:
    """`/health` answers 200 or 503 with what is wrong, `/metrics` in Prometheus' format."""

    def __init__(self, settings: Http, store: Store, connected: Callable[[], bool]) -> None:
        self.settings = settings
        self.store = store
        self.connected = connected
        self.registry = CollectorRegistry()
        self.registry.register(FailedRecords(failures))
        self._outbox = Gauge(
            "papertakes_outbox_open", "Messages owed to Discord", registry=self.registry
        )
        self._connected = Gauge(
            "papertakes_discord_connected", "1 while connected", registry=self.registry
        )

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Answer while the block runs."""
        if self.settings.port is None:
            yield
            return
        app = web.Application()
        app.add_routes([web.get("/health", self._health), web.get("/metrics", self._metrics)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, self.settings.host, self.settings.port).start()
            except OSError as error:
                refused = port_refused("http.port", self.settings.port, error)
                raise PortRefused(refused) from None
            yield
        finally:
            await runner.cleanup()

    async def _owed(self) -> int | None:
        """Rows of the outbox that are owed; None if the database does not answer."""
        try:
            async with self.store.read() as tx:
                return await tx.outbox.open_rows()
        except (SQLAlchemyError, OSError):
            return None

    async def _health(self, _request: web.Request) -> web.Response:
        owed = await self._owed()
        state = {"database": owed is not None, "discord": self.connected(), "outbox": owed}
        well = state["database"] and state["discord"]
        return web.json_response(state, status=200 if well else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        self._outbox.set(await self._owed() or 0)
        self._connected.set(self.connected())
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )
