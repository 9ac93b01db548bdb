"""The demo: bot, sandbox and a loopback arXiv in one process. No account, token or network."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer
from pydantic import SecretStr

from bot.app import App
from bot.config import ArxivConfig, DatabaseConfig, DiscordConfig, LogConfig, Settings
from bot.demo_report import DueReport, tips
from bot.errors import HostError
from bot.logs import configure
from bot.ops.ports import port_refused
from bot.sandbox import RateLimits, Sandbox, World
from bot.sandbox.arxiv import LoopbackArxiv, load_papers
from bot.sandbox.page import mount
from bot.sandbox.page.hooks import Told
from bot.sandbox.player import StepFailed, play
from bot.sandbox.sample import SAMPLE_PAPERS, SAMPLE_WEEK
from bot.sandbox.script import Script, ScriptError, load
from bot.sandbox.transcript import transcript

READY_SECONDS = 30.0
STEP_SECONDS = 20.0
"""Of real time, for which a step of the page's clock waits for the bot."""


class DemoFailed(HostError):
    """The demo could not be played; the message is one line."""


class DemoClock:
    """A clock that runs on from whatever moment it is set to."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def __call__(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def set(self, moment: datetime) -> None:
        self._base = moment.astimezone(UTC)
        self._since = time.monotonic()


@dataclass(frozen=True, slots=True)
class Demo:
    """Bot and sandbox, up and connected."""

    app: App
    sandbox: Sandbox
    clock: DemoClock
    report: DueReport

    async def set_time(self, moment: datetime) -> None:
        """Let it become that time, and do what is due then."""
        self.clock.set(moment)
        await self.app.tick()
        await self.app.settle()

    async def advance(self, step: timedelta) -> None:
        """Let the clock go on, and note what was running before: see `report`.

        What is due is waited for, but not for ever: the bot may be cut off just now.
        """
        await self.report.begin()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STEP_SECONDS):
                await self.set_time(self.clock() + step)

    async def until_next_digest(self) -> timedelta | None:
        """How long until a channel's next digest is due, or skipped, if there is any channel."""
        due = await self.report.next_due()
        return max(due - self.clock(), timedelta(0)) if due is not None else None

    async def play(self, script: Script) -> None:
        """Play a script's steps. Raises StepFailed."""
        await play(script, self.sandbox, self.set_time, settle=self.app.settle)


def loopback_settings(sandbox: Sandbox, arxiv: LoopbackArxiv, database: str) -> Settings:
    """Settings of a bot that meets nobody but these two."""
    return Settings(
        discord=DiscordConfig(
            token=SecretStr(sandbox.token),
            api_base=str(sandbox.api_base),
            gateway=str(sandbox.gateway),
        ),
        arxiv=ArxivConfig(
            api_base=arxiv.api_base,
            feed_base=arxiv.feed_base,
            oai_base=arxiv.oai_base,
            interval=0,
        ),
        database=DatabaseConfig(url=database),
        log=LogConfig(level="warning"),
    )


@contextlib.asynccontextmanager
async def demo(*, port: int, database: str, start: datetime) -> AsyncIterator[Demo]:
    """Start everything on loopback; ends it all when the block ends."""
    clock = DemoClock(start)
    # Whoever tries the bot need not wait for limits that only guard Discord.
    sandbox = Sandbox(clock=clock, world=World.sample(), limits=RateLimits.off())
    async with contextlib.AsyncExitStack() as stack:
        arxiv = await stack.enter_async_context(
            LoopbackArxiv(load_papers(SAMPLE_PAPERS), clock=clock)
        )
        holder: list[Demo] = []

        async def advance(step: timedelta) -> None:
            await holder[0].advance(step)

        async def upcoming() -> timedelta | None:
            return await holder[0].until_next_digest()

        async def report(locale: str) -> Sequence[Told]:
            return await holder[0].report.told(locale)

        mount(sandbox.app, sandbox, advance=advance, upcoming=upcoming, report=report, tips=tips)
        try:
            await sandbox.start(host="127.0.0.1", port=port)
        except OSError as error:
            raise DemoFailed(port_refused("--port", port, error)) from None
        stack.push_async_callback(sandbox.stop)
        settings = loopback_settings(sandbox, arxiv, database)
        configure(settings.log)
        app = App(settings, clock)
        stop = asyncio.Event()
        running = asyncio.create_task(app.run(stop))
        try:
            await _ready(sandbox, running)
            holder.append(Demo(app, sandbox, clock, DueReport(app.store)))
            yield holder[0]
        finally:
            stop.set()
            await running


async def _ready(sandbox: Sandbox, running: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(sandbox.ready(timeout=READY_SECONDS))
    await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        ready.cancel()
        await running
        raise DemoFailed("the bot stopped before it was ready")
    await ready


async def run_demo(*, port: int, database: str | None, empty: bool, script: Path | None) -> None:
    """`papertakes demo`. Raises ScriptError, StepFailed or DemoFailed, each one line."""
    steps = load(script) if script else None
    sample = None if steps or empty else _sample()
    with tempfile.TemporaryDirectory(prefix="papertakes-") as folder:
        url = database or f"sqlite:///{Path(folder) / 'demo.db'}"
        start = _first_moment(steps or sample)
        async with demo(port=0 if steps else port, database=url, start=start) as running:
            if steps is not None:
                try:
                    await running.play(steps)
                finally:  # of a script that fails too: it shows why
                    _print_channels(running.sandbox)
            else:
                await _show(running, sample)


def _print_channels(sandbox: Sandbox) -> None:
    """What stands in the channels and their threads, as text."""
    for place in sandbox.person("Ada").places():
        if place.kind != "thread" and (place.messages or place.threads):
            typer.echo(transcript(sandbox, place))


def _sample() -> Script:
    return load(SAMPLE_WEEK)


def _first_moment(script: Script | None) -> datetime:
    """When a script begins, since the sandbox's time never goes back; else the present."""
    times = [step.time for step in script.steps if step.time is not None] if script else []
    return times[0] if times else datetime.now(UTC)


async def _show(running: Demo, sample: Script | None) -> None:
    """Play the sample week, if any, and stay up until SIGINT or SIGTERM."""
    if sample is not None:
        await running.play(sample)
        typer.echo(transcript(running.sandbox, sample.steps[0].where))
        # The morning after: whoever tries the demo starts a new week.
        await running.set_time(running.clock() + timedelta(hours=15))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    typer.echo(f"Papertakes demo: {running.sandbox.url} (Ctrl+C ends it)")
    await stop.wait()


__all__ = ["Demo", "DemoClock", "DemoFailed", "ScriptError", "StepFailed", "demo", "run_demo"]
