"""Timers (APScheduler). They only wake code that asks the database what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.model.channel import WEEKDAYS, ChannelSettings, zone_of
from bot.store import Store

log = structlog.get_logger()

CHECK_SECONDS = 60
"""How often the database is asked in any case: a clock that jumped or a job that was missed."""
_COMMON = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Timers:
    """Cron jobs in the channels' time zones, made from the database, and periodic checks.

    The scheduler holds no state of its own: `reload` makes all jobs anew, one for each different
    hour and zone, however many channels share it.
    """

    def __init__(
        self,
        store: Store,
        defaults: ChannelSettings,
        *,
        digests_due: Callable[[], Awaitable[object]],
        complete: Callable[[], Awaitable[object]],
        poll: Callable[[], Awaitable[object]],
    ) -> None:
        self.store = store
        self.defaults = defaults
        self.digests_due = digests_due
        self.scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=_COMMON)
        self._reloading: asyncio.Task[None] | None = None
        every = IntervalTrigger(seconds=CHECK_SECONDS)
        self.scheduler.add_job(_logged(digests_due), every, id="check:digests")
        self.scheduler.add_job(_logged(complete), every, id="check:papers")
        # At start the latest announcement that is not taken in yet is fetched at once.
        self.scheduler.add_job(
            _logged(poll), every, id="check:arxiv", next_run_time=datetime.now(UTC)
        )

    async def start(self) -> None:
        await self.reload()
        self.scheduler.start()

    def stop(self) -> None:
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    def poll_soon(self) -> None:
        """There may be something new to ask of arXiv."""
        if self.scheduler.running:
            self.scheduler.modify_job("check:arxiv", next_run_time=datetime.now(UTC))

    def complete_soon(self) -> None:
        """Papers may be owed their metadata, and arXiv may be asked: what was kept a moment ago
        is in the database then."""
        if self.scheduler.running:
            moment = datetime.now(UTC) + timedelta(seconds=1)
            self.scheduler.modify_job("check:papers", next_run_time=moment)

    def changed(self) -> None:
        """A channel's hour was set: the jobs are made anew soon."""
        self._reloading = asyncio.get_running_loop().create_task(self.reload())

    async def reload(self) -> None:
        """Make the jobs from the database."""
        async with self.store.read() as tx:
            channels = await tx.channels.every()
        wanted = {_hour(channel.settings) for channel in channels} | {_hour(self.defaults)}
        have = {job.id for job in self.scheduler.get_jobs() if job.id.startswith("digest:")}
        for job_id in have - {f"digest:{'|'.join(hour)}" for hour in wanted}:
            self.scheduler.remove_job(job_id)
        for zone, days, time in wanted:
            job_id = f"digest:{zone}|{days}|{time}"
            if job_id not in have:
                hour, minute = time.split(":")
                trigger = CronTrigger(
                    day_of_week=days, hour=hour, minute=minute, timezone=zone_of(zone)
                )
                self.scheduler.add_job(_logged(self.digests_due), trigger, id=job_id)
        log.debug("timers.loaded", jobs=len(wanted))


def _hour(settings: ChannelSettings) -> tuple[str, str, str]:
    """A channel's zone, the days on which there is something to do, and the hour, as cron says it.

    With reminders also the days before. Weeks that do not count are found out by the database's
    answer.
    """
    days = {WEEKDAYS.index(name) for name in settings.weekdays}
    if settings.reminder:
        days |= {(day - 1) % 7 for day in days}
    named = ",".join(WEEKDAYS[day][:3] for day in sorted(days))
    return settings.time_zone, named, settings.time


def _logged(work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """The same work; a failure is logged here and tried again at the next tick."""

    async def run() -> None:
        try:
            await work()
        except Exception:
            log.exception("timers.failed")

    return run
